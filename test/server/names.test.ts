import { expect, test } from 'bun:test';
import { userNameOf } from '../../src/core/credentials.ts';
import { displayNameOf, foldName } from '../../src/server/names.ts';

test('a name has 2 to 32 letters, digits and separators, and begins with a letter or digit', () => {
  for (const name of ['mara', 'Mara', 'm.a_r-a', '42', '花子', 'Ólafur', 'a'.repeat(32)])
    expect(userNameOf(name)).toBe(name);
  const bad = [
    'm',
    '',
    '_mara',
    '.mara',
    'ma ra',
    'mara!',
    '@mara',
    'ma\u200bra',
    'mara\u202e',
    'a'.repeat(33),
    '👩👩',
    'mara\u3164',
    'ma\u034fra',
    'mara\ufe0f',
    'mara\u{e0101}',
    '\u115f\u1160',
  ];
  for (const name of bad) expect(userNameOf(name)).toBeNull();
  expect(userNameOf('ｍａｒａ')).toBe('mara');
});

test.each([
  ['mara', 'MARA'],
  ['mara', 'mаrа'],
  ['paypal', 'pауpаl'],
  ['bill', 'bi11'],
  ['bill', 'BILL'],
  ['bob', 'b0b'],
  ['leo', '1eο'],
  ['a.b', 'a_b'],
  ['a-b', 'a--b'],
  ['fine', 'ﬁne'],
])('%s and %s look alike', (one, other) => {
  expect(foldName(one)).toBe(foldName(other));
});

test.each([
  ['mara', 'marta'],
  ['ab', 'a.b'],
  ['person1', 'person11'],
  ['jose', 'josé'],
])('%s and %s do not', (one, other) => {
  expect(foldName(one)).not.toBe(foldName(other));
});

test('a display name is trimmed and has 1 to 64 characters', () => {
  expect(displayNameOf('  Mara Jansen ')).toBe('Mara Jansen');
  expect(displayNameOf('a\nb')).toBe('a b');
  expect(displayNameOf(' \t ')).toBeNull();
  expect(displayNameOf('\u3164\u200d \u2060')).toBeNull();
  expect(displayNameOf('👩‍👩‍👧')).toBe('👩‍👩‍👧');
  expect(displayNameOf('x'.repeat(65))).toBeNull();
});
