import type { FeedEntry } from '../protocol/entities.ts';

type Unnumbered<E> = E extends unknown ? Omit<E, 'v' | 'seq' | 'at'> : never;
/** What is about to become a feed entry. */
export type FeedDraft = Unnumbered<FeedEntry>;

/** What an entry is about: a later one of the same subject makes an earlier one needless to whoever reads both. */
export function subjectOf(entry: FeedDraft): string {
  if (entry.kind === 'set') return `set ${entry.key}`;
  const kind = entry.kind === 'joined' || entry.kind === 'left' ? 'membership' : entry.kind;
  return `${kind} ${entry.conversation}`;
}

/** Only the last entry of each subject, in the order of the feed. */
export function collapse<E extends FeedDraft>(entries: readonly E[]): E[] {
  const last = new Map<string, number>();
  for (let i = 0; i < entries.length; i++) last.set(subjectOf(entries[i]!), i);
  return entries.filter((entry, i) => last.get(subjectOf(entry)) === i);
}
