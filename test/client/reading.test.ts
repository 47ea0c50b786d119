import { expect, test } from 'bun:test';
import { CHAT, FakeServer, OTHER, start } from './fake.ts';

test('all is read with one report for each conversation, after however long an absence', async () => {
  const server = new FakeServer();
  server.many(3_000);
  for (let i = 0; i < 5; i++) server.write('there', { chat: OTHER });
  const me = await start(server);
  await server.pass(1_000);
  expect([CHAT, OTHER].map((id) => me.conversation(id)?.unread)).toEqual([1_000, 5]);
  expect(me.inbox().unread).toBe(1_005);
  server.received = [];
  const reading = me.markAllRead();
  await server.pass(5_000);
  expect(await reading).toBe(2);
  expect(me.inbox().unread).toBe(0);
  const reads = server.said('mark').filter(({ read }) => read !== undefined);
  expect(reads.map(({ conversation, read }) => [conversation, read])).toEqual([
    [CHAT, 3_000],
    [OTHER, 5],
  ]);
  expect(server.said('history').length + server.said('read').length).toBe(0);
});

test('without a connection all that is listed here is read, and reported later', async () => {
  const server = new FakeServer();
  server.many(3);
  const me = await start(server);
  server.reachable = false;
  server.drop();
  await server.run();
  const reading = me.markAllRead();
  await server.run();
  expect(me.inbox().unread).toBe(0);
  server.reachable = true;
  await server.pass(60_000);
  expect(await reading).toBe(1);
  expect(server.reads.get(CHAT)).toBe(3);
});
