import { describe, expect, test } from 'bun:test';
import type { Entry, Presence, Summary } from '../../src/protocol/entities.ts';
import { openStore } from '../../src/store/adapter.ts';
import { openMemoryStore } from '../../src/store/memory.ts';
import { MemoryKeyValue } from '../../src/store/memory-keyvalue.ts';
import { Unavailable } from '../../src/store/store.ts';
import { idFor, settle, World } from './world.ts';

type Message = { conversation: string; entries: Entry[] };
const textOf = (entry: Entry) => (entry.kind === 'message' ? (entry.body?.text ?? '') : entry.kind);
const heard = (frames: Message[], conversation: string) =>
  frames.filter((frame) => frame.conversation === conversation).flatMap((frame) => frame.entries.map(textOf));

describe('sending', () => {
  test('numbers messages and pushes them before the ack', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    await world.clock.pass(100);
    expect(await mara.sends(chat, 'hello')).toMatchObject({ seq: 2 });
    expect(heard(theo.events<Message>('message'), chat)).toEqual(['hello']);
    const order = mara.frames.map((frame) => frame.type ?? 'reply');
    expect(order.lastIndexOf('message')).toBeLessThan(order.lastIndexOf('reply'));
  });

  test('R12: messages that cross stand in one order for both', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    await world.clock.pass(100);
    const [m1, m2] = await Promise.all([mara.sends(chat, 'M1'), theo.sends(chat, 'M2')]);
    expect([m1, m2]).toMatchObject([{ seq: 2 }, { seq: 3 }]);
    for (const peer of [mara, theo]) expect(heard(peer.events<Message>('message'), chat)).toEqual(['M1', 'M2']);
  });

  test('answers the same key with the same seq', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    const first = await mara.sends(chat, 'once', idFor('k'), 1);
    expect(await mara.sends(chat, 'once', idFor('k'), 1)).toEqual(first);
  });

  test('finds a key after a restart, and by another server', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    const first = await mara.sends(chat, 'once', idFor('k'), 1);
    const again = await world.join('mara', 'laptop', await world.server());
    expect(await again.sends(chat, 'once', idFor('k'), 1)).toEqual(first);
  });

  test('refuses another body under the same key', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    await mara.sends(chat, 'one', idFor('k'), 1);
    expect(await mara.sends(chat, 'two', idFor('k'), 1)).toMatchObject({ code: 'key_reused' });
  });

  test('the same key twice in one frame is one message', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.direct(mara, theo);
    const draft = { key: idFor('k'), kind: 'message' as const, body: { v: 1 as const, text: 'x' } };
    const { results } = await mara.must('send', { conversation, drafts: [draft, draft] });
    expect(results[0]).toEqual(results[1]!);
  });

  test('a stranger learns nothing of a conversation', async () => {
    const world = await World.open();
    const [mara, theo, ines] = [await world.join('mara'), await world.join('theo'), await world.join('ines')];
    const chat = await world.direct(mara, theo);
    expect(await ines.sends(chat, 'hi')).toMatchObject({ code: 'not_found' });
    expect((await ines.ask('history', { conversation: chat, place: { last: true }, limit: 5 })).error?.code).toBe(
      'not_found',
    );
    expect(
      (await ines.ask('history', { conversation: idFor('none'), place: { last: true }, limit: 5 })).error?.code,
    ).toBe('not_found');
  });

  test('two servers number one conversation densely', async () => {
    const world = await World.open();
    const other = await world.server();
    const [mara, theo] = [await world.join('mara'), await world.join('theo', 'phone', other)];
    const chat = await world.direct(mara, theo);
    const sent = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? mara : theo).sends(chat, `m${i}`)));
    const seqs = sent.map((result) => ('seq' in result ? result.seq : 0)).sort((a, b) => a - b);
    expect(seqs).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
    expect(world.reports).toEqual([]);
  });

  test('and so is adding people, by their number', async () => {
    const world = await World.open({ sendsPerSecond: 1, sendsBurst: 4 });
    const mara = await world.join('mara');
    const users = ['theo', 'ines'].map(idFor);
    const create = { kind: 'group' as const, title: 'A', history: 'all' as const };
    const group = (key: string) => mara.ask('create', { create: { ...create, key: idFor(key), users } });
    expect((await group('a')).result).toBeDefined();
    expect((await group('b')).error).toEqual({
      code: 'rate_limited',
      retryAfterMs: 2_000,
      message: expect.any(String),
    } as never);
    await world.clock.pass(2_000);
    const { conversation } = (await group('b')).result!;
    const drafts = [{ key: idFor('n'), kind: 'added' as const, users: [idFor('noor')] }];
    expect((await mara.ask('send', { conversation: conversation.id, drafts })).error?.code).toBe('rate_limited');
  });

  test('is limited by rate, which is no refusal', async () => {
    const world = await World.open({ sendsPerSecond: 1, sendsBurst: 1 });
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.direct(mara, theo);
    await world.clock.pass(1_000);
    const draft = { key: idFor('k'), kind: 'message' as const, body: { v: 1 as const, text: 'x' } };
    await mara.must('send', { conversation, drafts: [draft] });
    const { error } = await mara.ask('send', { conversation, drafts: [{ ...draft, key: idFor('l') }] });
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 1_000 });
  });
});

describe('the feed', () => {
  test('points to what was sent, and nothing is owed any more', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    await mara.sends(chat, 'hello');
    await world.clock.pass(150);
    const { entries, to, head } = await theo.must('feed', { position: { epoch: 1, seq: 0 }, limit: 50 });
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'advance', conversation: chat, to: 2 }));
    expect(to).toBe(head);
    for (let shard = 0; shard < 16; shard++) expect(await world.store.obligations(shard, '', 9)).toEqual([]);
  });

  test('is finished once there is room, and a full disk fills no log', async () => {
    let full = false;
    const admit = async () => (full ? new Unavailable('The disk is full.', 'full') : null);
    const world = await World.open({ store: await openStore(new MemoryKeyValue(), { admit }) });
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    await world.clock.pass(150);
    await mara.sends(chat, 'hello');
    full = true;
    expect(await mara.sends(chat, 'no room')).toMatchObject({ code: 'storage_full', retryAfterMs: 5_000 });
    await world.clock.pass(20_000);
    const pull = () => theo.must('feed', { position: { epoch: 1, seq: 0 }, limit: 50 });
    const pointer = expect.objectContaining({ kind: 'advance', conversation: chat, to: 2 });
    expect((await pull()).entries).not.toContainEqual(pointer);
    full = false;
    await world.clock.pass(10_000);
    expect((await pull()).entries).toContainEqual(pointer);
    expect(world.reports).toEqual([]);
  });

  test('is finished by the next start when a server died before it', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    await mara.sends(chat, 'hello');
    const other = await world.server();
    await world.clock.pass(150);
    const again = await world.join('theo', 'laptop', other);
    const { entries } = await again.must('feed', { position: { epoch: 1, seq: 0 }, limit: 50 });
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'advance', conversation: chat, to: 2 }));
  });

  test('answers a position above its head with a new epoch', async () => {
    const world = await World.open();
    const mara = await world.join('mara');
    const late = new (mara.constructor as never as new (...args: unknown[]) => typeof mara)(world.node, 'mara');
    const hello = await late.must('hello', { protocol: 1, token: 'mara/tablet', position: { epoch: 1, seq: 99 } });
    expect(hello.epoch).toBe(2);
    expect((await mara.must('feed', { position: { epoch: 1, seq: 0 }, limit: 9 })).snapshot).toBe(true);
  });

  test('asks whoever comes from below its floor to list afresh', async () => {
    const world = await World.open({ feedKept: 5 });
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    for (let i = 0; i < 12; i++) {
      await mara.sends(chat, `m${i}`);
      await world.clock.pass(150);
    }
    const { snapshot } = await theo.must('feed', { position: { epoch: 1, seq: 0 }, limit: 50 });
    expect(snapshot).toBe(true);
  });
});

describe('groups', () => {
  test('a removed member hears and reads nothing more', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.group(mara, [theo]);
    await mara.must('send', { conversation, drafts: [{ key: idFor('r'), kind: 'removed', user: theo.user }] });
    await world.clock.pass(150);
    const before = theo.frames.length;
    await mara.sends(conversation, 'secret');
    await world.clock.pass(150);
    expect(theo.frames.slice(before)).toEqual([]);
    const { slices, gone } = await theo.must('read', { ranges: [{ conversation, after: 0, to: 9 }], limit: 50 });
    expect([slices, gone]).toEqual([[], [conversation]]);
    const { entries } = await theo.must('feed', { position: { epoch: 1, seq: 0 }, limit: 50 });
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'left', conversation, by: mara.user }));
  });

  test('somebody added hears of it and sees from there on', async () => {
    const world = await World.open();
    const [mara, theo, ines] = [await world.join('mara'), await world.join('theo'), await world.join('ines')];
    const conversation = await world.group(mara, [theo]);
    await mara.sends(conversation, 'before');
    await mara.must('send', { conversation, drafts: [{ key: idFor('a'), kind: 'added', users: [ines.user] }] });
    await mara.sends(conversation, 'after');
    await world.clock.pass(150);
    const page = await ines.must('history', { conversation, place: { last: true }, limit: 50 });
    expect(page.entries.map(textOf)).toEqual(['added', 'after']);
    expect([page.from, page.to]).toEqual([1, 4]);
    const { conversations } = await ines.must('summaries', { conversations: [conversation] });
    expect(conversations[0]).toMatchObject({ read: 2, unread: 1, joined: 3, memberCount: 3 });
  });

  test('R1: two people have one conversation, whoever opens it and however often', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const opened = await Promise.all([world.direct(mara, theo), world.direct(theo, mara), world.direct(mara, theo)]);
    expect(new Set(opened).size).toBe(1);
  });

  test('created twice with one key is one', async () => {
    const world = await World.open();
    const mara = await world.join('mara');
    const create = { kind: 'group' as const, key: idFor('g'), title: 'A', users: [], history: 'joined' as const };
    const one = await mara.must('create', { create });
    expect((await mara.must('create', { create })).conversation.id).toBe(one.conversation.id);
  });

  test('takes only people who have an account', async () => {
    const world = await World.open();
    const mara = await world.join('mara');
    const create = {
      kind: 'group' as const,
      key: idFor('g'),
      title: 'A',
      users: [idFor('nobody')],
      history: 'all' as const,
    };
    expect((await mara.ask('create', { create })).error?.code).toBe('not_found');
  });
});

describe('reading', () => {
  async function chatOf(count: number) {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.direct(mara, theo);
    for (let i = 1; i <= count; i++) {
      await mara.sends(conversation, `m${i}`);
      await world.clock.pass(1_000);
    }
    return { world, mara, theo, conversation };
  }

  test.each([
    [{ last: true as const }, ['m8', 'm9', 'm10']],
    [{ before: 5 }, ['m1', 'm2', 'm3']],
    [{ after: 5 }, ['m5', 'm6', 'm7']],
    [{ around: 6 }, ['m4', 'm5', 'm6']],
  ])('a page at %j', async (place, texts) => {
    const { theo, conversation } = await chatOf(10);
    const page = await theo.must('history', { conversation, place, limit: 3 });
    expect(page.entries.map(textOf)).toEqual(texts);
  });

  test('a page at a date begins there', async () => {
    const { world, theo, conversation } = await chatOf(10);
    const page = await theo.must('history', { conversation, place: { date: world.clock.now() - 3_000 }, limit: 2 });
    expect(page.entries.map(textOf)).toEqual(['m7', 'm8']);
  });

  test('the page before the first message says that there is no more', async () => {
    const { theo, conversation } = await chatOf(3);
    expect(await theo.must('history', { conversation, place: { before: 2 }, limit: 3 })).toMatchObject({
      from: 1,
      to: 1,
    });
  });

  test('unread counts the messages of others', async () => {
    const { mara, theo, conversation } = await chatOf(5);
    const of = async (peer: typeof mara) =>
      (await peer.must('summaries', { conversations: [conversation] })).conversations[0] as Summary;
    expect([(await of(mara)).unread, (await of(theo)).unread]).toEqual([0, 5]);
    await theo.must('mark', { conversation, read: 4 });
    expect((await of(theo)).unread).toBe(2);
  });

  test('conversations come newest first, in pages', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.unshift(await world.group(mara, [theo]));
      await world.clock.pass(1_000);
    }
    const first = await theo.must('conversations', { after: null, limit: 3 });
    const rest = await theo.must('conversations', { after: first.next, limit: 3 });
    expect([...first.conversations, ...rest.conversations].map((summary) => summary.id)).toEqual(ids);
    expect(rest.next).toBeNull();
  });
});

describe('receipts and presence', () => {
  test('a mark is cut to the head, told to whoever shows the chat, and has its time', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.direct(mara, theo);
    await mara.sends(conversation, 'hello');
    await mara.must('ping', { shown: [{ conversation, digest: 0 }], profiles: [] });
    expect(await theo.must('mark', { conversation, read: 99 })).toEqual({ delivered: 2, read: 2 });
    await settle();
    expect(mara.events('receipts')).toContainEqual(
      expect.objectContaining({ marks: [{ user: theo.user, delivered: 2, read: 2 }] }),
    );
    const { receipts } = await mara.must('receipts', { conversation, seq: 2 });
    expect(receipts).toEqual([{ user: theo.user, deliveredAt: world.clock.now(), readAt: world.clock.now() }]);
  });

  test('a hidden read mark shows as delivered, and unread still falls', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.direct(mara, theo);
    await theo.must('set', { key: 'privacy/receipts', value: 'hidden' });
    await mara.sends(conversation, 'hello');
    await theo.must('mark', { conversation, read: 2 });
    const { marks } = await mara.must('marks', { conversation });
    expect(marks).toContainEqual({ user: theo.user, delivered: 2, read: 0 });
    const { conversations } = await theo.must('summaries', { conversations: [conversation] });
    expect(conversations[0]).toMatchObject({ read: 2, unread: 0 });
  });

  test('a pong names what differs and how far the feed is', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.direct(mara, theo);
    await theo.must('mark', { conversation, read: 1 });
    await world.clock.pass(150);
    const pong = await mara.must('ping', { shown: [{ conversation, digest: 7 }], profiles: [] });
    expect(pong.stale).toEqual([conversation]);
    expect(pong.heads).toEqual([{ conversation, head: 1 }]);
    expect(pong.feedHead).toBeGreaterThan(0);
  });

  test('a watched user goes offline after the grace, and last seen is then', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    expect((await mara.must('watch', { users: [theo.user] })).presence[0]).toMatchObject({ online: true });
    const left = world.clock.now();
    theo.vanish();
    await world.clock.pass(6_000);
    expect(mara.events('presence').at(-1)).toMatchObject({
      presence: [{ user: theo.user, online: false, lastSeen: left, vague: null }],
    });
  });

  test('whoever polls is online, and no longer when the polls stop', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    await mara.must('watch', { users: [theo.user] });
    const online = () => mara.events<{ presence: Presence[] }>('presence').map(({ presence }) => presence[0]!.online);
    theo.vanish();
    await world.clock.pass(6_000);
    expect(online()).toEqual([false]);

    const session = { user: theo.user, device: idFor('theo/phone') };
    const poll = () => world.node.poll(session, { epoch: 1, seq: 0 }, 20_000);
    for (let round = 0; round < 3; round++) {
      const polled = poll();
      await world.clock.pass(20_000);
      expect(await polled).toBe('[]');
      await world.clock.pass(3_000);
      await mara.must('ping', { shown: [], profiles: [] });
    }
    expect(online()).toEqual([false, true]);
    await world.clock.pass(6_000);
    expect(online()).toEqual([false, true, false]);
  });

  test('a poll ends as soon as nobody waits for it', async () => {
    const world = await World.open();
    const mara = await world.join('mara');
    const session = { user: mara.user, device: idFor('mara/phone') };
    const gone = new AbortController();
    const polled = world.node.poll(session, { epoch: 1, seq: 0 }, 20_000, gone.signal);
    await settle();
    gone.abort();
    expect(await polled).toBe('[]');
  });

  test('a poll hears of a feed that another server moved', async () => {
    const world = await World.open();
    const other = await world.server();
    const [mara, theo] = [await world.join('mara'), await world.join('theo', 'phone', other)];
    const polled = other.poll({ user: mara.user, device: idFor('mara/tablet') }, { epoch: 1, seq: 0 }, 20_000);
    await world.direct(mara, theo);
    await world.clock.pass(100);
    expect(JSON.parse(await polled)).toMatchObject([{ type: 'feed', from: 1 }]);
  });

  test('a silent connection is closed with a code that comes back', async () => {
    const world = await World.open();
    const mara = await world.join('mara');
    await world.clock.pass(51_000);
    expect(mara.closedWith).toBe(4003);
  });

  test('hidden presence is vague', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    await theo.must('set', { key: 'privacy/presence', value: 'nobody' });
    expect((await mara.must('watch', { users: [theo.user] })).presence).toEqual([
      { user: theo.user, online: false, lastSeen: null, vague: 'recently' },
    ]);
  });

  test.each([
    ['everyone', true, true],
    ['contacts', false, true],
    ['nobody', false, false],
  ])('presence for %s', async (audience, beforeTheoWrote, after) => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    await theo.must('set', { key: 'privacy/presence', value: audience });
    const sees = async () => (await mara.must('watch', { users: [theo.user] })).presence[0]!.online;
    const chat = await world.direct(mara, theo);
    // Whoever writes to somebody does not become a contact by that.
    for (let i = 0; i < 3; i++) await mara.sends(chat, `m${i}`);
    expect(await sees()).toBe(beforeTheoWrote);
    await theo.sends(chat, 'an answer');
    expect(await sees()).toBe(after);
    expect((await theo.must('watch', { users: [theo.user] })).presence[0]).toMatchObject({ online: true });
  });

  test('whoever is here when the server stops was last seen then', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const left = world.clock.now();
    theo.vanish();
    await world.clock.pass(2_000);
    await world.node.stop();
    await world.clock.pass(10_000);
    const ines = await world.join('ines', 'phone', await world.server());
    const { presence } = await ines.must('watch', { users: [mara.user, theo.user] });
    expect(presence.map(({ lastSeen }) => lastSeen)).toEqual([left + 2_000, left]);
  });

  test('times of receipts go when they are due, however many there are', async () => {
    const world = await World.open();
    const keys = Array.from({ length: 1_200 }, (_, i) => String(i).padStart(16, '0'));
    await Promise.all(
      keys.map(async (key) => {
        await world.store.putRecord('times/c/u/d', key, '1', 0);
        await world.store.schedule(1, `receipt times/c/u/d ${key}`);
      }),
    );
    await world.store.putRecord('times/c/u/d', 'later', '1', 0);
    await world.store.schedule(world.clock.now() + 86_400_000, 'receipt times/c/u/d later');
    await world.server();
    await world.clock.pass(100);
    expect(await world.store.listRecords('times/c/u/d', '', 9)).toMatchObject([{ key: 'later' }]);
    expect(world.reports).toEqual([]);
  });

  test('typing reaches whoever shows the chat, and nobody else', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.direct(mara, theo);
    await theo.must('typing', { conversation });
    expect(mara.events('typing')).toEqual([]);
    await mara.must('ping', { shown: [{ conversation, digest: 0 }], profiles: [] });
    await world.clock.pass(3_000);
    for (let i = 0; i < 20; i++) await theo.must('typing', { conversation });
    expect(mara.events('typing')).toEqual([{ type: 'typing', conversation, user: theo.user }]);
  });
});

describe('connections', () => {
  test('the newest of one device takes over', async () => {
    const world = await World.open();
    const first = await world.join('mara');
    await world.join('mara');
    expect(first.closedWith).toBe(4503);
  });

  test('a revoked device is told and closed', async () => {
    const world = await World.open();
    const [phone, laptop] = [await world.join('mara', 'phone'), await world.join('mara', 'laptop')];
    await laptop.must('revoke', { device: idFor('mara/phone') });
    await settle();
    expect(phone.events('revoked')).toMatchObject([{ by: 'phone' }]);
    expect(phone.closedWith).toBe(4501);
  });

  test('a slow one is left without events, told to resync, and answered', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    await world.clock.pass(150);
    theo.outcome = 'full';
    await mara.sends(chat, 'fills');
    await settle();
    await mara.sends(chat, 'left out');
    await settle();
    expect(heard(theo.events<Message>('message'), chat)).toEqual(['fills']);
    theo.outcome = 'sent';
    theo.connection.drained();
    await settle();
    expect(theo.events('resync')).toHaveLength(1);
  });

  test('one that stays slow is closed after thirty seconds, and is sent nothing meanwhile', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    await world.clock.pass(150);
    theo.outcome = 'full';
    await mara.sends(chat, 'fills');
    await settle();
    const { length } = theo.frames;
    for (let seconds = 0; seconds < 30; seconds += 10) {
      expect(theo.closedWith).toBeNull();
      theo.say({ id: 50, type: 'devices' });
      await mara.sends(chat, `left out ${seconds}`);
      await mara.ask('devices', {});
      await world.clock.pass(10_000);
    }
    await world.clock.pass(5_000);
    expect(theo.frames).toHaveLength(length);
    expect(theo.closedWith).toBe(4002);
  });

  test('answers that wait for a slow one are bounded', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.direct(mara, theo);
    for (let i = 0; i < 20; i++) await mara.sends(conversation, `${i} ${'x'.repeat(16_000)}`);
    await world.clock.pass(150);
    theo.outcome = 'full';
    let asked = 0;
    for (; asked < 1_000 && theo.closedWith === null; asked++) {
      theo.say({ id: asked, type: 'history', conversation, place: { last: true }, limit: 200 });
      await settle();
    }
    expect(theo.closedWith).toBe(4002);
    expect(asked).toBeLessThan(20);
  });

  test('more than so many commands under way are refused, and sends go on', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.direct(mara, theo);
    const { length } = theo.frames;
    for (let i = 0; i < 100; i++)
      theo.say({ id: 1_000 + i, type: 'history', conversation, place: { last: true }, limit: 9 });
    expect(await theo.sends(conversation, 'still')).toMatchObject({ seq: 2 });
    await settle();
    const codes = theo.frames.slice(length).map(({ error }) => (error as { code: string } | undefined)?.code);
    expect(codes.filter((code) => code === 'overloaded')).toHaveLength(36);
    expect(theo.closedWith).toBeNull();
  });

  test('a bug is answered with the id of its line in the log, and nothing else of it', async () => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.direct(mara, theo);
    world.store.listRecords = () => {
      throw new TypeError('secret of the house');
    };
    const asked = { conversation, seq: 1 };
    const error = { code: 'internal', id: 'reported', message: expect.stringContaining('whoever runs it') };
    expect((await mara.ask('receipts', asked)).error).toEqual(error as never);
    const session = { user: mara.user, device: idFor('mara/phone') };
    expect(await world.node.execute(session, { id: 1, type: 'receipts', ...asked })).toEqual({ re: 1, error } as never);
    expect(JSON.stringify(mara.frames)).not.toContain('secret');
    expect(world.reports.map(String)).toEqual(Array(2).fill('TypeError: secret of the house'));
    expect((await mara.ask('devices', {})).result).toBeDefined();
  });

  test('nothing but hello is heard before hello', async () => {
    const world = await World.open();
    const mara = await world.join('mara');
    const stranger = new (mara.constructor as never as new (...args: unknown[]) => typeof mara)(world.node, 'mara');
    expect((await stranger.ask('devices', {})).error?.code).toBe('unauthenticated');
    stranger.say({ id: 9, type: 'hello', protocol: 1, token: 'nobody/x', position: null });
    await settle();
    expect(stranger.closedWith).toBe(4502);
  });

  test('what is no JSON, no frame or no command is answered and survived', async () => {
    const world = await World.open();
    const mara = await world.join('mara');
    for (const bad of ['{', '[1]', '{"id":1}', '{"id":1,"type":"fly"}', '{"id":1,"type":"send","__proto__":{}}'])
      mara.say(bad);
    await settle();
    const codes = mara.frames.flatMap((frame) => (frame.error ? [(frame.error as { code: string }).code] : []));
    expect(codes).toEqual(['bad_frame', 'bad_frame', 'bad_frame', 'unknown_command', 'bad_frame']);
    expect((await mara.ask('devices', {})).result).toBeDefined();
  });
});

describe('settings', () => {
  test('are the same for every device, newest last', async () => {
    const world = await World.open();
    const [phone, laptop] = [await world.join('mara', 'phone'), await world.join('mara', 'laptop')];
    const { conversation } = await phone.must('create', { create: { kind: 'self' } });
    const key = `mute/${conversation.id}`;
    await phone.must('set', { key, value: '1' });
    await laptop.must('set', { key, value: '' });
    const { settings } = await phone.must('settings', { after: '', limit: 9 });
    expect(settings).toMatchObject([{ key, value: '' }]);
  });

  test('of an unknown kind are not taken', async () => {
    const world = await World.open();
    const mara = await world.join('mara');
    expect((await mara.ask('set', { key: 'colour', value: 'red' })).error).toMatchObject({
      code: 'bad_frame',
      path: '/key',
    });
    const wrong = { key: 'privacy/presence', value: 'friends' };
    expect((await mara.ask('set', wrong)).error).toMatchObject({ code: 'bad_frame', path: '/value' });
  });

  test('are of conversations that one is or was in, and of the own device', async () => {
    const world = await World.open();
    const [mara, theo, ines] = [await world.join('mara'), await world.join('theo'), await world.join('ines')];
    const conversation = await world.group(mara, [theo]);
    const codeOf = async (peer: typeof mara, key: string) => (await peer.ask('set', { key, value: '1' })).error?.code;
    const draft = `draft/${conversation}/${idFor('theo/phone')}`;
    expect(await codeOf(theo, draft)).toBeUndefined();
    expect(await codeOf(mara, draft)).toBe('not_allowed');
    await theo.must('send', { conversation, drafts: [{ key: idFor('l'), kind: 'left' }] });
    expect(await codeOf(theo, draft)).toBeUndefined();
    expect(await codeOf(ines, `pin/${conversation}`)).toBe('not_found');
    expect(await codeOf(ines, `pin/${idFor('nothing')}`)).toBe('not_found');
  });

  test('hold no more than so many bytes', async () => {
    const world = await World.open({ settingBytes: 10 });
    const mara = await world.join('mara');
    const { conversation } = await mara.must('create', { create: { kind: 'self' } });
    const key = `draft/${conversation.id}/${idFor('mara/phone')}`;
    expect((await mara.ask('set', { key, value: 'ä'.repeat(5) })).result).toBeDefined();
    expect((await mara.ask('set', { key, value: 'ä'.repeat(6) })).error?.code).toBe('too_long');
  });
});

test('whoever comes is told that before what they came to, also when the first try is refused', async () => {
  const store = await openMemoryStore();
  const append = store.append.bind(store);
  let refusals = 0;
  store.append = (log, after, rows) => {
    const isFirst =
      refusals === 0 && log === `f/${idFor('theo')}` && rows.some(({ header }) => header.includes('joined'));
    if (!isFirst) return append(log, after, rows);
    refusals++;
    return Promise.reject(new Unavailable('Not now.', 'no_quorum'));
  };
  const world = await World.open({ store });
  const mara = await world.join('mara');
  const theo = await world.join('theo');
  const conversation = await world.group(mara, [theo]);
  await world.clock.pass(5_000);
  const { entries } = await theo.must('feed', { position: { epoch: 1, seq: 0 }, limit: 100 });
  const told = entries.filter((entry) => 'conversation' in entry && entry.conversation === conversation);
  expect([refusals, told.map(({ kind }) => kind)]).toEqual([1, ['joined', 'advance']]);
});
