/**
 * Words that nobody may see any more, planted in messages that expired, were read and went, were deleted
 * in a chat that has ended, and in one that was left: they are in no answer, no index and no log at once, and those that
 * went for good are, once their hour is over, in no byte of the data folder.
 */
import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from '../../src/core/crc32.ts';
import { diskMedia } from '../../src/media/disk.ts';
import type { FileInfo, Lifetime } from '../../src/protocol/entities.ts';
import { ThreadedIndex } from '../../src/search/threaded.ts';
import { openLevelStore } from '../../src/store/leveldb.ts';
import { folder } from '../endings.ts';
import { idFor, World } from './world.ts';

const WORDS = {
  expired: 'xyzzyexpired7q',
  read: 'xyzzyread7q',
  deleted: 'xyzzydeleted7q',
  ended: 'xyzzyended7q',
  left: 'xyzzyleft7q',
  kept: 'xyzzykept7q',
};
/** What is in no byte in the end. */
const ERASED = [WORDS.expired, WORDS.read, WORDS.deleted, WORDS.ended];

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

test('a word that nobody may see is told nowhere at once, and lies nowhere once its hour is over', async () => {
  const at = folder();
  const log = logged();
  const index = await ThreadedIndex.open(join(at, 'search'));
  const store = await openLevelStore({ folder: at });
  const world = await World.open({ store, index, media: await diskMedia({ folder: join(at, 'media') }) });
  const sessionOf = (name: string) => ({ user: idFor(name), device: idFor(`${name}/phone`) });
  let keys = 0;
  const newKey = () => idFor(`planted ${keys++}`);
  const ask = async (name: string, type: string, fields: object) =>
    (await world.node.execute(sessionOf(name), { id: 1, type, ...fields })) as { result?: Record<string, unknown> };
  const create = async (of: object) =>
    ((await ask('mara', 'create', { create: of })).result!['conversation'] as { id: string }).id;
  const write = async (conversation: string, draft: object, name = 'mara') => {
    const { result } = await ask(name, 'send', { conversation, drafts: [{ key: newKey(), ...draft }] });
    const [sent] = (result as { results: { seq: number; code?: string }[] }).results;
    expect(sent?.code).toBeUndefined();
    return sent!.seq;
  };
  const say = (conversation: string, text: string, more: object = {}) =>
    write(conversation, { kind: 'message', ...more, body: { v: 1, text, ...('files' in more ? more : {}) } });
  const keep = (conversation: string, lifetime: Lifetime) => write(conversation, { kind: 'lifetime', lifetime });

  /** With the word in its name and its content. */
  const sayFile = async (conversation: string, word: string) => {
    const [key, content] = [newKey(), new TextEncoder().encode(word)];
    const { uploads } = world.node;
    await uploads.begin(sessionOf('mara'), { key, conversation, name: `${word}.txt`, bytes: content.length });
    await uploads.part(sessionOf('mara'), key, { offset: 0, crc: crc32(content) }, content);
    const { file } = (await uploads.finish(sessionOf('mara'), key, { as: 'file' })) as { file: FileInfo };
    const body = { v: 1, text: word, files: [file] };
    return { file: file.id, seq: await write(conversation, { kind: 'message', attachments: [file.id], body }) };
  };

  const direct = await create({ kind: 'direct', user: idFor('theo') });
  const garden = { kind: 'group', title: 'Garden', users: [idFor('theo')], history: 'joined' };
  const group = await create({ ...garden, key: newKey() });
  const ending = {
    kind: 'direct',
    user: idFor('theo'),
    lifetime: { kind: 'whole', until: world.clock.now() + 50_000 },
  };
  const whole = await create({ ...ending, key: newKey() });
  await say(group, WORDS.kept);
  const deleted = await sayFile(group, WORDS.deleted);
  await write(group, { kind: 'edited', target: deleted.seq, body: { v: 1, text: `${WORDS.deleted} again` } });
  await write(group, { kind: 'pinned', target: deleted.seq, pinned: true });
  await write(group, { kind: 'reacted', target: deleted.seq, emoji: '👍' }, 'theo');
  await say(group, 'an answer', { ref: deleted.seq });
  await keep(direct, { kind: 'timer', seconds: 60 });
  const expired = await sayFile(direct, WORDS.expired);
  await write(direct, { kind: 'edited', target: expired.seq, body: { v: 1, text: `${WORDS.expired} again` } });
  await keep(direct, { kind: 'timer', seconds: 60, after: 'reading' });
  const read = await sayFile(direct, WORDS.read);
  const ended = await sayFile(whole, WORDS.ended);
  await ask('theo', 'mark', { conversation: direct, delivered: read.seq, read: read.seq });

  const places = [{ last: true }, { before: 99 }, { after: 0 }, { around: 4 }, { date: 0 }];
  const files = [deleted, expired, read, ended].map(({ file }) => file);
  /** All that could tell somebody of them. */
  const answers = async (name: string) => {
    const told: unknown[] = [];
    for (const conversation of [direct, group, whole]) {
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
    told.push(await ask(name, 'feed', { position: { epoch: 1, seq: 0 }, limit: 200 }));
    told.push(JSON.parse(await world.node.poll(sessionOf(name), { epoch: 1, seq: 0 }, 0)));
    for (const word of Object.values(WORDS)) {
      told.push(await ask(name, 'search', { query: word.slice(2), after: null, limit: 9 }));
      await world.clock.pass(100);
    }
    return JSON.stringify(told);
  };

  expect(heldIn(await answers('theo'), Object.values(WORDS))).toEqual(
    Object.values(WORDS).filter((word) => word !== WORDS.left),
  );
  expect(heldIn(bytes(at), [WORDS.deleted, WORDS.read, WORDS.ended])).toHaveLength(3);

  await write(group, { kind: 'deleted', target: deleted.seq });
  await world.clock.pass(60_000);
  for (const name of ['mara', 'theo']) {
    const told = await answers(name);
    expect([name, ...heldIn(told, Object.values(WORDS))]).toEqual([name, WORDS.kept]);
    for (const file of files) expect(told).not.toContain(`/media/${direct}/${file}`);
  }
  await write(group, { kind: 'removed', user: idFor('theo') });
  await say(group, WORDS.left);
  expect(heldIn(await answers('theo'), Object.values(WORDS))).toEqual([]);
  expect(heldIn(await answers('mara'), Object.values(WORDS))).toEqual([WORDS.left, WORDS.kept]);

  // A disk, an index and an engine on threads of their own take as long as they take, whatever this clock says.
  let steps = 0;
  const deadline = performance.now() + 50_000;
  while (heldIn(bytes(at), ERASED).length > 0 && performance.now() < deadline) {
    await world.clock.pass(60_000);
    for (let i = 0; i < 8; i++) await store.raise('steps', [{ key: 'step', stamp: ++steps, value: '' }]);
  }
  const left = bytes(at);
  log.stop();
  expect(heldIn(left, ERASED)).toEqual([]);
  expect(left).toContain(WORDS.kept);
  expect(heldIn([...log.lines, ...world.reports.map(String)].join('\n'), Object.values(WORDS))).toEqual([]);
  await world.node.stop();
  await index.close();
  await store.close();
}, 90_000);
