/** Names that a text calls somebody by, as in "@mara": not within a word, an address or code. */
import { wordsIn } from './rich-text.ts';
import { foldCase } from './text.ts';

/**
 * An address is passed over as a whole; a name ends before the full stop of its sentence. Where writing has no spaces, a
 * letter may stand before it.
 */
const CALLED =
  /(?<!\S)\S*:\/\/\S*|(?<!(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}@/.:_=&%+~#?`-])@([\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}])?)/gu;

export interface Called {
  /** Where the sign before the name is. */
  readonly index: number;
  readonly name: string;
}

/** In words without marks, in order. */
export function calledIn(words: string): Called[] {
  return [...words.matchAll(CALLED)].flatMap(({ index, 1: name }) => (name === undefined ? [] : { index, name }));
}

/** Each name once, as one compares it. */
export function namesCalled(text: string): Set<string> {
  if (!text.includes('@')) return new Set();
  return new Set(wordsIn(text).flatMap((words) => calledIn(words).map(({ name }) => foldCase(name))));
}
