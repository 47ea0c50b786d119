/** Whom one blocks counts for nothing on one's own devices, and is folded in groups, whatever comes first. */
import { expect, test } from 'bun:test';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import { CHAT, FakeServer, ME, OTHER, start, YOU } from './fake.ts';

const block = (server: FakeServer, user: string, value = '1000') =>
  server.tell({ kind: 'set', key: `block/${user}`, value });

async function group() {
  const server = new FakeServer();
  const summary = server.summary.bind(server);
  server.summary = (id) => ({ ...summary(id), kind: 'group', peer: null, memberCount: 3 });
  const storage = memoryStorage();
  const me = await start(server, storage);
  return { server, storage, me };
}

test('in a group they are counted neither before nor after, and shown as blocked, until one blocks no more', async () => {
  const { server, storage, me } = await group();
  server.write('one', { sender: YOU });
  server.write('two', { sender: OTHER });
  await server.run();
  const timeline = me.timeline(CHAT);
  await server.run();
  const folded = () => timeline.view().items.map((item) => item.kind === 'entry' && item.blocked === true);
  expect([me.conversation(CHAT)?.unread, folded()]).toEqual([2, [false, false]]);
  block(server, YOU);
  await server.run();
  expect([me.conversation(CHAT)?.unread, folded()]).toEqual([1, [true, false]]);
  expect([...me.blocked()]).toEqual([[YOU, 1000]]);
  server.write('three', { sender: YOU });
  await server.run();
  expect([me.conversation(CHAT)?.unread, folded()]).toEqual([1, [true, false, true]]);
  await me.close();
  const again = await start(server, storage);
  expect([again.conversation(CHAT)?.unread, again.blocked().has(YOU)]).toEqual([1, true]);
  block(server, YOU, '');
  await server.run();
  expect([again.conversation(CHAT)?.unread, again.blocked().size]).toEqual([3, 0]);
});

test('what they said is not found in groups', async () => {
  const { server, me } = await group();
  server.write('bread at four', { sender: YOU });
  server.write('bread at five', { sender: OTHER });
  server.script = (frame) =>
    frame.type === 'search' ? { result: { hits: [], next: null, complete: true } } : undefined;
  await server.run();
  const found = async () => {
    const search = me.search({ query: 'bread' });
    let settled = false;
    void search.settled().then(() => (settled = true));
    while (!settled) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      await server.run();
    }
    return search.view().hits.map(({ entry }) => entry.sender);
  };
  expect(await found()).toEqual([OTHER, YOU]);
  block(server, YOU);
  await server.run();
  expect(await found()).toEqual([OTHER]);
});

test('a chat of two says that it is blocked, and keeps what was said', async () => {
  const server = new FakeServer();
  const me = await start(server, memoryStorage());
  server.write('hello');
  await server.run();
  const timeline = me.timeline(CHAT);
  block(server, YOU);
  block(server, ME);
  await server.pass(100);
  expect(me.conversation(CHAT)).toMatchObject({ blocked: true, unread: 0 });
  expect(timeline.view().items).toMatchObject([{ kind: 'entry', entry: { seq: 1 } }]);
  expect(timeline.view().items[0]).not.toHaveProperty('blocked');
  block(server, YOU, '');
  await server.run();
  expect(me.conversation(CHAT)).toMatchObject({ blocked: false, unread: 1 });
});
