/** How a conversation is kept among the others: muted, pinned, archived. Each is said, and can be taken back. */
import type { Messenger } from '../client/index.ts';
import type { ConversationView } from '../client/views.ts';
import { say } from './parts/toast.tsx';
import { titleOf } from './text/people.ts';
import { t } from './text/text.ts';

const SAID = { mute: 'nowMuted', pin: 'nowPinned', archive: 'nowArchived' } as const;

/** Rejects where it is not done. */
export async function arrange(
  messenger: Messenger,
  view: ConversationView,
  what: keyof typeof SAID,
  on: boolean,
): Promise<void> {
  await messenger[what](view.id, on);
  say(t(SAID[what], { title: titleOf(messenger, view), on: String(on) }), {
    label: t('undo'),
    run: () => messenger[what](view.id, !on),
  });
}
