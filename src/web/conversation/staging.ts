/**
 * Rows that come or go above what is on screen must not move it. The list can keep its place from its start or from
 * its end, so a change on both sides of the screen is shown in two steps.
 */
import { useLayoutEffect, useState } from 'react';
import type { Row } from './rows.ts';

export interface Staged {
  readonly rows: readonly Row[];
  /** The place is kept from the end of the list. */
  readonly shift: boolean;
  /** False when another step must follow. */
  readonly done: boolean;
}

/** `anchor` is the index, in `before`, of the row at the top of the screen. */
export function stage(before: readonly Row[], next: readonly Row[], anchor: number): Staged {
  const key = before[anchor]?.key;
  const at = key === undefined ? -1 : next.findIndex((row) => row.key === key);
  if (at === -1 || at === anchor) return { rows: next, shift: false, done: true };
  if (next.length - at === before.length - anchor) return { rows: next, shift: true, done: true };
  return { rows: [...next.slice(0, at), ...before.slice(anchor)], shift: true, done: false };
}

export function useStaged(next: readonly Row[], anchor: () => number): Staged {
  const [shown, setShown] = useState<Staged & { readonly of: readonly Row[] }>({
    rows: next,
    shift: false,
    done: true,
    of: next,
  });
  if (shown.of !== next) setShown({ ...stage(shown.rows, next, anchor()), of: next });
  useLayoutEffect(() => {
    if (!shown.done) setShown({ rows: shown.of, shift: false, done: true, of: shown.of });
  }, [shown]);
  return shown;
}
