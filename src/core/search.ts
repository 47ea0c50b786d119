/**
 * What is found by what is typed: parts of words in every language. A text is folded, so that case, accents and forms of
 * writing do not matter; each word of a query must stand in it, anywhere in a word. Grams are the short pieces by which
 * an index narrows down what may match; whether it does is told by the folded text alone, the same on both sides.
 */
import type { Body, Having } from '../protocol/entities.ts';

/** Characters of a query, and of a folded text, that count. */
export const QUERY_MAX = 256;
const FOLDED_MAX = 16_384;
const WORDS_MAX = 12;
const GRAMS_MAX = 48;

export interface Query {
  /** Folded; all of them must be found. What stood in quotation marks is one, with its spaces. */
  readonly words: readonly string[];
}

/** In the text as it was given, `to` exclusive, in UTF-16 units. */
export interface FoundRange {
  readonly from: number;
  readonly to: number;
}

const PIECES = /[\s\p{Cc}]+|[!-~]+|[\u1100-\u11ff]+|\P{M}\p{M}*|\p{M}+/gu;
/** Accents, points and vowel signs that one leaves out when one types; those that make another letter stay. */
const LEFT_OUT =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each of them by itself is meant
  /[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\p{Default_Ignorable_Code_Point}]/gu;
// biome-ignore format: pairs
const ALIKE: Readonly<Record<string, string>> = {
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i', ς: 'σ',
  ى: 'ي', ی: 'ي', ک: 'ك', ة: 'ه', ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ',
};
const ALIKES = /[ßæœøłđðþħıςىیکةךםןףץ]/gu;

/** Runs of letters of writing with and without spaces, and single signs such as emoji. */
const RUNS =
  /(?<dense>[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30fc]+)|(?<spaced>(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30fc])[\p{L}\p{N}\p{M}])+)|(?<sign>(?![\0-\x7f])\p{S})/gu;
const ONE_LETTER = /^(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30fc])[\p{L}\p{N}]$/u;
const LINK = /(?:^|[^\p{L}\p{N}])(?:https?:\/\/|www\.)[^\s/]/iu;

function foldPiece(piece: string): string {
  const first = piece.charCodeAt(0);
  if (first > 32 && first < 127) return piece.toLowerCase();
  const plain = piece.normalize('NFKC').toLowerCase().normalize('NFKD').replace(LEFT_OUT, '').normalize('NFC');
  if (/^[\s\p{Cc}]+$/u.test(plain)) return ' ';
  return plain.replace(ALIKES, (letter) => ALIKE[letter] ?? letter);
}

/** As texts are compared: spaces are one, and nothing stands at the ends. At most `FOLDED_MAX` characters. */
export function fold(text: string): string {
  let folded = '';
  for (const [piece] of text.toWellFormed().matchAll(PIECES)) {
    folded += foldPiece(piece);
    if (folded.length >= FOLDED_MAX) break;
  }
  return folded.replace(/ +/g, ' ').trim().slice(0, FOLDED_MAX).toWellFormed();
}

/** What a message is found by: its text, and the names of its files. */
export function wordsOf({ text, files = [] }: Body): string {
  return [text, ...files.map(({ name }) => name)].join('\n');
}

/** What a message has besides words. Only pictures have a width. */
export function havingOf({ text, files = [] }: Body): Having[] {
  const having: Having[] = LINK.test(text) ? ['link'] : [];
  if (files.some(({ width }) => width === undefined)) having.push('file');
  if (files.some(({ width }) => width !== undefined)) having.push('image');
  return having;
}

export function parseQuery(text: string): Query {
  const words = new Set<string>();
  for (const [i, part] of text
    .slice(0, QUERY_MAX)
    .split(/["“”„«»]/u)
    .entries()) {
    const folded = fold(part);
    for (const word of i % 2 === 1 ? [folded] : folded.split(' ')) if (word !== '') words.add(word);
  }
  return { words: [...words].slice(0, WORDS_MAX) };
}

/** Whether a folded text has all of the query. One letter alone must be a word. */
export function matches({ words }: Query, folded: string): boolean {
  return words.every((word) => placesOf(word, folded).next().done === false);
}

function* placesOf(word: string, folded: string): Generator<number> {
  const alone = ONE_LETTER.test(word);
  for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
    if (!alone || (!endsInLetter(folded.slice(0, at)) && !/^[\p{L}\p{N}\p{M}]/u.test(folded.slice(at + word.length)))) {
      yield at;
    }
  }
}

function endsInLetter(text: string): boolean {
  return /[\p{L}\p{N}\p{M}]$/u.test(text.slice(-2));
}

/** Where a text has what is looked for, in order and apart. */
export function found({ words }: Query, text: string): FoundRange[] {
  let folded = '';
  const places: FoundRange[] = [];
  for (const { 0: piece, index } of text.toWellFormed().matchAll(PIECES)) {
    const part = foldPiece(piece);
    const even = part.length === piece.length;
    if (part === ' ' && (folded === '' || folded.endsWith(' '))) continue;
    const last = places.at(-1);
    // An accent that is left out belongs to the letter before it.
    if (part === '' && last?.to === index) places[places.length - 1] = { from: last.from, to: index + piece.length };
    for (let i = 0; i < part.length; i++) {
      places.push(even ? { from: index + i, to: index + i + 1 } : { from: index, to: index + piece.length });
    }
    folded += part;
    if (folded.length >= FOLDED_MAX) break;
  }
  const ranges: FoundRange[] = [];
  for (const word of words) {
    for (const at of placesOf(word, folded)) {
      ranges.push({ from: places[at]!.from, to: places[at + word.length - 1]!.to });
    }
  }
  ranges.sort((a, b) => a.from - b.from || b.to - a.to);
  const apart: FoundRange[] = [];
  for (const range of ranges) {
    const before = apart.at(-1);
    if (before && range.from <= before.to) apart[apart.length - 1] = { ...before, to: Math.max(before.to, range.to) };
    else apart.push(range);
  }
  return apart;
}

/** The pieces of a folded text that an index keeps, each once. */
export function gramsOf(folded: string): Set<string> {
  const grams = new Set<string>();
  for (const { dense, spaced, sign } of runsOf(folded)) {
    if (sign !== undefined) grams.add(sign);
    if (dense !== undefined) windows(dense, [1, 2], grams);
    if (spaced !== undefined) windows(spaced, [2, 3], grams);
    if (spaced !== undefined && ONE_LETTER.test(spaced)) grams.add(spaced);
  }
  return grams;
}

/** Those that a text must have to match; none where the query has nothing but punctuation. */
export function gramsFor({ words }: Query): Set<string> {
  const grams = new Set<string>();
  for (const word of words) {
    if (ONE_LETTER.test(word)) grams.add(word);
    for (const { dense, spaced, sign } of runsOf(word)) {
      if (sign !== undefined) grams.add(sign);
      if (dense !== undefined) windows(dense, [[...dense].length === 1 ? 1 : 2], grams);
      if (spaced !== undefined) windows(spaced, [[...spaced].length === 2 ? 2 : 3], grams);
    }
  }
  return new Set([...grams].slice(0, GRAMS_MAX));
}

function* runsOf(folded: string): Generator<{ dense?: string; spaced?: string; sign?: string }> {
  for (const { groups } of folded.matchAll(RUNS)) yield groups ?? {};
}

/** Every run of so many letters. */
function windows(run: string, sizes: readonly number[], into: Set<string>): void {
  const letters = [...run];
  for (const size of sizes) {
    for (let i = 0; i + size <= letters.length; i++) into.add(letters.slice(i, i + size).join(''));
  }
}
