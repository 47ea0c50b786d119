/** What one may do with a message: the same list in the same order for mouse, finger and keyboard. */
import {
  Copy,
  EyeOff,
  Flag,
  Forward,
  Info,
  Link,
  type LucideIcon,
  Pencil,
  Pin,
  PinOff,
  Reply,
  RotateCw,
  SmilePlus,
  Trash2,
} from 'lucide-react';
import type { Messenger } from '../../client/index.ts';
import type { ConversationView, TimelineItem } from '../../client/views.ts';
import type { MessageEntry } from '../../protocol/entities.ts';
import { copy } from '../parts/copy.ts';
import type { Action } from '../parts/menu-at.tsx';
import { say } from '../parts/toast.tsx';
import { hrefOf } from '../router.ts';
import type { TextKey } from '../text/en.ts';
import { t, why } from '../text/text.ts';
import { mayWrite } from './request.ts';
import { type More, queued } from './told.ts';

export interface Hands {
  readonly messenger: Messenger;
  readonly view: ConversationView;
  onReply(seq: number): void;
  onEdit(entry: MessageEntry): void;
  /** Opens what asks or tells more of it. */
  onMore(what: More, entry: MessageEntry): void;
}

export function actionsOf(item: TimelineItem, hands: Hands): Action[] {
  const { messenger, view, onReply, onEdit, onMore } = hands;
  if (item.kind === 'gap') return [];
  if (item.kind === 'pending') {
    const { key, text, state } = item.pending;
    const retry: Action = { label: 'retry', icon: RotateCw, run: () => void messenger.retry(key) };
    const discard: Action = {
      label: 'delete',
      icon: Trash2,
      isDanger: true,
      run: () => void messenger.discard(key),
    };
    const copyText: Action[] = text === '' ? [] : [{ label: 'copyText', icon: Copy, run: () => void copy(text) }];
    // What is under way may have landed already.
    if (state === 'sending') return copyText;
    return state === 'refused' && view.member ? [retry, ...copyText, discard] : [...copyText, discard];
  }
  const { entry } = item;
  if (entry.kind !== 'message') return [];
  const { seq } = entry;
  const own = entry.sender === messenger.user;
  const more = (what: More, label: TextKey, icon: LucideIcon, isDanger = false): Action => {
    return { label, icon, isDanger, run: () => onMore(what, entry) };
  };
  const hide: Action = { label: 'deleteForMe', icon: EyeOff, run: () => void hideMessage(messenger, view.id, seq) };
  const info = more('info', 'whoAndWhen', Info);
  const report = own || view.kind === 'self' ? [] : [more('report', 'report', Flag, true)];
  if (entry.body === null) return [hide, info];
  const writes = mayWrite(view);
  const reply: Action = { label: 'reply', icon: Reply, run: () => onReply(seq) };
  const edit: Action = { label: 'edit', icon: Pencil, run: () => onEdit(entry) };
  const pinned = view.pins.includes(seq);
  const pin: Action = {
    label: pinned ? 'takeDown' : 'pinMessage',
    icon: pinned ? PinOff : Pin,
    run: () => queued(messenger.pinMessage(view.id, seq, !pinned)),
  };
  const mayPin = writes && (view.kind !== 'group' || view.role !== 'member');
  const mayDelete = view.member && (own || (view.kind === 'group' && view.role !== 'member'));
  return [
    ...(writes ? [reply, more('react', 'react', SmilePlus)] : []),
    ...(writes && own ? [edit] : []),
    { label: 'copyText', icon: Copy, run: () => void copy(entry.body?.text ?? '') },
    {
      label: 'copyLink',
      icon: Link,
      run: () => void copy(location.origin + hrefOf({ at: 'conversation', id: view.id, seq: entry.seq })),
    },
    more('forward', 'forward', Forward),
    ...(mayPin ? [pin] : []),
    info,
    hide,
    ...(mayDelete ? [more('delete', 'deleteForAll', Trash2, true)] : []),
    ...report,
  ];
}

async function hideMessage(messenger: Messenger, conversation: string, seq: number): Promise<void> {
  try {
    await messenger.hideMessage(conversation, seq);
    say(t('hidden'), { label: t('undo'), run: () => messenger.hideMessage(conversation, seq, false) });
  } catch (error) {
    say(why(error));
  }
}
