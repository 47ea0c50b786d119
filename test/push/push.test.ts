import { expect, test } from 'bun:test';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { KeysError, openVapidKeys } from '../../src/push/keys.ts';
import { printerPush } from '../../src/push/printer.ts';
import { isPublic, lookupOutside, mayReach } from '../../src/push/reach.ts';
import { openWebPush } from '../../src/push/web-push.ts';
import { folder } from '../endings.ts';
import { MESSAGE, pushContract } from './contract.ts';
import { PushService } from './endpoint.ts';

const SUBJECT = 'https://chat.example.org';

function opened(timeoutMs?: number) {
  const service = new PushService();
  const keys = openVapidKeys(folder());
  const push = openWebPush({ keys, subject: SUBJECT, inside: true, ...(timeoutMs ? { timeoutMs } : {}) });
  return { service, push, device: service.subscribe('phone', push.key) };
}

pushContract('web push', async () => opened());
pushContract('the printer', async () => {
  const { device } = opened();
  const { publicKey } = openVapidKeys(folder());
  return { push: printerPush(publicKey, () => {}), device };
});

test('a device reads what was sent, and the service reads what it is to do with it', async () => {
  const { service, push, device } = opened();
  const payload = JSON.stringify({ text: 'Привет, 北京 🎷' });
  expect(await push.send(device, { ...MESSAGE, payload })).toEqual({ kind: 'taken', status: 201 });
  expect(service.wrong).toEqual([]);
  expect(service.delivered).toEqual([
    { path: '/phone', payload, ttl: 60, topic: 'Topic-1_', urgency: 'high', bytes: expect.any(Number) },
  ]);
});

test('two hundred of any length can all be read, and the longest just fits', async () => {
  const { service, push, device } = opened();
  const payloads = Array.from({ length: 200 }, (_, i) => 'x'.repeat(Math.floor((i * 3_993) / 199) || 1));
  for (const payload of payloads) await push.send(device, { ...MESSAGE, payload });
  expect(service.delivered.map(({ payload }) => payload)).toEqual(payloads);
  expect(service.delivered.at(-1)?.bytes).toBe(4_096);
});

test.each([
  [201, null, { kind: 'taken', status: 201 }],
  [404, null, { kind: 'gone', status: 404 }],
  [410, null, { kind: 'gone', status: 410 }],
  [400, null, { kind: 'refused', status: 400 }],
  [403, null, { kind: 'refused', status: 403 }],
  [413, null, { kind: 'refused', status: 413 }],
  [302, null, { kind: 'refused', status: 302 }],
  [429, '30', { kind: 'later', status: 429, retryAfterMs: 30_000 }],
  [429, '999999999', { kind: 'later', status: 429, retryAfterMs: 3_600_000 }],
  [503, 'soon', { kind: 'later', status: 503 }],
  [500, null, { kind: 'later', status: 500 }],
] as const)('the answer %i, to be tried after %j, means %j', async (status, after, outcome) => {
  const { service, push, device } = opened();
  const headers = { location: `${service.origin}/elsewhere`, ...(after === null ? {} : { 'retry-after': after }) };
  service.answer = () => new Response(null, { status, headers });
  expect(await push.send(device, MESSAGE)).toEqual(outcome as never);
  expect(service.asked).toBe(1);
});

test('a service that is not there, hangs up or never answers is asked again later', async () => {
  const { push, device } = opened(200);
  let hangsUp = true;
  const sockets: Socket[] = [];
  const server = createServer((socket) => (hangsUp ? socket.destroy() : sockets.push(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}/x`;
  const later = { kind: 'later', status: null } as const;
  expect(await push.send({ ...device, endpoint }, MESSAGE)).toEqual(later);
  hangsUp = false;
  expect(await push.send({ ...device, endpoint }, MESSAGE)).toEqual(later);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  expect(await push.send({ ...device, endpoint }, MESSAGE)).toEqual(later);
});

test('a device whose key is no point is none', async () => {
  const { service, push, device } = opened();
  const wrong = { ...device, p256dh: Buffer.alloc(65, 4).toString('base64url') };
  expect(await push.send(wrong, MESSAGE)).toEqual({ kind: 'gone', status: null });
  expect(service.asked).toBe(0);
});

test.each([
  'http://push.example.org/x',
  'ftp://push.example.org/x',
  'https://somebody:secret@push.example.org/x',
  'https://localhost/x',
  'https://localhost./x',
  'https://printer/x',
  'https://nas.local/x',
  'https://vault.internal/x',
  'https://127.0.0.1/x',
  'https://127.1/x',
  'https://2130706433/x',
  'https://0x7f.1/x',
  'https://017700000001/x',
  'https://①②⑦.0.0.1/x',
  'https://0/x',
  'https://10.0.0.1/x',
  'https://192.168.1.1/x',
  'https://100.64.0.1/x',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/x',
  'https://[::ffff:7f00:1]/x',
  'https://[64:ff9b::7f00:1]/x',
  'https://[2002:7f00:1::]/x',
  'https://[fd00::1]/x',
  'https://[fe80::1]/x',
])('a subscription never leads to %s', async (endpoint) => {
  expect(mayReach(endpoint)).toBe(false);
  const push = openWebPush({ keys: openVapidKeys(folder()), subject: SUBJECT });
  expect(push.mayReach(endpoint)).toBe(false);
  const { device } = opened();
  expect(await push.send({ ...device, endpoint }, MESSAGE)).toEqual({ kind: 'refused', status: null });
});

test.each([
  'https://fcm.googleapis.com/fcm/send/x',
  'https://updates.push.services.mozilla.com/wpush/v2/x',
  'https://8.8.8.8/x',
  'https://[2606:4700::1111]:8443/x',
])('it may lead to %s', (endpoint) => expect(mayReach(endpoint)).toBe(true));

test('a public name that leads inside is not connected to', async () => {
  // `localhost` stands for such a name: it is past the look at the address itself.
  const refused = await new Promise<Error | null>((resolve) => lookupOutside('localhost', {}, resolve));
  expect(refused?.message).toMatch(/^localhost leads to (127\.0\.0\.1|::1)\.$/);
  expect([isPublic('127.0.0.1'), isPublic('::1'), isPublic('8.8.8.8'), isPublic('no address')]).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

test('keys are made once, and nobody else may read them', () => {
  const at = folder();
  const keys = openVapidKeys(at);
  expect(openVapidKeys(at)).toEqual(keys);
  expect(readdirSync(at)).toEqual(['push.json']);
  expect(statSync(join(at, 'push.json')).mode & 0o777).toBe(0o600);
  expect(openVapidKeys(folder())).not.toEqual(keys);
});

test('keys that are damaged are told, and not made anew', () => {
  const at = folder();
  openVapidKeys(at);
  const path = join(at, 'push.json');
  for (const damaged of ['', '{}', '{"publicKey":1}', 'null', readFileSync(path, 'utf8').slice(0, 90)]) {
    writeFileSync(path, damaged);
    expect(() => openVapidKeys(at)).toThrow(KeysError);
    expect(readFileSync(path, 'utf8')).toBe(damaged);
  }
});

test('the printer says what would be sent, and where', async () => {
  const lines: string[] = [];
  const { device } = opened();
  const push = printerPush(openVapidKeys(folder()).publicKey, (line) => lines.push(line));
  await push.send({ ...device, endpoint: 'https://push.example.org/secret' }, MESSAGE);
  expect(lines).toEqual(['push to push.example.org, high, topic Topic-1_, for 60 s: {"v":1}']);
});
