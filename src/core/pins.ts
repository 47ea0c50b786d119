import type { Entry } from '../protocol/entities.ts';

/** The pinned messages after the next entry, the last pinned one last; the same array when it changes nothing. */
export function followPins(pins: readonly number[], entry: Entry): readonly number[] {
  if (entry.kind !== 'pinned' && entry.kind !== 'deleted') return pins;
  const isPinned = pins.includes(entry.target);
  if (entry.kind === 'pinned' && entry.pinned) return isPinned ? pins : [...pins, entry.target];
  return isPinned ? pins.filter((target) => target !== entry.target) : pins;
}
