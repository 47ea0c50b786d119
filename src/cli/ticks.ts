/** How far an own message has come, in words and as a sign. */
import type { ConversationView } from '../client/views.ts';

export type MessageState = 'sent' | 'delivered' | 'read';

export const TICKS: Readonly<Record<MessageState, string>> = { sent: '✓', delivered: '✓✓', read: '✓✓' };
/** Where there is no colour to tell the last two apart. */
export const PLAIN_TICKS: Readonly<Record<MessageState, string>> = { sent: '✓', delivered: '✓✓', read: '✓✓ read' };

type Marked = Pick<ConversationView, 'kind' | 'marks'>;

/** Of all the others; null where there is nobody else. */
export function stateOf(seq: number, { kind, marks }: Marked, self: string): MessageState | null {
  if (kind === 'self') return null;
  const others = [...marks.values()].filter((mark) => mark.user !== self);
  if (others.length === 0) return 'sent';
  if (others.every(({ read }) => read >= seq)) return 'read';
  return others.every(({ delivered, read }) => Math.max(delivered, read) >= seq) ? 'delivered' : 'sent';
}
