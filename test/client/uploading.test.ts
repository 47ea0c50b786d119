/** Messages with files in the outbox, and files that are chosen and not sent yet. What carries them up is made up. */
import { expect, test } from 'bun:test';
import { RequestFailed } from '../../src/client/failed.ts';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import type { Carried, Carrier } from '../../src/client/uploading.ts';
import type { ErrorCode } from '../../src/protocol/errors.ts';
import { CHAT, DEVICE, FakeServer, type Loose, ME, OTHER, start, textsOf } from './fake.ts';

const SELF = { user: ME, device: DEVICE };

/** Uploads that stand still until they are told how they go on. */
class Dock implements Carrier {
  readonly begun: { file: Carried; done: () => void; fail: (code: ErrorCode | 'offline') => void }[] = [];
  readonly cancelled: string[] = [];

  upload(file: Carried) {
    return new Promise<Loose>((resolve, reject) => {
      const { key: id, name, bytes } = file;
      const done = () => resolve({ id, name, bytes });
      const fail = (code: ErrorCode | 'offline') => reject(new RequestFailed({ code }));
      this.begun.push({ file, done, fail });
      file.signal.addEventListener('abort', () => fail('offline'));
    });
  }

  async cancel(key: string) {
    this.cancelled.push(key);
  }

  get names(): string[] {
    return this.begun.map(({ file }) => file.name);
  }
}

const file = (name: string, as: 'picture' | 'file' = 'file') => ({ content: new Blob([name]), name, as });

async function scene(storage = memoryStorage()) {
  const server = new FakeServer();
  const dock = new Dock();
  const me = await start(server, storage, SELF, dock);
  const send = async (text: string, ...names: string[]) => {
    const sent = me.send(CHAT, text, { files: names.map((name) => file(name)) });
    await server.run();
    return sent;
  };
  return { server, dock, me, storage, send };
}

test('a message goes once its files are up, and what is written after it waits for it', async () => {
  const { server, dock, me, storage, send } = await scene();
  server.logs.set(OTHER, []);
  await send('two', 'a', 'b');
  await send('after');
  await me.send(OTHER, 'elsewhere');
  await server.run();
  expect(dock.names).toEqual(['a']);
  expect(textsOf(server.logs.get(OTHER))).toEqual(['elsewhere']);
  expect(me.pending(CHAT).map(({ state, text }) => [state, text])).toEqual([
    ['uploading', 'two'],
    ['waiting', 'after'],
  ]);
  dock.begun[0]!.file.progress(1);
  expect(me.pending(CHAT)[0]!.uploads.map(({ sent }) => sent)).toEqual([1, 0]);
  dock.begun[0]!.done();
  await server.run();
  expect(dock.names).toEqual(['a', 'b']);
  expect(server.logs.get(CHAT)).toEqual([]);
  dock.begun[1]!.done();
  await server.run();
  expect(textsOf(server.logs.get(CHAT))).toEqual(['two', 'after']);
  const [draft] = server.said('send').find(({ conversation }) => conversation === CHAT)!['drafts'];
  expect(draft.attachments).toEqual(dock.begun.map(({ file }) => file.key));
  expect(draft.body.files).toMatchObject([{ name: 'a' }, { name: 'b' }]);
  expect([me.pending(CHAT), await storage.blobs.keys(), dock.cancelled]).toEqual([[], [], []]);
});

test('one that is cancelled is given up everywhere, and the next goes on', async () => {
  const { server, dock, me, storage, send } = await scene();
  const key = await send('not this', 'a');
  await send('this', 'b');
  const { signal, key: up } = dock.begun[0]!.file;
  expect(await me.discard(key)).toBe(true);
  expect([signal.aborted, dock.cancelled]).toEqual([true, [up]]);
  await server.run();
  expect(dock.names).toEqual(['a', 'b']);
  dock.begun[1]!.done();
  await server.run();
  expect(textsOf(server.logs.get(CHAT))).toEqual(['this']);
  expect(await storage.blobs.keys()).toEqual([]);
});

test('what was cut goes on when the connection is back, and says why it waits', async () => {
  const { server, dock, me, send } = await scene();
  await send('', 'a');
  dock.begun[0]!.fail('too_many_uploads');
  await server.run();
  expect(me.pending(CHAT)).toMatchObject([{ state: 'uploading', code: 'too_many_uploads' }]);
  await server.pass(60_000);
  expect(dock.names).toEqual(['a', 'a']);
  server.reachable = false;
  server.drop();
  dock.begun[1]!.fail('offline');
  await server.pass(3_600_000);
  expect(dock.names).toHaveLength(2);
  server.reachable = true;
  await server.pass(60_000);
  expect(dock.names).toHaveLength(3);
  dock.begun[2]!.done();
  await server.run();
  expect(server.logs.get(CHAT)).toHaveLength(1);
});

test('after a restart what was up is not carried again, and the rest is', async () => {
  const { server, dock, me, storage, send } = await scene();
  const key = await send('two', 'a', 'b');
  dock.begun[0]!.done();
  await server.run();
  await me.close();
  const next = new Dock();
  const again = await start(server, storage, SELF, next);
  expect(again.pending(CHAT)).toMatchObject([{ key, state: 'uploading', uploads: [{ sent: 1 }, { sent: 0 }] }]);
  expect(next.names).toEqual(['b']);
  expect(await next.begun[0]!.file.content!.text()).toBe('b');
  expect(next.begun[0]!.file.key).toBe(dock.begun[1]!.file.key);
  next.begun[0]!.done();
  await server.run();
  expect(await again.stored(key)).toBe(1);
  expect(await storage.blobs.keys()).toEqual([]);
});

test('when the answer is lost it is stored once, and the files are not carried again', async () => {
  const { server, dock, me, storage, send } = await scene();
  const key = await send('once', 'a');
  server.script = (frame) => (frame.type === 'send' ? null : undefined);
  dock.begun[0]!.done();
  await server.run();
  await me.close();
  server.script = () => undefined;
  server.write('once', { sender: ME, key });
  const next = new Dock();
  const again = await start(server, storage, SELF, next);
  await server.run();
  expect(again.pending(CHAT)).toEqual([]);
  expect([next.names, server.logs.get(CHAT)!.length]).toEqual([[], 1]);
});

test('what cannot be sent says which file, stays, and may go as a file; what comes after it goes', async () => {
  const { server, dock, me } = await scene();
  const key = await me.send(CHAT, 'look', { files: [file('a.svg', 'picture'), file('b')] });
  await me.send(CHAT, 'after');
  await server.run();
  dock.begun[0]!.fail('unreadable_picture');
  await server.run();
  expect(me.pending(CHAT)).toMatchObject([
    { state: 'refused', code: 'unreadable_picture', uploads: [{ code: 'unreadable_picture' }, { code: null }] },
  ]);
  expect(textsOf(server.logs.get(CHAT))).toEqual(['after']);
  dock.begun[1]!.done();
  await server.run();
  await me.retry(key, { as: 'file' });
  await server.run();
  expect(dock.begun.map(({ file }) => [file.name, file.as])).toEqual([
    ['a.svg', 'picture'],
    ['b', 'file'],
    ['a.svg', 'file'],
  ]);
  dock.begun[2]!.done();
  await server.run();
  expect(textsOf(server.logs.get(CHAT))).toEqual(['after', 'look']);
});

test('what the server has taken away meanwhile is carried once more, and then no more', async () => {
  const { server, dock, me, send } = await scene();
  server.script = (frame) =>
    frame.type === 'send' ? { result: { results: [{ key: frame['drafts'][0].key, code: 'file_gone' }] } } : undefined;
  await send('late', 'a');
  dock.begun[0]!.done();
  await server.run();
  expect(dock.names).toEqual(['a', 'a']);
  expect(me.pending(CHAT)).toMatchObject([{ state: 'uploading', code: null }]);
  dock.begun[1]!.done();
  await server.run();
  expect(me.pending(CHAT)).toMatchObject([{ state: 'refused', code: 'file_gone' }]);
  expect(dock.names).toHaveLength(2);
});

test('where there is no room for the bytes they are carried from memory, and are known to be gone after it', async () => {
  const kept = memoryStorage();
  const full = { ...kept, blobs: { ...kept.blobs, put: () => Promise.reject(new Error('No room.')) } };
  const { server, dock, me, send } = await scene(full);
  await send('kept', 'a');
  expect(await dock.begun[0]!.file.content!.text()).toBe('a');
  await me.close();
  const next = new Dock();
  await start(server, full, SELF, next);
  expect(next.begun[0]!.file.content).toBeNull();
});

test('what is staged is there after a restart, goes with the next message, and leaves no bytes', async () => {
  const { server, me, storage } = await scene();
  const [first] = await me.stage(CHAT, [file('a'), file('b'), file('c')]);
  me.unstage(CHAT, first!);
  await server.run();
  await storage.blobs.put('orphan', new Blob(['of a crash']));
  await me.close();
  const dock = new Dock();
  const again = await start(server, storage, SELF, dock);
  const staged = again.staged(CHAT);
  expect(staged.map(({ name }) => name)).toEqual(['b', 'c']);
  expect(again.staged(CHAT)).toBe(staged);
  expect(await (await again.content(staged[0]!.key))!.text()).toBe('b');
  expect((await storage.blobs.keys()).toSorted()).toEqual(staged.map(({ key }) => key).toSorted());
  await again.send(CHAT, 'with them', { staged: true });
  expect(again.staged(CHAT)).toEqual([]);
  await server.run();
  dock.begun[0]!.done();
  await server.run();
  dock.begun[1]!.done();
  await server.run();
  expect(textsOf(server.logs.get(CHAT))).toEqual(['with them']);
  expect([await storage.blobs.keys(), await storage.get(`f/${CHAT}`)]).toEqual([[], undefined]);
});

test('more than a message carries is not staged', async () => {
  const { me } = await scene();
  await me.stage(CHAT, [file('a')]);
  await me.stage(
    CHAT,
    Array.from({ length: 12 }, (_, i) => file(`${i}`)),
  );
  expect(me.staged(CHAT)).toHaveLength(10);
});
