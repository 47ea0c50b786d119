/**
 * Which seqs of a log a replica holds: disjoint ranges, ascending, with a hole between any two. The last one ends at
 * the cursor when the replica is up to date; holes are fetched when somebody looks there.
 */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Adds `from … to` and joins what touches; the same array when it changes nothing. */
export function cover(ranges: readonly Range[], from: number, to: number): readonly Range[] {
  if (to < from || ranges.some((range) => range.from <= from && range.to >= to)) return ranges;
  const before: Range[] = [];
  const after: Range[] = [];
  let joinedFrom = from;
  let joinedTo = to;
  for (const range of ranges) {
    if (range.to < from - 1) before.push(range);
    else if (range.from > to + 1) after.push(range);
    else {
      joinedFrom = Math.min(joinedFrom, range.from);
      joinedTo = Math.max(joinedTo, range.to);
    }
  }
  return [...before, { from: joinedFrom, to: joinedTo }, ...after];
}

/** The range that holds this seq. */
export function rangeAt(ranges: readonly Range[], seq: number): Range | undefined {
  return ranges.find((range) => range.from <= seq && seq <= range.to);
}

/** The last seq held, 0 when there is none. */
export function lastHeld(ranges: readonly Range[]): number {
  return ranges.at(-1)?.to ?? 0;
}

/** The holes within `from … to`. */
export function missing(ranges: readonly Range[], from: number, to: number): Range[] {
  const holes: Range[] = [];
  let next = from;
  for (const range of ranges) {
    if (range.to < next) continue;
    if (range.from > to) break;
    if (range.from > next) holes.push({ from: next, to: range.from - 1 });
    next = range.to + 1;
  }
  if (next <= to) holes.push({ from: next, to });
  return holes;
}
