/** Where people are strangers, the first message is a request, and until it is answered its sender learns nothing more. */
import { describe, expect, test } from 'bun:test';
import type { CommandName, Request } from '../../src/protocol/commands.ts';
import type { People } from '../../src/protocol/community.ts';
import { Community } from '../../src/server/community.ts';
import { QUESTIONS } from './questions.ts';
import { idFor, type Peer, World } from './world.ts';

const stageOf = async (peer: Peer, conversation: string) =>
  (await peer.must('summaries', { conversations: [conversation] })).conversations[0]?.request;
const accept = async (peer: Peer, conversation: string) =>
  (await peer.must('send', { conversation, drafts: [{ key: idFor(`a ${peer.user}`), kind: 'accepted' }] })).results[0];
const add = async (peer: Peer, conversation: string, user: string, key = idFor(`add ${user}`)) =>
  (await peer.must('send', { conversation, drafts: [{ key, baseSeq: 0, kind: 'added', users: [user] }] })).results[0];

const choirOf = (peer: Peer) =>
  ({
    kind: 'group',
    key: idFor('g'),
    title: 'Choir',
    users: [peer.user],
    history: 'joined',
  }) satisfies Request<'create'>['create'];

async function scene() {
  const world = await World.open({ people: 'strangers' });
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const change = (people: People) =>
    new Community(world.store, { name: 'Test', join: 'anyone', people: 'strangers' }).change({ people });
  return { world, mara, theo, change, conversation: await world.direct(mara, theo) };
}

describe('a request', () => {
  test('is one message, on every server, until it is accepted', async () => {
    const { world, mara, theo, conversation } = await scene();
    expect(await mara.sends(conversation, 'hello')).toMatchObject({ seq: 2 });
    expect(await mara.sends(conversation, 'hello?')).toMatchObject({ code: 'not_answered' });
    await world.clock.pass(500);
    // Another server begins from the projections.
    const [elsewhere, his] = [
      await world.join('mara', 'laptop', await world.server()),
      await world.join('theo', 'laptop', await world.server()),
    ];
    expect(await elsewhere.sends(conversation, 'are you there?')).toMatchObject({ code: 'not_answered' });
    expect([await stageOf(elsewhere, conversation), await stageOf(his, conversation)]).toEqual(['sent', 'received']);
    expect(await accept(his, conversation)).toMatchObject({ seq: 3 });
    expect([await stageOf(mara, conversation), await stageOf(theo, conversation)]).toEqual([undefined, undefined]);
    expect(await mara.sends(conversation, 'good')).toMatchObject({ seq: 4 });
    await world.clock.pass(500);
    const late = await world.join('mara', 'tablet', await world.server());
    expect(await late.sends(conversation, 'and more')).toMatchObject({ seq: 5 });
  });

  test('of two drafts at once is the first, and the same key is answered with its seq however it stands', async () => {
    const { mara, theo, conversation } = await scene();
    const drafts = ['one', 'two'].map((text) => ({
      key: idFor(text),
      kind: 'message' as const,
      body: { v: 1 as const, text },
    }));
    const { results } = await mara.must('send', { conversation, drafts });
    expect(results).toMatchObject([{ seq: 2 }, { code: 'not_answered' }]);
    await theo.sends(conversation, 'hello');
    expect((await mara.must('send', { conversation, drafts: [drafts[0]!] })).results).toMatchObject([{ seq: 2 }]);
  });

  test('that crosses another accepts it', async () => {
    const { mara, theo, conversation } = await scene();
    const both = await Promise.all([mara.sends(conversation, 'hello'), theo.sends(conversation, 'hello to you')]);
    expect(both).toMatchObject([{ seq: 2 }, { seq: 3 }]);
    expect([await stageOf(mara, conversation), await stageOf(theo, conversation)]).toEqual([undefined, undefined]);
  });

  test('is declined on the own devices alone, and can still be accepted', async () => {
    const { world, mara, theo, conversation } = await scene();
    await mara.sends(conversation, 'hello');
    const before = mara.frames.length;
    await theo.must('set', { key: `decline/${conversation}`, value: '1' });
    await world.clock.pass(2_000);
    expect(mara.frames.slice(before).filter((frame) => frame.type !== 'feed')).toEqual([]);
    expect(JSON.stringify(mara.frames)).not.toContain('decline');
    expect(await mara.sends(conversation, 'please')).toMatchObject({ code: 'not_answered' });
    expect(await accept(theo, conversation)).toMatchObject({ seq: 3 });
  });

  test('is none between those who know each other, nor with a guest of one’s own', async () => {
    const known = await World.open();
    const [mara, theo] = [await known.join('mara'), await known.join('theo')];
    const conversation = await known.direct(mara, theo);
    await mara.sends(conversation, 'one');
    expect(await mara.sends(conversation, 'two')).toMatchObject({ seq: 3 });
    const { world, mara: host } = await scene();
    const noor = await world.join('noor');
    const profile = (await world.people.profile(noor.user))!;
    world.people.profile = async () => ({ ...profile, guest: true });
    const withGuest = await world.direct(host, noor);
    expect(await stageOf(host, withGuest)).toBeUndefined();
  });

  test('stays one when the server’s people come to know each other; what was before strangers came is none', async () => {
    const { world, mara, theo, conversation, change } = await scene();
    await mara.sends(conversation, 'hello');
    await change('known');
    expect(await mara.sends(conversation, 'again')).toMatchObject({ code: 'not_answered' });
    const noor = await world.join('noor');
    const ordinary = await world.direct(theo, noor);
    await theo.sends(ordinary, 'one');
    await change('strangers');
    expect(await theo.sends(ordinary, 'two')).toMatchObject({ seq: 3 });
    expect(await accept(theo, conversation)).toMatchObject({ seq: 3 });
  });
});

describe('a group', () => {
  test('takes whoever has accepted the one who adds', async () => {
    const { world, mara, theo, conversation } = await scene();
    const group = await world.group(mara, []);
    expect(await add(mara, group, theo.user)).toMatchObject({ code: 'not_acquainted' });
    await mara.sends(conversation, 'hello');
    expect(await add(mara, group, theo.user)).toMatchObject({ code: 'not_acquainted' });
    await accept(theo, conversation);
    expect(await add(mara, group, theo.user)).toMatchObject({ seq: 2 });
  });

  test('is not made with strangers, and takes whoever comes by a link', async () => {
    const { world, mara, theo } = await scene();
    const create = choirOf(theo);
    expect((await mara.ask('create', { create })).error?.code).toBe('not_acquainted');
    const group = await world.group(mara, []);
    const { code } = await mara.must('invite', { conversation: group, role: 'person', uses: 1, hours: 1 });
    expect(await theo.must('useInvitation', { code })).toEqual({ conversation: group });
  });

  test('that was made, and who was added, while people knew each other are answered again with what was done', async () => {
    const { world, mara, theo, change } = await scene();
    await change('known');
    const create = choirOf(theo);
    const { id } = (await mara.must('create', { create })).conversation;
    const noor = await world.join('noor');
    const first = await add(mara, id, noor.user);
    await change('strangers');
    const elsewhere = await world.join('mara', 'laptop', await world.server());
    for (const device of [mara, elsewhere]) {
      expect((await device.must('create', { create })).conversation.id).toBe(id);
      expect(await add(device, id, noor.user)).toEqual(first!);
    }
  });
});

/** What Mara is told, asked or unasked, of a Theo who is here, reads, types and declines, or who never comes. */
async function learnt(isHere: boolean, isAccepted: boolean) {
  const world = await World.open({ people: 'strangers' });
  const mara = await world.join('mara');
  const user = idFor('theo');
  const id = (await mara.must('create', { create: { kind: 'direct', user } })).conversation.id;
  await mara.sends(id, 'hello');
  await world.clock.pass(1_000);
  const theo = new Map<string, unknown>();
  await mara.must('watch', { users: [user] });
  await mara.must('ping', { shown: [{ conversation: id, digest: 0 }], profiles: [] });
  if (isAccepted) {
    const session = { user, device: idFor('theo/phone') };
    const drafts = [{ key: idFor('a'), kind: 'accepted' }];
    await world.node.execute(session, { id: 1, type: 'send', conversation: id, drafts });
  }
  await world.clock.pass(30_000);
  const before = mara.frames.length;
  if (isHere) {
    const peer = await world.join('theo');
    await peer.must('ping', { shown: [{ conversation: id, digest: 0 }], profiles: [] });
    await peer.must('mark', { conversation: id, delivered: 2, read: 2 });
    await peer.must('typing', { conversation: id });
    await peer.must('set', { key: `draft/${id}/${idFor('theo/phone')}`, value: 'hm' });
    await peer.must('set', { key: `decline/${id}`, value: '1' });
    await peer.must('watch', { users: [mara.user] });
  }
  await world.clock.pass(15_000);
  for (const [name, question] of Object.entries(QUESTIONS)) {
    theo.set(name, await mara.ask(name as CommandName, question(id, user) as never));
  }
  theo.set('refused', await mara.sends(id, 'are you there?'));
  theo.set(
    'pushed',
    mara.frames.slice(before).filter((frame) => frame.re === undefined),
  );
  const session = { user: mara.user, device: idFor('mara/phone') };
  theo.set('polled', JSON.parse(await world.node.poll(session, { epoch: 1, seq: 0 }, 0)));
  return theo;
}

describe('until a request is answered', () => {
  test.each([...Object.keys(QUESTIONS), 'refused', 'pushed', 'polled'])(
    '%s tells its sender nothing of what the other does',
    async (name) => {
      const [here, away] = [await learnt(true, false), await learnt(false, false)];
      expect(here.get(name)).toEqual(away.get(name) as never);
    },
  );

  test('and once it is, all of it is told', async () => {
    const [here, away] = [await learnt(true, true), await learnt(false, true)];
    const told = [...here.keys()].filter((name) => JSON.stringify(here.get(name)) !== JSON.stringify(away.get(name)));
    expect(told).toEqual(['summaries', 'conversations', 'marks', 'receipts', 'ping', 'watch', 'pushed']);
  });

  test('what was read before is of the time when it was accepted, and comes by itself', async () => {
    const { world, mara, theo, conversation } = await scene();
    await mara.sends(conversation, 'hello');
    await mara.must('ping', { shown: [{ conversation, digest: 0 }], profiles: [] });
    await mara.must('watch', { users: [theo.user] });
    await theo.must('mark', { conversation, read: 2 });
    await world.clock.pass(20_000);
    expect(mara.events('receipts')).toEqual([]);
    const acceptedAt = world.clock.now();
    await accept(theo, conversation);
    await world.clock.pass(1_000);
    const mark = { user: theo.user, delivered: 2, read: 2 };
    expect(mara.events<{ marks: unknown[] }>('receipts')[0]?.marks).toContainEqual(mark);
    expect(mara.events('presence').at(-1)).toMatchObject({ presence: [{ user: theo.user, online: true }] });
    const { receipts } = await mara.must('receipts', { conversation, seq: 2 });
    expect(receipts).toEqual([{ user: theo.user, deliveredAt: acceptedAt, readAt: acceptedAt }]);
  });

  test('a chat of two that ends tells a stranger no more than one that stays', async () => {
    const world = await World.open({ people: 'strangers', deadAfterMs: 1e12 });
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const create = { kind: 'direct' as const, user: theo.user, key: idFor('for an hour') };
    await mara.must('create', {
      create: { ...create, lifetime: { kind: 'whole', until: world.clock.now() + 3_600_000 } },
    });
    await mara.must('watch', { users: [theo.user] });
    await world.clock.pass(1_000);
    expect(JSON.stringify(mara.frames)).not.toContain('"online":true');
  });
});
