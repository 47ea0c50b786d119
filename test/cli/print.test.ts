import { expect, test } from 'bun:test';
import { line, namedIn, oneLine, safe, said } from '../../src/cli/print.ts';
import type { Entry } from '../../src/protocol/entities.ts';

const header = {
  v: 1,
  seq: 3,
  at: Date.UTC(2026, 0, 2, 3, 4),
  sender: 'mara-id',
  device: 'device',
  key: 'key',
  ordinal: 1,
  lastMessage: 3,
} as const;
const message = (text: string): Entry => ({ ...header, kind: 'message', body: { v: 1, text } });
const names = new Map([
  ['mara-id', 'mara'],
  ['jo-id', 'jo'],
]);

test('what others write cannot steer the terminal', () => {
  expect(safe('a\u001b[31mred\u0007')).toBe('a\ufffd[31mred\ufffd');
  expect(safe('a\u202eb\u0085\u009b2J')).toBe('a\ufffdb\ufffd\ufffd2J');
});

test('lines and tabs of a message stay, whatever ends them', () => {
  expect(safe('a\r\nb\rc\td')).toBe('a\nb\nc\td');
});

test('a title is one line', () => {
  expect(oneLine('  Trip\n to \t the sea ')).toBe('Trip to the sea');
});

test('a message says when, who and what', () => {
  expect(line(message('Hello'), names)).toMatch(/^2026-01-0\d \d\d:\d\d {2}mara: Hello$/);
});

test('further lines of a message are set in', () => {
  expect(line(message('one\ntwo'), names).split('\n')[1]).toBe('                  two');
});

test('an unknown sender is shown by id', () => {
  expect(line(message('Hello'), new Map())).toContain('mara-id: Hello');
});

test('changes of a group are told in words', () => {
  expect(said({ ...header, kind: 'added', users: ['jo-id'] }, names)).toBe('added jo');
  expect(said({ ...header, kind: 'role', user: 'jo-id', role: 'admin' }, names)).toBe('made jo admin');
  expect(said({ ...header, kind: 'renamed', title: 'Sea' }, names)).toBe('renamed the group to “Sea”');
  expect(said({ ...header, kind: 'message', body: null }, names)).toBe('(deleted)');
});

test('everybody whom an entry names is asked for', () => {
  expect(namedIn({ ...header, kind: 'added', users: ['jo-id'] })).toEqual(['mara-id', 'jo-id']);
  expect(namedIn({ ...header, kind: 'removed', user: 'jo-id' })).toEqual(['mara-id', 'jo-id']);
  expect(namedIn(message('Hello'))).toEqual(['mara-id']);
});
