/** What goes by itself: from every answer in its moment, from the store in its hour, and from every byte of the folder. */
import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Draft, Lifetime } from '../../src/protocol/entities.ts';
import { openLevelStore } from '../../src/store/leveldb.ts';
import { Unavailable } from '../../src/store/store.ts';
import { folder } from '../endings.ts';
import { idFor, type Peer, World } from './world.ts';

const SECRET = 'xyzzyQ7vKp2mWt9';
const HOUR = 3_600_000;

/** Nobody here pings. */
const open = () => World.open({ deadAfterMs: 1e12 });

let keys = 0;
type Act = Draft extends infer D ? (D extends unknown ? Omit<D, 'key'> : never) : never;
async function act(peer: Peer, conversation: string, draft: Act) {
  const drafts = [{ key: idFor(`lifetime ${keys++}`), ...draft } as Draft];
  return (await peer.must('send', { conversation, drafts })).results[0]! as { seq?: number; code?: string };
}
const keep = (lifetime: Lifetime): Act => ({ kind: 'lifetime', lifetime });
const timer = (seconds: number): Act => keep({ kind: 'timer', seconds });

/** Everything that could show a message, as one text. */
async function answers(peer: Peer, conversation: string): Promise<string> {
  const places = [{ last: true }, { before: 99 }, { after: 0 }, { around: 3 }, { date: 0 }] as const;
  const all = [
    ...places.map((place) => peer.must('history', { conversation, place, limit: 50 })),
    peer.must('read', { ranges: [{ conversation, after: 0, to: 99 }], limit: 50 }),
    peer.must('summaries', { conversations: [conversation] }),
    peer.must('conversations', { after: null, limit: 9 }),
    peer.ask('versions', { conversation, seq: 3, after: 0 }),
    peer.ask('annotations', { conversation, from: 1, to: 99, limit: 9 }),
  ];
  return JSON.stringify(await Promise.all(all));
}

const summary = async (peer: Peer, conversation: string) =>
  (await peer.must('summaries', { conversations: [conversation] })).conversations[0]!;

async function pair(world: World) {
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  return { mara, theo, conversation: await world.direct(mara, theo) };
}

describe('a timer', () => {
  test('takes words and edits from every answer in its moment, and not before', async () => {
    const world = await open();
    const { mara, theo, conversation } = await pair(world);
    await act(mara, conversation, timer(60));
    await mara.sends(conversation, SECRET);
    await act(mara, conversation, { kind: 'edited', target: 3, body: { v: 1, text: `${SECRET} again` } });
    await world.clock.pass(59_000);
    expect(await answers(theo, conversation)).toContain(SECRET);
    expect((await summary(theo, conversation)).unread).toBe(1);
    await world.clock.pass(1_000);
    expect(await answers(theo, conversation)).not.toContain(SECRET);
    const second = await world.join('theo', 'laptop', await world.server());
    expect(await answers(second, conversation)).not.toContain(SECRET);
    expect((await summary(theo, conversation)).unread).toBe(0);
    const { entries } = await theo.must('history', { conversation, place: { last: true }, limit: 9 });
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect((await act(theo, conversation, { kind: 'reacted', target: 3, emoji: '👍' })).code).toBe('message_deleted');
    expect(world.reports).toEqual([]);
  });

  test('holds for what is sent after it, and a change leaves what was sent as it was', async () => {
    const world = await open();
    const { mara, theo, conversation } = await pair(world);
    await mara.sends(conversation, 'stays');
    await act(theo, conversation, timer(10));
    await mara.sends(conversation, 'goes');
    await act(mara, conversation, keep({ kind: 'always' }));
    await mara.sends(conversation, 'stays, too');
    await world.clock.pass(HOUR * 3);
    const { entries } = await theo.must('history', { conversation, place: { last: true }, limit: 9 });
    const texts = entries.flatMap((entry) => (entry.kind === 'message' ? [entry.body?.text ?? null] : []));
    expect(texts).toEqual(['stays', null, 'stays, too']);
  });

  test('lets the same key be one message also once its words are gone', async () => {
    const world = await open();
    const { mara, conversation } = await pair(world);
    await act(mara, conversation, timer(5));
    const drafts = [
      { key: idFor('once'), kind: 'message' as const, baseSeq: 2, body: { v: 1 as const, text: SECRET } },
    ];
    const first = (await mara.must('send', { conversation, drafts })).results[0]!;
    await world.clock.pass(HOUR * 2);
    const later = await world.join('mara', 'laptop', await world.server());
    expect((await later.must('send', { conversation, drafts })).results[0]).toEqual(first);
  });
});

describe('who may change how long things stay', () => {
  const cases: [string, (s: Awaited<ReturnType<typeof group>>) => Promise<{ code?: string }>, string | undefined][] = [
    ['the owner of a group', ({ mara, id }) => act(mara, id, timer(60)), undefined],
    ['a member of a group', ({ theo, id }) => act(theo, id, timer(60)), 'not_allowed'],
    ['either of two', ({ theo, direct }) => act(theo, direct, timer(60)), undefined],
    [
      'what stays does not end between two',
      ({ mara, direct }) => act(mara, direct, keep({ kind: 'whole' })),
      'not_allowed',
    ],
  ];
  async function group() {
    const world = await open();
    const { mara, theo, conversation: direct } = await pair(world);
    return { mara, theo, direct, id: await world.group(mara, [theo]) };
  }
  test.each(cases)('%s', async (_, change, code) => {
    expect((await change(await group())).code).toBe(code!);
  });
});

describe('a conversation that is temporary as a whole', () => {
  async function temporary(world: World, until: number | null) {
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const create = { kind: 'direct' as const, user: theo.user, key: idFor(`temporary ${keys++}`) };
    const { conversation } = await mara.must('create', {
      create: { ...create, lifetime: { kind: 'whole', ...(until === null ? {} : { until }) } },
    });
    return { mara, theo, id: conversation.id, create };
  }

  test('is told nothing of from its end on, and refuses everything', async () => {
    const world = await open();
    const until = world.clock.now() + 90_000;
    const { mara, theo, id } = await temporary(world, until);
    expect(id).not.toBe(await world.direct(mara, theo));
    await mara.sends(id, SECRET);
    await act(theo, id, { kind: 'reacted', target: 2, emoji: '🦊' });
    await world.clock.pass(89_000);
    expect(await answers(theo, id)).toContain(SECRET);
    await world.clock.pass(1_000);
    for (const moment of ['at once', 'once it is trimmed']) {
      const told = await answers(theo, id);
      expect([moment, told.includes(SECRET), told.includes('🦊')]).toEqual([moment, false, false]);
      expect(await summary(theo, id)).toMatchObject({ last: null, unread: 0 });
      for (const draft of [{ kind: 'message', body: { v: 1, text: 'x' } }, timer(60), { kind: 'left' }] as Act[]) {
        expect((await act(mara, id, draft)).code).toBe('conversation_ended');
      }
      await world.clock.pass(180_000);
    }
    expect((await world.store.read(`c/${id}`, 1, 99)).rows.map(({ seq }) => seq)).toEqual([4]);
    // Another server, which knows nothing yet, tells the same.
    const later = await world.join('theo', 'laptop', await world.server());
    expect(await summary(later, id)).toMatchObject({ head: 4, last: null });
    expect(world.reports).toEqual([]);
  });

  test('ends once the store takes it, when it takes nothing at first', async () => {
    const world = await open();
    const { mara, id } = await temporary(world, world.clock.now() + 90_000);
    await mara.sends(id, SECRET);
    const { append } = world.store;
    world.store.append = async () => {
      throw new Unavailable('No room.', 'full');
    };
    await world.clock.pass(240_000);
    world.store.append = append;
    await world.clock.pass(240_000);
    expect((await world.store.read(`c/${id}`, 1, 99)).rows.map(({ seq }) => seq)).toEqual([3]);
  });

  test('is read to its end and no further, and marked as read, once it is trimmed', async () => {
    const world = await open();
    const { mara, theo, id } = await temporary(world, world.clock.now() + 90_000);
    await mara.sends(id, SECRET);
    await act(mara, id, { kind: 'deleted', target: 2 });
    await world.clock.pass(400_000);
    const { slices } = await theo.must('read', { ranges: [{ conversation: id, after: 1, to: 3 }], limit: 9 });
    expect(slices).toMatchObject([{ from: 2, to: 3, entries: [] }]);
    expect((await theo.ask('mark', { conversation: id, delivered: 4, read: 4 })).error).toBeUndefined();
    expect(world.reports).toEqual([]);
  });

  test('goes on when its end is moved', async () => {
    const world = await open();
    const { mara, theo, id } = await temporary(world, world.clock.now() + 90_000);
    await mara.sends(id, SECRET);
    await act(theo, id, keep({ kind: 'whole', until: world.clock.now() + HOUR }));
    await world.clock.pass(200_000);
    expect(await answers(theo, id)).toContain(SECRET);
    await world.clock.pass(HOUR);
    expect(await answers(theo, id)).not.toContain(SECRET);
  });

  test('ends when the last member leaves', async () => {
    const world = await open();
    const { mara, theo, id } = await temporary(world, null);
    await mara.sends(id, SECRET);
    for (const peer of [mara, theo]) expect((await act(peer, id, { kind: 'left' })).code).toBeUndefined();
    await world.clock.pass(200_000);
    const { rows } = await world.store.read(`c/${id}`, 1, 99);
    expect(rows.map(({ header }) => JSON.parse(header).kind)).toEqual(['ended']);
  });

  test('of two is made with a key, and what stays without', async () => {
    const world = await open();
    const { mara, create } = await temporary(world, null);
    const asked = async (more: object) =>
      (await mara.ask('create', { create: { ...create, ...more } } as never)).error?.code;
    expect(await asked({})).toBe('not_allowed');
    expect(await asked({ lifetime: { kind: 'timer', seconds: 60 } })).toBe('not_allowed');
  });
});

describe('no byte of the data folder holds', () => {
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

  /** Commands are waited for as long as a disk takes. */
  async function onDisk() {
    const at = folder();
    const world = await World.open({ store: await openLevelStore({ folder: at, compression: false }) });
    const session = { user: idFor('mara'), device: idFor('mara/phone') };
    const ask = async (type: string, fields: object) =>
      (await world.node.execute(session, { id: 1, type, ...fields })) as { result: Record<string, unknown> };
    const { result } = await ask('create', {
      create: { kind: 'group', key: idFor('group'), title: 'Garden', users: [idFor('theo')], history: 'joined' },
    });
    const id = (result['conversation'] as { id: string }).id;
    const write = (draft: Act) =>
      ask('send', { conversation: id, drafts: [{ key: idFor(`disk ${keys++}`), ...draft }] });
    const say = (text: string) => write({ kind: 'message', body: { v: 1, text } });
    const close = async () => {
      await world.node.stop();
      await world.store.close();
    };
    return { at, world, id, write, say, close };
  }

  test('what had a timer, at any time; and no key opens it after its hour', async () => {
    const { at, world, id, write, say, close } = await onDisk();
    await say('control8Hq3ZrT');
    await write(timer(60));
    await say(SECRET);
    expect(bytes(at)).toContain('control8Hq3ZrT');
    expect(bytes(at)).not.toContain(SECRET);
    const key = Object.values(JSON.parse(readFileSync(join(at, 'keys.json'), 'utf8')) as object)[0] as string;
    const body = async () => (await world.store.read(`c/${id}`, 4, 1)).rows[0]?.body;
    expect(await body()).toContain(SECRET);
    await world.store.destroyKeys(world.clock.now() + 2 * HOUR);
    expect(await body()).toBeNull();
    expect(bytes(at)).not.toContain(key);
    await close();
  });

  test.each<[string, Act]>([
    ['what was deleted', { kind: 'deleted', target: 2 }],
    ['a chat that has ended', keep({ kind: 'whole', until: 0 })],
  ])(
    '%s, once its hour is over',
    async (_, erase) => {
      const { at, world, write, say, close } = await onDisk();
      await say(SECRET);
      expect(bytes(at)).toContain(SECRET);
      await write(erase);
      let steps = 0;
      const step = () => world.store.raise('steps', [{ key: 'step', stamp: ++steps, value: '' }]);
      // A disk and an engine that compacts on a thread of its own take as long as they take, whatever this clock says.
      const deadline = performance.now() + 25_000;
      while (bytes(at).includes(SECRET) && performance.now() < deadline) {
        await world.clock.pass(60_000);
        for (let i = 0; i < 8; i++) await step();
      }
      await close();
      expect(bytes(at)).not.toContain(SECRET);
      expect(world.reports).toEqual([]);
    },
    30_000,
  );
});
