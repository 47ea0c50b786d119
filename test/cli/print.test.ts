import { expect, test } from 'bun:test';
import { line, namedIn, oneLine, safe, said } from '../../src/cli/print.ts';
import { lineOf, styled } from '../../src/cli/styled.ts';
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

test('marks are styles on a terminal, and stay as they were written elsewhere', () => {
  const text = '**a** *b* ~~c~~ `d` ||e||';
  expect(styled(text)).toBe('\u001b[1ma\u001b[22m \u001b[3mb\u001b[23m \u001b[9mc\u001b[29m \u001b[7md\u001b[27m ▒▒▒▒');
  expect(styled(text, true)).toEndWith(' e');
  expect(line(message(text), names)).toEndWith(`mara: ${text}`);
  expect(styled('**a\u001b[31m\nb**')).toBe('\u001b[1ma\ufffd[31m\u001b[22m\n\u001b[1mb\u001b[22m');
  expect(styled('```\na\n```')).toBe('\n  \u001b[7ma\u001b[27m');
  expect(lineOf('> a\n- **b**\n- ||c||')).toBe('a • b • ▒▒▒▒');
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
  expect(said({ ...header, kind: 'pictured', picture: null }, names)).toBe('took the group’s picture away');
  expect(said({ ...header, kind: 'pictured', picture: 'p' }, names)).toBe('changed the group’s picture');
  expect(said({ ...header, kind: 'message', body: null }, names)).toBe('(deleted)');
});

test('everybody whom an entry names is asked for', () => {
  expect(namedIn({ ...header, kind: 'added', users: ['jo-id'] })).toEqual(['mara-id', 'jo-id']);
  expect(namedIn({ ...header, kind: 'removed', user: 'jo-id' })).toEqual(['mara-id', 'jo-id']);
  expect(namedIn(message('Hello'))).toEqual(['mara-id']);
});
