import { expect, test } from 'bun:test';
import { calledIn, namesCalled } from '../../src/core/mentions.ts';

test.each([
  ['@mara', ['mara']],
  ['Look, @Mara!', ['mara']],
  ['(@mara) and “@theo”', ['mara', 'theo']],
  ['@mara, @MARA: twice', ['mara']],
  ['at the end @mara.', ['mara']],
  ['@mara.k and @anne-marie', ['mara.k', 'anne-marie']],
  ["@mara's", ['mara']],
  ['@Дарья と @さくら', ['дарья', 'さくら']],
  ['line\n@mara', ['mara']],
  ['はい、@mara さん、次は@theo', ['mara', 'theo']],
  ['so:@mara', []],
  ['so,@mara!', ['mara']],
  // Within words, addresses and code.
  ['me@mara', []],
  ['a@mara.example', []],
  ['https://a.example/@mara', []],
  ['https://a.example/(@mara)', []],
  ['```\n@mara\n```', []],
  ['before @theo\n```ts\n@mara\n```\n@ines', ['theo', 'ines']],
  ['`@mara`', []],
  ['`to @mara`', []],
  // Marks around it are not part of it.
  ['**@mara**, _@theo_ and ||@ines||', ['mara', 'theo', 'ines']],
  ['> @mara\n- @theo\n- @ines', ['mara', 'theo', 'ines']],
  ['@@mara', []],
  ['/@mara', []],
  ['@ mara', []],
  ['@', []],
  // Another name that begins so, or looks so.
  ['@marathon', ['marathon']],
  ['@m\u0430ra', ['m\u0430ra']],
  ['@mara_', ['mara']],
])('%j calls %j', (text, names) => expect([...namesCalled(text)]).toEqual(names));

test('a name stands where it is found', () => {
  const text = 'So, @Mara and @theo.';
  expect(calledIn(text).map(({ index, name }) => text.slice(index, index + 1 + name.length))).toEqual([
    '@Mara',
    '@theo',
  ]);
});

test('16 kB of anything are looked through in no time', () => {
  for (const part of ['@', '@a', '@a.', '://', 'a', '(@', '`', '```\n', ' @m']) {
    const began = performance.now();
    namesCalled(part.repeat(16_384 / part.length));
    expect(performance.now() - began).toBeLessThan(500);
  }
});
