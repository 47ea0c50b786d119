/** What is held of one conversation. */
import { lastHeld, type Range } from '../core/ranges.ts';
import { withUnread } from '../core/unread.ts';
import type { Entry, Mark, Summary } from '../protocol/entities.ts';

export interface Held {
  readonly summary: Summary;
  readonly member: boolean;
  /** Who put one out, where that is known. */
  readonly removedBy: string | null;
  /** The seq of the entry by which one last joined or left. */
  readonly stamp: number;
  readonly ranges: readonly Range[];
  readonly marks: ReadonlyMap<string, Mark>;
  /** A read mark that the server has not answered; 0 when there is none. */
  readonly readOwed: number;
  /** What of the summary does not follow from what was received, and is to be made sure of. */
  readonly doubt: 'unread' | 'all' | null;
  /** Of the messages held here, those to which something may have been done in a hole that was not fetched. */
  readonly stale: Range | null;
  /** Of before the store was restored, and not told afresh yet. */
  readonly distrusted: boolean;
}

/** All that is held: what was done to it in a hole is not known. */
export function staleIn({ ranges, stale }: Held): Range | null {
  const first = ranges[0];
  return first ? { from: Math.min(first.from, stale?.from ?? first.from), to: lastHeld(ranges) } : stale;
}

/**
 * A message was hidden from the user, or is shown again: in doubt is what is unread where it may count, and all where it
 * may be the last.
 */
export function rehidden(held: Held, seq: number): Held {
  const { read, last } = held.summary;
  if (seq >= (last?.seq ?? 0)) return { ...held, doubt: 'all' };
  return seq > read ? { ...held, doubt: held.doubt ?? 'unread' } : held;
}

/** What is held once the user has read up to there, on whichever device. */
export function readUpTo(held: Held, read: number): Held {
  const { summary } = held;
  if (read <= summary.read) return held;
  const allRead = read >= (summary.last?.seq ?? 0);
  return {
    ...held,
    summary: { ...(allRead ? withUnread(summary, { unread: 0 }) : summary), read },
    doubt: held.doubt === 'all' ? 'all' : allRead ? null : 'unread',
  };
}

/**
 * Whether nothing is kept of this entry because all of its conversation is over. By a clock that is ahead it may have ended
 * before its end was moved: the entry that moves it is the first to be kept again.
 */
export function isOver({ ended, head }: Summary, { kind, seq }: Entry): boolean {
  return ended !== undefined && kind !== 'ended' && !(kind === 'lifetime' && seq === head + 1);
}
