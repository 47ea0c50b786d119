/** Finding messages on whole servers: the index says where to look, the log says what may be seen. */
import { afterEach, expect, test } from 'bun:test';
import { openMemoryStore } from '../../src/store/memory.ts';
import { idFor, type Peer, World } from './world.ts';

let world: World;
afterEach(async () => {
  await world.node.stop();
  expect(world.reports).toEqual([]);
});

const search = async (peer: Peer, query: string, more: object = {}) => {
  // Until it stands in the list of who is in it.
  await world.clock.pass(20);
  const { hits } = await peer.must('search', { query, after: null, limit: 50, ...more });
  return hits.map(({ entry, annotations = [] }) => {
    const edited = annotations.find(({ what }) => what === 'edited');
    if (edited?.what === 'edited') return edited.body?.text;
    return entry.kind === 'message' ? entry.body?.text : entry.kind;
  });
};

const act = async (peer: Peer, conversation: string, draft: object) => {
  const key = idFor(JSON.stringify([peer.user, conversation, draft]));
  const { results } = await peer.must('send', { conversation, drafts: [{ key, ...draft } as never] });
  if (!('seq' in results[0]!)) throw new Error(JSON.stringify(results[0]));
  return results[0].seq;
};

async function choir() {
  world = await World.open();
  const [mara, theo, ines] = [await world.join('mara'), await world.join('theo'), await world.join('ines')];
  const group = await world.group(mara, [theo]);
  return { mara, theo, ines, group };
}

test('one finds what was just written, in all one’s conversations or one of them', async () => {
  const { mara, theo, ines, group } = await choir();
  const direct = await world.direct(mara, ines);
  await mara.sends(group, 'Rehearsal in the Zoë hall');
  await mara.sends(direct, 'The hall is cold');
  expect(await search(mara, 'hall')).toEqual(['The hall is cold', 'Rehearsal in the Zoë hall']);
  expect(await search(mara, 'zoe hears')).toEqual(['Rehearsal in the Zoë hall']);
  expect(await search(mara, 'hall', { conversation: direct })).toEqual(['The hall is cold']);
  expect(await search(theo, 'hall')).toEqual(['Rehearsal in the Zoë hall']);
  expect(await search(theo, 'hall', { sender: theo.user })).toEqual([]);
  expect((await theo.ask('search', { query: '', conversation: direct, after: null, limit: 9 })).error?.code).toBe(
    'not_found',
  );
});

test('what was before one joined, or of where one is no more, is not found', async () => {
  const { mara, theo, ines, group } = await choir();
  await mara.sends(group, 'a secret of before');
  await act(mara, group, { kind: 'added', users: [ines.user] });
  await mara.sends(group, 'a secret of after');
  await world.clock.pass(1_000);
  expect(await search(ines, 'secret')).toEqual(['a secret of after']);
  await act(mara, group, { kind: 'removed', user: theo.user });
  expect(await search(theo, 'secret')).toEqual([]);
  await act(ines, group, { kind: 'left' });
  expect(await search(ines, 'secret')).toEqual([]);
});

test('an edited message is found by its new words, a deleted one by none, at once', async () => {
  const { mara, theo, group } = await choir();
  const [first, second, third] = [
    await act(mara, group, { kind: 'message', body: { v: 1, text: 'the violin' } }),
    await act(mara, group, { kind: 'message', body: { v: 1, text: 'the viola' } }),
    await act(mara, group, { kind: 'message', body: { v: 1, text: 'the violone' } }),
  ];
  expect(await search(theo, 'viol')).toHaveLength(3);
  await act(mara, group, { kind: 'edited', target: first, body: { v: 1, text: 'the cello' } });
  await act(mara, group, { kind: 'deleted', target: second });
  await theo.must('set', { key: `hide/${group}/${third}`, value: '1' });
  expect(await search(theo, 'viol')).toEqual([]);
  expect(await search(theo, 'cell')).toEqual(['the cello']);
  expect(await search(mara, 'viol')).toEqual(['the violone']);
  await world.clock.pass(5_000);
  expect(await search(mara, 'viol')).toEqual(['the violone']);
});

test('what has expired, or of a chat that has ended, is not found, and leaves the index', async () => {
  const { mara, theo, group } = await choir();
  // A connection that says nothing is closed meanwhile.
  const later = (name: string) => world.join(name, `tablet ${world.clock.now()}`);
  await act(mara, group, { kind: 'lifetime', lifetime: { kind: 'timer', seconds: 60 } });
  await mara.sends(group, 'a secret for a minute');
  expect(await search(theo, 'secret')).toEqual(['a secret for a minute']);
  await world.clock.pass(60_000);
  expect(await search(await later('theo'), 'secret')).toEqual([]);
  const scopes = [{ conversation: group, intervals: [{ from: 1, to: 0 }] }];
  const held = async () => (await world.search.find({ query: 'secret', scopes, after: null, limit: 9 })).hits.length;
  expect(await held()).toBe(1);
  await world.clock.pass(3_700_000);
  expect(await held()).toBe(0);
  const until = world.clock.now() + 60_000;
  const again = await later('mara');
  await act(again, group, { kind: 'lifetime', lifetime: { kind: 'whole', until } });
  await again.sends(group, 'a secret to the end');
  expect(await search(again, 'secret')).toEqual(['a secret to the end']);
  await world.clock.pass(60_000);
  expect(await search(await later('theo'), 'secret')).toEqual([]);
  await world.clock.pass(70_000);
  expect(await held()).toBe(0);
});

test('pages are newest first and without a double, though something comes between', async () => {
  const { mara, group } = await choir();
  for (let i = 1; i <= 10; i++) await mara.sends(group, `note ${i}`);
  await world.clock.pass(20);
  const texts: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: { hits: { entry: unknown }[]; next: string | null } = await mara.must('search', {
      query: 'note',
      after,
      limit: 3,
    });
    texts.push(...page.hits.map(({ entry }) => (entry as { body: { text: string } }).body.text));
    if (page.next === null) break;
    after = page.next;
    await mara.sends(group, `note of later ${texts.length}`);
  }
  expect(texts).toEqual(Array.from({ length: 10 }, (_, i) => `note ${10 - i}`));
});

test('a lost index is made again from the logs, and says meanwhile that it is not complete', async () => {
  const store = await openMemoryStore();
  world = await World.open({ store });
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const direct = await world.direct(mara, theo);
  for (let i = 0; i < 50; i++) await act(mara, direct, { kind: 'message', body: { v: 1, text: `letter ${i}` } });
  await world.node.stop();
  world.node = await world.server();
  const again = await world.join('mara', 'tablet');
  expect(await search(again, 'letter 7')).toEqual(['letter 7']);
});

test('another server finds what this one took', async () => {
  const { mara, group } = await choir();
  const other = await world.server();
  const elsewhere = await world.join('theo', 'tablet', other);
  await mara.sends(group, 'said here');
  expect(await search(elsewhere, 'said')).toEqual(['said here']);
  await other.stop();
});

test('looking too often is slowed down, and a wrong place is told', async () => {
  const { mara } = await choir();
  const asks = await Promise.all(
    Array.from({ length: 50 }, () => mara.ask('search', { query: 'x', after: null, limit: 1 })),
  );
  expect(asks.filter(({ error }) => error?.code === 'rate_limited')).toHaveLength(10);
  await world.clock.pass(1_000);
  const { error } = await mara.ask('search', { query: 'x', after: 'nonsense', limit: 1 });
  expect(error).toMatchObject({ code: 'bad_frame', path: '/after' });
});
