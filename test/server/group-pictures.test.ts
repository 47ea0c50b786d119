/** The picture of a group: given by who leads it, seen by its members, and gone once it is another one. */
import { expect, test } from 'bun:test';
import { uploadFile } from '../../src/client/files.ts';
import { sharpPictures } from '../../src/media/sharp.ts';
import type { Entry } from '../../src/protocol/entities.ts';
import * as hostile from '../media/hostile.ts';
import { ask, running, signUp } from './running.ts';
import { idFor, type Peer, World } from './world.ts';

let keys = 0;
const newKey = () => idFor(`face ${keys++}`);

const send = async (by: Peer, conversation: string, draft: object) =>
  (await by.must('send', { conversation, drafts: [{ key: newKey(), ...draft } as never] })).results[0] as {
    seq?: number;
    code?: string;
  };
const give = (by: Peer, conversation: string, picture: string | null) =>
  send(by, conversation, { kind: 'pictured', picture });
const summaryOf = async (by: Peer, conversation: string) =>
  (await by.must('summaries', { conversations: [conversation] })).conversations[0];

async function scene() {
  const world = await World.open();
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const conversation = await world.group(mara, [theo]);
  /** As finishing an upload leaves it. */
  const uploaded = async ({ user }: Peer, size: object = { width: 1, height: 1 }) => {
    const id = newKey();
    const info = { id, name: 'face.webp', bytes: 4, ...size };
    await world.media.put(`files/${conversation}/${id}/small`, new TextEncoder().encode('face'), 4);
    const stored = JSON.stringify({ user, info, at: world.clock.now() });
    await world.store.putRecord(`files/${conversation}`, id, stored, 0);
    return id;
  };
  const kept = async (id: string) => (await world.media.list(`files/${conversation}/${id}`, '', 10)).length;
  return { world, mara, theo, conversation, uploaded, kept };
}

test('members fetch it, with a session or by the cookie of a slot, and nobody else does', async () => {
  const server = await running({ pictures: sharpPictures() });
  const [mara, theo, ines] = [await signUp(server, 'mara'), await signUp(server, 'theo'), await signUp(server, 'ines')];
  const command = async (token: string, type: string, fields: object) => {
    const { body } = await ask(server, '/api/commands', { token, body: [{ id: 1, type, ...fields }] });
    return body[0].result ?? body[0].error;
  };
  const create = { kind: 'group', key: newKey(), title: 'Choir', users: [theo.user.user], history: 'joined' };
  const id = (await command(mara.token, 'create', { create })).conversation.id as string;
  const change = (draft: object) =>
    command(mara.token, 'send', { conversation: id, drafts: [{ key: newKey(), ...draft }] });
  const pictured = async (bytes: Uint8Array) => {
    const content = new Blob([bytes as BlobPart]);
    const upload = { server: server.url, token: mara.token, conversation: id, content, name: 'IMG 7.JPG' } as const;
    const file = await uploadFile({ ...upload, as: 'picture' });
    expect((await change({ kind: 'pictured', picture: file.id })).results).toMatchObject([{ seq: expect.any(Number) }]);
    return file.id;
  };
  const fetched = async (picture: string, headers: Record<string, string>, slot = '') => {
    const answer = await fetch(`${server.url}${slot}/pictures/group/${id}/${picture}`, { headers });
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const as = (token: string) => ({ authorization: `Bearer ${token}` });

  const first = await pictured(await hostile.withPlace());
  const got = await fetched(first, as(theo.token));
  expect([got.status, got.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect(got.headers.get('cache-control')).toMatch(/^private, max-age=\d+/);
  expect(got.bytes.toString('latin1')).not.toMatch(/EXIF|GPS/);
  expect((await fetched(first, { ...as(theo.token), 'if-none-match': got.headers.get('etag')! })).status).toBe(304);
  expect((await fetched(first, {})).status).toBe(401);
  expect((await fetched(first, as(ines.token))).status).toBe(404);
  expect((await fetched(newKey(), as(theo.token))).status).toBe(404);
  expect((await fetched('..%2F..', as(theo.token))).status).toBe(404);

  const body = { name: 'theo', password: 'correct horse', device: 'browser' };
  const headers = { origin: server.url };
  const opened = await ask(server, '/3/api/sessions', { body, headers });
  const cookie = opened.headers.get('set-cookie')!.split(';')[0]!;
  expect((await fetched(first, { cookie }, '/3')).status).toBe(200);
  // Another slot has another cookie.
  expect((await fetched(first, { cookie }, '/4')).status).toBe(401);

  const second = await pictured(await hostile.png());
  expect((await fetched(first, as(mara.token))).status).toBe(404);
  expect((await fetched(second, as(theo.token))).status).toBe(200);
  await change({ kind: 'removed', user: theo.user.user });
  expect((await fetched(second, as(theo.token))).status).toBe(404);
  expect((await fetched(second, { cookie }, '/3')).status).toBe(404);
  await change({ kind: 'pictured', picture: null });
  expect((await fetched(second, as(mara.token))).status).toBe(404);
});

test('everybody in it is told, also who came later, and another server from its disk', async () => {
  const { world, mara, theo, conversation, uploaded } = await scene();
  const face = await uploaded(mara);
  await give(mara, conversation, face);
  const later = await world.join('ines');
  await send(mara, conversation, { kind: 'added', users: [later.user] });
  await world.clock.pass(200);
  const elsewhere = await world.join('theo', 'laptop', await world.server());
  for (const peer of [theo, later, elsewhere]) expect((await summaryOf(peer, conversation))?.picture).toBe(face);
  const page = await theo.must('history', { conversation, place: { last: true }, limit: 9 });
  expect(page.entries.find((entry: Entry) => entry.kind === 'pictured')).toMatchObject({ picture: face });
  await give(mara, conversation, null);
  for (const peer of [theo, later, elsewhere])
    expect(await summaryOf(peer, conversation)).not.toHaveProperty('picture');
});

test('it is a picture of one’s own for this group, and of nothing else', async () => {
  const { world, mara, theo, conversation, uploaded, kept } = await scene();
  const sent = await uploaded(mara);
  const body = { v: 1, text: 'Look' };
  await send(mara, conversation, { kind: 'message', attachments: [sent], body });
  const refused = [sent, await uploaded(theo), await uploaded(mara, {}), newKey()];
  for (const id of refused) expect(await give(mara, conversation, id)).toMatchObject({ code: 'file_gone' });
  expect(await give(theo, conversation, await uploaded(theo))).toMatchObject({ code: 'not_allowed' });
  const face = await uploaded(mara);
  await give(mara, conversation, face);
  // What a group has is no more to be sent.
  expect(await send(mara, conversation, { kind: 'message', attachments: [face], body })).toMatchObject({
    code: 'file_gone',
  });
  // And whoever names somebody's file for a picture takes nothing away.
  await world.clock.pass(700_000);
  expect([await kept(sent), await kept(face)]).toEqual([1, 1]);
});

test('no bytes are left of one that was replaced, in turn or at once, or whose server was cut off', async () => {
  const { world, mara, conversation, uploaded, kept } = await scene();
  const [first, second, third, fourth] = [
    await uploaded(mara),
    await uploaded(mara),
    await uploaded(mara),
    await uploaded(mara),
  ];
  await give(mara, conversation, first);
  await give(mara, conversation, second);
  expect([await kept(first), await kept(second)]).toEqual([0, 1]);
  const drafts = [third, fourth].map((picture) => ({ key: newKey(), kind: 'pictured' as const, picture }));
  await mara.must('send', { conversation, drafts });
  expect(await kept(second)).toBe(0);
  await world.clock.pass(700_000);
  expect([await kept(third), await kept(fourth)]).toEqual([0, 1]);
});
