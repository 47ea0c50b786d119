/** From what is held to what is shown: days, the unread line, runs; and steps that keep one's place. */
import { describe, expect, test } from 'bun:test';
import type { TimelineItem } from '../../src/client/views.ts';
import { keepRows, type Row, rowsOf } from '../../src/web/conversation/rows.ts';
import { stage } from '../../src/web/conversation/staging.ts';
import { inOrder } from '../../src/web/details/members.ts';

const NOON = new Date(2026, 10, 25, 12).getTime();
const MINUTE = 60_000;

function message(seq: number, sender: string, minutes = 0): TimelineItem {
  return {
    kind: 'entry',
    entry: { kind: 'message', seq, sender, at: NOON + minutes * MINUTE, key: `k${seq}` } as never,
  };
}
const left = (seq: number, minutes = 0): TimelineItem => ({
  kind: 'entry',
  entry: { kind: 'left', seq, sender: 'x', at: NOON + minutes * MINUTE } as never,
});
const pending = (key: string, minutes = 0): TimelineItem => ({
  kind: 'pending',
  pending: { key, at: NOON + minutes * MINUTE } as never,
});
const rows = (items: TimelineItem[], unreadAfter: number | null = null, atStart = true) =>
  rowsOf({ items, atStart }, 'me', unreadAfter);
const marked = (list: Row[], mark: (row: Row) => unknown) => list.filter(mark).map(({ key }) => key);

describe('days', () => {
  const list = rows([message(1, 'a', -3 * 24 * 60), message(2, 'a', -24 * 60), message(3, 'a', -24 * 60 + 1), left(4)]);
  test('a line opens each day that has something', () => {
    expect(marked(list, ({ day }) => day !== null)).toEqual(['k1', 'k2', '4']);
  });
  test('a run never goes over midnight', () => {
    const night = rows([message(1, 'a', 12 * 60 - 1), message(2, 'a', 12 * 60)]);
    expect(marked(night, ({ first }) => first)).toEqual(['k1', 'k2']);
  });
});

test('only a row that changed is another object', () => {
  const [first, second, third] = [message(1, 'a'), message(2, 'a'), message(3, 'a')];
  const before = rows([first, second]);
  const after = keepRows(before, rows([first, second, third]));
  // The second one no longer ends the run.
  expect(after.map((row, i) => row === before[i])).toEqual([true, false, false]);
  expect(after[1]!.last).toBe(false);
});

describe('the unread line', () => {
  const items = [message(1, 'a'), message(2, 'me'), left(3), message(4, 'b'), message(5, 'b')];
  test.each([
    [null, true, []],
    [0, true, ['k1']],
    [0, false, []],
    [1, true, ['k4']],
    [3, false, ['k4']],
    [5, true, []],
  ])('read up to %p, from the start %p', (unreadAfter, atStart, expected) => {
    expect(marked(rows(items, unreadAfter, atStart), ({ unread }) => unread)).toEqual(expected as string[]);
  });
  test('cuts a run', () => {
    expect(marked(rows([message(1, 'b'), message(2, 'b')], 1), ({ first }) => first)).toEqual(['k1', 'k2']);
  });
});

describe('runs', () => {
  test.each([
    ['one sender', [message(1, 'a'), message(2, 'a', 5)], ['k1'], ['k2']],
    ['a pause', [message(1, 'a'), message(2, 'a', 5.1)], ['k1', 'k2'], ['k1', 'k2']],
    ['another sender', [message(1, 'a'), message(2, 'b')], ['k1', 'k2'], ['k1', 'k2']],
    ['what waits is one’s own', [message(1, 'me'), pending('p1'), pending('p2')], ['k1'], ['p2']],
    ['a line between', [message(1, 'a'), left(2), message(3, 'a')], ['k1', '2', 'k3'], ['k1', '2', 'k3']],
    [
      'a gap between',
      [message(1, 'a'), { kind: 'gap', from: 2, to: 3 } as const, message(4, 'a')],
      ['k1', 'gap-3', 'k4'],
      ['k1', 'gap-3', 'k4'],
    ],
  ])('%s', (_, items, firsts, lasts) => {
    const list = rows(items as TimelineItem[]);
    expect(marked(list, ({ first }) => first)).toEqual(firsts);
    expect(marked(list, ({ last }) => last)).toEqual(lasts);
  });
  test('a message keeps its key when it gets its number', () => {
    expect(rows([pending('k7')])[0]!.key).toBe(rows([message(7, 'me')])[0]!.key);
  });
});

describe('steps', () => {
  const list = (...keys: string[]) => keys.map((key) => ({ key })) as Row[];
  const keys = ({ rows, shift, done }: ReturnType<typeof stage>) => [rows.map(({ key }) => key).join(''), shift, done];
  test.each([
    ['what comes below moves nothing', 'abc', 'abcd', 1, ['abcd', false, true]],
    ['what comes above is kept from the end', 'cde', 'abcde', 1, ['abcde', true, true]],
    ['both take two steps', 'cde', 'abcdef', 1, ['abcde', true, false]],
    ['what is dropped above', 'abcde', 'cde', 3, ['cde', true, true]],
    ['another place altogether', 'abc', 'xyz', 1, ['xyz', false, true]],
    ['from nothing', '', 'abc', 0, ['abc', false, true]],
  ] as const)('%s', (_, before, next, anchor, expected) => {
    expect(keys(stage(list(...before), list(...next), anchor))).toEqual([...expected]);
  });
});

test('members stand by what they may do, then by name', () => {
  const members = [
    { user: 'zoe', role: 'member' },
    { user: 'theo', role: 'admin' },
    { user: 'avi', role: 'member' },
    { user: 'mara', role: 'owner' },
  ] as const;
  expect(inOrder(members, (user) => user).map(({ user }) => user)).toEqual(['mara', 'theo', 'avi', 'zoe']);
});
