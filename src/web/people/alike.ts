/** Whom somebody may have meant who mistyped a name. */
import { foldAccents as folded } from '../../core/text.ts';
import type { Profile } from '../../protocol/entities.ts';

const LETTERS_A_SLIP = 3;

/** The one whose user name, or a word of whose display name, is least away from it, and not far. */
export function mostAlike(people: readonly Profile[], written: string): Profile | null {
  const wanted = folded(written);
  let best: Profile | null = null;
  let fewest = Math.min(2, Math.floor(wanted.length / LETTERS_A_SLIP)) + 1;
  for (const profile of people) {
    const names = [profile.name, profile.displayName, ...profile.displayName.split(/\s+/)].filter(Boolean);
    const far = Math.min(...names.map((name) => slips(folded(name), wanted)));
    if (far >= fewest) continue;
    best = profile;
    fewest = far;
  }
  return best;
}

/** Letters that are too many, missing, wrong, or swapped with their neighbour. */
export function slips(one: string, other: string): number {
  const [a, b] = [[...one], [...other]];
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const wrong = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, wrong);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = least;
    }
  }
  return rows[a.length]![b.length]!;
}
