import { expect, test } from 'bun:test';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import { CHAT, DEVICE, FakeServer, ME, start } from './fake.ts';

async function written(count: number) {
  const server = new FakeServer();
  const storage = memoryStorage();
  server.many(count);
  const me = await start(server, storage);
  return { server, storage, me };
}

test('where nothing above the mark is held, the server says how many are unread', async () => {
  const { server, me } = await written(5);
  server.reads.set(CHAT, 3);
  server.tell({ kind: 'read', conversation: CHAT, to: 3 });
  await server.pass(1_000);
  expect(me.conversation(CHAT)).toMatchObject({ read: 3, unread: 2 });
  expect(server.said('summaries').length).toBe(1);
});

test('where all above the mark is held, it is counted here', async () => {
  const { server, me } = await written(0);
  server.many(3);
  server.write('mine', { sender: ME });
  server.many(2);
  await server.run();
  server.received = [];
  me.markRead(CHAT, 2);
  await server.run();
  expect(me.conversation(CHAT)).toMatchObject({ read: 2, unread: 3 });
  expect(server.said('summaries').length).toBe(0);
});

test('a doubt of an earlier run is settled by the next', async () => {
  const { server, storage, me } = await written(0);
  server.many(4);
  await server.run();
  await me.close();
  const held = (await storage.get(`c/${CHAT}`)) as { summary: object };
  const value = { ...held, summary: { ...held.summary, unread: 9 }, doubt: 'unread' };
  await storage.write([{ kind: 'put', key: `c/${CHAT}`, value }]);
  const again = await start(server, storage);
  expect(again.conversation(CHAT)?.unread).toBe(4);
});

test('a doubt waits for the server, and for its next answer', async () => {
  const { server, me } = await written(5);
  server.script = (frame) => (frame.type === 'summaries' ? { error: { code: 'unavailable' } } : undefined);
  server.reads.set(CHAT, 1);
  server.tell({ kind: 'read', conversation: CHAT, to: 1 });
  await server.pass(2_000);
  expect(me.conversation(CHAT)).toMatchObject({ read: 1, unread: 5 });
  server.script = () => undefined;
  await server.pass(10_000);
  expect(me.conversation(CHAT)).toMatchObject({ read: 1, unread: 4 });
});

test('no position before the settings', async () => {
  const server = new FakeServer();
  const storage = memoryStorage();
  server.tell({ kind: 'set', key: `mute/${CHAT}`, value: '1' });
  server.script = (frame) => (frame.type === 'settings' ? { error: { code: 'unavailable' } } : undefined);
  const me = await start(server, storage);
  expect(me.inbox().conversations.length).toBe(1);
  expect(await storage.get('m/position')).toBeUndefined();
  const settings = [{ key: `mute/${CHAT}`, value: '1', stamp: 2 ** 40 + 1 }];
  server.script = (frame) => (frame.type === 'settings' ? { result: { settings, next: null } } : undefined);
  await server.pass(20_000);
  expect(await storage.get('m/position')).toEqual({ epoch: 1, seq: 1 });
  expect(me.conversation(CHAT)?.muted).toBe(true);
});

test('of one setting written on two devices at once, the one that the feed holds shows', async () => {
  const { server, me } = await written(0);
  const key = `draft/${CHAT}/${DEVICE}`;
  server.script = (frame) => {
    if (frame.type !== 'set') return undefined;
    server.tell({ kind: 'set', key, value: 'theirs' });
    return { result: { seq: server.feed.length } };
  };
  const setting = me.set(key, 'mine');
  await server.run();
  await setting;
  expect(me.setting(key)).toBe('theirs');
});

test('what one is no longer a member of goes, though it was left by the entry that is held', async () => {
  const { server, me } = await written(1);
  expect(me.conversation(CHAT)?.member).toBe(true);
  server.gone.add(CHAT);
  server.many(2);
  server.floor = 3;
  server.drop();
  await server.pass(10_000);
  expect(me.conversation(CHAT)?.member).toBe(false);
});
