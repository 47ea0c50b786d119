/** Who is notified of what, when nobody looks; and, at the end, the way to a device that reads it. */
import { expect, test } from 'bun:test';
import type { Notice } from '../../src/protocol/push-commands.ts';
import { settingKey } from '../../src/protocol/settings.ts';
import { openVapidKeys } from '../../src/push/keys.ts';
import type { Push, PushMessage, PushOutcome, Subscription } from '../../src/push/push.ts';
import { openWebPush } from '../../src/push/web-push.ts';
import { folder } from '../endings.ts';
import { PushService } from '../push/endpoint.ts';
import { ask, running, Socket, signUp } from './running.ts';
import { idFor, type Peer, World } from './world.ts';

interface Sent extends Omit<PushMessage, 'payload'> {
  /** The name of the device. */
  readonly to: string;
  readonly notice: Notice;
}

/** A push service that takes everything, or answers what it is told to. */
class Service implements Push {
  readonly key = 'key';
  readonly sent: Sent[] = [];
  asked = 0;
  answer: PushOutcome = { kind: 'taken', status: 201 };

  mayReach(endpoint: string): boolean {
    return endpoint.startsWith('https://push.example.org/');
  }

  async send({ endpoint }: Subscription, { payload, ...how }: PushMessage): Promise<PushOutcome> {
    this.asked++;
    if (this.answer.kind !== 'taken') return this.answer;
    this.sent.push({ to: endpoint.split('/').at(-1)!, notice: JSON.parse(payload) as Notice, ...how });
    return this.answer;
  }

  /** What was sent since it was asked last. */
  take(): Sent[] {
    return this.sent.splice(0);
  }
}

const SOON = 1_300;
const keys = { p256dh: 'B'.padEnd(87, 'A'), auth: 'A'.repeat(22) };
const endpointOf = (name: string) => `https://push.example.org/${name}`;

async function open(options: Parameters<typeof World.open>[0] = {}) {
  const service = new Service();
  const world = await World.open({ push: service, deadAfterMs: 1e12, ...options });
  /** A device that can be notified and that nobody looks at: its connection is gone. */
  const away = async (name: string, device = 'phone') => {
    const peer = await world.join(name, device);
    await peer.must('subscribe', { endpoint: endpointOf(`${name}-${device}`), ...keys });
    peer.vanish();
    return peer;
  };
  const soon = async () => {
    await world.clock.pass(SOON);
    return service.take();
  };
  return { world, service, away, soon };
}

const set = (peer: Peer, key: string, value = '1') => peer.must('set', { key, value });
const read = (peer: Peer, conversation: string, seq: number) => peer.must('mark', { conversation, read: seq });
const show = (peer: Peer, ...ids: string[]) =>
  peer.must('ping', { shown: ids.map((conversation) => ({ conversation, digest: 0 })), profiles: [] });
const act = (peer: Peer, conversation: string, draft: object) =>
  peer.must('send', { conversation, drafts: [{ key: idFor(JSON.stringify(draft)), ...draft } as never] });
const seqOf = (result: unknown) => (result as { seq: number }).seq;

test('a device that is away is told that there is something, once for all that came together', async () => {
  const { world, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const chat = await world.direct(mara, theo);
  await mara.sends(chat, 'one');
  const last = await mara.sends(chat, 'two');
  const [sent, ...more] = await soon();
  expect(more).toEqual([]);
  expect(sent).toEqual({
    to: 'theo-phone',
    notice: { v: 1, kind: 'message', conversation: chat, seq: seqOf(last), at: expect.any(Number), count: 2 },
    ttlSeconds: 604_800,
    topic: expect.stringMatching(/^[\w-]{22}$/),
    urgency: 'high',
  });
  expect(await soon()).toEqual([]);
});

test('of two chats at once one is told of both, however long the store takes', async () => {
  const { world, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const chats = [await world.direct(mara, theo), await world.group(mara, [theo])];
  const { listRecords } = world.store;
  world.store.listRecords = async (...asked) => {
    if (asked[0] === `push/${theo.user}`) await new Promise<void>((resolve) => world.clock.after(10, resolve));
    return listRecords.apply(world.store, asked);
  };
  await Promise.all(chats.map((chat) => mara.sends(chat, `in ${chat}`)));
  expect((await soon()).map(({ notice }) => (notice as { conversation: string }).conversation).sort()).toEqual(
    chats.sort(),
  );
});

test('all devices of a member are told, the sender and former members are not, each under a topic of its own', async () => {
  const { world, away, soon } = await open();
  const mara = await world.join('mara', 'laptop');
  for (const [name, device] of [
    ['mara', 'phone'],
    ['theo', 'phone'],
    ['theo', 'tablet'],
    ['ines', 'phone'],
  ] as const) {
    await away(name, device);
  }
  const [theo, ines] = [await world.join('theo', 'laptop'), await world.join('ines', 'laptop')];
  const group = await world.group(mara, [theo, ines]);
  await act(mara, group, { kind: 'removed', user: ines.user });
  await mara.sends(group, 'hello');
  const sent = await soon();
  expect(sent.map(({ to }) => to).sort()).toEqual(['theo-phone', 'theo-tablet']);
  expect(new Set(sent.map(({ topic }) => topic)).size).toBe(2);
  expect(sent.map(({ urgency }) => urgency)).toEqual(['normal', 'normal']);
  await act(theo, group, { kind: 'left' });
  await soon();
  await mara.sends(group, 'alone');
  expect(await soon()).toEqual([]);
});

test('nobody is told of what any of their devices shows, by socket, by polling or on another server', async () => {
  const { world, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const chat = await world.direct(mara, theo);
  const laptop = await world.join('theo', 'laptop');
  await show(laptop, chat);
  await mara.sends(chat, 'seen on the laptop');
  expect(await soon()).toEqual([]);
  await show(laptop);
  await mara.sends(chat, 'seen by nobody');
  expect(await soon()).toHaveLength(1);
  await world.clock.pass(10_000);

  const session = { user: theo.user, device: idFor('theo/poller') };
  const shown = [{ conversation: chat, digest: 0 }];
  await world.node.execute(session, { id: 1, type: 'ping', shown, profiles: [] });
  await mara.sends(chat, 'seen by polling');
  expect((await soon()).map(({ notice }) => notice.kind)).toEqual(['close']);
  await world.clock.pass(45_000);
  await mara.sends(chat, 'the poller has gone');
  expect(await soon()).toHaveLength(1);
  await world.clock.pass(10_000);

  const other = await world.server();
  const elsewhere = await world.join('theo', 'desk', other);
  await show(elsewhere, chat);
  await mara.sends(chat, 'seen on another server');
  expect((await soon()).map(({ notice }) => notice.kind)).toEqual(['close']);
  await show(elsewhere);
  await mara.sends(chat, 'not any more');
  expect((await soon()).map(({ to }) => to)).toEqual(['theo-phone']);
});

test('what is read, muted, archived or deleted for oneself is not told', async () => {
  const { world, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const laptop = await world.join('theo', 'laptop');
  const chat = await world.direct(mara, theo);
  await read(laptop, chat, seqOf(await mara.sends(chat, 'read at once')));
  expect(await soon()).toEqual([]);
  for (const key of [settingKey.mute(chat), settingKey.archive(chat)]) {
    await set(laptop, key);
    await mara.sends(chat, `quiet ${key}`);
    expect(await soon()).toEqual([]);
    await set(laptop, key, '');
  }
  const hidden = seqOf(await mara.sends(chat, 'hidden'));
  await set(laptop, settingKey.hide(chat, hidden));
  const [sent] = await soon();
  // The one before it, which was muted when it came, is not read either; but it is no news.
  expect(sent).toBeUndefined();
});

test('of what somebody says whom one blocks one is not told, nor are they counted', async () => {
  const { world, away, soon } = await open();
  const [mara, ines] = [await world.join('mara'), await world.join('ines')];
  const theo = await away('theo');
  const laptop = await world.join('theo', 'laptop');
  const group = await world.group(mara, [theo, ines]);
  await set(laptop, settingKey.block(mara.user));
  await act(mara, group, { kind: 'message', mentions: [theo.user], body: { v: 1, text: '@theo' } });
  expect(await soon()).toEqual([]);
  await ines.sends(group, 'hello');
  expect((await soon()).map(({ notice }) => notice)).toMatchObject([{ count: 1 }]);
});

test('who calls by name is heard where it is muted, for those who want that, and always in a channel', async () => {
  const { world, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const laptop = await world.join('theo', 'laptop');
  const group = await world.group(mara, [theo]);
  const calling = (text: string) => act(mara, group, { kind: 'message', mentions: [theo.user], body: { v: 1, text } });
  await set(laptop, settingKey.mute(group));
  await calling('@theo, silently');
  expect(await soon()).toEqual([]);
  await set(laptop, settingKey.noticeMentions);
  await mara.sends(group, 'nobody in particular');
  expect(await soon()).toEqual([]);
  await calling('@theo, aloud');
  expect(await soon()).toMatchObject([{ notice: { mentioned: true }, urgency: 'high' }]);
});

test('in a channel one is told of what calls one by name only', async () => {
  const { world, away, soon } = await open();
  const many = Array.from({ length: 256 }, (_, i) => `member ${i}`);
  for (const name of many) world.people.add(name);
  const mara = await world.join('mara');
  const theo = await away('theo');
  const group = await world.group(mara, [theo]);
  await act(mara, group, { kind: 'added', users: many.map(idFor).slice(0, 255) });
  await mara.sends(group, 'to everybody');
  expect(await soon()).toEqual([]);
  await act(mara, group, { kind: 'message', mentions: [theo.user], body: { v: 1, text: 'Theo' } });
  expect((await soon()).map(({ to, notice }) => [to, notice.kind])).toEqual([['theo-phone', 'message']]);
});

test('names and words are told to those alone who want them there', async () => {
  const { world, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const laptop = await world.join('theo', 'laptop');
  const group = await world.group(mara, [theo]);
  const says = async (text: string) => {
    await mara.sends(group, text);
    const [sent] = await soon();
    await world.clock.pass(5_000);
    return sent!.notice;
  };
  expect(JSON.stringify(await says('hush'))).not.toMatch(/hush|mara|Choir/i);
  await set(laptop, settingKey.noticeShows, 'names');
  const named = await says('hush again');
  expect(named).toMatchObject({ sender: 'mara', title: 'Choir' });
  expect(named).not.toHaveProperty('text');
  await set(laptop, settingKey.noticeShows, 'words');
  expect(await says('  Now\n aloud ')).toMatchObject({ sender: 'mara', title: 'Choir', text: 'Now aloud' });
  expect(await says('**Sing** ||in the kitchen||')).toMatchObject({ text: 'Sing ▒▒▒▒' });
  const long = await says('🎷'.repeat(4_000));
  expect([...(long as { text: string }).text]).toHaveLength(240);
});

test('words that go by themselves are never told, nor those of a chat that does', async () => {
  const { world, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const laptop = await world.join('theo', 'laptop');
  await set(laptop, settingKey.noticeShows, 'words');
  const chat = await world.direct(mara, theo);
  await act(mara, chat, { kind: 'lifetime', lifetime: { kind: 'timer', seconds: 60 } });
  await mara.sends(chat, 'secret');
  const [timed] = await soon();
  expect(timed).toMatchObject({ notice: { kind: 'message', sender: 'mara' }, ttlSeconds: 58 });
  await act(mara, chat, { kind: 'lifetime', lifetime: { kind: 'timer', seconds: 60, after: 'reading' } });
  await world.clock.pass(10_000);
  await mara.sends(chat, 'a secret for one reading');
  const [once] = await soon();
  expect(once).toMatchObject({ notice: { kind: 'message', sender: 'mara' } });
  const until = world.clock.now() + 600_000;
  const create = { kind: 'direct', user: theo.user, key: idFor('whole'), lifetime: { kind: 'whole', until } } as const;
  const { conversation } = await mara.must('create', { create });
  await mara.sends(conversation.id, 'secret');
  const [whole] = await soon();
  expect(whole!.ttlSeconds).toBeLessThan(600);
  expect(JSON.stringify([timed, once, whole])).not.toContain('secret');
});

test('a secret that is deleted, edited away or expired before it is told is in no push, however late it is tried', async () => {
  const { world, service, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const laptop = await world.join('theo', 'laptop');
  await set(laptop, settingKey.noticeShows, 'words');
  const chat = await world.direct(mara, theo);
  service.answer = { kind: 'later', status: 503 };
  const deleted = seqOf(await mara.sends(chat, 'secret, deleted'));
  await soon();
  expect(service.asked).toBe(1);
  await act(mara, chat, { kind: 'deleted', target: deleted });
  service.answer = { kind: 'taken', status: 201 };
  await world.clock.pass(600_000);
  expect(service.take()).toEqual([]);

  service.answer = { kind: 'later', status: 503 };
  const edited = seqOf(await mara.sends(chat, 'secret, edited'));
  await soon();
  await act(mara, chat, { kind: 'edited', target: edited, body: { v: 1, text: 'harmless' } });
  service.answer = { kind: 'taken', status: 201 };
  await world.clock.pass(600_000);
  expect(service.take().map(({ notice }) => notice)).toMatchObject([{ seq: edited, text: 'harmless' }]);

  await act(mara, chat, { kind: 'lifetime', lifetime: { kind: 'timer', seconds: 5 } });
  service.answer = { kind: 'later', status: 503 };
  await read(laptop, chat, seqOf(await mara.sends(chat, 'read')));
  await mara.sends(chat, 'secret, expired');
  await world.clock.pass(6_000);
  service.answer = { kind: 'taken', status: 201 };
  await world.clock.pass(600_000);
  expect(service.take().filter(({ notice }) => notice.kind === 'message')).toEqual([]);
});

test('a request of a stranger is told without a name, and not once it is declined', async () => {
  const { world, away, soon } = await open({ people: 'strangers' });
  const mara = await world.join('mara');
  const theo = await away('theo');
  const laptop = await world.join('theo', 'laptop');
  await set(laptop, settingKey.noticeShows, 'words');
  const chat = await world.direct(mara, theo);
  await mara.sends(chat, 'abuse');
  const [sent] = await soon();
  expect(sent!.notice).toMatchObject({ request: true });
  expect(JSON.stringify(sent!.notice)).not.toMatch(/abuse|mara/i);
  const ines = await world.join('ines');
  const other = await world.direct(ines, theo);
  await set(laptop, settingKey.decline(other));
  await ines.sends(other, 'abuse');
  expect(await soon()).toEqual([]);
});

test('what was told is taken back when it is read elsewhere, by push only where no page is open', async () => {
  const { world, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const chat = await world.direct(mara, theo);
  const laptop = await world.join('theo', 'laptop');
  const told = seqOf(await mara.sends(chat, 'hello'));
  const [sent] = await soon();
  await show(laptop, chat);
  await read(laptop, chat, told);
  await world.clock.pass(10_000);
  const closed = await soon();
  expect(closed.map(({ notice, topic }) => [notice, topic])).toEqual([
    [{ v: 1, kind: 'close', conversation: chat, seq: told }, sent!.topic],
  ]);
  await show(laptop);
  const next = seqOf(await mara.sends(chat, 'again'));
  expect(await soon()).toHaveLength(1);
  await world.join('theo');
  await read(laptop, chat, next);
  await world.clock.pass(10_000);
  expect(await soon()).toEqual([]);
});

test('what was told of what is deleted gives way to what is left, quietly, or goes', async () => {
  const { world, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const chat = await world.direct(mara, theo);
  const first = seqOf(await mara.sends(chat, 'first'));
  const second = seqOf(await mara.sends(chat, 'second'));
  await soon();
  await act(mara, chat, { kind: 'deleted', target: second });
  await world.clock.pass(10_000);
  expect((await soon()).map(({ notice }) => notice)).toMatchObject([{ kind: 'message', seq: first, quiet: true }]);
  await act(mara, chat, { kind: 'deleted', target: first });
  await world.clock.pass(10_000);
  expect((await soon()).map(({ notice }) => notice)).toMatchObject([{ kind: 'close', conversation: chat }]);
});

test('what was told of what goes by itself goes with it, and of what one is put out of, too', async () => {
  const { world, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const group = await world.group(mara, [theo]);
  await act(mara, group, { kind: 'lifetime', lifetime: { kind: 'timer', seconds: 60 } });
  await mara.sends(group, 'for a minute');
  expect(await soon()).toHaveLength(1);
  await world.clock.pass(100_000);
  expect((await soon()).map(({ notice }) => notice.kind)).toEqual(['close']);
  await mara.sends(group, 'once more');
  expect(await soon()).toHaveLength(1);
  await act(mara, group, { kind: 'removed', user: theo.user });
  await world.clock.pass(10_000);
  expect((await soon()).map(({ notice }) => notice.kind)).toEqual(['close']);
});

test('a busy chat is told of at most every five seconds', async () => {
  const { world, service, away } = await open();
  const mara = await world.join('mara');
  const chat = await world.direct(mara, await away('theo'));
  for (let i = 0; i < 60; i++) {
    await mara.sends(chat, `message ${i}`);
    await world.clock.pass(500);
  }
  expect(service.asked).toBeGreaterThan(3);
  expect(service.asked).toBeLessThan(8);
});

test('a subscription ends with its session, with the device that has gone, and when it is taken back', async () => {
  const { world, service, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const chat = await world.direct(mara, theo);
  const laptop = await world.join('theo', 'laptop');
  const has = async (device: string) =>
    (await world.store.getRecord(`push/${theo.user}`, idFor(`theo/${device}`))) !== null;
  await laptop.must('subscribe', { endpoint: endpointOf('theo-laptop'), ...keys });
  expect(await laptop.must('notifications', {})).toEqual({ key: 'key', endpoint: endpointOf('theo-laptop') });
  await laptop.must('revoke', { device: idFor('theo/phone') });
  await mara.sends(chat, 'to the laptop');
  expect((await soon()).map(({ to }) => to)).toEqual(['theo-laptop']);
  expect(await has('phone')).toBe(false);

  service.answer = { kind: 'gone', status: 410 };
  await world.clock.pass(5_000);
  await mara.sends(chat, 'to nobody');
  await soon();
  expect(await has('laptop')).toBe(false);
  service.answer = { kind: 'taken', status: 201 };

  await laptop.must('subscribe', { endpoint: endpointOf('anew'), ...keys });
  await laptop.must('unsubscribe', {});
  await laptop.must('unsubscribe', {});
  expect(await laptop.must('notifications', {})).toEqual({ key: 'key', endpoint: null });
  await mara.sends(chat, 'to nobody again');
  expect(await soon()).toEqual([]);
});

test('a service that is busy is tried again as it says, and one that refuses is told of once', async () => {
  const { world, service, away, soon } = await open();
  const mara = await world.join('mara');
  const chat = await world.direct(mara, await away('theo'));
  service.answer = { kind: 'later', status: 429, retryAfterMs: 60_000 };
  await mara.sends(chat, 'one');
  await soon();
  await world.clock.pass(55_000);
  expect(service.asked).toBe(1);
  service.answer = { kind: 'taken', status: 201 };
  await world.clock.pass(10_000);
  expect(service.take()).toHaveLength(1);
  service.answer = { kind: 'later', status: null };
  await mara.sends(chat, 'two');
  await world.clock.pass(3_600_000);
  expect(service.asked).toBe(2 + 11);
  service.answer = { kind: 'refused', status: 403 };
  for (const text of ['three', 'four']) {
    await mara.sends(chat, text);
    await world.clock.pass(10_000);
  }
  expect(service.asked).toBe(2 + 11 + 2);
  expect(world.reports.map(String)).toEqual(['Error: https://push.example.org takes no notifications (403).']);
});

test('what cannot be reached is not taken, and without push nothing is', async () => {
  const { world } = await open();
  const mara = await world.join('mara');
  const inside = await mara.ask('subscribe', { endpoint: 'https://127.0.0.1/x', ...keys });
  expect(inside.error).toMatchObject({ code: 'bad_frame', path: '/endpoint' });
  const without = await (await World.open()).join('mara');
  expect(await without.must('notifications', {})).toEqual({ key: null, endpoint: null });
  expect((await without.ask('subscribe', { endpoint: endpointOf('x'), ...keys })).error?.code).toBe('not_found');
});

test('a test says what the service said, and not as often as one likes', async () => {
  const { world, service } = await open();
  const mara = await world.join('mara');
  expect(await mara.must('testNotification', {})).toEqual({ outcome: 'none', status: null });
  await mara.must('subscribe', { endpoint: endpointOf('mara'), ...keys });
  expect(await mara.must('testNotification', {})).toEqual({ outcome: 'taken', status: 201 });
  expect(service.take()).toMatchObject([{ notice: { v: 1, kind: 'test' }, urgency: 'high' }]);
  service.answer = { kind: 'refused', status: 403 };
  expect(await mara.must('testNotification', {})).toEqual({ outcome: 'refused', status: 403 });
  const outcomes = [];
  for (let i = 0; i < 5; i++) outcomes.push((await mara.ask('testNotification', {})).error?.code);
  expect(outcomes.at(-1)).toBe('too_many_tries');
});

test('what a server had no time to tell, the next one tells, once', async () => {
  const { world, service, away, soon } = await open();
  const mara = await world.join('mara');
  const chat = await world.direct(mara, await away('theo'));
  await soon();
  await mara.sends(chat, 'acked, and no more');
  await world.node.stop();
  expect(await soon()).toEqual([]);
  await world.server();
  expect((await soon()).map(({ to }) => to)).toEqual(['theo-phone']);
  await world.server();
  await world.clock.pass(60_000);
  expect(service.take()).toEqual([]);
});

test('what an earlier run has told is taken back by the next one: read, gone meanwhile, and nothing is told twice', async () => {
  const { world, service, away, soon } = await open();
  const mara = await world.join('mara');
  const theo = await away('theo');
  const [chat, group] = [await world.direct(mara, theo), await world.group(mara, [theo])];
  await act(mara, group, { kind: 'lifetime', lifetime: { kind: 'timer', seconds: 60 } });
  const seq = seqOf(await mara.sends(chat, 'first'));
  await mara.sends(group, 'for a minute');
  expect(await soon()).toHaveLength(2);
  await world.node.stop();
  const next = await world.server();
  await world.clock.pass(20_000);
  expect(service.take()).toEqual([]);
  const laptop = await world.join('theo', 'laptop', next);
  await read(laptop, chat, seq);
  await world.clock.pass(10_000);
  expect((await soon()).map(({ to, notice }) => [to, notice])).toMatchObject([
    ['theo-phone', { kind: 'close', conversation: chat, seq }],
  ]);
  await next.stop();
  await world.clock.pass(60_000);
  const last = await world.server();
  await world.clock.pass(10_000);
  expect(service.take().map(({ notice }) => notice)).toMatchObject([{ kind: 'close', conversation: group }]);
  await last.stop();
  expect(
    (await Promise.all(Array.from({ length: 16 }, (_, i) => world.store.listRecords(`told/${i}`, '', 9)))).flat(),
  ).toEqual([]);
});

test('from a message to a device that reads it, with keys of the server, and nothing readable on the way', async () => {
  const service = new PushService();
  const push = openWebPush({ keys: openVapidKeys(folder()), subject: 'mailto:somebody@example.org', inside: true });
  const server = await running({ push });
  const [mara, theo] = [await signUp(server, 'mara'), await signUp(server, 'theo')];
  const [from, to] = [await Socket.signedIn(server, mara.token), await Socket.signedIn(server, theo.token)];
  const { key } = await to.call('notifications', {});
  await to.call('subscribe', service.subscribe('phone', key!));
  expect(await to.call('testNotification', {})).toEqual({ outcome: 'taken', status: 201 });
  await to.call('set', { key: settingKey.noticeShows, value: 'words' });
  const { conversation } = await from.call('create', { create: { kind: 'direct', user: theo.user.user } });
  const draft = { key: idFor('key'), kind: 'message', body: { v: 1, text: 'Über den Wolken' } } as const;
  await from.call('send', { conversation: conversation.id, drafts: [draft] });
  await service.until(2);
  const [, notice] = service.delivered.map(({ payload }) => JSON.parse(payload) as Notice);
  expect(notice).toMatchObject({
    kind: 'message',
    conversation: conversation.id,
    sender: 'mara',
    text: 'Über den Wolken',
  });
  expect(service.wrong).toEqual([]);

  service.unsubscribe('phone');
  expect(await to.call('testNotification', {})).toEqual({ outcome: 'gone', status: 410 });
  expect(await to.call('notifications', {})).toEqual({ key, endpoint: null });
  await to.call('subscribe', service.subscribe('phone', key!));
  await ask(server, '/api/session', { method: 'DELETE', token: theo.token });
  await from.call('send', { conversation: conversation.id, drafts: [{ ...draft, key: idFor('other') }] });
  await from.call('ping', { shown: [], profiles: [] });
  expect(service.delivered).toHaveLength(2);
});
