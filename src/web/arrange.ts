/** How a conversation is kept among the others: muted, pinned, archived. Each is said, and can be taken back. */
import { Archive, ArchiveRestore, Bell, BellOff, Pin, PinOff } from 'lucide-react';
import type { Messenger } from '../client/index.ts';
import type { ConversationView } from '../client/views.ts';
import { say } from './parts/toast.tsx';
import { titleOf } from './text/people.ts';
import { t } from './text/text.ts';

/** In the order in which they are offered. */
export const ARRANGEMENTS = [
  { what: 'pin', state: 'pinned', on: 'pin', off: 'unpin', icon: [Pin, PinOff] },
  { what: 'mute', state: 'muted', on: 'mute', off: 'unmute', icon: [BellOff, Bell] },
  { what: 'archive', state: 'archived', on: 'archive', off: 'unarchive', icon: [Archive, ArchiveRestore] },
] as const;

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
