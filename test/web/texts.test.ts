/** What the app says: complete, in one place, right for every number, and never blaming. */
import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Glob } from 'bun';
import { IntlMessageFormat } from 'intl-messageformat';
import { ERRORS } from '../../src/protocol/errors.ts';
import { en as first, type TextKey } from '../../src/web/text/en.ts';
import { enSafety } from '../../src/web/text/en-safety.ts';
import { t } from '../../src/web/text/text.ts';

const en = { ...first, ...enSafety };
const WEB = join(import.meta.dir, '../../src/web');
// What whoever works on the parts sees of them is no part of the app.
const sources = [...new Glob('**/*.{ts,tsx}').scanSync(WEB)]
  .filter((path) => !path.startsWith('gallery/'))
  .map((path) => [path, readFileSync(join(WEB, path), 'utf8')] as const);

test('no sentence blames, begs or hides behind a word for machines', () => {
  const all = [...Object.values(en), ...Object.values(ERRORS).map(({ sentence }) => sentence)];
  expect(all.filter((text) => /\b(error|invalid|failed to|please|oops|sorry)\b/i.test(text))).toEqual([]);
});

test('every text is well formed', () => {
  for (const text of Object.values(en)) expect(() => new IntlMessageFormat(text, 'en')).not.toThrow();
});

test('no words stand in the parts themselves', () => {
  const between = />\s*([A-Z][a-z]+[^<>{}()=;]*)<\//g;
  const named = /\b(?:aria-label|placeholder|title|alt)="([^"]+)"/g;
  const found = sources
    .filter(([path]) => path.endsWith('.tsx'))
    .flatMap(([path, text]) => [...text.matchAll(between), ...text.matchAll(named)].map(([, words]) => [path, words]));
  expect(found).toEqual([]);
});

const unread = (n: number) => t('unread', { n, count: String(n) });
const CASES: readonly (readonly [() => string, string])[] = [
  [() => unread(1), '1 unread message'],
  [() => unread(12), '12 unread messages'],
  [() => t('unread', { n: 1_000, count: '999+' }), '999+ unread messages'],
  [() => t('people', { n: 1, online: 0 }), '1 person'],
  [() => t('people', { n: 5, online: 2 }), '5 people, 2 online'],
  [() => t('gap', { n: 1 }), 'Loading 1 message…'],
  [() => t('jump', { n: 0, count: '0' }), 'Go to the newest message'],
  [() => t('jump', { n: 3, count: '3' }), 'Go to the newest message, 3 new'],
  [() => t('add', { n: 0 }).trim(), 'Add'],
  [() => t('add', { n: 1 }), 'Add 1 person'],
  [() => t('signedOut', { by: 'none', at: 'none' }), 'You were signed out on this device.'],
  [
    () => t('signedOut', { by: 'Mara’s phone', at: '14:03' }),
    'You were signed out on this device by Mara’s phone at 14:03.',
  ],
  [() => t('unsentKept', { n: 2 }), '2 unsent messages are kept here.'],
  [() => t('tooManyTries', { n: 1 }), 'Too many tries. Again in 1 second.'],
  [() => t('sysRole', { who: 'You', whom: 'Theo', role: 'admin' }), 'You made Theo an admin'],
  [() => t('by', { name: '<b>{x}', text: "it's <i>" }), "<b>{x}: it's <i>"],
];
test.each(CASES)('case %#', (said, expected) => expect(said()).toBe(expected));

test('every text is used', () => {
  const text = sources.filter(([path]) => !path.startsWith('text/en')).map(([, source]) => source);
  // These come as values: the audiences of the presence setting.
  const asValues: readonly TextKey[] = ['everyone', 'contacts', 'nobody'];
  const isUsed = (key: TextKey) => asValues.includes(key) || text.some((source) => source.includes(`'${key}'`));
  expect((Object.keys(en) as TextKey[]).filter((key) => !isUsed(key))).toEqual([]);
});
