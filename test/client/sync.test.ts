import { expect, test } from 'bun:test';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import type { ServerFrame } from '../../src/protocol/frames.ts';
import { CHAT, FakeServer, ME, OTHER, settle, start, YOU } from './fake.ts';

async function ready(count = 0) {
  const server = new FakeServer();
  server.many(count);
  const storage = memoryStorage();
  const me = await start(server, storage);
  const seen: number[] = [];
  me.on('message', ({ entry }) => seen.push(entry.seq));
  return { server, storage, me, seen };
}

test('a cold start shows the list and takes the position of its first page', async () => {
  const { me, storage } = await ready(3);
  expect(me.inbox()).toMatchObject({ loaded: true, more: false, unread: 3 });
  expect(await storage.get('m/position')).toEqual({ epoch: 1, seq: 3 });
});

test('a cold start loads the pages after the first in the background', async () => {
  const server = new FakeServer();
  server.logs.set(OTHER, []);
  const me = await start(server);
  expect(me.inbox().conversations).toHaveLength(2);
});

test('what the server is called is kept, and follows what is heard of it', async () => {
  const { me, server, storage } = await ready();
  expect(me.serverName()).toBe('s');
  server.script = (frame) =>
    frame.type === 'community' ? { result: { name: 'Willow Lane', join: 'invited', people: 'known' } } : undefined;
  const told = me.community();
  await server.run();
  await told;
  expect(me.serverName()).toBe('Willow Lane');
  await me.close();
  server.script = () => null;
  expect((await start(server, storage)).serverName()).toBe('Willow Lane');
});

test('messages are told of in order, once', async () => {
  const { server, seen } = await ready();
  server.many(5);
  await server.run();
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});

test('a repeated message changes nothing', async () => {
  const { server, seen, me } = await ready();
  server.write('a');
  server.push({ type: 'message', conversation: CHAT, entries: server.logs.get(CHAT)! });
  await server.run();
  expect(seen).toEqual([1]);
  expect(me.conversation(CHAT)?.unread).toBe(1);
});

test('a gap is read, and what is above it comes after it', async () => {
  const { server, seen } = await ready();
  server.pushes = false;
  server.many(2);
  server.pushes = true;
  server.write('third', { fed: false });
  await server.run();
  expect(seen).toEqual([1, 2, 3]);
});

test('a lost message is found by the pointer in the feed', async () => {
  const { server, seen } = await ready();
  server.pushes = false;
  server.write('lost', { fed: false });
  server.pushes = true;
  server.tell({ kind: 'advance', conversation: CHAT, to: 1 });
  await server.run();
  expect(seen).toEqual([1]);
});

test('a lost pointer is found by the next pong', async () => {
  const { server, seen } = await ready();
  server.pushes = false;
  server.many(2);
  await server.pass(20_001);
  expect(seen).toEqual([1, 2]);
});

test('the position does not pass a pointer whose entries did not come', async () => {
  const { server, storage } = await ready();
  server.pushes = false;
  server.many(2);
  server.script = (frame) => (frame.type === 'read' ? { error: { code: 'unavailable' } } : undefined);
  server.push({ type: 'resync', feedHead: 2 });
  await server.pass(1_000);
  expect(await storage.get('m/position')).toEqual({ epoch: 1, seq: 0 });
  server.script = () => undefined;
  await server.pass(15_000);
  expect(await storage.get('m/position')).toEqual({ epoch: 1, seq: 2 });
});

test('entries and position are one write', async () => {
  const server = new FakeServer();
  const storage = memoryStorage();
  const writes: string[][] = [];
  const me = await start(server, {
    ...storage,
    write: (batch, guard) => {
      writes.push(batch.map(({ key }) => key));
      return storage.write(batch, guard);
    },
  });
  server.pushes = false;
  server.many(1);
  server.push({ type: 'resync', feedHead: 1 });
  await server.run();
  const withEntry = writes.findIndex((keys) => keys.some((key) => key.startsWith('e/')));
  const withPosition = writes.findLastIndex((keys) => keys.includes('m/position'));
  expect(withEntry).toBeLessThanOrEqual(withPosition);
  expect(me.conversation(CHAT)?.head).toBe(1);
});

test('a long hole is left but for the newest', async () => {
  const { server, seen, me } = await ready();
  server.pushes = false;
  for (let i = 0; i < 500; i++) server.write('x', { fed: false });
  server.pushes = true;
  server.tell({ kind: 'advance', conversation: CHAT, to: 500 });
  await server.run();
  expect(seen.length).toBe(200);
  expect(seen.at(-1)).toBe(500);
  expect(me.conversation(CHAT)).toMatchObject({ head: 500, unread: 500 });
});

test('a device resumes from its position', async () => {
  const { server, me, storage } = await ready(2);
  const closing = me.close();
  await server.run();
  await closing;
  server.pushes = false;
  server.many(2);
  server.received = [];
  const again = await start(server, storage);
  expect(server.said('conversations')).toHaveLength(0);
  expect(again.conversation(CHAT)).toMatchObject({ head: 4, unread: 4 });
});

test('a position that is too old gets a list afresh', async () => {
  const { server, me } = await ready(2);
  server.pushes = false;
  server.many(3);
  server.floor = 5;
  server.drop();
  await server.pass(6_000);
  expect(me.conversation(CHAT)?.head).toBe(5);
});

test('after a restore, what is above the head is dropped', async () => {
  const { server, me } = await ready();
  server.many(4);
  await server.run();
  server.logs.set(CHAT, server.logs.get(CHAT)!.slice(0, 2));
  server.feed = [];
  server.epoch = 2;
  server.drop();
  await server.pass(6_000);
  expect(me.conversation(CHAT)?.head).toBe(2);
  server.write('new');
  await server.run();
  expect(me.conversation(CHAT)?.head).toBe(3);
});

test('left makes a conversation one that is only read', async () => {
  const { server, me } = await ready(1);
  server.gone.add(CHAT);
  server.tell({ kind: 'left', conversation: CHAT, to: 2, by: 'theo' });
  await server.run();
  expect(me.conversation(CHAT)).toMatchObject({ member: false, removedBy: 'theo' });
});

test('an older joined does not undo left, a newer one does', async () => {
  const { server, me } = await ready(1);
  server.tell({ kind: 'left', conversation: CHAT, to: 5 });
  server.tell({ kind: 'joined', conversation: CHAT, since: 3 });
  await server.run();
  expect(me.conversation(CHAT)?.member).toBe(false);
  server.tell({ kind: 'joined', conversation: CHAT, since: 6 });
  await server.run();
  expect(me.conversation(CHAT)?.member).toBe(true);
});

test('a conversation that is joined comes with what was written in it', async () => {
  const { server, me, seen } = await ready();
  server.pushes = false;
  for (const text of ['a', 'b']) server.write(text, { chat: OTHER, fed: false });
  server.pushes = true;
  server.tell({ kind: 'joined', conversation: OTHER, since: 1 });
  await server.run();
  expect(me.conversation(OTHER)?.head).toBe(2);
  expect(seen).toEqual([1, 2]);
});

test('markRead shows at once and is reported once a second', async () => {
  const { server, me } = await ready();
  server.many(3);
  await server.run();
  me.markRead(CHAT, 1);
  me.markRead(CHAT, 3);
  expect(me.conversation(CHAT)?.unread).toBe(0);
  await server.pass(3_000);
  expect(server.said('mark').filter((frame) => frame['read'] === 3)).toHaveLength(1);
});

test('unread is counted from what is held', async () => {
  const { server, me } = await ready();
  server.many(3);
  server.write('mine', { sender: ME });
  await server.run();
  me.markRead(CHAT, 1);
  await server.run();
  expect(me.conversation(CHAT)?.unread).toBe(2);
});

test('markRead resolves with the answer, also when it had to be repeated, and when there is nothing to report', async () => {
  const { server, me } = await ready(3);
  server.script = (frame) =>
    frame.type === 'mark' && server.said('mark').length < 3 ? { error: { code: 'unavailable' } } : undefined;
  let done = false;
  const marking = me.markRead(CHAT, 3).then(() => {
    done = true;
  });
  await server.pass(1_500);
  expect(done).toBe(false);
  await server.pass(3_000);
  await marking;
  await me.markRead(CHAT, 2);
});

test('a mark without an answer is repeated', async () => {
  const { server, me } = await ready(2);
  server.script = (frame) => (frame.type === 'mark' ? { error: { code: 'unavailable' } } : undefined);
  me.markRead(CHAT, 2);
  await server.pass(3_000);
  server.script = () => undefined;
  await server.pass(3_000);
  expect(server.reads.get(CHAT)).toBe(2);
});

test('a read mark that was not answered outlives a restart', async () => {
  const { server, me, storage } = await ready(2);
  server.script = (frame) => (frame.type === 'mark' ? null : undefined);
  me.markRead(CHAT, 2);
  await server.run();
  const closing = me.close();
  await server.run();
  await closing;
  server.script = () => undefined;
  await start(server, storage);
  expect(server.reads.get(CHAT)).toBe(2);
});

test('read on another device lowers unread here', async () => {
  const { server, me } = await ready(3);
  server.tell({ kind: 'read', conversation: CHAT, to: 3 });
  await server.run();
  expect(me.conversation(CHAT)).toMatchObject({ read: 3, unread: 0 });
});

test('delivered is reported for others only', async () => {
  const { server } = await ready();
  server.write('mine', { sender: ME });
  await server.pass(2_000);
  expect(server.said('mark')).toHaveLength(0);
  server.write('yours');
  await server.pass(2_000);
  expect(server.said('mark')[0]).toMatchObject({ delivered: 2 });
});

test('settings come by the feed; an own one shows when it is answered', async () => {
  const { server, me } = await ready();
  server.tell({ kind: 'set', key: `pin/${CHAT}`, value: '1' });
  const muting = me.mute(CHAT, true);
  await server.run();
  await muting;
  expect(me.conversation(CHAT)).toMatchObject({ pinned: true, muted: true });
});

test('a draft shows at once, goes after a pause, and is cleared by sending it', async () => {
  const { server, me } = await ready();
  me.draft(CHAT, 'soon');
  expect(me.conversation(CHAT)?.draft).toBe('soon');
  await server.pass(3_000);
  expect(server.said('set')[0]).toMatchObject({ value: 'soon' });
  await me.send(CHAT, 'soon');
  expect(me.conversation(CHAT)?.draft).toBe('');
});

test('receipts merge by the greater', async () => {
  const { server, me } = await ready(2);
  server.push({ type: 'receipts', conversation: CHAT, marks: [{ user: YOU, delivered: 2, read: 2 }] });
  server.push({ type: 'receipts', conversation: CHAT, marks: [{ user: YOU, delivered: 1, read: 0 }] });
  await server.run();
  expect(me.conversation(CHAT)?.marks.get(YOU)).toEqual({ user: YOU, delivered: 2, read: 2 });
});

test('a new connection is told at once what is on screen, so that receipts come', async () => {
  const { server, me } = await ready(1);
  me.show([CHAT]);
  await server.run();
  server.received = [];
  server.drop();
  me.reconnect();
  await server.run();
  expect(server.said('ping')[0]?.['shown']).toMatchObject([{ conversation: CHAT }]);
});

test('typing ends after five seconds, or with the message', async () => {
  const { server, me } = await ready();
  server.push({ type: 'typing', conversation: CHAT, user: YOU });
  await server.run();
  expect(me.conversation(CHAT)?.typing).toEqual([YOU]);
  await server.pass(5_001);
  expect(me.conversation(CHAT)?.typing).toEqual([]);
  server.push({ type: 'typing', conversation: CHAT, user: YOU });
  server.write('done');
  await server.run();
  expect(me.conversation(CHAT)?.typing).toEqual([]);
});

test('a watch is renewed before its lease ends', async () => {
  const { server, me } = await ready();
  me.watch([YOU]);
  await server.pass(119_000);
  expect(me.presence(YOU)?.online).toBe(true);
  expect(server.said('watch').filter((frame) => frame['users'].length === 1).length).toBeGreaterThan(1);
});

test('where nothing is pushed, presence is asked for with every ping', async () => {
  const server = new FakeServer();
  server.pulls = true;
  const me = await start(server);
  me.watch([YOU]);
  await server.run();
  server.script = ({ type }) =>
    type === 'watch' ? { result: { presence: [{ user: YOU, online: false, lastSeen: 5, vague: null }] } } : undefined;
  expect(me.presence(YOU)?.online).toBe(true);
  await server.pass(20_000);
  expect(me.presence(YOU)).toMatchObject({ online: false, lastSeen: 5 });
});

test('profiles that are asked for in one turn are one request', async () => {
  const { server, me } = await ready();
  expect(me.profile(YOU)).toBeNull();
  me.profile(OTHER);
  await server.run();
  expect(server.said('profiles')).toHaveLength(1);
  expect(me.profile(YOU)?.displayName).toBe('N');
});

test('views stay the same object until they change', async () => {
  const { server, me } = await ready(1);
  const [inbox, view, status] = [me.inbox(), me.conversation(CHAT), me.status()];
  expect(me.inbox()).toBe(inbox);
  expect(me.conversation(CHAT)).toBe(view);
  expect(me.status()).toBe(status);
  server.write('x');
  await server.run();
  expect(me.conversation(CHAT)).not.toBe(view);
});

for (const [code, state] of [
  [4501, 'signedOut'],
  [4502, 'signedOut'],
  [4503, 'replaced'],
  [4504, 'wrongVersion'],
] as const) {
  test(`close ${code} is ${state} and stays so`, async () => {
    const { server, me } = await ready();
    server.drop(code);
    await server.pass(100_000);
    expect(me.status().state).toBe(state);
    expect(server.said('hello')).toHaveLength(1);
  });
}

for (const code of [1006, 4000, 4001, 4002, 4003, 4029]) {
  test(`after close ${code} it comes back`, async () => {
    const { server, me } = await ready();
    server.drop(code);
    expect(me.status().state).toBe('offline');
    await server.pass(5_000);
    expect(me.status().state).toBe('online');
  });
}

test('whoever waits to catch up is told, however close together the two answers come', async () => {
  for (let turns = -12; turns <= 12; turns++) {
    const { server, me } = await ready();
    server.script = ({ type }) => (type === 'feed' || type === 'ping' ? null : undefined);
    server.push({ type: 'resync', feedHead: 1 });
    let caughtUp = false;
    void me.caughtUp().then(() => {
      caughtUp = true;
    });
    await server.run();
    const answer = (type: string, result: unknown) => {
      server.push({ re: server.said(type).at(-1)!.id, result } as ServerFrame);
      server.deliver();
    };
    const reach = () => answer('ping', { at: 0, epoch: 1, feedHead: 1, stale: [], heads: [], profiles: [] });
    const entry = { v: 1, seq: 1, at: 1, kind: 'set', key: `mute/${CHAT}`, value: '1' };
    const last = () => answer('feed', { epoch: 1, head: 1, to: 1, entries: [entry], snapshot: false });
    const [first, second] = turns < 0 ? [last, reach] : [reach, last];
    first();
    for (let turn = 0; turn < Math.abs(turns); turn++) await Promise.resolve();
    second();
    await settle();
    expect([turns, caughtUp]).toEqual([turns, true]);
  }
});

for (const [closeCode, code] of [
  [4501, 'unauthenticated'],
  [4502, 'unauthenticated'],
  [4503, 'offline'],
  [4504, 'wrong_version'],
  [4599, 'wrong_version'],
] as const) {
  test(`after close ${closeCode} whoever waits to catch up is told ${code}, before and after`, async () => {
    const { server, me } = await ready();
    server.reachable = false;
    server.drop();
    const before = me.caughtUp().catch((error: unknown) => error);
    server.reachable = true;
    me.reconnect();
    server.drop(closeCode);
    expect(await before).toMatchObject({ code });
    expect(await me.caughtUp().catch((error: unknown) => error)).toMatchObject({ code });
    await server.pass(120_000);
    expect(me.status().state).not.toBe('online');
  });
}

test('bye dictates when to come back, reconnect overrules it', async () => {
  const { server, me } = await ready();
  server.push({ type: 'bye', retryAfterMs: 30_000 });
  await server.run();
  server.drop(4000);
  await server.pass(29_000);
  expect(me.status().state).toBe('offline');
  me.reconnect();
  await server.run();
  expect(me.status().state).toBe('online');
});

test('a server that has gone silent is left within 45 seconds', async () => {
  const { server, me } = await ready();
  server.script = () => null;
  server.reachable = false;
  await server.pass(45_100);
  expect(me.status().state).not.toBe('online');
});

test('another writer of the storage replaces this one', async () => {
  const { server, me, storage } = await ready();
  await storage.write([{ kind: 'put', key: 'writer', value: 'other' }]);
  server.write('x');
  await server.run();
  expect(me.status().state).toBe('replaced');
});
