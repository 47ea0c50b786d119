/**
 * Words that nobody may see any more, planted wherever words can stand: in messages, edits, names of files and pictures,
 * titles and what one began to write; of messages that expired, were read and went or were deleted, of a chat that has
 * ended, of one that was left, and of somebody who is blocked. They are in no answer, no push, no index and no log at once,
 * and those that went for good are in no byte of the data folder by the time that docs/data-model.md promises.
 */
import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from '../../src/core/crc32.ts';
import { diskMedia } from '../../src/media/disk.ts';
import type { Pictures } from '../../src/media/media.ts';
import type { FileInfo, Lifetime } from '../../src/protocol/entities.ts';
import { settingKey } from '../../src/protocol/settings.ts';
import type { Push } from '../../src/push/push.ts';
import { ThreadedIndex } from '../../src/search/threaded.ts';
import { openLevelStore } from '../../src/store/leveldb.ts';
import { folder } from '../endings.ts';
import { idFor, World } from './world.ts';

/** Only they have `jqx`. */
const WORDS = {
  expired: 'jqxexpired7q',
  read: 'jqxread7q',
  deleted: 'jqxdeleted7q',
  ended: 'jqxended7q',
  begun: 'jqxbegun7q',
  unsent: 'jqxunsent7q',
  left: 'leftword7q',
  kept: 'keptword7q',
  blocked: 'blockedword7q',
};
const all = Object.values(WORDS);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The engine may take a file away that was listed: then they are listed anew. */
function bytes(at: string): string {
  try {
    const files = readdirSync(at, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    return files.map((file) => `${file.name}\n${readFileSync(join(file.parentPath, file.name), 'latin1')}`).join('\n');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return bytes(at);
    throw error;
  }
}

const heldIn = (text: string, words: readonly string[]) => words.filter((word) => text.includes(word));

function logged(): { readonly lines: string[]; readonly stop: () => void } {
  const lines: string[] = [];
  const names = ['log', 'info', 'warn', 'error'] as const;
  const before = names.map((name) => console[name]);
  for (const name of names) console[name] = (...said: unknown[]) => void lines.push(said.map(String).join(' '));
  return {
    lines,
    stop: () => {
      for (const [i, name] of names.entries()) console[name] = before[i]!;
    },
  };
}

/** A picture that says in all its forms what its file said. */
const pictures: Pictures = {
  async read(content) {
    const bytes = new Uint8Array(await new Response(content as unknown as BodyInit).arrayBuffer());
    const placeholder = new TextDecoder().decode(bytes);
    return { width: 8, height: 8, placeholder, sizes: { small: bytes, medium: bytes, large: bytes } };
  },
};

async function scene() {
  const at = folder();
  const log = logged();
  const index = await ThreadedIndex.open(join(at, 'search'));
  const store = await openLevelStore({ folder: at, compression: false });
  const pushed: string[] = [];
  const push: Push = {
    key: 'key',
    mayReach: () => true,
    send: async (_, { payload }) => ({ kind: 'taken', status: pushed.push(payload) && 201 }),
  };
  const media = await diskMedia({ folder: join(at, 'media') });
  const world = await World.open({ store, index, push, pictures, media });
  const sessionOf = (name: string) => ({ user: idFor(name), device: idFor(`${name}/phone`) });
  let keys = 0;
  const newKey = () => idFor(`planted ${keys++}`);
  const ask = async (name: string, type: string, fields: object) =>
    (await world.node.execute(sessionOf(name), { id: 1, type, ...fields })) as { result?: Record<string, unknown> };
  const create = async (of: object) =>
    ((await ask('mara', 'create', { create: of })).result!['conversation'] as { id: string }).id;
  const group = (title: string, others: string[], more: object = {}) =>
    create({ kind: 'group', key: newKey(), title, users: others.map(idFor), history: 'joined', ...more });
  const outcome = async (conversation: string, draft: object, name = 'mara') => {
    const { result } = await ask(name, 'send', { conversation, drafts: [{ key: newKey(), ...draft }] });
    return (result as { results: { seq: number; code?: string }[] }).results[0]!;
  };
  const write = async (conversation: string, draft: object, name = 'mara') => {
    const sent = await outcome(conversation, draft, name);
    expect(sent.code).toBeUndefined();
    return sent.seq;
  };
  const message = (text: string, more: object = {}) => ({ kind: 'message', body: { v: 1, text }, ...more });
  const keep = (conversation: string, lifetime: Lifetime) => write(conversation, { kind: 'lifetime', lifetime });
  const begin = (name: string, conversation: string, value: string) =>
    ask(name, 'set', { key: settingKey.draft(conversation, sessionOf(name).device), value });

  const uploaded = async (conversation: string, word: string, as: 'file' | 'picture'): Promise<FileInfo> => {
    const [key, content] = [newKey(), new TextEncoder().encode(word)];
    const { uploads } = world.node;
    await uploads.begin(sessionOf('mara'), { key, conversation, name: `${word}.png`, bytes: content.length });
    await uploads.part(sessionOf('mara'), key, { offset: 0, crc: crc32(content) }, content);
    return (await uploads.finish(sessionOf('mara'), key, { as })).file!;
  };
  /** The word in its text, in the name and content of a file, in all of a picture, in an edit, and begun before. */
  const plant = async (conversation: string, word: string, edited = true) => {
    await begin('mara', conversation, `${word} is what`);
    const files = [await uploaded(conversation, word, 'file'), await uploaded(conversation, word, 'picture')];
    const attachments = files.map(({ id }) => id);
    const seq = await write(conversation, { kind: 'message', attachments, body: { v: 1, text: word, files } });
    await begin('mara', conversation, '');
    if (edited)
      await write(conversation, { kind: 'edited', target: seq, body: { v: 1, text: `${word} again`, files } });
    return { seq, files: attachments };
  };
  let steps = 0;
  /** Time passes, and a disk, an index and an engine have as much of it as they take, whatever this clock says. */
  const pass = async (ms: number) => {
    for (const end = world.clock.now() + ms; world.clock.now() < end; ) {
      await world.clock.pass(Math.min(Math.max(500, ms / 100), end - world.clock.now()));
      for (let i = 0; i < 8; i++) await store.raise('steps', [{ key: 'step', stamp: ++steps, value: '' }]);
    }
  };
  const until = async (isSo: () => boolean, ms: number) => {
    const deadline = performance.now() + 20_000;
    while (!isSo() && performance.now() < deadline) await pass(ms);
  };
  /** Waits until none of the words is in any byte. */
  const goneBy = async (words: readonly string[], time: number) => {
    await pass(time - world.clock.now());
    await until(() => heldIn(bytes(at), words).length === 0, 1_000);
    expect(heldIn(bytes(at), words)).toEqual([]);
    expect(world.clock.now()).toBeLessThan(time + 15 * MINUTE);
  };
  const close = async () => {
    await world.node.stop();
    await index.close();
    await store.close();
    log.stop();
    return [...log.lines, ...world.reports.map(String)].join('\n');
  };
  return {
    at,
    world,
    pushed,
    sessionOf,
    ask,
    create,
    group,
    outcome,
    write,
    message,
    keep,
    begin,
    uploaded,
    plant,
    pass,
    until,
    goneBy,
    close,
  };
}

test('a word that nobody may see is told nowhere at once, and lies nowhere once its hour is over', async () => {
  const {
    at,
    world,
    pushed,
    sessionOf,
    ask,
    create,
    group,
    outcome,
    write,
    message,
    keep,
    begin,
    uploaded,
    plant,
    until,
    pass,
    goneBy,
    close,
  } = await scene();
  const direct = await create({ kind: 'direct', user: idFor('theo') });
  const garden = await group('Garden', ['theo', 'ines']);
  const end = world.clock.now() + 50_000;
  const whole = await group(WORDS.ended, ['theo'], { lifetime: { kind: 'whole', until: end } });
  const stranger = await create({ kind: 'direct', user: idFor('ines') });
  for (const name of ['mara', 'theo']) {
    await ask(name, 'set', { key: settingKey.noticeShows, value: 'words' });
    const keys = { p256dh: 'B'.padEnd(87, 'A'), auth: 'A'.repeat(22) };
    await ask(name, 'subscribe', { endpoint: `https://push.example.org/${name}`, ...keys });
  }
  await write(garden, message(WORDS.kept));
  const deleted = await plant(garden, WORDS.deleted);
  await until(() => heldIn(pushed.join('\n'), all).includes(WORDS.deleted), 500);
  await write(garden, { kind: 'pinned', target: deleted.seq, pinned: true });
  await write(garden, { kind: 'reacted', target: deleted.seq, emoji: '👍' }, 'theo');
  await write(garden, message('an answer', { ref: deleted.seq }));
  await keep(direct, { kind: 'timer', seconds: 60 });
  const expired = await plant(direct, WORDS.expired);
  await keep(direct, { kind: 'timer', seconds: 60, after: 'reading' });
  const read = await plant(direct, WORDS.read);
  await write(whole, { kind: 'renamed', title: `${WORDS.ended} once more` });
  const ended = await plant(whole, WORDS.ended);
  const face = await uploaded(whole, WORDS.ended, 'picture');
  await write(whole, { kind: 'pictured', picture: face.id });
  await begin('theo', whole, WORDS.unsent);
  await begin('theo', direct, WORDS.begun);
  // More than a page of the feed comes after it.
  for (let i = 0; i < 70; i++)
    await ask('theo', 'set', { key: settingKey.mute(garden), value: i % 2 === 0 ? '1' : '' });
  await ask('theo', 'mark', { conversation: direct, delivered: read.seq, read: read.seq });

  const places = [{ last: true }, { before: 99 }, { after: 0 }, { around: 4 }, { date: 0 }];
  const files = [deleted, expired, read, ended].flatMap((planted) => planted.files);
  const rooms = [direct, garden, whole, stranger];
  /** All that could tell somebody of them. */
  const answers = async (name: string) => {
    const told: unknown[] = [];
    for (const conversation of rooms) {
      for (const place of places) told.push(await ask(name, 'history', { conversation, place, limit: 50 }));
      told.push(await ask(name, 'read', { ranges: [{ conversation, after: 0, to: 99 }], limit: 50 }));
      told.push(await ask(name, 'summaries', { conversations: [conversation] }));
      told.push(await ask(name, 'annotations', { conversation, from: 1, to: 99, limit: 50 }));
      for (let seq = 1; seq < 12; seq++) {
        told.push(await ask(name, 'versions', { conversation, seq, after: 0 }));
      }
      told.push(await ask(name, 'addresses', { conversation, files }));
    }
    told.push(await ask(name, 'conversations', { after: null, limit: 50 }));
    told.push(await ask(name, 'settings', { after: '', limit: 200 }));
    told.push(await ask(name, 'feed', { position: { epoch: 1, seq: 0 }, limit: 200 }));
    told.push(await ask(name, 'feed', { position: { epoch: 1, seq: 3 }, limit: 1 }));
    told.push(JSON.parse(await world.node.poll(sessionOf(name), { epoch: 1, seq: 0 }, 0)));
    for (const word of all) {
      told.push(await ask(name, 'search', { query: word, after: null, limit: 9 }));
      await world.clock.pass(100);
    }
    return JSON.stringify(told);
  };
  /** The addresses of these files, as theo was given them. */
  const addressed = async () => {
    const paths: { conversation: string; id: string; form: string; user: string; until: number; sign: string }[] = [];
    for (const conversation of [direct, garden, whole]) {
      const { result } = await ask('theo', 'addresses', { conversation, files });
      for (const { id, ...forms } of (result as { addresses: { id: string }[] }).addresses) {
        for (const path of Object.values(forms) as string[]) {
          const [, , , , form = '', user = '', last = '', sign = ''] = path.split('/');
          paths.push({ conversation, id, form, user, until: Number(last), sign });
        }
      }
    }
    return paths;
  };
  const served = async (paths: Awaited<ReturnType<typeof addressed>>) =>
    (await Promise.all(paths.map((path) => world.node.files.fetch(path)))).filter((file) => file !== null).length;

  expect(heldIn(await answers('theo'), all)).toEqual(
    all.filter((word) => word !== WORDS.left && word !== WORDS.blocked),
  );
  expect(heldIn(bytes(at), all)).toEqual(expect.arrayContaining([WORDS.deleted, WORDS.read, WORDS.ended, WORDS.begun]));
  const addresses = await addressed();
  expect([addresses.length, await served(addresses)]).toEqual([20, 20]);
  await until(() => heldIn(pushed.join('\n'), all).length > 1, 500);
  // Of what goes by itself nothing but the name of its group.
  expect(heldIn(pushed.join('\n'), all)).toEqual([WORDS.deleted, WORDS.ended]);
  pushed.splice(0);

  // Whom one blocks says nothing to one, and what is refused is kept by nobody.
  await ask('mara', 'set', { key: settingKey.block(idFor('ines')), value: '1' });
  expect((await outcome(stranger, message(WORDS.blocked), 'ines')).code).toBe('cannot_message');

  await write(garden, { kind: 'deleted', target: deleted.seq });
  await begin('theo', direct, '');
  await pass(MINUTE);
  for (const name of ['mara', 'theo', 'ines']) {
    const told = await answers(name);
    // What somebody has begun to write in it is taken from themselves, too, but within minutes.
    expect([
      name,
      ...heldIn(
        told,
        all.filter((word) => word !== WORDS.unsent),
      ),
    ]).toEqual([name, WORDS.kept]);
    for (const file of files) expect(told).not.toContain(`/${file}/`);
  }
  expect(await served(addresses)).toBe(0);
  await write(garden, message(WORDS.blocked), 'ines');
  await write(garden, { kind: 'removed', user: idFor('theo') });
  await write(garden, message(WORDS.left));
  await goneBy([WORDS.ended, WORDS.unsent], end + 2 * MINUTE);
  expect(heldIn(await answers('theo'), all)).toEqual([]);
  expect(heldIn(await answers('ines'), all)).toEqual([WORDS.left, WORDS.kept, WORDS.blocked]);
  await pass(10_000);
  expect(heldIn(pushed.join('\n'), all)).toEqual([]);

  await goneBy([WORDS.expired, WORDS.read, WORDS.deleted], HOUR + MINUTE);
  await goneBy([WORDS.begun], HOUR + MINUTE);
  expect(bytes(at)).toContain(WORDS.kept);
  expect(heldIn(await close(), all)).toEqual([]);
  const search = new Database(join(at, 'search', 'index.sqlite'), { readonly: true });
  const count = (gram: string) =>
    search.query<{ n: number }, [string]>('SELECT count(*) AS n FROM grams WHERE grams MATCH ?').get(`"${gram}"`)!.n;
  expect([count('jqx'), count('kep')]).toEqual([0, 1]);
  search.close();
}, 90_000);
