import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { backoff } from '../../src/core/clock.ts';
import { collapse, type FeedDraft } from '../../src/core/feed.ts';
import { compareRecent, foldEntry } from '../../src/core/inbox.ts';
import { presenceFor, vagueSince } from '../../src/core/presence.ts';
import { cover, lastHeld, missing, type Range, rangeAt } from '../../src/core/ranges.ts';
import { digestMarks, type MarksByUser, mergeMarks, raiseMark, tickOf } from '../../src/core/receipts.ts';
import { utf8Bytes } from '../../src/core/text.ts';
import type { Entry, Mark, Summary } from '../../src/protocol/entities.ts';

const runs = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 })), { maxLength: 12 });
const covered = (list: [number, number][]) =>
  list.reduce<readonly Range[]>((ranges, [from, length]) => cover(ranges, from, from + length - 1), []);
const holds = (ranges: readonly Range[], seq: number) => rangeAt(ranges, seq) !== undefined;

describe('ranges', () => {
  test('hold exactly what was covered', () => {
    fc.assert(
      fc.property(runs, (list) => {
        const ranges = covered(list);
        for (let seq = 1; seq <= 80; seq++) {
          expect(holds(ranges, seq)).toBe(list.some(([from, length]) => seq >= from && seq < from + length));
        }
      }),
    );
  });
  test('stay disjoint, apart and ascending', () => {
    fc.assert(
      fc.property(runs, (list) => {
        const ranges = covered(list);
        for (let i = 1; i < ranges.length; i++) expect(ranges[i]!.from).toBeGreaterThan(ranges[i - 1]!.to + 1);
      }),
    );
  });
  test('know their holes', () => {
    fc.assert(
      fc.property(runs, (list) => {
        const ranges = covered(list);
        const holes = missing(ranges, 1, 80);
        for (let seq = 1; seq <= 80; seq++) expect(holds(holes, seq)).toBe(!holds(ranges, seq));
      }),
    );
  });
  test('are the same array when nothing is new', () => {
    const ranges = cover([], 3, 9);
    expect(cover(ranges, 4, 8)).toBe(ranges);
    expect(cover(ranges, 5, 4)).toBe(ranges);
  });
  test('join neighbours', () => expect(cover(cover([], 1, 3), 4, 6)).toEqual([{ from: 1, to: 6 }]));
  test('end at the last held', () => expect([lastHeld([]), lastHeld([{ from: 2, to: 5 }])]).toEqual([0, 5]));
});

const mark = (user: string, delivered: number, read: number): Mark => ({ user, delivered, read });
const marks = fc.array(
  fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(20), fc.nat(20)).map(([u, d, r]) => mark(u, d, r)),
  { maxLength: 20 },
);
const merged = (list: Mark[]): MarksByUser => mergeMarks(new Map(), list);

describe('receipts', () => {
  test('merge in any order', () => {
    fc.assert(
      fc.property(marks, (list) => {
        const there = merged(list);
        const back = merged([...list].reverse());
        expect(digestMarks(there.values())).toBe(digestMarks(back.values()));
        expect([...there].sort()).toEqual([...back].sort());
      }),
    );
  });
  test('merge any number of times', () => {
    fc.assert(fc.property(marks, (list) => expect(mergeMarks(merged(list), list)).toEqual(merged(list))));
  });
  test('read implies delivered', () => expect(raiseMark(mark('a', 2, 1), 0, 5)).toEqual(mark('a', 5, 5)));
  test('never fall', () => {
    const old = mark('a', 5, 4);
    expect(raiseMark(old, 3, 2)).toBe(old);
  });
  test('digests tell marks apart', () => {
    expect(digestMarks([mark('a', 1, 1)])).not.toBe(digestMarks([mark('a', 2, 1)]));
  });
  test('digests tell apart what two members reached together', () => {
    const digests = new Set<number>();
    for (let seq = 1; seq <= 1_000; seq++) digests.add(digestMarks(['a', 'b'].map((user) => mark(user, seq, 0))));
    expect(digests.size).toBe(1_000);
  });
  test('a mark at nothing is no mark', () => expect(digestMarks([mark('a', 0, 0)])).toBe(0));
  test('a tick is the least of the others', () => {
    const state = merged([mark('me', 9, 9), mark('a', 5, 5), mark('b', 4, 2)]);
    expect([tickOf(2, state, 'me'), tickOf(4, state, 'me'), tickOf(5, state, 'me')]).toEqual([
      'read',
      'delivered',
      'sent',
    ]);
  });
  test('alone, a message is sent', () => expect(tickOf(1, merged([mark('me', 1, 1)]), 'me')).toBe('sent'));
});

const summary: Summary = {
  id: 'c',
  kind: 'group',
  title: 'Choir',
  peer: null,
  history: 'joined',
  channel: false,
  role: 'member',
  joined: 1,
  memberCount: 2,
  head: 4,
  ordinal: 3,
  last: null,
  at: 1,
  read: 4,
  unread: 0,
  marks: [mark('me', 4, 4), mark('a', 4, 4)],
};
const entry = (fields: Partial<Entry> & { kind: Entry['kind'] }): Entry =>
  ({
    v: 1,
    seq: 5,
    at: 2,
    sender: 'a',
    device: 'd',
    key: 'k',
    ordinal: 4,
    lastMessage: 5,
    body: null,
    ...fields,
  }) as Entry;

const me = { user: 'me', now: 0 };

describe('inbox', () => {
  test("another's message is unread and the last", () => {
    const next = foldEntry(summary, entry({ kind: 'message' }), me);
    expect([next.unread, next.firstUnread, next.head, next.last?.seq]).toEqual([1, 5, 5, 5]);
  });
  test('an own message is not unread', () => {
    expect(foldEntry(summary, entry({ kind: 'message', sender: 'me' }), me).unread).toBe(0);
  });
  test('what was read elsewhere before it came is not unread', () => {
    expect(foldEntry({ ...summary, read: 5 }, entry({ kind: 'message' }), me).unread).toBe(0);
  });
  test('a picture shows, and is taken away', () => {
    const shown = foldEntry(summary, entry({ kind: 'pictured', picture: 'face' }), me);
    expect(shown.picture).toBe('face');
    expect(foldEntry(shown, entry({ kind: 'pictured', picture: null }), me)).not.toHaveProperty('picture');
  });
  test('a rename shows', () => expect(foldEntry(summary, entry({ kind: 'renamed', title: 'B' }), me).title).toBe('B'));
  test('somebody added counts and has a mark', () => {
    const next = foldEntry(summary, entry({ kind: 'added', users: ['b'] }), me);
    expect([next.memberCount, next.marks.at(-1)]).toEqual([3, mark('b', 4, 4)]);
  });
  test('somebody removed does not', () => {
    const next = foldEntry(summary, entry({ kind: 'removed', user: 'a' }), me);
    expect([next.memberCount, next.marks]).toEqual([1, [mark('me', 4, 4)]]);
  });
  test('an own role shows', () => {
    expect(foldEntry(summary, entry({ kind: 'role', user: 'me', role: 'admin' }), me).role).toBe('admin');
  });
  test('is newest first, ties by id', () => {
    const list = [
      { at: 1, id: 'b' },
      { at: 2, id: 'c' },
      { at: 1, id: 'a' },
    ];
    expect(list.sort(compareRecent).map((item) => item.id)).toEqual(['c', 'a', 'b']);
  });
});

describe('feed', () => {
  const drafts: FeedDraft[] = [
    { kind: 'advance', conversation: 'x', to: 1 },
    { kind: 'set', key: 'mute/x', value: '1' },
    { kind: 'advance', conversation: 'y', to: 1 },
    { kind: 'advance', conversation: 'x', to: 3 },
    { kind: 'joined', conversation: 'x', since: 1 },
    { kind: 'left', conversation: 'x', to: 4 },
    { kind: 'set', key: 'mute/x', value: '' },
  ];
  test('collapses to the last of each subject, in order', () => {
    expect(collapse(drafts)).toEqual([drafts[2]!, drafts[3]!, drafts[5]!, drafts[6]!]);
  });
  test('keeps the greatest read mark, though a smaller one was written later', () => {
    const reads = [12, 11].map((to): FeedDraft => ({ kind: 'read', conversation: 'x', to }));
    expect(collapse(reads)).toEqual([reads[0]!]);
  });
  test('collapsing twice changes nothing', () => expect(collapse(collapse(drafts))).toEqual(collapse(drafts)));
});

describe('presence', () => {
  const day = 86_400_000;
  const seen = { user: 'a', online: true, lastSeen: 1 };
  test.each([
    [0, 'recently'],
    [3 * day, 'recently'],
    [4 * day, 'week'],
    [8 * day, 'month'],
    [31 * day, 'long'],
  ] as const)('%d ms ago is %s', (ago, word) => expect(vagueSince(100 * day - ago, 100 * day)).toBe(word));
  test('never seen is long ago', () => expect(vagueSince(null, day)).toBe('long'));
  test('everyone sees who is online', () => expect(presenceFor(seen, 'everyone', false, day).online).toBe(true));
  test('online has no last seen', () => expect(presenceFor(seen, 'everyone', false, day).lastSeen).toBeNull());
  test('nobody sees whoever hides', () => {
    expect(presenceFor(seen, 'nobody', true, day)).toEqual({
      user: 'a',
      online: false,
      lastSeen: null,
      vague: 'recently',
    });
  });
  test('contacts see what others do not', () => {
    expect(presenceFor(seen, 'contacts', true, day).online).toBe(true);
    expect(presenceFor(seen, 'contacts', false, day).online).toBe(false);
  });
});

describe('text and time', () => {
  test('bytes are those of UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text, 'utf8')),
      ),
    );
  });
  test('back-off doubles up to its bound', () => {
    const random = { next: () => 1, id: () => '' };
    expect([0, 1, 2, 9].map((tries) => backoff(random, tries, 100, 1_000))).toEqual([100, 200, 400, 1_000]);
  });
});
