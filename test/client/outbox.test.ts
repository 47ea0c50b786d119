import { expect, test } from 'bun:test';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import type { Write } from '../../src/client/storage/storage.ts';
import { CHAT, FakeServer, type Loose, ME, OTHER, start, textsOf, YOU } from './fake.ts';

test('a message is sent and stored resolves with its seq', async () => {
  const server = new FakeServer();
  const me = await start(server);
  const key = await me.send(CHAT, 'hello');
  await server.run();
  expect(await me.stored(key)).toBe(1);
  expect(me.pending(CHAT)).toEqual([]);
});

test('a thousand messages arrive once, in order, in batches', async () => {
  const server = new FakeServer();
  const me = await start(server);
  const texts = Array.from({ length: 1_000 }, (_, i) => `n${i}`);
  await Promise.all(texts.map((text) => me.send(CHAT, text)));
  await server.pass(1_000);
  expect(textsOf(server.logs.get(CHAT))).toEqual(texts);
  expect(server.said('send').length).toBeLessThan(20);
});

test('never two batches of one conversation are in flight', async () => {
  const server = new FakeServer();
  const me = await start(server);
  server.script = (frame) => (frame.type === 'send' ? null : undefined);
  await me.send(CHAT, 'a');
  await server.run();
  await me.send(CHAT, 'b');
  await server.run();
  expect(server.said('send')).toHaveLength(1);
});

test('after a lost answer the same key and base are sent again and stored once', async () => {
  const server = new FakeServer();
  const me = await start(server);
  await me.send(CHAT, 'once');
  server.pushes = false;
  server.script = (frame) => {
    if (frame.type !== 'send') return undefined;
    server.script = () => undefined;
    server.write('once', { sender: ME, key: frame['drafts'][0].key });
    return null;
  };
  await server.run();
  server.drop();
  await server.pass(10_000);
  expect(server.logs.get(CHAT)).toHaveLength(1);
  expect(me.pending(CHAT)).toEqual([]);
});

test('an item outlives a restart with its key and base', async () => {
  const server = new FakeServer();
  server.many(3);
  const storage = memoryStorage();
  const first = await start(server, storage);
  server.script = (frame) => (frame.type === 'send' ? null : undefined);
  const key = await first.send(CHAT, 'kept');
  await server.run();
  const closing = first.close();
  await server.run();
  await closing;
  server.script = () => undefined;
  const second = await start(server, storage);
  const [before, after] = server.said('send');
  expect(after?.['drafts']).toEqual(before?.['drafts']);
  expect(await second.stored(key)).toBe(4);
});

for (const [who, self, kept] of [
  ['another device of the user', { user: ME, device: 'tablet' }, ['kept']],
  ['another user', { user: 'U-other', device: 'tablet' }, []],
] as const) {
  test(`what waits in storage is ${kept.length > 0 ? 'sent' : 'dropped'} by ${who}`, async () => {
    const server = new FakeServer();
    const storage = memoryStorage();
    const first = await start(server, storage);
    server.script = (frame) => (frame.type === 'send' ? { error: { code: 'unavailable' } } : undefined);
    await first.send(CHAT, 'kept');
    await server.run();
    const closing = first.close();
    await server.run();
    await closing;
    server.script = () => undefined;
    await start(server, storage, self);
    await server.pass(1_000);
    expect(textsOf(server.logs.get(CHAT))).toEqual([...kept]);
  });
}

test('what waits says why, for as long as that is so', async () => {
  const server = new FakeServer();
  const me = await start(server);
  let code: string | null = 'storage_full';
  server.script = (frame) =>
    frame.type === 'send' && code ? { result: { results: [{ key: frame['drafts'][0].key, code }] } } : undefined;
  await me.send(CHAT, 'a');
  await me.send(CHAT, 'b');
  await server.run();
  expect(me.pending(CHAT)).toMatchObject([
    { state: 'sending', code },
    { text: 'b', code },
  ]);
  server.script = (frame) => (frame.type === 'send' && code ? { error: { code: 'unavailable' } } : undefined);
  await server.pass(1_000);
  expect(me.pending(CHAT)[0]).toMatchObject({ state: 'sending', code: 'unavailable' });
  code = null;
  await server.pass(60_000);
  expect(me.pending(CHAT)).toEqual([]);
  expect(textsOf(server.logs.get(CHAT))).toEqual(['a', 'b']);
});

test('what is refused stays to be seen and is not sent again', async () => {
  const server = new FakeServer();
  const me = await start(server);
  server.script = (frame) =>
    frame.type === 'send'
      ? { result: { results: [{ key: frame['drafts'][0].key, code: 'cannot_message' }] } }
      : undefined;
  const key = await me.send(CHAT, 'no');
  await server.pass(60_000);
  expect(server.said('send')).toHaveLength(1);
  expect(me.pending(CHAT)[0]).toMatchObject({ state: 'refused', code: 'cannot_message' });
  expect(me.stored(key)).rejects.toMatchObject({ code: 'cannot_message' });
  expect(await Promise.race([me.discard(key), server.run().then(() => true)])).toBe(true);
  expect(me.pending(CHAT)).toEqual([]);
});

test('a refusal is told once this device cannot forget it', async () => {
  const server = new FakeServer();
  const kept = memoryStorage();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isRefusal = (write: Write) =>
    write.kind === 'put' && (write.value as { code?: unknown } | null)?.code === 'not_member';
  const me = await start(server, {
    ...kept,
    async write(writes, guard) {
      if (writes.some(isRefusal)) await held;
      return await kept.write(writes, guard);
    },
  });
  server.script = (frame) =>
    frame.type === 'send' ? { result: { results: [{ key: frame['drafts'][0].key, code: 'not_member' }] } } : undefined;
  const told: string[] = [];
  me.on('refused', ({ pending }) => told.push(pending.key));
  const key = await me.send(CHAT, 'no');
  await server.run();
  expect([me.pending(CHAT)[0]?.state, told]).toEqual(['refused', []]);
  release();
  await server.run();
  expect(told).toEqual([key]);
});

test('what was refused can be tried again, with its key', async () => {
  const server = new FakeServer();
  const me = await start(server);
  let code: string | null = 'not_member';
  server.script = (frame) =>
    frame.type === 'send' && code ? { result: { results: [{ key: frame['drafts'][0].key, code }] } } : undefined;
  const key = await me.send(CHAT, 'again');
  await server.run();
  code = null;
  const retried = me.retry(key);
  expect(me.pending(CHAT)[0]).toMatchObject({ key, state: 'sending', code: null });
  await server.run();
  expect(await retried).toBe(true);
  expect(await me.stored(key)).toBe(1);
  expect(server.said('send').map((frame) => frame['drafts'][0].key)).toEqual([key, key]);
  expect(await me.retry(key)).toBe(false);
});

test('after a restore an item is looked for from the head that was left', async () => {
  const server = new FakeServer();
  const me = await start(server);
  server.many(4);
  await server.run();
  server.script = (frame) => (frame.type === 'send' ? null : undefined);
  await me.send(CHAT, 'kept');
  await server.run();
  server.logs.set(CHAT, server.logs.get(CHAT)!.slice(0, 2));
  server.feed = [];
  server.epoch = 2;
  server.drop();
  await server.pass(60_000);
  expect(server.said('send').map((frame) => frame['drafts'][0].baseSeq)).toContain(4);
  expect(server.said('send').at(-1)?.['drafts'][0].baseSeq).toBe(2);
});

test('nothing is left to wait for once it is closed', async () => {
  const server = new FakeServer();
  const me = await start(server);
  server.many(3);
  await me.send(CHAT, 'x');
  await me.markRead(CHAT, 1);
  me.draft(CHAT, 'begun');
  me.watch([YOU]);
  await server.pass(100);
  const closing = me.close();
  await server.run();
  await closing;
  expect(server.clock.waiting).toBe(0);
});

test('whoever waits for an answer is told when the messenger closes', async () => {
  const server = new FakeServer();
  const me = await start(server);
  server.script = (frame) => (frame.type === 'send' ? null : undefined);
  const waiting = me.stored(await me.send(CHAT, 'x')).catch((error: unknown) => error);
  const closing = me.close();
  await server.run();
  await closing;
  expect(await waiting).toMatchObject({ code: 'offline' });
});

for (const code of ['rate_limited', 'unavailable', 'unknown_outcome', 'overloaded', 'internal', 'storage_full']) {
  test(`${code} of a draft is tried again with the same key`, async () => {
    const server = new FakeServer();
    const me = await start(server);
    server.script = (frame) =>
      frame.type === 'send' && server.said('send').length === 1
        ? { result: { results: [{ key: frame['drafts'][0].key, code }] } }
        : undefined;
    const key = await me.send(CHAT, 'again');
    await server.pass(5_000);
    expect(await me.stored(key)).toBe(1);
  });

  test(`${code} of a whole send is tried again`, async () => {
    const server = new FakeServer();
    const me = await start(server);
    server.script = (frame) =>
      frame.type === 'send' && server.said('send').length === 1 ? { error: { code, retryAfterMs: 100 } } : undefined;
    const key = await me.send(CHAT, 'again');
    await server.pass(5_000);
    expect(await me.stored(key)).toBe(1);
  });
}

for (const code of ['not_found', 'not_member', 'too_long', 'empty', 'key_reused', 'bad_frame']) {
  test(`${code} of a whole send refuses only the draft that it is about`, async () => {
    const server = new FakeServer();
    const me = await start(server);
    server.script = (frame) =>
      frame.type === 'send' && frame['drafts'].some((draft: Loose) => draft.body.text === 'bad')
        ? { error: { code } }
        : undefined;
    await Promise.all(['a', 'bad', 'b'].map((text) => me.send(CHAT, text)));
    await server.pass(5_000);
    expect(textsOf(server.logs.get(CHAT))).toEqual(['a', 'b']);
    expect(me.pending(CHAT).map(({ text }) => text)).toEqual(['bad']);
  });
}

test('notUpTo raises the base that is kept', async () => {
  const server = new FakeServer();
  const me = await start(server);
  server.script = (frame) =>
    frame.type === 'send' && server.said('send').length === 1
      ? { result: { results: [{ key: frame['drafts'][0].key, notUpTo: 7 }] } }
      : undefined;
  await me.send(CHAT, 'x');
  await server.run();
  expect(server.said('send')[1]?.['drafts'][0].baseSeq).toBe(7);
});

test('meeting the own key in the log settles it without an answer', async () => {
  const server = new FakeServer();
  const me = await start(server);
  server.script = (frame) => (frame.type === 'send' ? null : undefined);
  const key = await me.send(CHAT, 'seen');
  await server.run();
  server.write('seen', { sender: ME, key });
  await server.run();
  expect(await me.stored(key)).toBe(1);
});

test('what was never tried can be discarded, what was tried cannot', async () => {
  const server = new FakeServer();
  const me = await start(server);
  server.script = (frame) => (frame.type === 'send' ? null : undefined);
  const tried = await me.send(CHAT, 'a');
  await server.run();
  const fresh = await me.send(CHAT, 'b');
  expect(await me.discard(tried)).toBe(false);
  expect(await me.discard(fresh)).toBe(true);
  expect(me.pending(CHAT).map(({ text }) => text)).toEqual(['a']);
});

test('an acked message stays in view until its entry is there', async () => {
  const server = new FakeServer();
  const me = await start(server);
  server.pushes = false;
  server.script = (frame) => (frame.type === 'read' ? null : undefined);
  const key = await me.send(CHAT, 'x');
  await server.run();
  expect(await me.stored(key)).toBe(1);
  expect(me.pending(CHAT)).toHaveLength(1);
  server.script = () => undefined;
  await server.pass(30_000);
  expect(me.pending(CHAT)).toHaveLength(0);
  expect(me.conversation(CHAT)?.head).toBe(1);
});

test('words that are forwarded to several go to each of them once, through a cut and a restart', async () => {
  const server = new FakeServer();
  server.write('to be told');
  server.write('there', { chat: OTHER });
  const storage = memoryStorage();
  const first = await start(server, storage);
  await server.pass(1_000);
  // The first is stored, and its answer is lost with the connection.
  server.script = (frame) => {
    if (frame.type !== 'send') return undefined;
    const chat = frame['conversation'] as string;
    server.write('to be told', { sender: ME, key: frame['drafts'][0].key, chat });
    server.script = (next) => (next.type === 'send' ? null : undefined);
    return null;
  };
  const forwarding = first.forwardMessage(CHAT, 1, [CHAT, OTHER]);
  await server.run();
  expect(new Set(await forwarding).size).toBe(2);
  server.drop();
  const closing = first.close();
  await server.run();
  await closing;
  server.script = () => undefined;
  await start(server, storage);
  await server.pass(60_000);
  expect(textsOf(server.logs.get(CHAT))).toEqual(['to be told', 'to be told']);
  expect(textsOf(server.logs.get(OTHER))).toEqual(['there', 'to be told']);
});
