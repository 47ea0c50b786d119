import type { FeedEntry } from '../protocol/entities.ts';

type Unnumbered<E> = E extends unknown ? Omit<E, 'v' | 'seq' | 'at'> : never;
/** What is about to become a feed entry. */
export type FeedDraft = Unnumbered<FeedEntry>;

interface StoredEntry {
  readonly header: string;
  readonly body: string | null;
}

/** An entry as it is stored; what somebody has begun to write stands in its body, which goes within hours. */
export function feedEntryOf(stored: StoredEntry): FeedEntry {
  const entry = JSON.parse(stored.header) as FeedEntry;
  return entry.kind === 'set' && isApart(entry) ? { ...entry, value: stored.body ?? '' } : entry;
}

/** Whether its body is gone: what it said is what the register says, or has been overwritten. */
export function hasGone(stored: StoredEntry): boolean {
  return stored.body === null && isApart(JSON.parse(stored.header) as FeedEntry);
}

function isApart(entry: FeedEntry): boolean {
  return entry.kind === 'set' && entry.value === undefined;
}

/** What an entry is about: a later one of the same subject makes an earlier one needless to whoever reads both. */
export function subjectOf(entry: FeedDraft): string {
  if (entry.kind === 'set') return `set ${entry.key}`;
  const kind = entry.kind === 'joined' || entry.kind === 'left' ? 'membership' : entry.kind;
  return `${kind} ${entry.conversation}`;
}

/**
 * Whether an entry says less than another about the same. Settings go by their place in the feed; everything else grows
 * by its number, and several servers may have written the smaller number later.
 */
export function isOlder(entry: FeedDraft, than: FeedDraft): boolean {
  return entry.kind !== 'set' && than.kind !== 'set' && stampOf(entry) < stampOf(than);
}

function stampOf(entry: Exclude<FeedDraft, { kind: 'set' }>): number {
  return entry.kind === 'joined' ? entry.since : entry.to;
}

/** Of each subject the entry that says most, in the order of the feed. */
export function collapse<E extends FeedDraft>(entries: readonly E[]): E[] {
  const kept = new Map<string, E>();
  for (const entry of entries) {
    const subject = subjectOf(entry);
    const other = kept.get(subject);
    if (!other || !isOlder(entry, other)) kept.set(subject, entry);
  }
  return entries.filter((entry) => kept.get(subjectOf(entry)) === entry);
}
