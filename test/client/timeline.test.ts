import { expect, test } from 'bun:test';
import type { Timeline } from '../../src/client/api.ts';
import { CHAT, FakeServer, start } from './fake.ts';

async function opened(count: number, options: { around?: number; page?: number } = { page: 10 }) {
  const server = new FakeServer();
  server.many(count);
  const me = await start(server);
  const timeline = me.timeline(CHAT, options);
  await server.run();
  const load = async (loading: Promise<void>) => {
    await server.run();
    await loading;
  };
  return { server, me, timeline, load };
}

const seqs = (timeline: Timeline) =>
  timeline.view().items.map((item) => (item.kind === 'entry' ? item.entry.seq : item.kind));
const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('it opens at the newest', async () => {
  const { timeline } = await opened(30);
  expect(seqs(timeline)).toEqual(run(21, 30));
  expect(timeline.view()).toMatchObject({ atEnd: true, atStart: false, loading: 'none', failed: null });
});

test('an empty conversation is at its start and its end', async () => {
  const { timeline } = await opened(0);
  expect(timeline.view()).toMatchObject({ items: [], atEnd: true, atStart: true });
});

test('older pages come until the start', async () => {
  const { timeline, load } = await opened(25);
  await load(timeline.loadOlder());
  await load(timeline.loadOlder());
  expect(seqs(timeline)).toEqual(run(1, 25));
  expect(timeline.view().atStart).toBe(true);
});

test('it follows what is new', async () => {
  const { timeline, server } = await opened(5);
  server.many(2);
  await server.run();
  expect(seqs(timeline)).toEqual(run(1, 7));
});

test('pending messages stand at the end', async () => {
  const { timeline, server, me } = await opened(2);
  server.script = (frame) => (frame.type === 'send' ? null : undefined);
  await me.send(CHAT, 'x');
  await server.run();
  expect(seqs(timeline)).toEqual([1, 2, 'pending']);
});

test('around a seq there is a window that is at neither end', async () => {
  const { timeline, load } = await opened(100, { around: 50, page: 10 });
  expect(seqs(timeline)).toContain(50);
  expect(timeline.view().atEnd).toBe(false);
  await load(timeline.jump('newest'));
  expect(seqs(timeline).at(-1)).toBe(100);
});

test('newer pages lead back to the end', async () => {
  const { timeline, load } = await opened(60, { around: 30, page: 20 });
  for (let i = 0; i < 3; i++) await load(timeline.loadNewer());
  expect(seqs(timeline).at(-1)).toBe(60);
  expect(timeline.view().atEnd).toBe(true);
});

test('the window stays bounded', async () => {
  const { timeline, load } = await opened(300);
  for (let i = 0; i < 20; i++) await load(timeline.loadOlder());
  expect(timeline.view().items.length).toBeLessThanOrEqual(80);
  expect(timeline.view().atEnd).toBe(false);
});

test('without a connection the view says so', async () => {
  const { timeline, server, load } = await opened(30);
  server.reachable = false;
  server.drop();
  await load(timeline.loadOlder());
  expect(timeline.view().failed).toBe('offline');
});

test('a hole left by a long absence is a gap that can be filled', async () => {
  const { timeline, server, load } = await opened(5);
  server.pushes = false;
  server.many(400);
  server.push({ type: 'resync', feedHead: 405 });
  await server.run();
  await load(timeline.jump('newest'));
  expect(seqs(timeline).at(-1)).toBe(405);
});

test('subscribers are told once a turn, and not after close', async () => {
  const { timeline, server } = await opened(1);
  let told = 0;
  timeline.subscribe(() => told++);
  server.push({ type: 'typing', conversation: CHAT, user: CHAT });
  server.write('x');
  await server.run();
  expect(told).toBeGreaterThan(0);
  timeline.close();
  const before = told;
  server.write('y');
  await server.run();
  expect(told).toBe(before);
});

test('what comes while the newest is read is shown, too', async () => {
  for (let turns = 0; turns < 60; turns++) {
    const server = new FakeServer();
    const me = await start(server);
    server.many(2);
    await server.run();
    const timeline = me.timeline(CHAT);
    for (let i = 0; i < turns; i++) await Promise.resolve();
    server.write('late');
    server.deliver();
    await server.run();
    expect(seqs(timeline)).toEqual([1, 2, 3]);
  }
});
