/** Files by the SDK: up, over cuts, into a message that waits in the outbox, and down again by whoever sees it. */
import { expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  cancelUpload,
  createMessenger,
  type Messenger,
  memoryStorage,
  RequestFailed,
  uploadFile,
} from '../../src/client/index.ts';
import { fileStorage } from '../../src/client/storage/file.ts';
import { sharpPictures } from '../../src/media/sharp.ts';
import { atEnd, folder } from '../endings.ts';
import * as made from '../media/hostile.ts';
import { ask, running, signUp } from '../server/running.ts';
import { idFor } from '../server/world.ts';

async function scene() {
  const server = await running({ pictures: sharpPictures() });
  const person = async (name: string) => {
    const { user, device, token } = await signUp(server, name);
    const session = { user: user.user, device, token };
    const open = async (storage = memoryStorage()) => {
      const messenger = await createMessenger({ server: server.url, session, storage });
      atEnd(() => messenger.close());
      await messenger.caughtUp();
      return messenger;
    };
    return { session, open };
  };
  const [mara, theo] = [await person('mara'), await person('theo')];
  const messenger = await mara.open();
  const conversation = await messenger.openDirect(theo.session.user);
  const at = { server: server.url, token: mara.session.token, conversation };
  return { server, mara, theo, messenger, conversation, at };
}

const sentIn = (messenger: Messenger, conversation: string) =>
  messenger.pending(conversation)[0]?.uploads[0]?.sent ?? 0;

/** Resolves when the server has a part of the first thing that waits. */
const begun = (messenger: Messenger, conversation: string) =>
  new Promise<void>((resolve) => {
    messenger.subscribe(() => sentIn(messenger, conversation) > 0 && resolve());
  });

const large = () => new Blob([new Uint8Array(1_300_000).map((_, i) => i * 31)]);

test('a file goes up in parts, in a message, and comes down as it was', async () => {
  const { server, theo, messenger, conversation, at } = await scene();
  const seen: number[] = [];
  const file = await uploadFile({ ...at, content: large(), name: '../a.bin', progress: (bytes) => seen.push(bytes) });
  expect(seen).toEqual([0, 524_288, 1_048_576, 1_300_000]);
  const key = await messenger.send(conversation, '', { files: [file] });
  const seq = await messenger.stored(key);
  const other = await theo.open();
  const entry = (await other.message(conversation, seq))!.entry;
  expect(entry).toMatchObject({
    attachments: [file.id],
    body: { text: '', files: [{ name: 'a.bin', bytes: 1_300_000 }] },
  });
  const { addresses, missing } = await other.addresses(conversation, [file.id, idFor('none')]);
  expect(missing).toEqual([idFor('none')]);
  const fetched = await fetch(server.url + addresses[0]!.file);
  expect(Bun.hash(await fetched.arrayBuffer())).toBe(Bun.hash(await large().arrayBuffer()));
});

test('a message is forwarded with its files, to each conversation its own', async () => {
  const { server, theo, messenger, conversation, at } = await scene();
  const file = await uploadFile({ ...at, content: new Blob(['three rooms']), name: 'plan.pdf' });
  const seq = await messenger.stored(await messenger.send(conversation, 'The plan', { files: [file] }));
  const other = await theo.open();
  const places = [await other.openSelf(), await other.createGroup('Move', [])];
  const keys = await other.forwardMessage(conversation, seq, places);
  const ids = new Set([file.id]);
  for (const [i, place] of places.entries()) {
    const { body } = (await other.message(place, await other.stored(keys[i]!)))!.entry;
    expect(body).toMatchObject({ text: 'The plan', forwarded: true, files: [{ name: 'plan.pdf', bytes: 11 }] });
    const { addresses } = await other.addresses(place, [body!.files![0]!.id]);
    expect(await (await fetch(server.url + addresses[0]!.file)).text()).toBe('three rooms');
    ids.add(body!.files![0]!.id);
  }
  expect(ids.size).toBe(3);
  await messenger.deleteMessage(conversation, seq);
  const gone = await other.forwardMessage(conversation, seq, places).catch((error) => error.code);
  expect(gone).toBe('not_found');
});

test('a part that came too slowly is tried again as smaller ones', async () => {
  const { server, at } = await scene();
  const narrow = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => {
      const { pathname, search } = new URL(request.url);
      if (Number(request.headers.get('content-length')) <= 100_000)
        return fetch(server.url + pathname + search, request);
      return Response.json({ error: { code: 'too_slow' } }, { status: 408 });
    },
  });
  atEnd(() => narrow.stop(true));
  const seen: number[] = [];
  const content = large().slice(0, 200_000);
  const progress = (bytes: number) => void seen.push(bytes);
  await uploadFile({ ...at, server: `http://127.0.0.1:${narrow.port}`, content, name: 'a', progress });
  expect(seen).toEqual([0, 0, 65_536, 131_072, 196_608, 200_000]);
});

test('what was broken off goes on where it was, and what is given up is gone', async () => {
  const { server, at } = await scene();
  const key = idFor('upload');
  const stop = new AbortController();
  const broken = uploadFile({
    ...at,
    content: large(),
    name: 'a',
    key,
    signal: stop.signal,
    progress: (bytes) => bytes > 0 && stop.abort(),
  });
  expect(await broken.catch((error) => error.code)).toBe('offline');
  const seen: number[] = [];
  const again = { ...at, content: large(), name: 'a', key, progress: (bytes: number) => void seen.push(bytes) };
  const file = await uploadFile(again);
  expect(seen[0]).toBeGreaterThan(0);
  expect(await uploadFile(again)).toEqual(file);
  await cancelUpload({ ...at, key });
  expect((await ask(server, `/api/uploads/${key}`, { token: at.token })).status).toBe(404);
});

test('a message with files waits in the outbox over a restart', async () => {
  const { mara, conversation, at, messenger } = await scene();
  const file = await uploadFile({ ...at, content: new Blob(['x']), name: 'x' });
  await messenger.close();
  const storage = memoryStorage();
  const offline = await createMessenger({ server: 'http://127.0.0.1:9', session: mara.session, storage });
  const key = await offline.send(conversation, 'with it', { files: [file] });
  expect(offline.pending(conversation)).toMatchObject([{ files: [file] }]);
  await offline.close();
  const online = await mara.open(storage);
  const seq = await online.stored(key);
  expect((await online.message(conversation, seq))!.entry).toMatchObject({ body: { files: [file] } });
});

test('a message with files of this device goes on where it was when the storage is opened again', async () => {
  const { server, mara, conversation, messenger } = await scene();
  await messenger.close();
  const path = join(folder(), 'a.replica');
  const open = async () => {
    const storage = await fileStorage(path);
    const fresh = await createMessenger({ server: server.url, session: mara.session, storage });
    atEnd(() => fresh.close());
    return fresh;
  };
  const first = await open();
  const sentOf = (one: Messenger) => sentIn(one, conversation);
  const half = begun(first, conversation);
  const key = await first.send(conversation, 'large', { files: [{ content: large(), name: 'a.bin' }] });
  const after = await first.send(conversation, 'after');
  await half;
  const reached = sentOf(first);
  expect(reached).toBeLessThan(1_300_000);
  await first.close();
  const second = await open();
  const seen: number[] = [];
  second.subscribe(() => sentOf(second) > 0 && seen.push(sentOf(second)));
  const seq = await second.stored(key);
  expect(seen[0]).toBeGreaterThanOrEqual(reached);
  expect(await second.stored(after)).toBe(seq + 1);
  const { entry } = (await second.message(conversation, seq))!;
  const { addresses } = await second.addresses(conversation, entry.attachments!);
  const fetched = await fetch(server.url + addresses[0]!.file);
  expect(Bun.hash(await fetched.arrayBuffer())).toBe(Bun.hash(await large().arrayBuffer()));
  await second.caughtUp();
  await second.close();
  expect(readdirSync(`${path}.files`)).toEqual([]);
});

test('a cancelled upload is gone from the server, and one that is too large never begins', async () => {
  const { server, at, conversation, messenger } = await scene();
  expect(messenger.fileBytes()).toBe(100_000_000);
  const some = begun(messenger, conversation);
  const key = await messenger.send(conversation, '', { files: [{ content: large(), name: 'a.bin' }] });
  const [upload] = messenger.pending(conversation)[0]!.uploads;
  await some;
  expect(await messenger.discard(key)).toBe(true);
  expect(messenger.pending(conversation)).toEqual([]);
  const content = new Blob(['x']);
  Object.defineProperty(content, 'size', { value: 1e9 });
  const huge = await messenger.send(conversation, '', { files: [{ content, name: 'huge' }] });
  expect(await messenger.stored(huge).catch((error) => error.code)).toBe('file_too_large');
  expect(messenger.pending(conversation)).toMatchObject([{ uploads: [{ sent: 0, code: 'file_too_large' }] }]);
  const look = () => ask(server, `/api/uploads/${upload!.key}`, { token: at.token });
  while ((await look()).status !== 404);
});

test('what is no picture may be finished as a file, and what is too large is not begun', async () => {
  const { at } = await scene();
  const upload = { ...at, content: new Blob([made.svg]), name: 'a.svg', key: idFor('svg') };
  const refused = await uploadFile({ ...upload, as: 'picture' }).catch((error) => error);
  expect(refused).toBeInstanceOf(RequestFailed);
  expect(refused.code).toBe('unreadable_picture');
  expect(await uploadFile(upload)).toMatchObject({ name: 'a.svg' });
  const picture = new Blob([new Uint8Array(await made.withPlace())]);
  expect(await uploadFile({ ...at, content: picture, name: 'IMG.JPG', as: 'picture' })).toMatchObject({
    name: 'IMG.webp',
    width: 80,
    height: 120,
  });
  const huge = { size: 1e9 } as Blob;
  const tooLarge = await uploadFile({ ...at, content: huge, name: 'huge' }).catch((error) => error.code);
  expect(tooLarge).toBe('file_too_large');
});
