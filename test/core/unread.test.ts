import { describe, expect, test } from 'bun:test';
import { foldEntry } from '../../src/core/inbox.ts';
import { countOlder, countsAsUnread, isMentionTooOld, type Reader, UNREAD_CAP } from '../../src/core/unread.ts';
import type { Entry, Summary } from '../../src/protocol/entities.ts';

const message = (seq: number, fields: object = {}) =>
  ({
    kind: 'message',
    v: 1,
    seq,
    at: seq,
    sender: 'a',
    device: 'd',
    key: `k${seq}`,
    ordinal: seq,
    lastMessage: seq,
    body: { v: 1, text: '-' },
    ...fields,
  }) as Entry;
const me: Reader = { user: 'me', now: 1_000, gone: new Set([3]), hidden: new Set([4]), blocked: new Set(['rude']) };

describe('of what stands above the read mark', () => {
  test.each([
    ["another's message", message(1), true],
    ['one that goes later', message(1, { expires: 1_001 }), true],
    ['an own one', message(1, { sender: 'me' }), false],
    ['one that is deleted', message(3), false],
    ['one that is deleted for oneself', message(4), false],
    ['one that has expired', message(1, { expires: 1_000 }), false],
    ['one whose words the server has taken', message(1, { expires: 2_000, body: null }), false],
    ['one of somebody blocked', message(1, { sender: 'rude' }), false],
    ['an edit', message(1, { kind: 'edited', target: 1 }), false],
    ['a deletion', message(1, { kind: 'deleted', target: 1 }), false],
    ['a reaction', message(1, { kind: 'reacted', target: 1 }), false],
    ['somebody added', message(1, { kind: 'added', users: ['me'] }), false],
  ])('%s', (_, entry, counts) => expect(countsAsUnread(entry, me)).toBe(counts));
});

const SENDERS = ['a', 'b', 'me', 'rude'];
const summary = {
  kind: 'group',
  head: 0,
  ordinal: 0,
  read: 0,
  unread: 0,
  last: null,
  at: 0,
  memberCount: 3,
  marks: [],
} as unknown as Summary;

/** By what came, and by looking back from the newest. */
function both(entries: readonly Entry[], reader: Reader) {
  const folded = entries.reduce((before, entry) => foldEntry(before, entry, reader), summary);
  let counted = countOlder({ unread: 0 }, [], reader);
  for (let end = entries.length; end > 0; end -= 7) {
    counted = countOlder(counted, entries.slice(Math.max(0, end - 7), end), reader);
  }
  const { unread, firstUnread, firstMention, unreadUntil } = folded;
  return {
    folded: { unread, firstUnread, firstMention, unreadUntil },
    counted: { firstUnread: undefined, firstMention: undefined, unreadUntil: undefined, ...counted },
  };
}

test('what is folded as it comes is what is counted from the newest back', () => {
  const reader = { user: 'me', now: 0, blocked: new Set(['rude']) };
  for (let length = 0; length < 60; length++) {
    const entries = Array.from({ length }, (_, i) => {
      const chosen = (i * 7 + length * 13) % 11;
      return message(i + 1, { sender: SENDERS[chosen % 4], ...(chosen % 3 === 0 ? { mentions: ['me'] } : {}) });
    });
    const { folded, counted } = both(entries, reader);
    expect(counted).toEqual(folded);
    const naive = entries.filter(({ sender }) => sender === 'a' || sender === 'b');
    expect(folded.unread).toBe(naive.length);
    expect(folded.firstUnread).toBe(naive[0]?.seq);
  }
});

test('the number says until when it holds', () => {
  const reader = { user: 'me', now: 50 };
  const entries = [message(1, { expires: 40 }), message(2, { expires: 90 }), message(3, { expires: 70 }), message(4)];
  const { folded, counted } = both(entries, reader);
  expect(counted).toMatchObject({ unread: 3, firstUnread: 2, unreadUntil: 70 });
  expect(folded).toEqual(counted);
});

test('of more than 999 none is the first, and a call counts among the newest thousand entries only', () => {
  const reader = { user: 'me', now: 0 };
  const entries = (count: number, called: number) =>
    Array.from({ length: count }, (_, i) => message(i + 1, i + 1 === called ? { mentions: ['me'] } : {}));
  expect(both(entries(999, 1), reader).counted).toMatchObject({ unread: 999, firstUnread: 1, firstMention: 1 });
  for (const called of [1, 200, 201, 1_100]) {
    const { folded, counted } = both(entries(1_200, called), reader);
    expect([folded.unread, folded.firstUnread, counted.firstUnread]).toEqual([UNREAD_CAP, undefined, undefined]);
    const isTooOld = called <= 200;
    expect(isMentionTooOld({ ...folded, head: 1_200 })).toBe(isTooOld);
    expect(counted.firstMention).toBe(isTooOld ? undefined : called);
  }
});
