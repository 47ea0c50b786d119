import { describe, expect, test } from 'bun:test';
import { piecesOf } from '../../src/web/conversation/pieces.ts';
import { isLong, isPictograms } from '../../src/web/conversation/shape.ts';

const words = (text: string) => ({ kind: 'words' as const, text, href: '' });
const called = (text: string) => ({ kind: 'called' as const, text, href: '' });
const link = (text: string, href = text) => ({ kind: 'link' as const, text, href });

describe('words are cut at links and names', () => {
  test.each([
    ['', []],
    ['only words', [words('only words')]],
    ['see https://a.example/x, and on', [words('see '), link('https://a.example/x'), words(', and on')]],
    ['mail me@a.example', [words('mail '), link('me@a.example', 'mailto:me@a.example')]],
    // A name alone may be a file or the end of a sentence without its space.
    ['example.org alone', [words('example.org alone')]],
    ['at parley.example/x.', [words('at '), link('parley.example/x', 'https://parley.example/x'), words('.')]],
    ['(pi.home:7275/0/)', [words('('), link('pi.home:7275/0/', 'http://pi.home:7275/0/'), words(')')]],
    [
      'either/or, a/b.c/d, x@y.example/z',
      [words('either/or, a/b.c/d, '), link('x@y.example', 'mailto:x@y.example'), words('/z')],
    ],
    ['ftp://a.example no link', [words('ftp://a.example no link')]],
    ['javascript:alert(1)', [words('javascript:alert(1)')]],
    ['Look, @mara: it works.', [words('Look, '), called('@mara'), words(': it works.')]],
    ['@theo see https://a.example/@mara', [called('@theo'), words(' see '), link('https://a.example/@mara')]],
  ])('%j', (text, pieces) => expect(piecesOf(text)).toEqual(pieces));
});

test('16 kB of anything are cut in no time', () => {
  for (const part of ['`', '```\n', 'a.', 'a.bc/', '@', 'http://', '\u0660', '🍅', '\u200D', '🇸🇪'])
    for (const text of [part.repeat(16_384 / part.length), `${part.repeat(16_000 / part.length)} end`]) {
      const began = performance.now();
      piecesOf(text);
      isPictograms(text);
      isLong(text);
      expect(performance.now() - began).toBeLessThan(500);
    }
});

describe('one to three emoji stand alone', () => {
  test.each(['👍', '🍅🍅🍅', '👩🏽‍🚀', '🇸🇪', '❤️ 🎉', '1️⃣', '🏳️‍🌈'])('%s', (text) =>
    expect(isPictograms(text)).toBe(true),
  );
  test.each(['', ' ', '👍👍👍👍', 'ok 👍', '1', '12', '#', 'a'])('not %j', (text) =>
    expect(isPictograms(text)).toBe(false),
  );
});

describe('a long text folds', () => {
  test.each([
    ['short', false],
    ['l\n'.repeat(23), false],
    ['l\n'.repeat(24), true],
    ['x'.repeat(60 * 24), false],
    ['x'.repeat(60 * 24 + 1), true],
  ])('case %#', (text, folds) => expect(isLong(text)).toBe(folds));
});
