/** Messages between two that go a while after they were read: when that is, for whom, and that nothing of them is left. */
import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Draft, Entry } from '../../src/protocol/entities.ts';
import { openLevelStore } from '../../src/store/leveldb.ts';
import { folder } from '../endings.ts';
import { idFor, type Peer, World } from './world.ts';

const SECRET = 'xyzzyR3adKp2mWt9';
const HOUR = 3_600_000;
const open = () => World.open({ deadAfterMs: 1e12 });

let keys = 0;
type Act = Draft extends infer D ? (D extends unknown ? Omit<D, 'key'> : never) : never;
async function act(peer: Peer, conversation: string, draft: Act) {
  const drafts = [{ key: idFor(`reading ${keys++}`), ...draft } as Draft];
  return (await peer.must('send', { conversation, drafts })).results[0]! as { seq?: number; code?: string };
}
const afterReading = (seconds: number): Act => ({
  kind: 'lifetime',
  lifetime: { kind: 'timer', seconds, after: 'reading' },
});

/** Two of whom one has said the secret, at 3, under a timer of a minute after reading. */
async function said(world: World) {
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const conversation = await world.direct(mara, theo);
  await act(mara, conversation, afterReading(60));
  await mara.sends(conversation, SECRET);
  return { mara, theo, conversation };
}

async function answers(peer: Peer, conversation: string): Promise<string> {
  const places = [{ last: true }, { before: 99 }, { after: 0 }, { around: 3 }, { date: 0 }] as const;
  const all = [
    ...places.map((place) => peer.must('history', { conversation, place, limit: 50 })),
    peer.must('read', { ranges: [{ conversation, after: 0, to: 99 }], limit: 50 }),
    peer.must('summaries', { conversations: [conversation] }),
    peer.must('conversations', { after: null, limit: 9 }),
    peer.ask('versions', { conversation, seq: 3, after: 0 }),
    peer.ask('annotations', { conversation, from: 1, to: 99, limit: 9 }),
    peer.must('search', { query: SECRET.slice(2, 9), after: null, limit: 9 }),
  ];
  return JSON.stringify(await Promise.all(all));
}

const log = async (peer: Peer, conversation: string): Promise<readonly Entry[]> =>
  (await peer.must('history', { conversation, place: { last: true }, limit: 50 })).entries;

test('the time begins when the other one has read it, and not when it is sent, delivered, or read by whoever wrote it', async () => {
  const world = await open();
  const { mara, theo, conversation } = await said(world);
  await theo.must('mark', { conversation, delivered: 3 });
  await mara.must('mark', { conversation, read: 3 });
  await world.clock.pass(HOUR * 3);
  expect(await answers(theo, conversation)).toContain(SECRET);
  const readAt = world.clock.now();
  await theo.must('mark', { conversation, read: 3 });
  expect((await log(mara, conversation)).at(-1)).toMatchObject({
    kind: 'started',
    sender: theo.user,
    targets: [3],
    expires: readAt + 60_000,
  });
  await world.clock.pass(59_000);
  for (const peer of [mara, theo]) expect(await answers(peer, conversation)).toContain(SECRET);
  await world.clock.pass(1_000);
  for (const peer of [mara, theo]) expect(await answers(peer, conversation)).not.toContain(SECRET);
  // Another server, which knows nothing yet, tells the same.
  const second = await world.join('theo', 'laptop', await world.server());
  expect(await answers(second, conversation)).not.toContain(SECRET);
  expect(world.reports).toEqual([]);
});

test('edits of before and after it was read go with it, and nothing is done to what is gone', async () => {
  const world = await open();
  const { mara, theo, conversation } = await said(world);
  const edit = (text: string) => act(mara, conversation, { kind: 'edited', target: 3, body: { v: 1, text } });
  await edit(`${SECRET} first`);
  await theo.must('mark', { conversation, read: 4 });
  await edit(`${SECRET} second`);
  expect(await answers(theo, conversation)).toContain(`${SECRET} second`);
  await world.clock.pass(60_000);
  expect(await answers(theo, conversation)).not.toContain(SECRET);
  expect((await edit('again')).code).toBe('message_deleted');
  expect((await act(theo, conversation, { kind: 'reacted', target: 3, emoji: '👍' })).code).toBe('message_deleted');
  await world.clock.pass(HOUR * 2);
  const rows = (await world.store.read(`c/${conversation}`, 1, 99)).rows;
  expect(JSON.stringify(rows)).not.toContain(SECRET);
  expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('what was read together begins together, once, and a later look begins nothing anew', async () => {
  const world = await open();
  const { mara, theo, conversation } = await said(world);
  await mara.sends(conversation, 'two');
  await theo.sends(conversation, 'own');
  await act(mara, conversation, afterReading(30));
  await mara.sends(conversation, 'three');
  const second = await world.join('theo', 'laptop', await world.server());
  await Promise.all([theo.must('mark', { conversation, read: 7 }), second.must('mark', { conversation, read: 7 })]);
  await world.clock.pass(10_000);
  await theo.must('mark', { conversation, read: 7 });
  const begun = (await log(mara, conversation)).filter((entry) => entry.kind === 'started');
  expect(begun.map(({ targets }) => targets)).toEqual([[3, 4], [7]]);
});

test('a mark that is hidden lets the time begin, too', async () => {
  const world = await open();
  const { mara, theo, conversation } = await said(world);
  await theo.must('set', { key: 'privacy/receipts', value: 'hidden' });
  await theo.must('mark', { conversation, read: 3 });
  const marks = (await mara.must('marks', { conversation })).marks.find(({ user }) => user === theo.user);
  expect(marks).toMatchObject({ delivered: 3, read: 0 });
  await world.clock.pass(60_000);
  expect(await answers(mara, conversation)).not.toContain(SECRET);
});

test('a mark that is not answered begins it, and its repetition does not begin it anew', async () => {
  const world = await open();
  const { mara, theo, conversation } = await said(world);
  const { raise } = world.store;
  let fails = true;
  world.store.raise = (partition, registers) =>
    fails && partition.startsWith('marks/')
      ? Promise.reject(new Error('cut off'))
      : raise.call(world.store, partition, registers);
  expect((await theo.ask('mark', { conversation, read: 3 })).error).toBeDefined();
  fails = false;
  await world.clock.pass(30_000);
  await theo.must('mark', { conversation, read: 3 });
  expect((await log(mara, conversation)).filter(({ kind }) => kind === 'started')).toHaveLength(1);
  await world.clock.pass(30_000);
  expect(await answers(theo, conversation)).not.toContain(SECRET);
});

test('only between two', async () => {
  const world = await open();
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const lifetime = { kind: 'timer' as const, seconds: 60, after: 'reading' as const };
  const group = await world.group(mara, [theo]);
  expect((await act(mara, group, { kind: 'lifetime', lifetime })).code).toBe('not_of_two');
  expect((await act(theo, group, { kind: 'lifetime', lifetime })).code).toBe('not_allowed');
  const own = (await mara.must('create', { create: { kind: 'self' } })).conversation.id;
  expect((await act(mara, own, { kind: 'lifetime', lifetime })).code).toBe('not_of_two');
  const create = { kind: 'group' as const, key: idFor('read'), title: 'Read', users: [], history: 'all' as const };
  expect((await mara.ask('create', { create: { ...create, lifetime } })).error?.code).toBe('not_of_two');
});

/** The engine may take a file away that was listed: then they are listed anew. */
function bytes(at: string): string {
  try {
    const files = readdirSync(at, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    return files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('\n');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return bytes(at);
    throw error;
  }
}

test('no byte of the data folder holds it once its hour is over', async () => {
  const at = folder();
  const world = await World.open({ store: await openLevelStore({ folder: at }) });
  const ask = async (name: string, type: string, fields: object) =>
    (await world.node.execute({ user: idFor(name), device: idFor(`${name}/phone`) }, { id: 1, type, ...fields })) as {
      result: Record<string, unknown>;
    };
  const { result } = await ask('mara', 'create', { create: { kind: 'direct', user: idFor('theo') } });
  const conversation = (result['conversation'] as { id: string }).id;
  const write = (draft: Act) =>
    ask('mara', 'send', { conversation, drafts: [{ key: idFor(`disk ${keys++}`), ...draft }] });
  await write(afterReading(60));
  await write({ kind: 'message', body: { v: 1, text: SECRET } });
  expect(bytes(at)).toContain(SECRET);
  await ask('theo', 'mark', { conversation, read: 3 });
  let steps = 0;
  const step = () => world.store.raise('steps', [{ key: 'step', stamp: ++steps, value: '' }]);
  // A disk and an engine that compacts on a thread of its own take as long as they take, whatever this clock says.
  const deadline = performance.now() + 25_000;
  while (bytes(at).includes(SECRET) && performance.now() < deadline) {
    await world.clock.pass(60_000);
    for (let i = 0; i < 8; i++) await step();
  }
  await world.node.stop();
  await world.store.close();
  expect(bytes(at)).not.toContain(SECRET);
  expect(world.reports).toEqual([]);
}, 30_000);
