/** What one may do with a message: the same list in the same order for mouse, finger and keyboard. */
import { Copy, Info, Link, Reply, RotateCw, Trash2 } from 'lucide-react';
import type { Messenger } from '../../client/index.ts';
import type { ConversationView, TimelineItem } from '../../client/views.ts';
import type { MessageEntry } from '../../protocol/entities.ts';
import { copy } from '../parts/copy.ts';
import type { Action } from '../parts/menu-at.tsx';
import { hrefOf } from '../router.ts';
import { mayWrite } from './request.ts';

interface Hands {
  readonly messenger: Messenger;
  readonly view: ConversationView;
  onReply(seq: number): void;
  onInfo(entry: MessageEntry): void;
}

export function actionsOf(item: TimelineItem, { messenger, view, onReply, onInfo }: Hands): Action[] {
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
    const copyText: Action = { label: 'copyText', icon: Copy, run: () => void copy(text) };
    // What is under way may have landed already.
    if (state === 'sending') return [copyText];
    return state === 'refused' && view.member ? [retry, copyText, discard] : [copyText, discard];
  }
  const { entry } = item;
  if (entry.kind !== 'message') return [];
  const reply: Action = { label: 'reply', icon: Reply, run: () => onReply(entry.seq) };
  return [
    ...(mayWrite(view) ? [reply] : []),
    { label: 'copyText', icon: Copy, run: () => void copy(entry.body?.text ?? '') },
    {
      label: 'copyLink',
      icon: Link,
      run: () => void copy(location.origin + hrefOf({ at: 'conversation', id: view.id, seq: entry.seq })),
    },
    { label: 'whoAndWhen', icon: Info, run: () => onInfo(entry) },
  ];
}
