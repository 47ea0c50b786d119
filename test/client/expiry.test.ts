/** A device judges by itself: while it runs, and on waking, before anything is shown. */
import { expect, test } from 'bun:test';
import { Expiry } from '../../src/client/expiry.ts';
import { Replica } from '../../src/client/replica.ts';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import type { Storage } from '../../src/client/storage/storage.ts';
import type { Entry, Lifetime, Summary } from '../../src/protocol/entities.ts';
import { StepClock } from '../server/world.ts';

const CHAT = 'chat';
const SECRET = 'xyzzy';
const START = 1_000_000;

const said = (seq: number, more: Partial<Extract<Entry, { kind: 'message' }>> = {}): Entry => ({
  kind: 'message',
  v: 1,
  seq,
  at: START,
  sender: 'theo',
  device: 'd',
  key: `k${seq}`,
  ordinal: seq,
  lastMessage: seq,
  body: { v: 1, text: `${SECRET} ${seq}` },
  ...more,
});

const edited = (seq: number, target: number, expires: number): Entry => {
  const { kind: _kind, ...header } = said(seq);
  return { ...header, kind: 'edited', target, expires, body: { v: 1, text: `${SECRET} anew` } } as Entry;
};

const summary = (lifetime?: Lifetime): Summary => ({
  id: CHAT,
  kind: 'direct',
  title: '',
  peer: 'theo',
  history: 'all',
  channel: false,
  role: 'member',
  joined: 1,
  memberCount: 2,
  head: 0,
  ordinal: 0,
  last: null,
  at: START,
  read: 0,
  unread: 0,
  marks: [],
  ...(lifetime === undefined ? {} : { lifetime }),
});

async function device(clock: StepClock, storage: Storage) {
  const replica = new Replica(storage, clock, `writer ${clock.now()}`);
  await replica.load();
  replica.user = 'mara';
  const expiry = new Expiry(replica, clock, () => {});
  await expiry.start();
  return { replica, expiry };
}

async function kept(storage: Storage): Promise<string> {
  return JSON.stringify(await storage.range('', '\uffff', 1_000));
}

const slice = (entries: Entry[]) => {
  const [from, to] = [entries[0]!.seq, entries.at(-1)!.seq];
  return { conversation: CHAT, from, to, entries, head: to };
};

test('words and their edits go in their moment, from storage too, and are not unread any more', async () => {
  const [clock, storage] = [new StepClock(), memoryStorage()];
  const { replica, expiry } = await device(clock, storage);
  replica.applySummary(summary());
  replica.applySlice(slice([said(1, { expires: START + 60_000 }), edited(2, 1, START + 60_000)]));
  await clock.pass(59_000);
  expect(await kept(storage)).toContain(SECRET);
  expect(replica.conversations.get(CHAT)?.summary.unread).toBe(1);
  await clock.pass(1_000);
  await clock.pass(1_000);
  expect(await kept(storage)).not.toContain(SECRET);
  expect(replica.conversations.get(CHAT)).toMatchObject({ summary: { last: { body: null } }, doubt: 'unread' });
  expiry.stop();
});

test('a device that was away judges before it shows anything, by the clock of the server', async () => {
  const [clock, storage] = [new StepClock(), memoryStorage()];
  const first = await device(clock, storage);
  first.expiry.told(clock.now() + 30_000);
  first.replica.applySummary(summary());
  first.replica.applySlice(slice([said(1, { expires: START + 60_000 }), said(2)]));
  first.expiry.stop();
  await first.replica.close();
  // Thirty seconds by this device's clock are sixty by the server's.
  await clock.pass(30_000);
  const { replica, expiry } = await device(clock, storage);
  const entries = await replica.annals.entries(CHAT, 1, 2, 9, false);
  expect(entries.map((entry) => 'body' in entry && entry.body?.text)).toEqual([undefined, `${SECRET} 2`]);
  await clock.pass(1_000);
  expect(await kept(storage)).not.toContain(`${SECRET} 1`);
  expiry.stop();
});

test('what comes when it has expired already is not held', async () => {
  const [clock, storage] = [new StepClock(), memoryStorage()];
  const { replica, expiry } = await device(clock, storage);
  replica.applySummary(summary());
  await clock.pass(61_000);
  replica.applySlice(slice([said(1, { expires: START + 60_000 })]));
  await replica.flushed();
  expect(await kept(storage)).not.toContain(SECRET);
  expect((await replica.annals.entries(CHAT, 1, 1, 9, false))[0]).toMatchObject({ body: null });
  expiry.stop();
});

test('of a chat that has ended nothing is held, with a connection or without', async () => {
  const [clock, storage] = [new StepClock(), memoryStorage()];
  const { replica, expiry } = await device(clock, storage);
  replica.applySummary(summary({ kind: 'whole', until: START + 60_000 }));
  replica.applySlice(slice([said(1), said(2)]));
  expiry.noticed(CHAT);
  await clock.pass(60_000);
  await clock.pass(1_000);
  expect(await kept(storage)).not.toContain(SECRET);
  expect(replica.conversations.get(CHAT)?.summary).toMatchObject({ ended: START + 60_000, last: null, unread: 0 });
  expiry.stop();
});

const ended = (seq: number): Entry => {
  const { body: _body, kind: _kind, ...header } = said(seq) as Extract<Entry, { kind: 'message' }>;
  return { ...header, lastMessage: 0, kind: 'ended' };
};

test('what the log says to have ended is held no more, and what comes late is not held either', async () => {
  const [clock, storage] = [new StepClock(), memoryStorage()];
  const { replica, expiry } = await device(clock, storage);
  replica.hooks = { ...replica.hooks, changed: (id) => id !== null && expiry.noticed(id) };
  replica.applySummary(summary({ kind: 'whole' }));
  replica.applySlice(slice([said(1), said(2), ended(3)]));
  await clock.pass(1_000);
  replica.applySlice({ ...slice([said(1)]), head: 3 });
  await clock.pass(1_000);
  expect(await kept(storage)).not.toContain(SECRET);
  expect(replica.conversations.get(CHAT)?.summary.ended).toBe(START);
  expect(await replica.annals.entries(CHAT, 3, 3, 9, false)).toMatchObject([{ kind: 'ended' }]);
  expiry.stop();
});

test('a chat whose end is moved goes on here, too, though by this clock it had ended', async () => {
  const [clock, storage] = [new StepClock(), memoryStorage()];
  const { replica, expiry } = await device(clock, storage);
  replica.applySummary(summary({ kind: 'whole', until: START + 1_000 }));
  replica.applySlice(slice([said(1)]));
  expiry.noticed(CHAT);
  await clock.pass(2_000);
  expect(replica.conversations.get(CHAT)?.summary.ended).toBeDefined();
  const { body: _body, kind: _kind, ...header } = said(2) as Extract<Entry, { kind: 'message' }>;
  const lifetime = { kind: 'whole' as const, until: START + 60_000 };
  replica.applySlice(slice([{ ...header, kind: 'lifetime', lifetime }, said(3)]));
  await clock.pass(1_000);
  expect(replica.conversations.get(CHAT)?.summary).toMatchObject({ lifetime, last: { seq: 3 } });
  expect(replica.conversations.get(CHAT)?.summary.ended).toBeUndefined();
  expect(await kept(storage)).toContain(`${SECRET} 3`);
  // Whatever it takes for held it holds, the entry that moved the end first of all.
  const { ranges } = replica.conversations.get(CHAT)!;
  expect(ranges).toEqual([{ from: 2, to: 3 }]);
  expect((await replica.annals.entries(CHAT, 1, 3, 9, false)).map(({ seq }) => seq)).toEqual([2, 3]);
  expiry.stop();
});

test('of a chat that ends while it is not known who is in it, that is asked for all the same', async () => {
  const [clock, storage] = [new StepClock(), memoryStorage()];
  const { replica, expiry } = await device(clock, storage);
  replica.applySummary(summary({ kind: 'whole', until: START + 1_000 }));
  // The second one, by which somebody may have come, is not shown to this device.
  replica.applySlice({ ...slice([said(1)]), to: 2 });
  expiry.noticed(CHAT);
  await clock.pass(2_000);
  expect(replica.conversations.get(CHAT)).toMatchObject({ doubt: 'all', stale: null, ranges: [] });
  expect(replica.conversations.get(CHAT)?.summary.ended).toBeDefined();
  expiry.stop();
});

test('the number is counted anew once one of those goes that this device does not hold', async () => {
  const [clock, storage] = [new StepClock(), memoryStorage()];
  const { replica, expiry } = await device(clock, storage);
  const unreadUntil = START + 5_000;
  replica.applySummary({ ...summary(), head: 9, last: said(9), unread: 2, firstUnread: 4, unreadUntil });
  expiry.noticed(CHAT);
  await clock.pass(4_000);
  expect(replica.conversations.get(CHAT)).toMatchObject({ doubt: null, summary: { unreadUntil } });
  await clock.pass(2_000);
  expect(replica.conversations.get(CHAT)).toMatchObject({ doubt: 'unread' });
  expect(replica.conversations.get(CHAT)?.summary.unreadUntil).toBeUndefined();
  expiry.stop();
});

test('what goes after reading stays until the log says that it was read, and then goes with its edits', async () => {
  const [clock, storage] = [new StepClock(), memoryStorage()];
  const { replica, expiry } = await device(clock, storage);
  replica.applySummary(summary());
  const { expires: _, ...edit } = edited(3, 2, 0) as Extract<Entry, { kind: 'edited' }>;
  replica.applySlice(slice([said(1), said(2, { lasts: 60 }), edit]));
  await clock.pass(3_600_000);
  expect(await kept(storage)).toContain(`${SECRET} anew`);
  const { body: _body, kind: _kind, ...header } = said(4) as Extract<Entry, { kind: 'message' }>;
  replica.applySlice(slice([{ ...header, kind: 'started', targets: [2], expires: clock.now() + 60_000 }]));
  expect((await replica.annals.message(CHAT, 2))?.entry.expires).toBe(clock.now() + 60_000);
  await clock.pass(59_000);
  expect(await kept(storage)).toContain(`${SECRET} anew`);
  await clock.pass(2_000);
  for (const words of [`${SECRET} 2`, `${SECRET} anew`]) expect(await kept(storage)).not.toContain(words);
  expect(await kept(storage)).toContain(`${SECRET} 1`);
  expect(replica.conversations.get(CHAT)).toMatchObject({ summary: { last: { body: null } } });
  expiry.stop();
});

test('a device that was off when it was read learns from a page when it goes', async () => {
  const [clock, storage] = [new StepClock(), memoryStorage()];
  const { replica, expiry } = await device(clock, storage);
  replica.applySummary(summary());
  replica.applySlice(slice([said(1, { lasts: 60 }), said(2)]));
  replica.applyAnnotations(CHAT, [{ what: 'started', target: 1, seq: 3, expires: START - 5_000 }]);
  await clock.pass(1_000);
  expect(await kept(storage)).not.toContain(`${SECRET} 1`);
  expiry.stop();
});

test('what was to go of a time that never was takes nothing of what came instead', async () => {
  const [clock, storage] = [new StepClock(), memoryStorage()];
  const { replica, expiry } = await device(clock, storage);
  replica.applySummary(summary());
  replica.applySlice(slice([said(1, { expires: START + 60_000 })]));
  replica.distrust();
  replica.applySummary({ ...summary(), head: 0 });
  replica.applySlice(slice([said(1)]));
  await clock.pass(120_000);
  expect((await replica.annals.entries(CHAT, 1, 1, 9, false))[0]).toMatchObject({ body: { text: `${SECRET} 1` } });
  expiry.stop();
});
