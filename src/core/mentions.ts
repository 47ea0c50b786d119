/** Names that a text calls somebody by, as in "@mara": not within a word, an address or a block of code. */

import { foldCase } from './text.ts';

/** Code stands between lines of three backticks. */
export const FENCED = /^```[^\n`]*\n([\s\S]*?)\n?^```[^\S\n]*$\n?/gm;
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

/** In a text without code, in order. */
export function calledIn(text: string): Called[] {
  return [...text.matchAll(CALLED)].flatMap(({ index, 1: name }) => (name === undefined ? [] : { index, name }));
}

/** Each name once, as one compares it. */
export function namesCalled(text: string): Set<string> {
  const words = text.replace(FENCED, (block, code: string) => (code === '' ? block : '\n'));
  return new Set(calledIn(words).map(({ name }) => foldCase(name)));
}
