/** Conversations of more members than feeds carry: nothing is done for each member when a message comes. */
import { expect, test } from 'bun:test';
import type { Member } from '../../src/protocol/entities.ts';
import { idFor, type Peer, settle, World } from './world.ts';

async function channelOf(count: number) {
  const world = await World.open();
  const names = Array.from({ length: count - 1 }, (_, i) => `person ${i}`);
  for (const name of names) world.people.add(name);
  const mara = await world.join('mara');
  const ids = names.map(idFor);
  const create = {
    kind: 'group' as const,
    key: idFor('g'),
    title: 'Town',
    users: ids.slice(0, 200),
    history: 'all' as const,
  };
  const conversation = (await mara.must('create', { create })).conversation.id;
  for (let i = 200; i < ids.length; i += 256) {
    const drafts = [{ key: idFor(`a${i}`), kind: 'added' as const, users: ids.slice(i, i + 256) }];
    await mara.must('send', { conversation, drafts });
  }
  await untilNothingIsOwed(world);
  return { world, mara, names, conversation };
}

async function untilNothingIsOwed(world: World): Promise<void> {
  for (;;) {
    await world.clock.pass(100);
    const owed = await Promise.all(Array.from({ length: 16 }, (_, shard) => world.store.obligations(shard, '', 1)));
    if (owed.every((page) => page.length === 0)) return;
  }
}

async function membersOf(peer: Peer, conversation: string): Promise<Member[]> {
  const members: Member[] = [];
  for (let after: string | null = null; ; ) {
    const page: { members: Member[]; next: string | null } = await peer.must('members', {
      conversation,
      after,
      limit: 200,
    });
    members.push(...page.members);
    after = page.next;
    if (after === null) return members;
  }
}

test.each([300, 10_000])(
  '%d members',
  async (count) => {
    const { world, mara, names, conversation } = await channelOf(count);
    const [one, last] = [await world.join(names[0]!), await world.join(names.at(-1)!)];

    // Everybody knows that they are in.
    for (const peer of [one, last]) {
      const { entries } = await peer.must('feed', { position: { epoch: 1, seq: 0 }, limit: 50 });
      expect(entries).toContainEqual(expect.objectContaining({ kind: 'joined', conversation }));
    }
    const members = await membersOf(last, conversation);
    expect(new Set(members.map(({ user }) => user)).size).toBe(count);

    // Those who are called so are found among them, as far as one look goes.
    const found: string[] = [];
    for (let after: string | null = null, looks = 0; ; ) {
      const query = { conversation, after, limit: 1, query: `@Person ${count - 2}` };
      const page: { members: Member[]; next: string | null } = await last.must('members', query);
      found.push(...page.members.map(({ user }) => user));
      after = page.next;
      expect(++looks).toBeLessThanOrEqual(count / 2_000 + 2);
      if (after === null) break;
    }
    expect(found).toEqual([last.user]);

    // A message is pushed to who is here, costs no feed an entry, and shows in the pong of who missed it.
    const headOf = async (peer: Peer) => (await peer.must('ping', { shown: [], profiles: [] })).feedHead;
    const before = await headOf(last);
    const rows = await world.store.head(`f/${idFor(names[1]!)}`);
    await mara.sends(conversation, 'good morning');
    await mara.sends(conversation, 'everybody');
    await untilNothingIsOwed(world);
    expect(one.events<{ conversation: string; type: string }>('message')).toHaveLength(2);
    expect([await headOf(last), await world.store.head(`f/${idFor(names[1]!)}`)]).toEqual([before, rows]);
    const late = await world.join(names[2]!, 'phone', await world.server());
    const { heads } = await late.must('ping', { shown: [], profiles: [] });
    const { head } = (await mara.must('summaries', { conversations: [conversation] })).conversations[0]!;
    expect(heads).toEqual([{ conversation, head }]);

    // Unread falls with the own mark, of which the others are not told.
    const unreadOf = async (peer: Peer) =>
      (await peer.must('summaries', { conversations: [conversation] })).conversations[0]!;
    expect(await unreadOf(late)).toMatchObject({ channel: true, memberCount: count, unread: 2, marks: [] });
    await mara.must('ping', { shown: [{ conversation, digest: 7 }], profiles: [] });
    expect(await late.must('mark', { conversation, read: head })).toEqual({ delivered: head, read: head });
    await settle();
    expect(await unreadOf(late)).toMatchObject({ read: head, unread: 0 });
    expect((await late.must('marks', { conversation })).marks).toEqual([
      { user: late.user, delivered: head, read: head },
    ]);
    expect(mara.events('receipts')).toEqual([]);
    expect((await mara.must('ping', { shown: [{ conversation, digest: 7 }], profiles: [] })).stale).toEqual([]);

    // Who is removed learns it by the feed, and nothing more.
    await mara.must('send', { conversation, drafts: [{ key: idFor('r'), kind: 'removed', user: last.user }] });
    await untilNothingIsOwed(world);
    const { entries } = await last.must('feed', { position: { epoch: 1, seq: before }, limit: 50 });
    expect(entries).toMatchObject([{ kind: 'left', conversation }]);
    expect((await last.must('ping', { shown: [], profiles: [] })).heads).toEqual([]);
    expect(world.reports).toEqual([]);
  },
  30_000,
);

test('a pong tells at once of a channel that is new, or new to somebody', async () => {
  const { world, mara, names, conversation } = await channelOf(250);
  const ines = await world.join('ines');
  const member = await world.join(names[0]!);
  const headsOf = async (peer: Peer) => (await peer.must('ping', { shown: [], profiles: [] })).heads;
  expect([await headsOf(member), await headsOf(ines)]).toEqual([[], []]);
  const more = Array.from({ length: 10 }, (_, i) => `one more ${i}`);
  for (const name of more) world.people.add(name);
  for (const users of [more.map(idFor), [ines.user]]) {
    const drafts = [{ key: idFor(`more ${users.length}`), kind: 'added' as const, users }];
    await mara.must('send', { conversation, drafts });
    await untilNothingIsOwed(world);
  }
  expect([await headsOf(member), await headsOf(ines)]).toEqual(Array(2).fill([{ conversation, head: 4 }]));
});

test('many who look at a large channel cost next to nothing', async () => {
  const { world, names, conversation } = await channelOf(2_000);
  const peers = await Promise.all(names.slice(0, 200).map((name) => world.join(name)));
  let read = 0;
  const { store } = world;
  const { listRegisters } = store;
  store.listRegisters = (...asked) => {
    if (asked[0] === `marks/${conversation}`) read++;
    return listRegisters.apply(store, asked);
  };
  for (const peer of peers) {
    await peer.must('ping', { shown: [{ conversation, digest: 0 }], profiles: [] });
    await peer.must('mark', { conversation, read: 1 });
    await peer.must('summaries', { conversations: [conversation] });
  }
  expect(read).toBe(0);
});
