import { describe, expect, test } from 'bun:test';
import { checkHistory } from '../../src/check/checker.ts';
import type { FinalLog, FinalView, Operation } from '../../src/check/history.ts';

const log = (...keys: string[]): FinalLog => ({
  conversation: 'c',
  entries: keys.map((key, i) => ({ seq: i + 1, key, sender: key[0]!, message: true })),
});
const send = (t: number, phase: Operation['phase'], key: string, seq?: number, proc = 'p'): Operation => ({
  t,
  proc,
  op: 'send',
  phase,
  conversation: 'c',
  key,
  ...(seq === undefined ? {} : { seq }),
});
const view = (fields: Partial<FinalView>): FinalView => ({
  proc: 'p',
  user: 'u',
  conversation: 'c',
  visible: () => true,
  entries: [],
  messages: [],
  hidden: () => false,
  blocked: new Set(),
  read: 0,
  unread: 0,
  firstUnread: fields.unread ? (fields.read ?? 0) + 1 : null,
  firstMention: null,
  ...fields,
});
const anomalies = (history: Operation[], logs: FinalLog[], views: FinalView[] = []) =>
  checkHistory(history, logs, views).map(({ anomaly }) => anomaly);

describe('the checker', () => {
  test('finds nothing where nothing is wrong', () => {
    const history = [send(1, 'start', 'a1'), send(2, 'ok', 'a1', 1), send(3, 'start', 'b1'), send(4, 'ok', 'b1', 2)];
    const entries: [number, string][] = [
      [1, 'a1'],
      [2, 'b1'],
    ];
    expect(anomalies(history, [log('a1', 'b1')], [view({ entries, unread: 2 })])).toEqual([]);
  });
  describe('of what was done to messages', () => {
    const header = { sender: 'b', message: false };
    const done: FinalLog = {
      conversation: 'c',
      entries: [
        { seq: 1, key: 'a1', sender: 'a', message: true, text: 'one' },
        { seq: 2, key: 'b2', ...header, act: 'edited', target: 1, text: 'two' },
        { seq: 3, key: 'b3', ...header, act: 'reacted', target: 1, emoji: '👍' },
      ],
    };
    const gone = { ...done, entries: [...done.entries, { seq: 4, key: 'b4', ...header, act: 'deleted', target: 1 }] };
    const shown = { seq: 1, text: 'two', deletedBy: null, edited: true, reactions: ['b 👍'] };
    const erased = { seq: 1, text: null, deletedBy: 'b', edited: false, reactions: [] };
    test.each([
      ['nothing where all of it is shown', done, shown, 1, []],
      ['former words', done, { ...shown, text: 'one', edited: false }, 1, ['stale']],
      ['a reaction that is missing', done, { ...shown, reactions: [] }, 1, ['stale']],
      ['words of what is deleted', gone, shown, 0, ['stale']],
      ['nothing where it is gone', gone, erased, 0, []],
      ['what is deleted and counted', gone, erased, 1, ['phantom unread']],
    ] as const)('finds %s', (_, log, message, unread, expected) => {
      const entries = [[1, 'a1']] as const;
      expect(anomalies([], [log], [view({ entries, messages: [message], unread })])).toEqual([...expected]);
    });
  });
  test('an acked message that is not there is lost', () => {
    expect(anomalies([send(1, 'ok', 'a1', 1)], [log()])).toEqual(['lost']);
  });
  test('a key that stands twice is duplicated', () => expect(anomalies([], [log('a1', 'a1')])).toEqual(['duplicated']));
  test('a key with two acks is duplicated', () => {
    expect(anomalies([send(1, 'ok', 'a1', 1), send(2, 'ok', 'a1', 2)], [log('a1', 'b1')])).toContain('duplicated');
  });
  test('a hole in a log is skipped', () => {
    const holed = { conversation: 'c', entries: [{ seq: 2, key: 'a', sender: 'a', message: true }] };
    expect(anomalies([], [holed])).toEqual(['skipped']);
  });
  test('a refused message that is there is resurrected', () => {
    expect(anomalies([send(1, 'refused', 'a1')], [log('a1')])).toEqual(['resurrected']);
  });
  test('a message begun after an ack and numbered before it is reordered', () => {
    const history = [
      send(1, 'start', 'a1'),
      send(2, 'ok', 'a1', 2),
      send(3, 'start', 'b1', undefined, 'q'),
      send(4, 'ok', 'b1', 1, 'q'),
    ];
    expect(anomalies(history, [log('b1', 'a1')])).toEqual(['reordered']);
  });
  test("one device's messages in another order are reordered", () => {
    const history = [send(1, 'start', 'a1'), send(2, 'start', 'a2'), send(3, 'ok', 'a2', 1), send(4, 'ok', 'a1', 2)];
    expect(anomalies(history, [log('a2', 'a1')])).toEqual(['reordered']);
  });
  test('being shown a lower number later is reordered', () => {
    const observe: Operation = {
      t: 1,
      proc: 'p',
      op: 'observe',
      phase: 'ok',
      conversation: 'c',
      entries: [
        [2, 'b1'],
        [1, 'a1'],
      ],
    };
    expect(anomalies([observe], [log('a1', 'b1')])).toEqual(['reordered']);
  });
  test('being shown another message is diverged', () => {
    const read: Operation = { t: 1, proc: 'p', op: 'read', phase: 'ok', conversation: 'c', entries: [[1, 'x1']] };
    expect(anomalies([read], [log('a1')])).toEqual(['diverged']);
  });
  test('a view with a hole is skipped', () => {
    expect(anomalies([], [log('a1', 'b1')], [view({ entries: [[2, 'b1']], unread: 2 })])).toEqual(['skipped']);
  });
  test('a view with another entry is diverged', () => {
    expect(anomalies([], [log('a1')], [view({ entries: [[1, 'x1']], unread: 1 })])).toEqual(['diverged']);
  });
  test('a view that holds more than it may is diverged', () => {
    expect(anomalies([], [log('a1')], [view({ entries: [[1, 'a1']], visible: () => false })])).toEqual(['diverged']);
  });
  test('what is deleted for oneself is not unread', () => {
    const hidden = { entries: [[2, 'a2']] as const, hidden: (seq: number) => seq === 1 };
    expect(anomalies([], [log('a1', 'a2')], [view({ ...hidden, unread: 1, firstUnread: 2 })])).toEqual([]);
    expect(anomalies([], [log('a1', 'a2')], [view({ ...hidden, unread: 2 })])).toEqual(['phantom unread']);
  });
  test('a number that leads elsewhere than to its first message, or its first call, is phantom', () => {
    const calling = { ...log('a1', 'a2', 'a3') };
    const entries = calling.entries.map((entry) => ({ ...entry, mentions: entry.seq > 1 ? ['u'] : [] }));
    const shown = { entries: entries.map(({ seq, key }) => [seq, key] as const), unread: 3 };
    const found = (of: Partial<FinalView>) => anomalies([], [{ ...calling, entries }], [view({ ...shown, ...of })]);
    expect(found({ firstUnread: 1, firstMention: 2 })).toEqual([]);
    expect(found({ firstUnread: 2, firstMention: 2 })).toEqual(['phantom unread']);
    expect(found({ firstUnread: 1, firstMention: 3 })).toEqual(['phantom unread']);
  });
  test('an unread number that nobody can explain is phantom', () => {
    expect(anomalies([], [log('a1')], [view({ entries: [[1, 'a1']], unread: 2 })])).toEqual(['phantom unread']);
  });
  test('own messages and read ones do not count', () => {
    const entries: [number, string][] = [
      [1, 'u1'],
      [2, 'a1'],
      [3, 'a2'],
    ];
    expect(anomalies([], [log('u1', 'a1', 'a2')], [view({ entries, read: 2, unread: 1 })])).toEqual([]);
  });
});
