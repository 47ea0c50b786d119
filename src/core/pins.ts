import type { Entry, Summary } from '../protocol/entities.ts';

/** Whether a pinned message is listed for a member: not, where it is from before they joined this time. */
export function isPinListed({ history, joined }: Pick<Summary, 'history' | 'joined'>, target: number): boolean {
  return history === 'all' || target >= joined;
}

/** The pinned messages after the next entry, the last pinned one last; the same array when it changes nothing. */
export function followPins(pins: readonly number[], entry: Entry): readonly number[] {
  if (entry.kind !== 'pinned' && entry.kind !== 'deleted') return pins;
  const isPinned = pins.includes(entry.target);
  if (entry.kind === 'pinned' && entry.pinned) return isPinned ? pins : [...pins, entry.target];
  return isPinned ? pins.filter((target) => target !== entry.target) : pins;
}
