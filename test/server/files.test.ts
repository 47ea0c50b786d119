/** Files over HTTP: uploaded in parts, sent once, seen by whoever may see the message, and gone with it. */
import { describe, expect, test } from 'bun:test';
import { crc32 } from '../../src/core/crc32.ts';
import { sharpPictures } from '../../src/media/sharp.ts';
import { PART_BYTES_MIN, UPLOAD_KEPT_MS } from '../../src/protocol/limits.ts';
import { Unavailable } from '../../src/store/store.ts';
import * as hostile from '../media/hostile.ts';
import { ask, type Running, running, signUp } from './running.ts';
import { idFor, type Peer, World } from './world.ts';

const text = (content: string) => new TextEncoder().encode(content);
let keys = 0;
const newKey = () => idFor(`upload ${keys++}`);

interface Someone {
  readonly server: Running;
  readonly token: string;
  readonly user: string;
}

async function someone(server: Running, name: string): Promise<Someone> {
  const { token, user } = await signUp(server, name);
  return { server, token, user: user.user };
}

async function command({ server, token }: Someone, type: string, fields: object) {
  const { body } = await ask(server, '/api/commands', { token, body: [{ id: 1, type, ...fields }] });
  return body[0].result ?? body[0].error;
}

async function scene(options: Parameters<typeof running>[0] = {}) {
  const server = await running({ pictures: sharpPictures(), ...options });
  const [mara, theo, ines] = [
    await someone(server, 'mara'),
    await someone(server, 'theo'),
    await someone(server, 'ines'),
  ];
  const create = {
    kind: 'group',
    key: idFor(`files ${keys++}`),
    title: 'Choir',
    users: [theo.user],
    history: 'joined',
  };
  const { conversation } = await command(mara, 'create', { create });
  return { server, mara, theo, ines, conversation: conversation.id as string };
}

const begin = ({ server, token }: Someone, conversation: string, name: string, bytes: number, key = newKey()) =>
  ask(server, '/api/uploads', { token, body: { key, conversation, name, bytes } }).then((answer) => ({
    ...answer,
    key,
  }));

async function part({ server, token }: Someone, key: string, offset: number, bytes: Uint8Array, crc = crc32(bytes)) {
  const answer = await fetch(`${server.url}/api/uploads/${key}?offset=${offset}&crc=${crc}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: bytes as BodyInit,
  });
  return { status: answer.status, body: (await answer.json()) as { offset?: number; error?: { code: string } } };
}

const finish = ({ server, token }: Someone, key: string, as: 'file' | 'picture' = 'file') =>
  ask(server, `/api/uploads/${key}/finish`, { token, body: { as } });

async function upload(
  by: Someone,
  conversation: string,
  name: string,
  bytes: Uint8Array,
  as: 'file' | 'picture' = 'file',
) {
  const { key } = await begin(by, conversation, name, bytes.length);
  if (bytes.length > 0) await part(by, key, 0, bytes);
  const { status, body } = await finish(by, key, as);
  return { key, status, file: body.file, code: body.error?.code };
}

async function send(by: Someone, conversation: string, attachments: string[], words = '') {
  const draft = { kind: 'message', key: newKey(), attachments, body: { v: 1, text: words } };
  return (await command(by, 'send', { conversation, drafts: [draft] })).results[0] as { seq?: number; code?: string };
}

async function fetched({ server }: Someone, path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(server.url + path, { headers });
  return { status: answer.status, headers: answer.headers, bytes: await answer.bytes() };
}

const addressOf = async (who: Someone, conversation: string, id: string) =>
  (await command(who, 'addresses', { conversation, files: [id] })) as {
    addresses: { file: string; small?: string; medium?: string; large?: string }[];
    missing: string[];
  };

test('a file goes up in parts, over a cut, and comes down as it was', async () => {
  const { mara, theo, conversation } = await scene();
  const content = new Uint8Array(PART_BYTES_MIN * 2 + 7).map((_, i) => i * 31);
  const [first, second] = [content.slice(0, PART_BYTES_MIN), content.slice(PART_BYTES_MIN)];
  const { key, body } = await begin(mara, conversation, '../../etc/notes\u202Etxt.exe', content.length);
  expect(body).toMatchObject({ offset: 0, file: null });
  expect((await part(mara, key, 0, first, 1)).body.error?.code).toBe('damaged');
  expect((await part(mara, key, 0, first)).body.offset).toBe(first.length);
  // The answer was lost: the same part again, and the question how far it is.
  expect((await part(mara, key, 0, first)).body.offset).toBe(first.length);
  expect((await ask(mara.server, `/api/uploads/${key}`, { token: mara.token })).body.offset).toBe(first.length);
  expect((await part(mara, key, 5, second)).body.error?.code).toBe('wrong_offset');
  expect((await finish(mara, key)).body.error.code).toBe('wrong_offset');
  expect((await part(mara, key, first.length, second)).body.offset).toBe(content.length);
  const { file } = (await finish(mara, key)).body;
  expect(file).toEqual({ id: file.id, name: 'notestxt.exe', bytes: content.length });
  expect((await finish(mara, key)).body.file).toEqual(file);
  expect(await addressOf(theo, conversation, file.id)).toMatchObject({ addresses: [], missing: [file.id] });
  expect(await send(mara, conversation, [file.id])).toMatchObject({ seq: 2 });
  const [address] = (await addressOf(theo, conversation, file.id)).addresses;
  const all = await fetched(theo, address!.file);
  expect(all.bytes).toEqual(content);
  expect(Object.fromEntries(all.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="notestxt.exe"; filename*=UTF-8''notestxt.exe`,
    'cache-control': expect.stringMatching(/^private, max-age=\d+, immutable$/),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
  const tag = all.headers.get('etag')!;
  for (const [range, status, from, to] of [
    ['bytes=0-9', 206, 0, 10],
    ['bytes=10-', 206, 10, content.length],
    ['bytes=-7', 206, content.length - 7, content.length],
    [`bytes=5-${content.length + 99}`, 206, 5, content.length],
    ['bytes=0-1,5-6', 200, 0, content.length],
    ['lines=1-2', 200, 0, content.length],
  ] as const) {
    const piece = await fetched(theo, address!.file, { range });
    expect([range, piece.status]).toEqual([range, status]);
    expect(piece.bytes).toEqual(content.slice(from, to));
  }
  expect((await fetched(theo, address!.file, { range: `bytes=${content.length}-` })).status).toBe(416);
  expect((await fetched(theo, address!.file, { 'if-none-match': tag })).status).toBe(304);
  expect((await fetched(theo, address!.file, { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
});

test('a picture comes in three sizes, and says nothing of where it was taken', async () => {
  const { mara, theo, conversation } = await scene();
  const { file } = await upload(mara, conversation, 'IMG 1.JPG', await hostile.withPlace(), 'picture');
  expect(file).toMatchObject({ name: 'IMG 1.webp', width: 80, height: 120, placeholder: expect.any(String) });
  await send(mara, conversation, [file.id], 'Where we were');
  const [address] = (await addressOf(theo, conversation, file.id)).addresses;
  for (const form of ['small', 'medium', 'large', 'file'] as const) {
    const got = await fetched(theo, address![form]!);
    expect([form, got.status, got.headers.get('content-type')]).toEqual([
      form,
      200,
      form === 'file' ? 'application/octet-stream' : 'image/webp',
    ]);
    expect(Buffer.from(got.bytes).toString('latin1')).not.toMatch(/SECRET|EXIF|GPS/);
  }
});

test('what is no picture is refused as one, and goes as a file that no browser opens', async () => {
  const { mara, theo, conversation } = await scene();
  const svg = text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
  const { key, code } = await upload(mara, conversation, 'x.svg', svg, 'picture');
  expect(code).toBe('unreadable_picture');
  const { file } = (await finish(mara, key, 'file')).body;
  await send(mara, conversation, [file.id]);
  const [address] = (await addressOf(theo, conversation, file.id)).addresses;
  expect((await fetched(theo, address!.file)).headers.get('content-type')).toBe('application/octet-stream');
  expect(address).not.toHaveProperty('small');
});

describe('an upload is refused', () => {
  type Scene = Awaited<ReturnType<typeof scene>>;
  const cases: Record<string, (here: Scene) => Promise<unknown>> = {
    'where one is no member': async ({ ines, conversation }) =>
      (await begin(ines, conversation, 'a', 1)).body.error.code === 'not_found',
    'above the largest size': async ({ mara, conversation }) =>
      (await begin(mara, conversation, 'a', 1_001)).body.error.code === 'file_too_large',
    'once too many wait': async ({ mara, conversation }) => {
      for (let i = 0; i < 3; i++) await begin(mara, conversation, 'a', 1);
      return (await begin(mara, conversation, 'a', 1)).body.error.code === 'too_many_uploads';
    },
    'under a key of another one': async ({ mara, conversation }) => {
      const { key } = await begin(mara, conversation, 'a', 1);
      return (await begin(mara, conversation, 'b', 1, key)).body.error.code === 'key_reused';
    },
    'that is somebody else’s': async ({ mara, theo, conversation }) => {
      const { key } = await begin(mara, conversation, 'a', 1);
      return (await part(theo, key, 0, text('x'))).body.error?.code === 'not_found';
    },
    'with more than was said': async ({ mara, conversation }) => {
      const { key } = await begin(mara, conversation, 'a', 1);
      return (await part(mara, key, 0, text('xy'))).status === 400;
    },
    'in crumbs': async ({ mara, conversation }) => {
      const { key } = await begin(mara, conversation, 'a', 2);
      return (await part(mara, key, 0, text('x'))).status === 400;
    },
  };
  for (const [name, run] of Object.entries(cases)) {
    test(name, async () => {
      expect(await run(await scene({ limits: { fileBytes: 1_000, uploads: 3 } }))).toBe(true);
    });
  }
});

test('what was sent makes room for the next, and an empty file is one', async () => {
  const { mara, conversation } = await scene({ limits: { uploads: 1 } });
  for (let i = 0; i < 3; i++) {
    const { file } = await upload(mara, conversation, 'empty', new Uint8Array());
    expect(await send(mara, conversation, [file.id])).toMatchObject({ seq: i + 2 });
  }
});

test('a file is sent by whoever uploaded it, in its conversation, with one message', async () => {
  const { mara, theo, ines, conversation } = await scene();
  const create = { kind: 'direct', user: ines.user };
  const other = (await command(mara, 'create', { create })).conversation.id;
  const { file } = await upload(mara, conversation, 'a', text('x'));
  expect(await send(theo, conversation, [file.id])).toMatchObject({ code: 'file_gone' });
  expect(await send(mara, other, [file.id])).toMatchObject({ code: 'file_gone' });
  expect(await send(mara, conversation, [newKey()])).toMatchObject({ code: 'file_gone' });
  expect(await send(mara, conversation, [file.id])).toMatchObject({ seq: 2 });
  expect(await send(mara, conversation, [file.id])).toMatchObject({ code: 'file_gone' });
  const twice = await upload(mara, conversation, 'b', text('x'));
  const drafts = [1, 2].map(() => ({
    kind: 'message',
    key: newKey(),
    attachments: [twice.file.id],
    body: { v: 1, text: '' },
  }));
  expect((await command(mara, 'send', { conversation, drafts })).results).toMatchObject([
    { seq: 3 },
    { code: 'file_gone' },
  ]);
});

test('an address is for one person, for a time, and ends with what one may see', async () => {
  const { mara, theo, ines, conversation } = await scene();
  const { file } = await upload(mara, conversation, 'a', text('the word is xyzzy'));
  const sent = await send(mara, conversation, [file.id]);
  await command(mara, 'send', { conversation, drafts: [{ kind: 'added', key: newKey(), users: [ines.user] }] });
  expect((await addressOf(ines, conversation, file.id)).missing).toEqual([file.id]);
  const [address] = (await addressOf(theo, conversation, file.id)).addresses;
  const path = address!.file;
  expect((await fetched(theo, path)).status).toBe(200);
  const [, , , , form, user, until, sign] = path.split('/');
  for (const wrong of [
    path.replace(user!, ines.user),
    path.replace(until!, String(Number(until) + 1)),
    path.replace(`/${form}/`, '/large/'),
    path.replace(
      sign!,
      sign!.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
    ),
    path.replace(sign!, 'short'),
    path.replace(`/${until}/`, '/1/'),
  ]) {
    expect((await fetched(theo, wrong)).status).toBe(404);
  }
  const own = (await addressOf(mara, conversation, file.id)).addresses[0]!.file;
  await command(mara, 'send', { conversation, drafts: [{ kind: 'removed', key: newKey(), user: theo.user }] });
  expect((await fetched(theo, path)).status).toBe(404);
  expect((await fetched(mara, own)).status).toBe(200);
  await command(mara, 'send', { conversation, drafts: [{ kind: 'deleted', key: newKey(), target: sent.seq }] });
  expect((await fetched(mara, own)).status).toBe(404);
  expect((await addressOf(mara, conversation, file.id)).missing).toEqual([file.id]);
});

test('a file is saved under its name, whatever is in it', async () => {
  const { mara, theo, conversation } = await scene();
  const name = `Übersicht "100%" (d'Ines).pdf`;
  const { file } = await upload(mara, conversation, name, text('x'));
  await send(mara, conversation, [file.id]);
  const [address] = (await addressOf(theo, conversation, file.id)).addresses;
  const said = (await fetched(theo, address!.file)).headers.get('content-disposition')!;
  expect(said).toBe(
    `attachment; filename="_bersicht _100__ (d'Ines).pdf"; filename*=UTF-8''%C3%9Cbersicht%20_100%25_%20%28d%27Ines%29.pdf`,
  );
});

describe('where something that keeps files stands before the server', () => {
  const mediaUrl = 'https://media.example.org';

  test('addresses are the same for all who may see it, and end within half an hour', async () => {
    const { mara, theo, ines, conversation } = await scene({ mediaUrl });
    const { file } = await upload(mara, conversation, 'a', text('abc'));
    const sent = await send(mara, conversation, [file.id]);
    const [address] = (await addressOf(theo, conversation, file.id)).addresses;
    expect((await addressOf(mara, conversation, file.id)).addresses).toEqual([address!]);
    expect(await command(ines, 'addresses', { conversation, files: [file.id] })).toMatchObject({ code: 'not_found' });
    expect(address!.file).toStartWith(`${mediaUrl}/media/${conversation}/`);
    const { pathname } = new URL(address!.file);
    const { status, headers, bytes } = await fetched(theo, pathname, { range: 'bytes=1-1' });
    expect([status, new TextDecoder().decode(bytes)]).toEqual([206, 'b']);
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const [, seconds] = /^public, max-age=(\d+), immutable$/.exec(headers.get('cache-control')!)!;
    expect(Number(seconds)).toBeGreaterThan(890);
    expect(Number(seconds)).toBeLessThanOrEqual(1_800);
    expect((await fetched(theo, pathname.replace('/all/', `/${theo.user}/`))).status).toBe(404);
    await command(mara, 'send', { conversation, drafts: [{ kind: 'deleted', key: newKey(), target: sent.seq }] });
    const gone = await fetched(theo, pathname);
    expect([gone.status, gone.headers.get('cache-control')]).toEqual([404, 'private, no-store']);
  });

  test('what goes by itself is kept by nobody', async () => {
    const { mara, theo, conversation } = await scene({ mediaUrl });
    const draft = { kind: 'lifetime', key: newKey(), lifetime: { kind: 'timer', seconds: 60 } };
    await command(mara, 'send', { conversation, drafts: [draft] });
    const { file } = await upload(mara, conversation, 'a', text('abc'));
    await send(mara, conversation, [file.id]);
    const [address] = (await addressOf(theo, conversation, file.id)).addresses;
    const { headers } = await fetched(theo, new URL(address!.file).pathname);
    expect(headers.get('cache-control')).toBe('private, no-store');
  });

  test('whoever is removed has no new ones, and those of before end', async () => {
    const world = await World.open({ mediaOrigin: mediaUrl });
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.group(mara, [theo]);
    const session = { user: mara.user, device: idFor('mara/phone') };
    const [key, bytes] = [newKey(), text('xyzzy')];
    await world.node.uploads.begin(session, { key, conversation, name: 'a', bytes: bytes.length });
    await world.node.uploads.part(session, key, { offset: 0, crc: crc32(bytes) }, bytes);
    const id = (await world.node.uploads.finish(session, key, { as: 'file' })).file!.id;
    const attach = { kind: 'message' as const, key: newKey(), attachments: [id], body: { v: 1 as const, text: '' } };
    await mara.must('send', { conversation, drafts: [attach] });
    const { addresses, until } = await theo.must('addresses', { conversation, files: [id] });
    const [, , , form = '', user = '', last = '', sign = ''] = new URL(addresses[0]!.file).pathname.slice(1).split('/');
    const path = { conversation, id, form, user, until: Number(last), sign };
    expect(until - world.clock.now()).toBeLessThanOrEqual(1_800_000);
    await mara.must('send', { conversation, drafts: [{ kind: 'removed', key: newKey(), user: theo.user }] });
    const refused = await theo.ask('addresses', { conversation, files: [id] });
    expect(refused.error).toMatchObject({ code: 'not_found' });
    expect((await world.node.files.fetch(path))!.keepMs).toBe(until - world.clock.now());
    await world.clock.pass(until - world.clock.now());
    expect(await world.node.files.fetch(path)).toBeNull();
  });
});

describe('on disk nothing is left', () => {
  async function stored(world: World, peer: Peer, conversation: string, content: string) {
    const { uploads } = world.node;
    const session = { user: peer.user, device: idFor('mara/phone') };
    const key = newKey();
    const bytes = text(content);
    await uploads.begin(session, { key, conversation, name: 'a', bytes: bytes.length });
    await uploads.part(session, key, { offset: 0, crc: crc32(bytes) }, bytes);
    return { session, key, finish: async () => (await uploads.finish(session, key, { as: 'file' })).file!.id };
  }
  const held = async (world: World) => [
    ...(await world.media.list('files', '', 99)),
    ...(await world.media.list('uploads', '', 99)),
  ];

  test('of a deleted message', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.group(mara, [theo]);
    const id = await (await stored(world, mara, conversation, 'xyzzy')).finish();
    const attach = { kind: 'message' as const, key: newKey(), attachments: [id], body: { v: 1 as const, text: '' } };
    await mara.must('send', { conversation, drafts: [attach] });
    await world.clock.pass(1_000);
    expect(await held(world)).toEqual([`files/${conversation}/${id}/file`]);
    // It is sent, so that a day later it is still there.
    await world.clock.pass(UPLOAD_KEPT_MS + 120_000);
    expect(await held(world)).toEqual([`files/${conversation}/${id}/file`]);
    const back = await world.join('mara');
    await back.must('send', { conversation, drafts: [{ kind: 'deleted', key: newKey(), target: 2 }] });
    await world.clock.pass(1_000);
    expect(await held(world)).toEqual([]);
    expect(world.reports).toEqual([]);
  });

  test('of what has expired, and of a chat that has ended', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.group(mara, [theo]);
    const until = world.clock.now() + 7_200_000;
    for (const lifetime of [
      { kind: 'timer', seconds: 60 },
      { kind: 'whole', until },
    ] as const) {
      const draft = { kind: 'lifetime' as const, key: newKey(), lifetime };
      const by = await world.join('mara');
      expect((await by.must('send', { conversation, drafts: [draft] })).results).toMatchObject([
        { seq: expect.any(Number) },
      ]);
      const id = await (await stored(world, by, conversation, 'xyzzy')).finish();
      const attach = { kind: 'message' as const, key: newKey(), attachments: [id], body: { v: 1 as const, text: '' } };
      await by.must('send', { conversation, drafts: [attach] });
      const ask = { conversation, files: [id] };
      const { addresses } = await by.must('addresses', ask);
      const [, , , , form = '', user = '', last = '', sign = ''] = addresses[0]!.file.split('/');
      const path = { conversation, id, form, user, until: Number(last), sign };
      expect(await world.node.files.fetch(path)).not.toBeNull();
      await world.clock.pass(lifetime.kind === 'timer' ? 60_001 : until - world.clock.now() + 1);
      expect(await world.node.files.fetch(path)).toBeNull();
      await world.clock.pass(3_700_000);
      expect(await held(world)).toEqual([]);
    }
    expect(world.reports).toEqual([]);
  });

  test('of copies that were not sent, or went with their message; these do not come back', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const [from, to] = [await world.group(mara, [theo]), await world.group(mara, [])];
    const id = await (await stored(world, mara, from, 'xyzzy')).finish();
    const attached = (file: string) => ({
      ...{ kind: 'message' as const, key: newKey() },
      attachments: [file],
      body: { v: 1 as const, text: '' },
    });
    await mara.must('send', { conversation: from, drafts: [attached(id)] });
    const [key, other] = [newKey(), newKey()];
    const copied = (key: string) => mara.must('forwardFiles', { key, from, to, files: [id] });
    const [sent, unsent] = [(await copied(key)).files[0]!.id, (await copied(other)).files[0]!.id];
    await mara.must('send', { conversation: to, drafts: [attached(sent)] });
    await world.clock.pass(1_000);
    const of = (conversation: string, file: string) => `files/${conversation}/${file}/file`;
    expect((await held(world)).sort()).toEqual([of(from, id), of(to, sent), of(to, unsent)].sort());
    await mara.must('send', { conversation: to, drafts: [{ kind: 'deleted', key: newKey(), target: 2 }] });
    await world.clock.pass(1_000);
    const again = await mara.ask('forwardFiles', { key, from, to, files: [id] });
    expect(again.error).toMatchObject({ code: 'file_gone' });
    expect((await held(world)).sort()).toEqual([of(from, id), of(to, unsent)].sort());
    await world.clock.pass(UPLOAD_KEPT_MS + 120_000);
    expect(await held(world)).toEqual([of(from, id)]);
    expect(world.reports).toEqual([]);
  });

  test('of what was given up, or was not sent within a day', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.group(mara, [theo]);
    const half = await stored(world, mara, conversation, 'half');
    await (await stored(world, mara, conversation, 'whole')).finish();
    const left = await stored(world, mara, conversation, 'left');
    await left.finish();
    await world.node.uploads.cancel(left.session, left.key);
    expect(await held(world)).toHaveLength(2);
    await world.clock.pass(UPLOAD_KEPT_MS + 120_000);
    expect(await held(world)).toEqual([]);
    expect((await world.node.uploads.state(half.session, half.key).catch(({ failure }) => failure)).code).toBe(
      'not_found',
    );
    expect(world.reports).toEqual([]);
  });
});

describe('nothing is left on the disk', () => {
  async function begun() {
    const world = await World.open();
    const mara = await world.join('mara');
    const conversation = await world.group(mara, []);
    const session = { user: mara.user, device: idFor('phone') };
    const key = newKey();
    const content = text('a secret');
    await world.node.uploads.begin(session, { key, conversation, name: 'a', bytes: content.length });
    const part = (bytes = content) => world.node.uploads.part(session, key, { offset: 0, crc: crc32(bytes) }, bytes);
    const left = async () => [
      ...(await world.media.list('uploads', '', 9)),
      ...(await world.media.list('files', '', 9)),
    ];
    /** The next write of a record in that partition is cut off. */
    const cutOff = (partition: string) => {
      const put = world.store.putRecord.bind(world.store);
      world.store.putRecord = async (...asked) => {
        if (!asked[0].startsWith(partition)) return put(...asked);
        world.store.putRecord = put;
        throw new Unavailable('cut off');
      };
    };
    return { world, session, key, part, left, cutOff };
  }

  test('of a part whose place another has taken since', async () => {
    const { world, session, key, part, left, cutOff } = await begun();
    cutOff('uploads/');
    await expect(part()).rejects.toThrow('cut off');
    await part(text('a rumour'));
    expect(await left()).toHaveLength(2);
    await world.node.uploads.cancel(session, key);
    expect(await left()).toEqual([]);
  });

  test('of a finish that was cut off, a day later', async () => {
    const { world, session, key, part, left, cutOff } = await begun();
    await part();
    cutOff('files/');
    await expect(world.node.uploads.finish(session, key, { as: 'file' })).rejects.toThrow('cut off');
    expect(await left()).toHaveLength(2);
    await world.clock.pass(UPLOAD_KEPT_MS + 120_000);
    expect(await left()).toEqual([]);
  });

  test('of an upload that is given up while it is finished', async () => {
    const { world, session, key, part, left } = await begun();
    await part();
    const put = world.media.put.bind(world.media);
    const { promise: kept, resolve: keep } = Promise.withResolvers<void>();
    const { promise: begins, resolve: begin } = Promise.withResolvers<void>();
    world.media.put = async (...asked) => {
      await put(...asked);
      begin();
      await kept;
    };
    const finishing = world.node.uploads.finish(session, key, { as: 'file' }).catch((error) => error);
    await begins;
    await world.node.uploads.cancel(session, key);
    keep();
    expect(await finishing).toBeInstanceOf(Error);
    expect(await left()).toEqual([]);
  });
});

describe('files are forwarded without a second upload', () => {
  async function forwarding() {
    const here = await scene();
    const { mara, theo, ines, conversation } = here;
    const group = { kind: 'group', key: newKey(), title: 'Bakery', users: [ines.user], history: 'joined' };
    const target = (await command(theo, 'create', { create: group })).conversation.id as string;
    const forward = async (by: Someone, files: readonly string[], to = target, from = conversation, key = newKey()) =>
      (await command(by, 'forwardFiles', { key, from, to, files })) as { files?: { id: string }[]; code?: string };
    const plan = await upload(mara, conversation, 'plan.pdf', text('three rooms'));
    const { file: bread } = await upload(mara, conversation, 'bread.jpg', await hostile.withPlace(), 'picture');
    const seq = (await send(mara, conversation, [plan.file.id, bread.id])).seq!;
    return { ...here, target, forward, files: [plan.file, bread] as const, seq };
  }
  const remove = ({ mara, conversation, seq }: { mara: Someone; conversation: string; seq: number }) =>
    command(mara, 'send', { conversation, drafts: [{ kind: 'deleted', key: newKey(), target: seq }] });

  test('as they are, the same ones for the same key, and stay when the first go', async () => {
    const here = await forwarding();
    const { theo, ines, target, forward, files, conversation } = here;
    const ids = files.map(({ id }) => id);
    const key = newKey();
    const { files: copies } = await forward(theo, ids, target, conversation, key);
    expect(copies).toEqual(files.map((file, i) => ({ ...file, id: copies![i]!.id })));
    expect(copies!.map(({ id }) => id)).not.toEqual(ids);
    expect((await forward(theo, ids, target, conversation, key)).files).toEqual(copies);
    // Nobody sees them before they are sent.
    const [plan, bread] = copies!;
    expect(await addressOf(ines, target, plan!.id)).toMatchObject({ missing: [plan!.id] });
    expect(await send(theo, target, [plan!.id, bread!.id])).toMatchObject({ seq: 2 });
    await remove(here);
    expect(await addressOf(theo, conversation, ids[0]!)).toMatchObject({ addresses: [] });
    const [address] = (await addressOf(ines, target, plan!.id)).addresses;
    expect(new TextDecoder().decode((await fetched(ines, address!.file)).bytes)).toBe('three rooms');
    const [drawn] = (await addressOf(ines, target, bread!.id)).addresses;
    expect((await fetched(ines, drawn!.small!)).headers.get('content-type')).toBe('image/webp');
  });

  test('by whoever may see them now, to where they may write', async () => {
    const here = await forwarding();
    const { mara, theo, ines, target, forward, files } = here;
    const ids = files.map(({ id }) => id);
    expect(await forward(ines, ids)).toMatchObject({ code: 'not_found' });
    expect(await forward(mara, ids)).toMatchObject({ code: 'not_found' });
    expect(await forward(theo, [ids[0]!, idFor('none')])).toMatchObject({ code: 'not_found' });
    const { file: unsent } = await upload(mara, here.conversation, 'unsent', text('x'));
    expect(await forward(theo, [unsent.id])).toMatchObject({ code: 'not_found' });
    await remove(here);
    expect(await forward(theo, ids)).toMatchObject({ code: 'not_found' });
    expect(await addressOf(theo, target, ids[0]!)).toMatchObject({ missing: [ids[0]] });
  });
});

describe('the picture of a person', () => {
  const pictured = async (who: Someone, bytes: Uint8Array) => {
    const { conversation } = await command(who, 'create', { create: { kind: 'self' } });
    const { file, code } = await upload(who, conversation.id, 'me.jpg', bytes, 'picture');
    return { notes: conversation.id as string, file, code };
  };
  const pathOf = ({ user }: Someone, id: string) => `/pictures/${user}/${id}`;
  const profileOf = async (asker: Someone, { user }: Someone) =>
    (await command(asker, 'profiles', { users: [user] })).profiles[0];

  test('is seen by whoever sees the profile, small and without a word about where, until it is another one', async () => {
    const { mara, theo } = await scene();
    const first = await pictured(mara, await hostile.withPlace());
    const { profile } = await command(mara, 'profile', { picture: first.file.id });
    expect(profile).toMatchObject({ picture: first.file.id, displayName: expect.any(String) });
    expect((await profileOf(theo, mara)).picture).toBe(first.file.id);
    const path = pathOf(mara, first.file.id);
    const got = await fetched(mara, path);
    expect([got.status, got.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(got.headers.get('cache-control')).toContain('immutable');
    expect(Buffer.from(got.bytes).toString('latin1')).not.toMatch(/EXIF|GPS/);
    // What was uploaded for it has no other use.
    expect(await command(mara, 'addresses', { conversation: first.notes, files: [first.file.id] })).toMatchObject({
      addresses: [],
    });
    // The same once more changes nothing, although the upload is gone.
    expect((await command(mara, 'profile', { picture: first.file.id })).profile.version).toBe(profile.version);

    const second = await pictured(mara, await hostile.png());
    await command(mara, 'profile', { picture: second.file.id, displayName: 'Mara L.' });
    expect(await profileOf(theo, mara)).toMatchObject({ picture: second.file.id, displayName: 'Mara L.' });
    expect((await fetched(mara, path)).status).toBe(404);
    expect((await fetched(mara, pathOf(mara, second.file.id))).status).toBe(200);

    await command(mara, 'profile', { picture: null });
    expect(await profileOf(theo, mara)).not.toHaveProperty('picture');
    expect((await fetched(mara, pathOf(mara, second.file.id))).status).toBe(404);
  });

  test('is one’s own and a picture, and nothing else', async () => {
    const { mara, theo, conversation } = await scene();
    const own = await pictured(mara, await hostile.jpeg());
    const elsewhere = await upload(mara, conversation, 'x.jpg', await hostile.jpeg(), 'picture');
    const plain = await upload(mara, own.notes, 'x.txt', text('hello'), 'file');
    expect((await pictured(mara, hostile.html)).code).toBe('unreadable_picture');
    for (const [who, id] of [
      [theo, own.file.id],
      [mara, elsewhere.file.id],
      [mara, plain.file.id],
      [mara, idFor('nothing')],
    ] as const) {
      expect(await command(who, 'profile', { picture: id })).toMatchObject({ code: 'not_found' });
      expect(await profileOf(mara, who)).not.toHaveProperty('picture');
    }
    for (const path of [pathOf(theo, own.file.id), pathOf(mara, own.file.id), `/pictures/${mara.user}/..%2F..`]) {
      expect((await fetched(mara, path)).status).toBe(404);
    }
  });
});

test('no bytes are left of a picture that was replaced, nor of one whose setting was cut off', async () => {
  const world = await World.open();
  const mara = await world.join('mara');
  const { conversation } = await mara.must('create', { create: { kind: 'self' } });
  const kept = async () => (await world.media.list(`pictures/${mara.user}`, '', 10)).map((key) => key.split('/')[2]);
  const ids = [idFor('first'), idFor('second')];
  for (const id of ids) {
    const info = { id, name: 'me.webp', bytes: 2, width: 1, height: 1 };
    const stored = JSON.stringify({ user: mara.user, info, at: world.clock.now() });
    await world.media.put(`files/${conversation.id}/${id}/small`, text('me'), 2);
    await world.store.putRecord(`files/${conversation.id}`, id, stored, 0);
  }
  await mara.must('profile', { picture: ids[0]! });
  expect(await kept()).toEqual([ids[0]!]);
  await mara.must('profile', { picture: ids[1]! });
  expect(await kept()).toEqual([ids[1]!]);
  // As if it had been set on another server that was cut off before it told the profile.
  await world.media.copy(`pictures/${mara.user}/${ids[1]}`, `pictures/${mara.user}/${ids[0]}`);
  await world.clock.pass(700_000);
  expect(await kept()).toEqual([ids[1]!]);
});
