/** Where one is about to call somebody by name, and who may be meant. */
import { namesCalled } from '../../core/mentions.ts';
import { foldAccents, foldCase } from '../../core/text.ts';
import type { Profile } from '../../protocol/entities.ts';
import { matches } from '../palette/matches.ts';

const BEGUN = /@([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*)?$/u;
const GOES_ON = /^[\p{L}\p{M}\p{N}._-]*/u;
/** Stands for whatever name it becomes. */
const ANYBODY = 'parley0anybody';

export interface Naming {
  /** Where the sign before the name is. */
  readonly from: number;
  /** Of the name, up to the caret. */
  readonly query: string;
}

/** Null where a name would call nobody: within a word, an address or code. */
export function namingAt(text: string, caret: number): Naming | null {
  const begun = BEGUN.exec(text.slice(0, caret));
  if (!begun) return null;
  const called = namesCalled(`${text.slice(0, begun.index)}@${ANYBODY} ${text.slice(caret)}`);
  return called.has(ANYBODY) ? { from: begun.index, query: begun[1] ?? '' } : null;
}

/** Up to where the text is of this name: behind the caret, too, where it goes on with the same one. */
export function endOf({ query }: Naming, name: string, text: string, caret: number): number {
  const [rest] = GOES_ON.exec(text.slice(caret))!;
  return foldCase(name).startsWith(foldCase(query + rest)) ? caret + rest.length : caret;
}

/**
 * Who is called just so comes first, then who last spoke, then whose user name begins so. Nobody when the only one is
 * called so already.
 */
export function meantBy(query: string, people: readonly Profile[], spoke: readonly string[]): Profile[] {
  const beginning = foldAccents(query);
  const rank = ({ user, name }: Profile): number[] => {
    const place = spoke.indexOf(user);
    return [
      foldCase(name) === foldCase(query) ? 0 : 1,
      place < 0 ? spoke.length : place,
      foldAccents(name).startsWith(beginning) ? 0 : 1,
    ];
  };
  const found = people
    .filter(({ name, displayName }) => matches(name, query) || matches(displayName, query))
    .map((profile) => ({ profile, rank: rank(profile), called: profile.displayName || profile.name }))
    .sort((a, b) => {
      const differs = a.rank.findIndex((n, i) => n !== b.rank[i]);
      return differs < 0 ? a.called.localeCompare(b.called) : a.rank[differs]! - b.rank[differs]!;
    })
    .map(({ profile }) => profile);
  const [first] = found;
  return found.length === 1 && foldCase(first!.name) === foldCase(query) ? [] : found;
}
