/** What a connection may do to a server: each is bounded, answered with its code, and costs the others nothing. */
import { describe, expect, test } from 'bun:test';
import type { Result } from '../../src/protocol/commands.ts';
import { CLOSE, ERRORS } from '../../src/protocol/errors.ts';
import { openMemoryStore } from '../../src/store/memory.ts';
import { idFor, Peer, settle, World } from './world.ts';

const codes = (peer: Peer) =>
  peer.frames.flatMap((frame) => (frame['error'] ? [(frame['error'] as { code: string }).code] : []));
const hello = (name: string, protocol = 1) => ({
  id: 1,
  type: 'hello',
  protocol,
  token: `${name}/phone`,
  position: null,
});

describe('too fast', () => {
  const frames: [string, string | object][] = [
    ['commands', { id: 7, type: 'devices' }],
    ['pings', { id: 7, type: 'ping', shown: [], profiles: [] }],
    ['what is not JSON', '{'],
    ['what is no frame', '7'],
    ['unknown commands', { id: 7, type: 'fly' }],
    ['lists of frames', JSON.stringify(Array(100).fill({ id: 7, type: 'devices' }))],
  ];
  test.each(frames)('%s: told to wait, then sent away for a while', async (_, frame) => {
    const world = await World.open({ commandsBurst: 50, commandsPerSecond: 1 });
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    for (let i = 0; i < 10_000 && mara.closedWith === null; i++) mara.say(frame);
    await settle();
    const limited = codes(mara).filter((code) => code === 'rate_limited');
    expect(limited.length).toBeGreaterThanOrEqual(50);
    expect(mara.frames.length).toBeLessThan(300);
    expect(mara.frames.find(({ error }) => (error as { code: string })?.code === 'rate_limited')).toMatchObject({
      error: { retryAfterMs: expect.any(Number), message: ERRORS.rate_limited.sentence },
    });
    expect(mara.events('bye')).toMatchObject([{ retryAfterMs: expect.any(Number) }]);
    expect(mara.closedWith).toBe(CLOSE.rate);
    expect((await theo.ask('devices', {})).result).toBeDefined();
  });

  test('sends beyond the rate of their sender, from a connection that does not wait', async () => {
    const world = await World.open({ sendsBurst: 10, sendsPerSecond: 1, commandsBurst: 50, commandsPerSecond: 1 });
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const conversation = await world.direct(mara, theo);
    for (let i = 0; i < 1_000 && mara.closedWith === null; i++) {
      const drafts = [{ key: idFor(`k${i}`), kind: 'message', body: { v: 1, text: 'x' } }];
      mara.say({ id: 100 + i, type: 'send', conversation, drafts });
      await Promise.resolve();
    }
    await settle();
    expect(codes(mara).filter((code) => code === 'rate_limited').length).toBeGreaterThanOrEqual(50);
    expect(mara.closedWith).toBe(CLOSE.rate);
  });

  test('one that waits as it is told stays', async () => {
    const world = await World.open({ commandsBurst: 5, commandsPerSecond: 10 });
    const mara = await world.join('mara');
    for (let i = 0; i < 100; i++) {
      const { error } = await mara.ask('devices', {});
      if (error) await world.clock.pass(error.retryAfterMs ?? 0);
    }
    expect(mara.closedWith).toBeNull();
  });
});

describe('before hello', () => {
  test('any other frame is the last', async () => {
    const world = await World.open();
    const stranger = new Peer(world.node, 'mara');
    expect((await stranger.ask('devices', {})).error?.code).toBe('unauthenticated');
    expect(stranger.closedWith).toBe(CLOSE.unauthenticated);
  });

  test('ten seconds are enough, however much is said', async () => {
    const world = await World.open();
    const stranger = new Peer(world.node, 'mara');
    for (let i = 0; i < 16 && stranger.closedWith === null; i++) {
      stranger.say('{');
      await world.clock.pass(1_000);
    }
    expect(stranger.closedWith).toBe(CLOSE.silent);
  });

  test('a second hello is answered and changes nothing', async () => {
    const world = await World.open();
    const mara = await world.join('mara');
    mara.say({ ...hello('theo'), id: 9 });
    await settle();
    expect(mara.frames.at(-1)).toMatchObject({ re: 9, error: { code: 'bad_frame', path: '/type' } });
    expect(mara.connection.session?.user).toBe(mara.user);
  });

  test.each([0, 2, 99])('version %d is told so, whatever else is in it', async (protocol) => {
    const world = await World.open();
    const stranger = new Peer(world.node, 'mara');
    stranger.say({ ...hello('mara', protocol), fields: 'of another time' });
    await settle();
    const error = { code: 'wrong_version', message: ERRORS.wrong_version.sentence };
    expect(stranger.frames).toEqual([{ re: 1, error }]);
    expect(stranger.closedWith).toBe(CLOSE.wrong_version);
    const session = { user: idFor('mara'), device: idFor('mara/phone') };
    expect(await world.node.execute(session, hello('mara', protocol))).toEqual({ re: 1, error } as never);
  });

  test('a store that fails sends away with a code that comes back', async () => {
    const world = await World.open();
    await world.store.close();
    const mara = new Peer(world.node, 'mara');
    mara.say(hello('mara'));
    await settle();
    expect(codes(mara)).toEqual(['unavailable']);
    expect(mara.closedWith).toBe(CLOSE.overload);
  });

  test('a session that ended on the way does not get in', async () => {
    const world = await World.open();
    const mara = new Peer(world.node, 'mara');
    world.people.ended.add(idFor('mara/phone'));
    mara.say(hello('mara'));
    await settle();
    expect(mara.closedWith).toBe(CLOSE.revoked);
    expect(mara.frames).toEqual([]);
  });
});

describe('what is odd', () => {
  const id = 'A'.repeat(22);
  const send = (draft: string) => `{"id":5,"type":"send","conversation":"${id}","drafts":[${draft}]}`;
  test.each([
    ['ten thousand lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['a megabyte of brackets', '['.repeat(1_000_000)],
    ['objects in objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['a prototype', '{"id":5,"type":"devices","__proto__":{"polluted":1}}'],
    [
      'a prototype inside',
      send(`{"kind":"message","key":"${id}","body":{"v":1,"text":"x","__proto__":{"polluted":1}}}`),
    ],
    ['a constructor', '{"id":5,"type":"devices","constructor":{"prototype":{"polluted":1}}}'],
    ['a number beyond all', '{"id":1e400,"type":"devices"}'],
    ['a number beyond all inside', send(`{"kind":"message","key":"${id}","baseSeq":1e400,"body":{"v":1,"text":"x"}}`)],
    ['nothing', ''],
  ])('%s', async (_, frame) => {
    const world = await World.open();
    const mara = await world.join('mara');
    mara.say(frame);
    await settle();
    expect(codes(mara)).toEqual(['bad_frame']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((await mara.ask('devices', {})).result).toBeDefined();
  });

  test.each([
    ['a lone surrogate', '\ud800 and on'],
    ['zeros', 'a\0b\0'],
    ['what looks like a marker', '"},"body":{"v":1}'],
  ])('%s in a text comes back as it was', async (_, value) => {
    const world = await World.open();
    const [mara, theo] = [await world.join('mara'), await world.join('theo')];
    const chat = await world.direct(mara, theo);
    await mara.sends(chat, value, idFor('k'));
    for (const node of [world.node, await world.server()]) {
      const reader = await world.join('theo', 'laptop', node);
      const { entries } = await reader.must('history', { conversation: chat, place: { last: true }, limit: 1 });
      expect(entries).toMatchObject([{ body: { text: value } }]);
    }
  });
});

test('what watches and moves on is forgotten', async () => {
  const world = await World.open();
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  await mara.must('watch', { users: [theo.user] });
  await mara.must('watch', { users: [idFor('noor')] });
  theo.vanish();
  await world.clock.pass(6_000);
  expect(mara.events('presence')).toEqual([]);
});

test('a page of long messages is cut, and what is asked for next follows it', async () => {
  const world = await World.open();
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const conversation = await world.direct(mara, theo);
  for (let i = 0; i < 60; i++) await mara.sends(conversation, `${i} ${'x'.repeat(16_000)}`);
  const seen: number[] = [];
  for (let before = 62; before > 1; ) {
    const page = await theo.must('history', { conversation, place: { before }, limit: 200 });
    expect(JSON.stringify(page).length).toBeLessThan(300_000);
    expect(page.to).toBe(before - 1);
    seen.unshift(...page.entries.map(({ seq }) => seq));
    before = page.from;
  }
  const all = Array.from({ length: 61 }, (_, i) => i + 1);
  expect(seen).toEqual(all);
  const read: number[] = [];
  while (read.length < 61) {
    const ranges = [{ conversation, after: read.length, to: 61 }];
    const { slices } = await theo.must('read', { ranges, limit: 200 });
    expect(JSON.stringify(slices).length).toBeLessThan(300_000);
    read.push(...slices[0]!.entries.map(({ seq }) => seq));
    expect(slices[0]!.to).toBe(read.length);
  }
  expect(read).toEqual(all);
});

test('so is a page of conversations', async () => {
  const world = await World.open();
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const ids: string[] = [];
  for (let i = 0; i < 40; i++) {
    ids.unshift(await world.group(mara, [theo]));
    await world.clock.pass(10);
    await mara.sends(ids[0]!, `${i} ${'x'.repeat(16_000)}`);
    await world.clock.pass(200);
  }
  const listed: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: Result<'conversations'> = await theo.must('conversations', { after, limit: 200 });
    expect(JSON.stringify(page).length).toBeLessThan(300_000);
    listed.push(...page.conversations.map(({ id }) => id));
    after = page.next;
    if (after === null) break;
  }
  expect(listed).toEqual(ids);
});

test('a poll of a device that was ended ends with it, and with nothing', async () => {
  const world = await World.open();
  const theo = await world.join('theo');
  const session = { user: idFor('mara'), device: idFor('mara/phone') };
  const polled = world.node.poll(session, { epoch: 1, seq: 0 }, 50_000).catch((error) => error.failure);
  await settle();
  await world.people.revoke(session, session.device);
  await settle();
  await world.direct(theo, await world.join('mara', 'laptop'));
  expect(await polled).toEqual({ code: 'unauthenticated' });
});

test('the epoch rises once, however many claim to be ahead', async () => {
  const world = await World.open();
  for (const [i, epoch] of [1, 2, 2].entries()) {
    const peer = new Peer(world.node, 'mara');
    const position = { epoch, seq: 99 };
    const welcome = await peer.must('hello', { protocol: 1, token: `mara/${i}`, position });
    expect(welcome.epoch).toBe(2);
  }
  expect(world.reports).toHaveLength(1);
});

test('a device that comes back when a person has all the connections there may be takes its own place', async () => {
  const world = await World.open({ connectionsPerUser: 2 });
  const [phone] = [await world.join('mara', 'phone'), await world.join('mara', 'laptop')];
  await world.join('mara', 'phone');
  expect(phone.closedWith).toBe(CLOSE.replaced);
  const third = new Peer(world.node, 'mara');
  third.say({ ...hello('mara'), token: 'mara/tablet' });
  await settle();
  expect([codes(third), third.closedWith]).toEqual([['overloaded'], CLOSE.overload]);
});

test('a ping says that the device is in use', async () => {
  const world = await World.open();
  const mara = await world.join('mara', 'laptop');
  await mara.must('ping', { shown: [], profiles: [] });
  expect(world.people.here).toEqual([idFor('mara/laptop')]);
});

test('of what waits for one conversation there is a bound, and what is turned away comes later', async () => {
  let open = () => {};
  let blocked: Promise<void> | null = null;
  const world = await World.open({ store: await openMemoryStore(() => blocked ?? Promise.resolve()) });
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const conversation = await world.direct(mara, theo);
  await world.clock.pass(200);
  blocked = new Promise((resolve) => {
    open = resolve;
  });
  const session = { user: mara.user, device: idFor('mara/phone') };
  const draftsOf = (i: number) =>
    Array.from({ length: 64 }, (_, n) => {
      return { key: idFor(`${i} ${n}`), kind: 'message', baseSeq: 1, body: { v: 1, text: `${i} ${n}` } };
    });
  const send = (i: number) => world.node.execute(session, { id: i, type: 'send', conversation, drafts: draftsOf(i) });
  const sent = Array.from({ length: 320 }, (_, i) => send(i));
  await settle();
  const turnedAway = ((await send(320)) as { result: { results: unknown[] } }).result.results;
  expect(turnedAway).toEqual(draftsOf(320).map(({ key }) => ({ key, code: 'overloaded', retryAfterMs: 1_000 })));
  blocked = null;
  open();
  await Promise.all(sent);
  const { results } = ((await send(320)) as { result: { results: { seq: number }[] } }).result;
  expect(results[63]).toMatchObject({ seq: expect.any(Number) });
});
