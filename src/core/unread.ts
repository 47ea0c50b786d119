/**
 * What counts as unread, for one user: others' messages above the own read mark which are neither deleted nor expired,
 * which the user has not deleted for themselves, and whose sender they have not blocked. Server and replicas count with this and nothing else.
 */
import type { Entry, MessageEntry, Summary } from '../protocol/entities.ts';
import { UNREAD_COUNTED_MAX } from '../protocol/limits.ts';
import { isExpired } from './lifetime.ts';

/** Who counts, and what the entry itself does not say. */
export interface Reader {
  readonly user: string;
  readonly now: number;
  /** Messages deleted for everyone. */
  readonly gone?: { has(seq: number): boolean };
  /** Messages that the user has deleted for themselves. */
  readonly hidden?: { has(seq: number): boolean };
  readonly blocked?: { has(sender: string): boolean };
}

export type Unread = Pick<Summary, 'unread' | 'firstUnread' | 'firstMention' | 'unreadUntil'>;

/** One more than is shown as a number, so that "999+" can be told from 999. */
export const UNREAD_CAP = UNREAD_COUNTED_MAX + 1;

/** Above the cap only so many of the newest entries are looked through for one that calls the user. */
const MENTION_WITHIN = UNREAD_CAP;

/** Whether this entry counts as unread for this user, should it be above the read mark. */
export function countsAsUnread(entry: Entry, { user, now, gone, hidden, blocked }: Reader): entry is MessageEntry {
  if (entry.kind !== 'message' || entry.sender === user || blocked?.has(entry.sender)) return false;
  // One that goes by itself and has no words has gone.
  if (isExpired(entry, now) || (entry.expires !== undefined && entry.body === null)) return false;
  return !gone?.has(entry.seq) && !hidden?.has(entry.seq);
}

/** The count with one more that counts, above all others. */
export function countNewer(count: Unread, { seq, mentions, expires }: MessageEntry, user: string): Unread {
  const firstUnread = count.unread === 0 ? seq : count.firstUnread;
  const firstMention = count.firstMention ?? (mentions?.includes(user) ? seq : undefined);
  return unreadOf(
    Math.min(UNREAD_CAP, count.unread + 1),
    firstUnread,
    firstMention,
    earlier(count.unreadUntil, expires),
  );
}

/** The count with all that count of some entries below all others, in their order; no further than to the cap. */
export function countOlder(count: Unread, entries: readonly Entry[], reader: Reader): Unread {
  let { unread, firstUnread, firstMention, unreadUntil } = count;
  for (let i = entries.length - 1; i >= 0 && unread < UNREAD_CAP; i--) {
    const entry = entries[i]!;
    if (!countsAsUnread(entry, reader)) continue;
    unread++;
    firstUnread = entry.seq;
    unreadUntil = earlier(unreadUntil, entry.expires);
    if (entry.mentions?.includes(reader.user)) firstMention = entry.seq;
  }
  return unreadOf(unread, firstUnread, firstMention, unreadUntil);
}

/** Whether one is called too far below the head for whoever counts from there: no device shows it then. */
export function isMentionTooOld({ unread, firstMention, head }: Unread & Pick<Summary, 'head'>): boolean {
  return unread === UNREAD_CAP && firstMention !== undefined && head - firstMention >= MENTION_WITHIN;
}

/** The summary with this count in place of its own. */
export function withUnread<S extends Unread & Pick<Summary, 'head'>>(summary: S, count: Unread): S {
  const { firstUnread: _first, firstMention: _mention, unreadUntil: _until, ...rest } = summary;
  const { firstMention, ...told } = count;
  const mention = isMentionTooOld({ ...count, head: summary.head }) ? undefined : firstMention;
  return { ...rest, ...told, ...(mention === undefined ? {} : { firstMention: mention }) } as S;
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function unreadOf(unread: number, firstUnread?: number, firstMention?: number, unreadUntil?: number): Unread {
  return {
    unread,
    ...(firstUnread === undefined || unread === UNREAD_CAP ? {} : { firstUnread }),
    ...(firstMention === undefined ? {} : { firstMention }),
    ...(unreadUntil === undefined ? {} : { unreadUntil }),
  };
}
