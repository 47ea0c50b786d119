/** Ten thousand messages of a device that was away, over real sockets, LevelDB and a file. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { freePort, startServer } from '../../src/bench/host.ts';
import { createMessenger, signUp } from '../../src/client/index.ts';
import { systemClock } from '../../src/client/platform.ts';
import { pollingTransport } from '../../src/client/polling.ts';
import { fileStorage } from '../../src/client/storage/file.ts';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import { webSocketTransport } from '../../src/client/websocket.ts';
import { atEnd, folder } from '../endings.ts';

const COUNT = 10_000;
const password = 'correct horse battery';
const PARLEY_LIMITS = JSON.stringify({ sendsPerSecond: 1e6, sendsBurst: 1e6 });

test('what was typed without a connection arrives once and in order, though all stops in between', async () => {
  const own = folder();
  const port = await freePort();
  const begin = () => startServer(join(own, 'data'), port, { PARLEY_LIMITS });
  let host = await begin();
  atEnd(() => host.kill('SIGKILL'));
  const server = host.url;
  const [mara, theo] = await Promise.all(
    ['mara', 'theo'].map((name) => signUp({ server, name, password, device: 'test' })),
  );
  const replica = join(own, 'mara.replica');
  let writer = await createMessenger({ server, session: mara!, storage: await fileStorage(replica) });
  await writer.caughtUp();
  const conversation = await writer.openDirect(theo!.user);
  await host.kill('SIGKILL');

  const texts = Array.from({ length: COUNT }, (_, i) => `message ${i}`);
  await Promise.all(texts.map((text) => writer.send(conversation, text)));
  await writer.close();
  writer = await createMessenger({ server, session: mara!, storage: await fileStorage(replica) });
  const keys = writer.pending(conversation).map(({ key }) => key);
  expect(keys.length).toBe(COUNT);

  host = await begin();
  writer.reconnect();
  await writer.stored(keys[COUNT / 4]!);
  await host.kill('SIGKILL');
  host = await begin();
  writer.reconnect();
  await writer.stored(keys.at(-1)!);

  const read: string[] = [];
  for (let after = 0; after >= 0; ) {
    const answer = await fetch(`${server}/api/conversations/${conversation}/history?after=${after}&limit=200`, {
      headers: { authorization: `Bearer ${theo!.token}` },
    });
    const { entries, head, to } = (await answer.json()) as Page;
    for (const { kind, body } of entries) if (kind === 'message') read.push(body.text);
    after = to < head ? to : -1;
  }
  expect(read).toEqual(texts);
  expect(writer.pending(conversation)).toEqual([]);
  await writer.close();
}, 60_000);

test('long messages to several people, together more than one frame may hold, arrive too', async () => {
  const own = folder();
  const port = await freePort();
  const begin = () => startServer(join(own, 'data'), port, { PARLEY_LIMITS });
  let host = await begin();
  atEnd(() => host.kill('SIGKILL'));
  const server = host.url;
  const names = ['mara', 'theo', 'ines', 'noor', 'jonas', 'lena', 'piet', 'zoe'];
  const [mara, ...others] = await Promise.all(names.map((name) => signUp({ server, name, password, device: 'test' })));
  const session = mara!;
  for (const transport of [webSocketTransport(server), pollingTransport(server, session.token, systemClock())]) {
    const writer = await createMessenger({ server, session, storage: memoryStorage(), transport });
    await writer.caughtUp();
    const conversations = await Promise.all(others.map(({ user }) => writer.openDirect(user)));
    await host.kill('SIGKILL');
    const keys: string[] = [];
    for (const id of conversations) {
      for (let i = 0; i < 5; i++) keys.push(await writer.send(id, 'long '.repeat(3_000)));
    }
    host = await begin();
    writer.reconnect();
    for (const key of keys) await writer.stored(key);
    const tooLong = await writer.send(conversations[0]!, 'x'.repeat(70_000));
    const next = await writer.send(conversations[0]!, 'and what follows it');
    expect(await writer.stored(tooLong).catch(({ code }) => code)).toBe('too_large');
    await writer.stored(next);
    await writer.close();
  }
}, 60_000);

interface Page {
  readonly entries: { kind: string; body: { text: string } }[];
  readonly head: number;
  readonly to: number;
}
