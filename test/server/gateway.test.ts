import { expect, test } from 'bun:test';
import { CLOSE } from '../../src/protocol/errors.ts';
import { systemRandom } from '../../src/server/system.ts';
import { ask, Deaf, PASSWORD, type Running, running, Socket, signUp } from './running.ts';

const draft = (text: string) => ({ kind: 'message' as const, key: systemRandom.id(), body: { v: 1 as const, text } });

async function cookieOf(server: Running, name: string): Promise<string> {
  const body = { name, displayName: name, password: PASSWORD, device: 'browser' };
  const made = await ask(server, '/0/api/accounts', { body, headers: { origin: server.url } });
  return made.headers.get('set-cookie')!.split(';')[0]!;
}

test('what one person sends arrives at the other', async () => {
  const server = await running();
  const mara = await signUp(server, 'mara');
  const jonas = await signUp(server, 'jonas');
  const [from, to] = [await Socket.signedIn(server, mara.token), await Socket.signedIn(server, jonas.token)];
  const { conversation } = await from.call('create', { create: { kind: 'direct', user: jonas.user.user } });
  await to.event('feed');
  const hello = draft('hello');
  const { results } = await from.call('send', { conversation: conversation.id, drafts: [hello] });
  expect(results).toMatchObject([{ key: hello.key, seq: 2 }]);
  const isIt = (entry: { key: string }) => entry.key === hello.key;
  for (;;) {
    const { entries } = await to.event('message');
    if (!entries.some(isIt)) continue;
    expect(entries.find(isIt)).toMatchObject({ seq: 2, sender: mara.user.user, body: { text: 'hello' } });
    break;
  }
  expect(server.reported).toEqual([]);
});

test('the cookie of a slot opens the socket of that slot', async () => {
  const server = await running();
  const cookie = await cookieOf(server, 'mara');
  const socket = new Socket(server, '/0/socket', { cookie, origin: server.url });
  await socket.opened;
  expect((await socket.call('hello', { protocol: 1, position: null })).user.name).toBe('mara');
});

test('without a session the socket says so by its close', async () => {
  const server = await running();
  for (const path of ['/socket', '/0/socket']) {
    const socket = new Socket(server, path, { origin: server.url });
    await socket.opened;
    const { error } = await socket.ask({ type: 'hello', protocol: 1, position: null });
    expect(error?.code).toBe('unauthenticated');
    expect(await socket.closed).toBe(CLOSE.unauthenticated);
  }
});

test('a page of another site gets no socket, and a page must say where it is from', async () => {
  const server = await running();
  const cookie = await cookieOf(server, 'mara');
  expect(await new Socket(server, '/socket', { origin: 'https://evil.example' }).opened).toBe(false);
  expect(await new Socket(server, '/0/socket', { cookie, origin: 'https://evil.example' }).opened).toBe(false);
  expect(await new Socket(server, '/0/socket', { cookie }).opened).toBe(false);
  expect(await new Socket(server, '/socket?token=x').opened).toBe(false);
});

test('what asks for no socket is told so', async () => {
  const server = await running();
  expect((await ask(server, '/socket')).status).toBe(426);
  expect((await ask(server, '/socket', { body: {} })).status).toBe(405);
});

test('a device that is ended closes within a second, and cannot come back', async () => {
  const server = await running();
  const { token } = await signUp(server, 'mara');
  const body = { name: 'mara', password: PASSWORD, device: 'lost phone' };
  const lost = (await ask(server, '/api/sessions', { body })).body;
  const socket = await Socket.signedIn(server, lost.token);
  const began = performance.now();
  const own = await Socket.signedIn(server, token);
  await own.call('revoke', { device: lost.device });
  expect(await socket.event('revoked')).toMatchObject({ type: 'revoked' });
  expect(await socket.closed).toBe(CLOSE.revoked);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect((await ask(server, '/api/me', { token: lost.token })).status).toBe(401);
  expect((await own.call('devices', {})).devices).toMatchObject([{ name: 'test', online: true, current: true }]);
});

test('a socket that has not said hello yet ends with its session too', async () => {
  const server = await running();
  const cookie = await cookieOf(server, 'mara');
  const socket = new Socket(server, '/0/socket', { cookie, origin: server.url });
  await socket.opened;
  await ask(server, '/0/api/sessions/current', { method: 'DELETE', headers: { cookie, origin: server.url } });
  expect(await socket.closed).toBe(CLOSE.revoked);
});

test('a binary message closes with 1003, and one that is too long with 1009', async () => {
  const server = await running();
  const { token } = await signUp(server, 'mara');
  const binary = await Socket.signedIn(server, token);
  binary.send(new Uint8Array(3));
  expect(await binary.closed).toBe(1003);
  const long = await Socket.signedIn(server, token);
  long.send(' '.repeat(64 * 1024 + 1));
  expect(await long.closed).toBeOneOf([1006, 1009]);
});

test('a person has so many sockets and no more', async () => {
  const server = await running({ limits: { connectionsPerUser: 2 } });
  const cookie = await cookieOf(server, 'mara');
  const open = () => new Socket(server, '/0/socket', { cookie, origin: server.url }).opened;
  expect([await open(), await open(), await open()]).toEqual([true, true, false]);
});

test('a stop tells everybody to come back', async () => {
  const server = await running();
  const { token } = await signUp(server, 'mara');
  const socket = await Socket.signedIn(server, token);
  const stopped = server.stop();
  expect(await socket.event('bye')).toMatchObject({ retryAfterMs: expect.any(Number) });
  expect(await socket.closed).toBe(CLOSE.drain);
  await stopped;
});

test('the browser whose session another device ends is told by whom', async () => {
  const server = await running();
  const cookie = await cookieOf(server, 'mara');
  const browser = new Socket(server, '/0/socket', { cookie, origin: server.url });
  await browser.opened;
  const { device } = await browser.call('hello', { protocol: 1, position: null });
  const body = { name: 'mara', password: PASSWORD, device: 'phone' };
  const phone = (await ask(server, '/api/sessions', { body })).body;
  await (await Socket.signedIn(server, phone.token)).call('revoke', { device });
  expect(await browser.event('revoked')).toMatchObject({ by: 'phone' });
  expect(await browser.closed).toBe(CLOSE.revoked);
});

test('control frames are counted, and a flood of them is sent away', async () => {
  const server = await running({ limits: { commandsBurst: 20, commandsPerSecond: 1 } });
  const { token } = await signUp(server, 'mara');
  const socket = await Socket.signedIn(server, token);
  for (let i = 0; i < 100; i++) socket.ping();
  expect(await socket.closed).toBe(CLOSE.rate);
});

test('whoever asks for much and reads nothing is closed, and costs little meanwhile', async () => {
  const server = await running({ limits: { sendsPerSecond: 1e5, sendsBurst: 1e5, commandsBurst: 1e5 } });
  const { token } = await signUp(server, 'mara');
  const writer = await Socket.signedIn(server, token);
  const { conversation } = await writer.call('create', { create: { kind: 'self' } });
  const page = Array.from({ length: 50 }, () => draft('x'.repeat(16_000)));
  for (const one of page) await writer.call('send', { conversation: conversation.id, drafts: [one] });
  const body = { name: 'mara', password: PASSWORD, device: 'deaf' };
  const deaf = await Deaf.signedIn(server, (await ask(server, '/api/sessions', { body })).body.token);
  const isHere = async () => (await writer.call('devices', {})).devices.some((d) => d.name === 'deaf' && d.online);
  while (!(await isHere()));
  const before = process.memoryUsage.rss();
  // Two gigabytes of answers.
  for (let id = 2; id < 10_000; id++) {
    deaf.say({ id, type: 'history', conversation: conversation.id, place: { last: true }, limit: 200 });
  }
  while (await isHere());
  expect(process.memoryUsage.rss() - before).toBeLessThan(300e6);
  expect(server.reported).toEqual([]);
});

test('an address asks for no more than so many sockets a minute, and others go on', async () => {
  const server = await running({ url: 'https://chat.example' });
  // It becomes no socket, as it has no key; it counts all the same.
  const knock = async (from: string) => {
    const headers = { 'x-forwarded-for': from, connection: 'upgrade', upgrade: 'websocket' };
    return (await ask(server, '/socket', { headers })).status;
  };
  let heard = 0;
  for (;;) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => knock('192.0.2.1')));
    heard += answers.filter((status) => status === 400).length;
    if (answers.includes(429)) break;
  }
  expect(heard).toBeGreaterThanOrEqual(600);
  expect(await knock('192.0.2.2')).toBe(400);
});
