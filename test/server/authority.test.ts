/** Who may read what: whoever is not a member now is told the same as if there were nothing. */
import { describe, expect, test } from 'bun:test';
import { digestMarks } from '../../src/core/receipts.ts';
import type { CommandName, Request } from '../../src/protocol/commands.ts';
import type { Entry } from '../../src/protocol/entities.ts';
import { idFor, type Peer, settle, World } from './world.ts';

const SECRET = 'the word is xyzzy';

/** Every command that names a conversation, and what asks for it. */
const QUESTIONS: { [N in CommandName]?: (conversation: string) => Request<N> } = {
  history: (conversation) => ({ conversation, place: { last: true }, limit: 50 }),
  read: (conversation) => ({ ranges: [{ conversation, after: 0, to: 9 }], limit: 50 }),
  summaries: (conversation) => ({ conversations: [conversation] }),
  annotations: (conversation) => ({ conversation, from: 1, to: 9, limit: 50 }),
  search: (conversation) => ({ query: '', conversation, after: null, limit: 9 }),
  versions: (conversation) => ({ conversation, seq: 2, after: 0 }),
  members: (conversation) => ({ conversation, after: null, limit: 50 }),
  marks: (conversation) => ({ conversation }),
  mark: (conversation) => ({ conversation, delivered: 3, read: 3 }),
  receipts: (conversation) => ({ conversation, seq: 2 }),
  typing: (conversation) => ({ conversation }),
  ping: (conversation) => ({ shown: [{ conversation, digest: 1 }], profiles: [] }),
};

async function scene() {
  const world = await World.open();
  const [mara, theo, ines] = [await world.join('mara'), await world.join('theo'), await world.join('ines')];
  const conversation = await world.group(mara, [theo]);
  await mara.sends(conversation, SECRET);
  return { world, mara, theo, ines, conversation };
}

const without = (text: string, id: string) => JSON.parse(text.replaceAll(id, 'ID'));
async function answers(peer: Peer, conversation: string) {
  const given: Record<string, unknown> = {};
  for (const [name, question] of Object.entries(QUESTIONS)) {
    const { result, error } = await peer.ask(name as CommandName, question(conversation) as never);
    const answer = result ? { ...(result as object), feedHead: 0 } : error;
    given[name] = without(JSON.stringify(answer), conversation);
  }
  return given;
}

const LOSING: [string, (mara: Peer, theo: Peer, conversation: string) => Promise<unknown>][] = [
  [
    'was removed',
    (mara, theo, conversation) =>
      mara.must('send', { conversation, drafts: [{ key: idFor('r'), kind: 'removed', user: theo.user }] }),
  ],
  ['left', (_, theo, conversation) => theo.must('send', { conversation, drafts: [{ key: idFor('l'), kind: 'left' }] })],
];

describe('asked about a conversation', () => {
  test('a stranger hears what is said of one that does not exist', async () => {
    const { ines, conversation } = await scene();
    expect(await answers(ines, conversation)).toEqual(await answers(ines, idFor('nothing')));
    expect(JSON.stringify(ines.frames)).not.toContain('xyzzy');
  });

  test.each(LOSING)('so does somebody who %s, at once and on another server', async (_, lose) => {
    const { world, mara, theo, conversation } = await scene();
    const other = await world.join('theo', 'laptop', await world.server());
    expect((await other.ask('history', QUESTIONS.history!(conversation))).result).toBeDefined();
    await lose(mara, theo, conversation);
    await settle();
    for (const peer of [theo, other]) {
      const before = peer.frames.length;
      expect(await answers(peer, conversation)).toEqual(await answers(peer, idFor('nothing')));
      expect(JSON.stringify(peer.frames.slice(before))).not.toContain('xyzzy');
    }
    const { entries } = await theo.must('feed', { position: { epoch: 1, seq: 0 }, limit: 50 });
    expect(JSON.stringify(entries)).not.toContain('xyzzy');
  });

  test('a stranger changes nothing', async () => {
    const { ines, conversation } = await scene();
    const key = idFor('k');
    const drafts = [
      { key, kind: 'message', body: { v: 1, text: 'x' } },
      { key, kind: 'added', users: [ines.user] },
      { key, kind: 'removed', user: ines.user },
      { key, kind: 'left' },
      { key, kind: 'accepted' },
      { key, kind: 'role', user: ines.user, role: 'owner' },
      { key, kind: 'renamed', title: 'mine' },
      { key, kind: 'pictured', picture: null },
      { key, kind: 'edited', target: 2, body: { v: 1, text: 'x' } },
      { key, kind: 'deleted', target: 2 },
      { key, kind: 'reacted', target: 2, emoji: '👍' },
      { key, kind: 'pinned', target: 2, pinned: true },
      { key, kind: 'lifetime', lifetime: { kind: 'timer', seconds: 60 } },
    ] as const;
    for (const draft of drafts) {
      for (const id of [conversation, idFor('nothing')]) {
        const { results } = await ines.must('send', { conversation: id, drafts: [draft as never] });
        expect(results).toEqual([{ key, code: 'not_found' }]);
      }
    }
  });
});

describe('what was before one came', () => {
  const textsOf = (entries: readonly Entry[]) =>
    entries.flatMap((entry) => (entry.kind === 'message' ? [entry.body?.text] : []));

  test.each([
    ['joined', ['after']],
    ['all', [SECRET, 'after']],
  ] as const)('in a group whose history is %s', async (history, texts) => {
    const world = await World.open();
    const [mara, ines] = [await world.join('mara'), await world.join('ines')];
    const conversation = await world.group(mara, [], history);
    await mara.sends(conversation, SECRET);
    await mara.must('send', { conversation, drafts: [{ key: idFor('a'), kind: 'added', users: [ines.user] }] });
    await mara.sends(conversation, 'after');
    await world.clock.pass(200);
    const places = [{ last: true }, { before: 99 }, { after: 0 }, { around: 2 }, { date: 0 }] as const;
    for (const place of places) {
      const page = await ines.must('history', { conversation, place, limit: 50 });
      expect(textsOf(page.entries)).toEqual(texts as never);
    }
    const { slices } = await ines.must('read', { ranges: [{ conversation, after: 0, to: 99 }], limit: 50 });
    expect(textsOf(slices[0]!.entries)).toEqual(texts as never);
    const times = await ines.ask('receipts', { conversation, seq: 2 });
    expect(times.error?.code).toBe(history === 'all' ? undefined : 'not_found');
    const draft = { key: idFor('answer'), kind: 'message' as const, ref: 2, body: { v: 1 as const, text: 'so?' } };
    const { results } = await ines.must('send', { conversation, drafts: [draft] });
    expect(results[0]).toMatchObject(history === 'all' ? { seq: 5 } : { code: 'not_found' });
  });

  test('whoever comes back sees both times, and not what was between', async () => {
    const { world, mara, theo, conversation } = await scene();
    const change = (draft: object) => mara.must('send', { conversation, drafts: [draft as never] });
    await change({ key: idFor('r'), kind: 'removed', user: theo.user });
    await mara.sends(conversation, 'between');
    await change({ key: idFor('a'), kind: 'added', users: [theo.user] });
    await mara.sends(conversation, 'again');
    await world.clock.pass(200);
    const page = await theo.must('history', { conversation, place: { last: true }, limit: 50 });
    expect(textsOf(page.entries)).toEqual([SECRET, 'again']);
    expect([page.from, page.to]).toEqual([1, 6]);
  });
});

test('what is hidden is passed over, not read, however much it is', async () => {
  const world = await World.open();
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const conversation = await world.group(mara, []);
  const change = (draft: object) =>
    mara.must('send', { conversation, drafts: [{ key: idFor(JSON.stringify(draft)), ...draft } as never] });
  const many = async (name: string) => {
    for (let i = 0; i < 40; i++) {
      const drafts = Array.from({ length: 64 }, (_, n) => {
        return { key: idFor(`${name} ${i} ${n}`), kind: 'message' as const, body: { v: 1 as const, text: name } };
      });
      await mara.must('send', { conversation, drafts });
    }
  };
  await many('before');
  await change({ kind: 'added', users: [theo.user] });
  await mara.sends(conversation, 'first');
  await change({ kind: 'removed', user: theo.user });
  await many('between');
  await change({ kind: 'added', users: [theo.user], baseSeq: 9 });
  await mara.sends(conversation, 'second');
  await world.clock.pass(200);
  const { read } = world.store;
  let reads = 0;
  world.store.read = (...asked) => {
    reads++;
    return read.apply(world.store, asked);
  };
  const { head } = (await theo.must('summaries', { conversations: [conversation] })).conversations[0]!;
  for (const place of [{ after: 0 }, { last: true }, { before: head + 1 }, { around: 2_000 }] as const) {
    reads = 0;
    const page = await theo.must('history', { conversation, place, limit: 50 });
    const texts = page.entries.flatMap((entry) => (entry.kind === 'message' ? [entry.body?.text] : []));
    expect([place, texts]).toEqual([place, ['first', 'second']]);
    expect([page.from <= 1, page.to]).toEqual([true, head]);
    expect(reads).toBeLessThan(10);
  }
  const { slices } = await theo.must('read', { ranges: [{ conversation, after: 0, to: head }], limit: 3 });
  expect(slices).toMatchObject([{ from: 1, entries: [{ kind: 'added' }, { kind: 'message' }, { kind: 'removed' }] }]);
  const ranges = [{ conversation, after: slices[0]!.to, to: head }];
  const { slices: rest } = await theo.must('read', { ranges, limit: 3 });
  expect(rest).toMatchObject([{ to: head, entries: [{ kind: 'added' }, { kind: 'message' }] }]);
  const hidden = [{ conversation, after: 5, to: 2_000 }];
  expect((await theo.must('read', { ranges: hidden, limit: 3 })).slices).toMatchObject([
    { from: 6, to: 2_000, entries: [] },
  ]);
});

test('a removal and a send at once: the message stands before it, or is refused', async () => {
  const world = await World.open();
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const other = await world.join('theo', 'laptop', await world.server());
  const conversation = await world.group(mara, []);
  let refused = 0;
  for (let round = 0; round < 300; round++) {
    const change = (name: string, draft: object) =>
      mara.must('send', { conversation, drafts: [{ key: idFor(`${name} ${round}`), ...draft } as never] });
    await change('a', { kind: 'added', users: [theo.user] });
    const from = round % 2 ? theo : other;
    const first = round % 3 === 0;
    const removal = first ? change('r', { kind: 'removed', user: theo.user }) : null;
    const sent = from.sends(conversation, `m${round}`);
    const { results } = await (removal ?? change('r', { kind: 'removed', user: theo.user }));
    const result = await sent;
    if ('seq' in result) expect(result.seq).toBeLessThan((results[0] as { seq: number }).seq);
    else {
      expect(result).toMatchObject({ code: 'not_member' });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(300);
  expect(world.reports).toEqual([]);
}, 20_000);

test('who was added while the head was being looked up is not refused by that look', async () => {
  const world = await World.open();
  const mara = await world.join('mara');
  const conversation = await world.group(mara, []);
  const theo = await world.join('theo', 'phone', await world.server());
  const ask = () => theo.ask('history', { conversation, place: { last: true }, limit: 50 });
  expect((await ask()).error?.code).toBe('not_found');
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const look = world.store.head.bind(world.store);
  let looks = 0;
  world.store.head = async (log) => {
    const head = await look(log);
    if (++looks === 1) await held;
    return head;
  };
  const looking = ask();
  while (looks === 0) await settle();
  await mara.must('send', { conversation, drafts: [{ key: idFor('a'), kind: 'added', users: [theo.user] }] });
  const sent = theo.sends(conversation, 'I am here');
  await settle();
  answer();
  expect(await sent).toMatchObject({ seq: 3 });
  await looking;
});

test('where receipts are hidden, read is delivered to everybody else, everywhere, and read to oneself', async () => {
  const { world, mara, theo, conversation } = await scene();
  const laptop = await world.join('theo', 'laptop');
  await theo.must('set', { key: 'privacy/receipts', value: 'hidden' });
  await mara.must('ping', { shown: [{ conversation, digest: 0 }], profiles: [] });
  expect(await theo.must('mark', { conversation, read: 2 })).toEqual({ delivered: 2, read: 2 });
  await world.clock.pass(2_000);
  const mark = { user: theo.user, delivered: 2, read: 0 };
  const own = { user: mara.user, delivered: 0, read: 0 };
  for (const peer of [mara, await world.join('mara', 'laptop', await world.server())]) {
    expect((await peer.must('marks', { conversation })).marks).toContainEqual(mark);
    const summary = (await peer.must('summaries', { conversations: [conversation] })).conversations[0]!;
    expect(summary.marks).toContainEqual(mark);
    const { receipts } = await peer.must('receipts', { conversation, seq: 2 });
    expect(receipts).toEqual([{ user: theo.user, deliveredAt: expect.any(Number), readAt: null }]);
    const shown = [{ conversation, digest: digestMarks([mark, own]) }];
    expect((await peer.must('ping', { shown, profiles: [] })).stale).toEqual([]);
  }
  expect(mara.events('receipts')).toEqual([{ type: 'receipts', conversation, marks: [mark] }]);
  expect((await laptop.must('summaries', { conversations: [conversation] })).conversations[0]).toMatchObject({
    read: 2,
    unread: 0,
  });
  const { entries } = await laptop.must('feed', { position: { epoch: 1, seq: 0 }, limit: 50 });
  expect(entries).toContainEqual(expect.objectContaining({ kind: 'read', conversation, to: 2 }));
  const { entries: others } = await mara.must('feed', { position: { epoch: 1, seq: 0 }, limit: 50 });
  expect(others.some(({ kind }) => kind === 'read')).toBe(false);
});
