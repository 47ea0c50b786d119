/** What is done to messages, as it is served: right in every page, on every server, and without the words of what is gone. */
import { describe, expect, test } from 'bun:test';
import type { Draft } from '../../src/protocol/entities.ts';
import { openMemoryStore } from '../../src/store/memory.ts';
import { idFor, type Peer, settle, World } from './world.ts';

const SECRET = 'the word is xyzzy';
const NEWER = 'the word is plugh';

let keys = 0;
type Act = Draft extends infer D ? (D extends unknown ? Omit<D, 'key'> : never) : never;
async function act(peer: Peer, conversation: string, draft: Act) {
  const drafts = [{ key: idFor(`act ${keys++}`), ...draft } as Draft];
  return (await peer.must('send', { conversation, drafts })).results[0]! as { seq?: number; code?: string };
}
const edit = (target: number, text: string): Act => ({ kind: 'edited', target, body: { v: 1, text } });
const react = (target: number, emoji: string): Act => ({ kind: 'reacted', target, emoji });
const erase = (target: number): Act => ({ kind: 'deleted', target });

async function scene() {
  const world = await World.open();
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const conversation = await world.group(mara, [theo]);
  await mara.sends(conversation, SECRET);
  const page = (peer: Peer, around = 2) => peer.must('history', { conversation, place: { around }, limit: 9 });
  return { world, mara, theo, conversation, page };
}

/** A store, and what runs once, before it is next read what was deleted. */
async function interrupted() {
  const store = await openMemoryStore();
  const hook = { run: null as (() => Promise<unknown>) | null };
  const listed = store.listRegisters.bind(store);
  store.listRegisters = async (partition, ...page) => {
    const { run } = hook;
    if (run && partition.startsWith('gone/')) {
      hook.run = null;
      await run();
    }
    return listed(partition, ...page);
  };
  return { hook, store };
}

test('an act whose first try was stored while the second was judged is not refused for what it did itself', async () => {
  const { hook, store } = await interrupted();
  const world = await World.open({ store });
  const mara = await world.join('mara');
  const conversation = await world.group(mara, []);
  await mara.sends(conversation, SECRET);
  await world.clock.pass(1_000);
  const again = await world.join('mara', 'laptop', await world.server());
  const drafts = [{ key: idFor('once'), baseSeq: 2, kind: 'deleted' as const, target: 2 }];
  const send = async (peer: Peer) => (await peer.must('send', { conversation, drafts })).results[0];
  let first: unknown;
  hook.run = async () => {
    first = await send(mara);
    await world.clock.pass(1_000);
  };
  const second = await send(again);
  expect(first).toMatchObject({ seq: 3 });
  expect(second).toEqual(first as never);
  // Another one is refused all the same.
  const other = [{ key: idFor('other'), kind: 'deleted' as const, target: 2 }];
  const refused = await again.must('send', { conversation, drafts: other });
  expect(refused.results).toMatchObject([{ code: 'message_deleted' }]);
});

test('a message that was edited far above is right in every page', async () => {
  const { world, mara, theo, conversation, page } = await scene();
  for (let i = 0; i < 30; i++) await theo.sends(conversation, `m${i}`);
  await act(mara, conversation, edit(2, 'once'));
  await act(mara, conversation, edit(2, 'twice'));
  await act(theo, conversation, react(2, '👍'));
  const wanted = [
    { what: 'edited', target: 2, seq: 34, body: { v: 1, text: 'twice' } },
    { what: 'reacted', target: 2, seq: 35, by: theo.user, emoji: '👍' },
  ];
  const later = await world.join('theo', 'laptop', await world.server());
  for (const round of ['before it is fanned out', 'after it']) {
    expect([round, (await page(theo)).annotations]).toMatchObject([round, wanted]);
    expect([round, (await page(later)).annotations]).toMatchObject([round, wanted]);
    const ranges = [{ conversation, after: 1, to: 3 }];
    const [slice] = (await theo.must('read', { ranges, limit: 9 })).slices;
    expect(slice?.annotations).toMatchObject(wanted);
    expect(await theo.must('annotations', { conversation, from: 1, to: 35, limit: 9 })).toMatchObject({
      annotations: wanted,
      to: 35,
      asOf: 35,
    });
    await world.clock.pass(1_000);
  }
  expect((await page(theo, 20)).annotations).toBeUndefined();
  const { versions } = await theo.must('versions', { conversation, seq: 2, after: 0 });
  expect(versions.map(({ seq, body }) => [seq, body?.text])).toEqual([
    [2, SECRET],
    [33, 'once'],
    [34, 'twice'],
  ]);
  expect(world.reports).toEqual([]);
});

test('annotations come in pages that go on where they ended', async () => {
  const { world, theo, conversation } = await scene();
  for (let i = 0; i < 6; i++) await theo.sends(conversation, `m${i}`);
  for (const target of [8, 3, 5, 7]) await act(theo, conversation, react(target, '🎉'));
  await world.clock.pass(500);
  const first = await theo.must('annotations', { conversation, from: 1, to: 8, limit: 2 });
  expect([first.annotations.map(({ target }) => target), first.to]).toEqual([[3, 5], 6]);
  const rest = await theo.must('annotations', { conversation, from: first.to + 1, to: 8, limit: 2 });
  expect([rest.annotations.map(({ target }) => target), rest.to]).toEqual([[7, 8], 8]);
});

describe('once it is deleted', () => {
  async function deletion() {
    const made = await scene();
    const { world, mara, theo, conversation } = made;
    await act(mara, conversation, edit(2, NEWER));
    await act(theo, conversation, react(2, '👍'));
    const other = await world.join('theo', 'laptop', await world.server());
    await made.page(other);
    const { seq } = await act(mara, conversation, erase(2));
    return { ...made, other, seq: seq! };
  }
  async function everything(peer: Peer, conversation: string) {
    const before = peer.frames.length;
    for (const place of [{ last: true }, { before: 99 }, { after: 0 }, { around: 2 }, { date: 0 }] as const) {
      await peer.must('history', { conversation, place, limit: 50 });
    }
    await peer.must('read', { ranges: [{ conversation, after: 0, to: 99 }], limit: 50 });
    await peer.must('summaries', { conversations: [conversation] });
    await peer.must('conversations', { after: null, limit: 9 });
    await peer.must('annotations', { conversation, from: 1, to: 99, limit: 9 });
    expect((await peer.ask('versions', { conversation, seq: 2, after: 0 })).error?.code).toBe('message_deleted');
    return JSON.stringify(peer.frames.slice(before));
  }

  test('its words are in no answer, of no server, from the acknowledgement on', async () => {
    const { world, mara, theo, other, conversation } = await deletion();
    for (const peer of [mara, theo, other, await world.join('mara', 'tablet', await world.server())]) {
      const said = await everything(peer, conversation);
      expect([said.includes('xyzzy'), said.includes('plugh')]).toEqual([false, false]);
    }
  });

  test('its words leave the store before its fan-out counts as done', async () => {
    const { world, conversation } = await deletion();
    await world.clock.pass(1_000);
    const { rows } = await world.store.read(`c/${conversation}`, 1, 50);
    expect(JSON.stringify(rows)).not.toMatch(/xyzzy|plugh/);
    expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect((await world.store.getRegister(`progress/${conversation}`, 'fanned'))?.stamp).toBe(5);
  });

  test('they leave it, too, when the server fails in the middle', async () => {
    const { world, conversation } = await scene();
    const [mara] = [await world.join('mara', 'desk')];
    await act(mara, conversation, edit(2, NEWER));
    await world.clock.pass(500);
    const { scrub } = world.store;
    let failures = 0;
    world.store.scrub = async (id, seq) => {
      if (failures++ < 3) throw new Error('Lost on the way.');
      await scrub.call(world.store, id, seq);
    };
    await act(mara, conversation, erase(2));
    await world.clock.pass(10_000);
    expect(JSON.stringify((await world.store.read(`c/${conversation}`, 1, 50)).rows)).not.toMatch(/xyzzy|plugh/);
    expect(failures).toBeGreaterThan(3);
  });

  test('nothing more is done to it, by whichever server', async () => {
    const { mara, other, conversation } = await deletion();
    for (const draft of [
      edit(2, 'back'),
      react(2, '👍'),
      erase(2),
      { kind: 'pinned', target: 2, pinned: true } as Act,
    ]) {
      expect(await act(mara, conversation, draft)).toMatchObject({ code: 'message_deleted' });
    }
    expect(await act(other, conversation, react(2, '👍'))).toMatchObject({ code: 'message_deleted' });
  });

  test('the list says so, and does not count it', async () => {
    const { theo, mara, conversation, seq } = await deletion();
    const summary = async () => (await theo.must('summaries', { conversations: [conversation] })).conversations[0];
    expect(await summary()).toMatchObject({
      unread: 0,
      ordinal: 1,
      last: { seq: 2, body: null },
      annotations: [{ what: 'deleted', seq, by: mara.user }],
    });
    await mara.sends(conversation, 'another');
    expect(await summary()).toMatchObject({ unread: 1, last: { body: { text: 'another' } } });
  });
});

test('what is done to messages is neither unread nor news in the list', async () => {
  const { world, mara, theo, conversation } = await scene();
  const elsewhere = await world.direct(mara, theo);
  await world.clock.pass(5_000);
  await mara.sends(elsewhere, 'newer');
  await world.clock.pass(5_000);
  for (let i = 0; i < 1_100; i++) await act(mara, conversation, react(2, i % 2 ? '👍' : '🎉'));
  const { conversations } = await theo.must('conversations', { after: null, limit: 9 });
  expect(conversations.map(({ id, unread }) => [id, unread])).toEqual([
    [elsewhere, 1],
    [conversation, 1],
  ]);
  const fresh = await world.join('theo', 'laptop', await world.server());
  const again = await fresh.must('conversations', { after: null, limit: 9 });
  expect(again.conversations.map(({ id }) => id)).toEqual([elsewhere, conversation]);
});

test('the words of an edit are told to nobody who may not see the message', async () => {
  const { world, mara, conversation } = await scene();
  const [ines] = [await world.join('ines')];
  const other = await world.join('ines', 'laptop', await world.server());
  await act(mara, conversation, { kind: 'added', users: [ines.user] });
  await world.clock.pass(500);
  const page = await ines.must('history', { conversation, place: { last: true }, limit: 9 });
  expect(page.entries).toHaveLength(1);
  await act(mara, conversation, edit(2, NEWER));
  await act(mara, conversation, { kind: 'pinned', target: 2, pinned: true });
  await world.clock.pass(500);
  await settle();
  for (const peer of [ines, other]) {
    const place = { last: true } as const;
    const { entries } = await peer.must('history', { conversation, place, limit: 9 });
    expect(entries).toMatchObject([{ kind: 'added' }, { kind: 'edited', body: null }, { kind: 'pinned' }]);
    const { annotations } = await peer.must('annotations', { conversation, from: 1, to: 9, limit: 9 });
    expect(annotations).toEqual([]);
    expect((await peer.ask('versions', { conversation, seq: 2, after: 0 })).error?.code).toBe('not_found');
    const [summary] = (await peer.must('summaries', { conversations: [conversation] })).conversations;
    expect(summary?.pins).toBeUndefined();
    expect(JSON.stringify(peer.frames)).not.toMatch(/xyzzy|plugh/);
  }
  expect((await mara.must('summaries', { conversations: [conversation] })).conversations[0]?.pins).toEqual([2]);
});

test('each is checked against those before it in the same send', async () => {
  const { mara, conversation } = await scene();
  const drafts = [erase(2), edit(2, 'too late'), react(2, '👍')].map(
    (draft) => ({ key: idFor(`one send ${keys++}`), ...draft }) as Draft,
  );
  const { results } = await mara.must('send', { conversation, drafts });
  expect(results).toMatchObject([{ seq: 3 }, { code: 'message_deleted' }, { code: 'message_deleted' }]);
});

test('an act repeated with its key is done once, also when the message is gone', async () => {
  const { world, mara, conversation } = await scene();
  const drafts = [{ key: idFor('again'), baseSeq: 2, ...edit(2, NEWER) } as Draft];
  const send = () => mara.must('send', { conversation, drafts });
  const first = await send();
  await act(mara, conversation, erase(2));
  await world.clock.pass(500);
  expect(await send()).toEqual(first);
  const after = await world.join('mara', 'desk', await world.server());
  expect(await after.must('send', { conversation, drafts })).toMatchObject({ results: [{ seq: 3 }] });
  // Whose lane has read the log after the words were erased.
  await act(after, conversation, react(1, '👍'));
  expect(await after.must('send', { conversation, drafts })).toMatchObject({ results: [{ seq: 3 }] });
});

test('what is hidden is a message that is there', async () => {
  const { mara, conversation } = await scene();
  const set = async (key: string, value = '1') => (await mara.ask('set', { key, value })).error?.code;
  expect(await set(`hide/${conversation}/2`)).toBeUndefined();
  expect(await set(`hide/${conversation}/2`, '')).toBeUndefined();
  expect(await set(`hide/${conversation}/99`)).toBe('not_found');
  for (const wrong of ['0', '02', 'x', '', '2/3']) expect(await set(`hide/${conversation}/${wrong}`)).toBe('bad_frame');
});

test('the last message of a list is one that one has not hidden, on every device, also one that has just come', async () => {
  const { world, mara, theo, conversation } = await scene();
  const last = async (peer: Peer) =>
    (await peer.must('summaries', { conversations: [conversation] })).conversations[0]?.last?.seq ?? null;
  const hide = (seq: number, value = '1') => mara.must('set', { key: `hide/${conversation}/${seq}`, value });
  for (const text of ['one more', 'and one']) await theo.sends(conversation, text);
  const newest = (await last(mara))!;
  await hide(newest);
  expect(await last(mara)).toBe(newest - 1);
  expect(await last(await world.join('mara', 'laptop', await world.server()))).toBe(newest - 1);
  expect(await last(theo)).toBe(newest);
  await hide(newest, '');
  expect(await last(mara)).toBe(newest);
  for (let seq = newest; seq > 1; seq--) await hide(seq);
  expect(await last(mara)).toBeNull();
});
