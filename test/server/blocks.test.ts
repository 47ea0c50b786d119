/** Who blocks somebody is to them like somebody who never comes again and takes no messages; and the other way round. */
import { describe, expect, test } from 'bun:test';
import type { CommandName } from '../../src/protocol/commands.ts';
import { BLOCKED_MAX } from '../../src/protocol/limits.ts';
import { blockedBy, blocks, isBlockBetween } from '../../src/server/blocks.ts';
import { QUESTIONS } from './questions.ts';
import { idFor, type Peer, World } from './world.ts';

const block = (peer: Peer, user: string, value: '1' | '' = '1') => peer.must('set', { key: `block/${user}`, value });
const unread = async (peer: Peer, conversation: string) =>
  (await peer.must('summaries', { conversations: [conversation] })).conversations[0]!.unread;
const draft = (key: string, rest: object) => ({ key: idFor(key), baseSeq: 0, ...rest }) as never;

async function scene() {
  const world = await World.open();
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const conversation = await world.direct(mara, theo);
  await mara.sends(conversation, 'hello');
  await theo.sends(conversation, 'hello to you');
  await world.clock.pass(1_000);
  return { world, mara, theo, conversation };
}

describe('a block', () => {
  test('lets neither of both write, on any server, until it is taken back', async () => {
    const { world, mara, theo, conversation } = await scene();
    await block(theo, mara.user);
    const elsewhere = await world.join('mara', 'laptop', await world.server());
    for (const device of [mara, elsewhere, theo]) {
      expect(await device.sends(conversation, 'hm')).toMatchObject({ code: 'cannot_message' });
    }
    expect(await blocks(world.store, theo.user, mara.user)).toBe(true);
    expect(await blocks(world.store, mara.user, theo.user)).toBe(false);
    expect(await isBlockBetween(world.store, mara.user, theo.user)).toBe(true);
    await block(theo, mara.user, '');
    for (const device of [mara, elsewhere, theo]) {
      expect(await device.sends(conversation, 'again')).toMatchObject({ seq: expect.any(Number) });
    }
  });

  test('lets nobody do anything to messages but take the own ones back', async () => {
    const { mara, theo, conversation } = await scene();
    await block(theo, mara.user);
    const acts = [
      { kind: 'edited', target: 2, body: { v: 1, text: 'better' } },
      { kind: 'reacted', target: 3, emoji: '👍' },
      { kind: 'pinned', target: 3, pinned: true },
      { kind: 'lifetime', lifetime: { kind: 'timer', seconds: 60 } },
      { kind: 'deleted', target: 3 },
      { kind: 'deleted', target: 2 },
    ];
    const drafts = acts.map((act, i) => draft(`act ${i}`, act));
    const { results } = await mara.must('send', { conversation, drafts });
    expect(results.map((result) => ('code' in result ? result.code : 'seq' in result))).toEqual([
      ...Array(4).fill('cannot_message'),
      'not_allowed',
      true,
    ]);
  });

  test('does not take back what was stored: the same key is answered with its seq', async () => {
    const { mara, theo, conversation } = await scene();
    const drafts = [draft('once', { kind: 'message', body: { v: 1, text: 'once' } })];
    const first = await mara.must('send', { conversation, drafts });
    await block(theo, mara.user);
    expect(await mara.must('send', { conversation, drafts })).toEqual(first);
  });

  test('keeps people out of new chats and of each other’s groups, and in those where they are', async () => {
    const { world, mara, theo } = await scene();
    const noor = await world.join('noor');
    const both = await world.group(noor, [mara, theo]);
    const [own, his] = [await world.group(mara, [noor]), await world.group(theo, [noor])];
    await block(theo, mara.user);
    await block(theo, noor.user);
    const create = { kind: 'direct' as const, user: theo.user };
    expect((await noor.ask('create', { create })).error?.code).toBe('cannot_message');
    expect((await theo.ask('create', { create: { ...create, user: noor.user } })).error?.code).toBe('cannot_message');
    const ends = { ...create, key: idFor('t'), lifetime: { kind: 'whole' as const } };
    expect((await mara.ask('create', { create: ends })).error?.code).toBe('cannot_message');
    // What is there is only opened.
    expect((await mara.ask('create', { create })).result).toBeDefined();
    const add = async (peer: Peer, group: string, user: string) =>
      (await peer.must('send', { conversation: group, drafts: [draft(group, { kind: 'added', users: [user] })] }))
        .results[0];
    expect(await add(mara, own, theo.user)).toMatchObject({ code: 'not_acquainted' });
    expect(await add(theo, his, mara.user)).toMatchObject({ code: 'not_acquainted' });
    const group = { kind: 'group' as const, key: idFor('g'), title: 'Choir', history: 'all' as const };
    expect((await mara.ask('create', { create: { ...group, users: [theo.user] } })).error?.code).toBe('not_acquainted');
    expect(await mara.sends(both, 'hello all')).toMatchObject({ seq: 2 });
    expect(await theo.sends(both, 'hello')).toMatchObject({ seq: 3 });
  });

  test('is of somebody who is here and not of oneself, and there are not too many', async () => {
    const { world, mara, theo } = await scene();
    const set = async (key: string) => (await mara.ask('set', { key, value: '1' })).error?.code;
    expect(await set(`block/${mara.user}`)).toBe('not_allowed');
    world.people.profiles = async (users) =>
      users.flatMap((user) => (user === idFor('ghost') ? [] : [{ user } as never]));
    expect(await set(`block/${idFor('ghost')}`)).toBe('not_found');
    for (let i = 0; i < BLOCKED_MAX; i++) await block(mara, idFor(`p${i}`));
    expect(await set(`block/${theo.user}`)).toBe('too_many');
    await block(mara, idFor('p7'), '');
    await block(mara, theo.user);
    expect((await blockedBy(world.store, mara.user)).size).toBe(BLOCKED_MAX);
  });

  test('keeps the time since when it holds, however often it is set', async () => {
    const { world, mara, theo } = await scene();
    await block(mara, theo.user);
    const at = world.clock.now();
    await world.clock.pass(5_000);
    await block(mara, theo.user);
    const { settings } = await mara.must('settings', { after: '', limit: 50 });
    expect(settings).toMatchObject([{ key: `block/${theo.user}`, value: String(at) }]);
  });
});

describe('in a group', () => {
  test('messages of somebody whom one blocks count as none, and are not found, until one does no more', async () => {
    const { world, mara, theo } = await scene();
    const noor = await world.join('noor');
    const group = await world.group(noor, [mara, theo]);
    await mara.sends(group, 'bread at four');
    await noor.sends(group, 'bread at five');
    const found = async (peer: Peer) =>
      (await peer.must('search', { query: 'bread', after: null, limit: 10 })).hits.map(({ entry }) => entry.sender);
    await world.clock.pass(1_000);
    const before = await found(theo);
    expect([await unread(theo, group), before.length]).toEqual([2, 2]);
    await block(theo, mara.user);
    expect([await unread(theo, group), await found(theo)]).toEqual([1, [noor.user]]);
    expect([await unread(mara, group), (await found(mara)).length]).toEqual([1, 2]);
    await block(theo, mara.user, '');
    expect([await unread(theo, group), await found(theo)]).toEqual([2, before]);
  });

  test('neither sees what the other does from then on, and both see all of it again afterwards', async () => {
    const { world, mara, theo } = await scene();
    const noor = await world.join('noor');
    const group = await world.group(noor, [mara, theo]);
    await noor.sends(group, 'one');
    const show = (peer: Peer) => peer.must('ping', { shown: [{ conversation: group, digest: 0 }], profiles: [] });
    for (const peer of [mara, theo, noor]) await show(peer);
    await theo.must('mark', { conversation: group, read: 2 });
    await world.clock.pass(2_000);
    await block(theo, mara.user);
    const seen = mara.frames.length;
    const seenByTheo = theo.frames.length;
    await noor.sends(group, 'two');
    await theo.must('mark', { conversation: group, read: 3 });
    await mara.must('mark', { conversation: group, read: 3 });
    for (const peer of [theo, mara]) await peer.must('typing', { conversation: group });
    await world.clock.pass(3_000);
    const told = (peer: Peer, from: number, of: string) =>
      peer.frames
        .slice(from)
        .filter((f) => f.type !== 'message' && f.re === undefined && JSON.stringify(f).includes(of));
    expect(told(mara, seen, theo.user)).toEqual([]);
    expect(told(theo, seenByTheo, mara.user).filter(({ type }) => type !== 'feed')).toEqual([]);
    expect(noor.events('typing').length).toBe(2);
    const readBy = async (peer: Peer, user: string) =>
      (await peer.must('marks', { conversation: group })).marks.find((mark) => mark.user === user)?.read;
    expect([await readBy(mara, theo.user), await readBy(noor, theo.user)]).toEqual([2, 3]);
    const { receipts } = await mara.must('receipts', { conversation: group, seq: 3 });
    expect(receipts).toContainEqual({ user: theo.user, deliveredAt: null, readAt: null });
    await block(theo, mara.user, '');
    await world.clock.pass(3_000);
    expect([await readBy(mara, theo.user), await readBy(theo, mara.user)]).toEqual([3, 3]);
  });
});

/** What Mara is told, asked or unasked, of a Theo who blocks her and does this and that, or who only goes. */
async function learnt(isBlocked: boolean) {
  const { world, mara, theo, conversation: id } = await scene();
  await mara.must('watch', { users: [theo.user] });
  await mara.must('ping', { shown: [{ conversation: id, digest: 0 }], profiles: [] });
  await world.clock.pass(1_000);
  theo.connection.close(4000, 'gone');
  await world.clock.pass(30_000);
  const session = { user: theo.user, device: idFor('theo/phone') };
  const does = async (type: CommandName, request: object) => {
    const reply = await world.node.execute(session, { id: 1, type, ...request });
    expect(reply).toHaveProperty('result');
  };
  const before = mara.frames.length;
  if (isBlocked) {
    await does('set', { key: `block/${mara.user}`, value: '1' });
    await does('mark', { conversation: id, delivered: 3, read: 3 });
    const peer = await world.join('theo');
    await peer.must('ping', { shown: [{ conversation: id, digest: 0 }], profiles: [] });
    await peer.must('typing', { conversation: id });
    await peer.must('watch', { users: [mara.user] });
    expect(peer.events('presence')).toEqual([]);
  }
  await world.clock.pass(15_000);
  const told = new Map<string, unknown>();
  for (const [name, question] of Object.entries(QUESTIONS)) {
    told.set(name, await mara.ask(name as CommandName, question(id, theo.user) as never));
  }
  const pushed = mara.frames.slice(before).filter((frame) => frame.re === undefined);
  told.set(
    'pushed',
    pushed.filter(({ type }) => type !== 'presence'),
  );
  told.set(
    'presence',
    pushed.filter(({ type }) => type === 'presence'),
  );
  const own = { user: mara.user, device: idFor('mara/phone') };
  told.set('polled', JSON.parse(await world.node.poll(own, { epoch: 1, seq: 0 }, 0)));
  return told;
}

describe('whoever is blocked', () => {
  const gone = [...Object.keys(QUESTIONS), 'pushed', 'polled'].filter((name) => name !== 'watch');
  test.each(gone)('is told by %s what they would be told had the other gone', async (name) => {
    const [blocked, left] = [await learnt(true), await learnt(false)];
    expect(blocked.get(name)).toEqual(left.get(name) as never);
  });

  test('sees of the other what one sees of somebody who was never here', async () => {
    const told = await learnt(true);
    const nothing = { user: idFor('theo'), online: false, lastSeen: null, vague: null };
    expect(told.get('watch')).toMatchObject({ result: { presence: [nothing] } });
    expect(told.get('presence')).toEqual([{ type: 'presence', presence: [nothing] }]);
  });
});
