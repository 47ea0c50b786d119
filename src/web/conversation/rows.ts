/** What the timeline shows, one row for each item of its view; days and the unread line belong to the row below. */
import type { TimelineItem } from '../../client/views.ts';
import { dayOf } from '../text/time.ts';

const RUN_MS = 5 * 60_000;

export interface Row {
  readonly key: string;
  readonly item: TimelineItem;
  /** The day that begins here. */
  readonly day: number | null;
  /** The first message that was unread when the conversation was opened. */
  readonly unread: boolean;
  /** Whether a run of one sender begins and ends here. */
  readonly first: boolean;
  readonly last: boolean;
  readonly own: boolean;
}

const FIELDS = ['item', 'day', 'unread', 'first', 'last', 'own'] as const;

const senderOf = (item: TimelineItem | undefined, self: string) =>
  item?.kind === 'pending' ? self : item?.kind === 'entry' && item.entry.kind === 'message' ? item.entry.sender : null;

const atOf = (item: TimelineItem) =>
  item.kind === 'entry' ? item.entry.at : item.kind === 'pending' ? item.pending.at : null;

function keyOf(item: TimelineItem): string {
  if (item.kind === 'pending') return item.pending.key;
  if (item.kind === 'gap') return `gap-${item.to}`;
  return item.entry.kind === 'message' ? item.entry.key : `${item.entry.seq}`;
}

interface Window {
  readonly items: readonly TimelineItem[];
  readonly atStart: boolean;
}

/** A row that is as it was is the same object, so that it is not drawn again. */
export function keepRows(before: readonly Row[], next: readonly Row[]): readonly Row[] {
  const known = new Map(before.map((row) => [row.key, row]));
  return next.map((row) => {
    const old = known.get(row.key);
    return old && FIELDS.every((field) => old[field] === row[field]) ? old : row;
  });
}

/** `unreadAfter` is what had been read when the conversation was opened, null for no line. */
export function rowsOf({ items, atStart }: Window, self: string, unreadAfter: number | null): Row[] {
  let day: number | null = null;
  // The line stands where the unread ones begin, or nowhere: not at the edge of what is held.
  let begins = atStart;
  let unread = unreadAfter !== null;
  const heads = items.map((item) => {
    const at = atOf(item);
    const opens = at !== null && dayOf(at) !== day;
    if (opens) day = dayOf(at);
    const sender = senderOf(item, self);
    const seq = item.kind === 'entry' ? item.entry.seq : null;
    if (seq !== null && unreadAfter !== null && seq <= unreadAfter) begins = true;
    const others = sender !== null && sender !== self;
    const line = unread && begins && others && seq !== null && seq > unreadAfter!;
    if (line) unread = false;
    return { day: opens ? day : null, unread: line };
  });
  const joined = (i: number) => {
    const sender = senderOf(items[i], self);
    if (sender === null || sender !== senderOf(items[i - 1], self)) return false;
    return heads[i]!.day === null && !heads[i]!.unread && atOf(items[i]!)! - atOf(items[i - 1]!)! <= RUN_MS;
  };
  return items.map((item, i) => ({
    key: keyOf(item),
    item,
    ...heads[i]!,
    first: !joined(i),
    last: i + 1 >= items.length || !joined(i + 1),
    own: senderOf(item, self) === self,
  }));
}
