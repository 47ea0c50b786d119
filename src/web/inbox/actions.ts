/** What one may do with a chat in the list: the same list in the same order for mouse, finger and keyboard. */
import { CheckCheck, CornerDownRight } from 'lucide-react';
import type { Messenger } from '../../client/index.ts';
import type { ConversationView } from '../../client/views.ts';
import { ARRANGEMENTS, arrange } from '../arrange.ts';
import type { Action } from '../parts/menu-at.tsx';
import { go } from '../router.ts';
import { causeOf } from './cause.ts';

export function chatActionsOf(messenger: Messenger, view: ConversationView): Action[] {
  const read: Action = {
    label: 'markRead',
    icon: CheckCheck,
    run: () => void messenger.markRead(view.id, view.head),
  };
  const cause: Action = {
    label: view.firstMention === null ? 'goUnread' : 'goMention',
    icon: CornerDownRight,
    run: () => go(causeOf(view)),
  };
  const kept = ARRANGEMENTS.map(({ what, state, icon, on, off }): Action => {
    const isOn = view[state];
    // Without an answer nothing has changed, and the row shows it.
    const run = () => void arrange(messenger, view, what, !isOn).catch(() => {});
    return { label: isOn ? off : on, icon: icon[isOn ? 1 : 0], run };
  });
  return view.unread > 0 && view.request === null ? [cause, read, ...kept] : kept;
}
