/** Calling somebody by name: where it begins, and who may be meant. */
import { describe, expect, test } from 'bun:test';
import type { Profile } from '../../src/protocol/entities.ts';
import { endOf, meantBy, namingAt } from '../../src/web/conversation/naming.ts';
import { findMembers } from '../../src/web/conversation/use-meant.ts';

/** The bar is the caret. */
const at = (text: string) => namingAt(text.replace('|', ''), text.indexOf('|'));

describe('a name begins', () => {
  test.each([
    ['@|', 0, ''],
    ['@th|', 0, 'th'],
    ['see @th| and', 4, 'th'],
    ['(@th|)', 1, 'th'],
    ['two\n@th|', 4, 'th'],
    ['@theo, @n|', 7, 'n'],
    ['雪さん@山|', 3, '山'],
    ['@josé.g|', 0, 'josé.g'],
    ['@th|eo', 0, 'th'],
    ['**@th|**', 2, 'th'],
  ])('in %p', (text, from, query) => {
    expect(at(text)).toEqual({ from, query });
  });

  test.each([
    'theo|',
    'theo@|',
    'theo@ex|',
    'write to theo@ex|ample.org',
    '@theo |',
    '@ |',
    '@@|',
    'https://example.org/@th|',
    '`@th|`',
    '```\n@th|\n```',
  ])('not in %p', (text) => {
    expect(at(text)).toBe(null);
  });
});

test('what is behind the caret goes with the name that it is of, and stays else', () => {
  const of = (text: string, name: string) => endOf(at(text)!, name, text.replace('|', ''), text.indexOf('|'));
  expect(of('@th|eo said', 'theo')).toBe(5);
  expect(of('@TH|EO said', 'theo')).toBe(5);
  expect(of('@th|hello', 'theo')).toBe(3);
  expect(of('@th|', 'theo')).toBe(3);
});

describe('who may be meant', () => {
  const person = (name: string, displayName: string): Profile =>
    ({ user: name, name, displayName, role: 'person', version: 1 }) as Profile;
  const ALL = [
    person('theo', 'Theo Brandt'),
    person('mth', 'Thea Brandt'),
    person('jose_g', 'José García'),
    person('theodora', 'Dora'),
    person('yuki', '山田 雪'),
  ];
  const meant = (query: string, spoke: readonly string[] = []) => meantBy(query, ALL, spoke).map(({ user }) => user);

  test('are those of whose names a word begins so, with or without accents', () => {
    expect(meant('garcia')).toEqual(['jose_g']);
    expect(meant('JOSÉ')).toEqual(['jose_g']);
    expect(meant('jose_')).toEqual(['jose_g']);
    expect(meant('雪')).toEqual(['yuki']);
    expect(meant('randt')).toEqual([]);
    expect(meant('')).toHaveLength(5);
  });

  test('come with the exact name first, then those who last spoke, then by user name, then by name', () => {
    expect(meant('th')).toEqual(['theodora', 'theo', 'mth']);
    expect(meant('th', ['mth'])).toEqual(['mth', 'theodora', 'theo']);
    expect(meant('th', ['theo', 'mth'])).toEqual(['theo', 'mth', 'theodora']);
    expect(meant('theo', ['theodora'])).toEqual(['theo', 'theodora']);
  });

  test('are nobody once the only one is called so', () => {
    expect(meant('theodora')).toEqual([]);
    expect(meant('Theodora')).toEqual([]);
    expect(meant('yuki')).toEqual([]);
  });
});

test('of a large group the server is asked, until there are as many as are shown', async () => {
  const asked: unknown[][] = [];
  const pages = [0, 0, 30, 30, 30];
  const members = async (...request: unknown[]) => {
    asked.push(request);
    const page = asked.length;
    const found = Array.from({ length: pages[page]! }, (_, i) => ({ user: `${page} ${i}` }));
    return { members: found as never, next: page < 4 ? String(page) : null };
  };
  expect(await findMembers({ members }, 'town', 'th')).toHaveLength(60);
  expect(asked).toEqual([
    ['town', null, 200, 'th'],
    ['town', '1', 200, 'th'],
    ['town', '2', 200, 'th'],
  ]);
});
