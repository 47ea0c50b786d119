/** The server as a process: what it says, how it ends, and that it starts again on what it kept. */
import { expect, test } from 'bun:test';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { LEASH } from '../../src/bench/host.ts';
import { encodeValue, keyOf, TABLE } from '../../src/store/codec.ts';
import { atEnd, folder } from '../endings.ts';

const MAIN = join(import.meta.dir, '../../src/server/main.ts');
const { PORT: _, HOST: __, PARLEY_DATA: ___, PARLEY_URL: ____, ...env } = process.env;

function start(...args: string[]) {
  const child = Bun.spawn([process.execPath, '--no-env-file', '--preload', LEASH, MAIN, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  atEnd(async () => {
    child.kill('SIGKILL');
    await child.exited;
  });
  return child;
}

/** Ends by itself: its code and what it said. */
async function ended(...args: string[]) {
  const child = start(...args);
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, out, err };
}

/** Its address, as soon as it has said it. */
async function up(data: string) {
  const child = start('--port', '0', '--data', data);
  let said = '';
  const decoder = new TextDecoder();
  const reader = child.stdout.getReader();
  while (!/Parley is at (\S+)/.test(said)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`It ended: ${said}${await new Response(child.stderr).text()}`);
    said += decoder.decode(value);
  }
  const rest = async () => {
    let text = said;
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += decoder.decode(part.value);
    return text;
  };
  return { child, url: /Parley is at (\S+)/.exec(said)![1]!, rest };
}

async function firstLine(child: ReturnType<typeof start>): Promise<string> {
  const { value } = await child.stdout.getReader().read();
  return new TextDecoder().decode(value);
}

const json = { 'content-type': 'application/json' };
const mara = { name: 'mara', displayName: 'Mara', password: 'correct horse', device: 'test' };

test('starts, keeps what it was told, stops on SIGTERM, and starts again', async () => {
  const data = join(folder(), 'data');
  const first = await up(data);
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  const made = await fetch(`${first.url}/api/accounts`, { method: 'POST', headers: json, body: JSON.stringify(mara) });
  const { token, user } = (await made.json()) as { token: string; user: { role: string } };
  expect(user.role).toBe('owner');
  first.child.kill('SIGTERM');
  expect(await first.child.exited).toBe(0);
  const lines = (await first.rest()).trim().split('\n');
  expect(lines.length).toBeLessThanOrEqual(3);
  expect(await new Response(first.child.stderr).text()).toBe('');
  const second = await up(data);
  const me = await fetch(`${second.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(await me.json()).toMatchObject({ user });
  second.child.kill('SIGINT');
  expect(await second.child.exited).toBe(0);
});

test('a taken port and a taken folder are said in a sentence', async () => {
  const data = folder();
  const { url } = await up(data);
  const port = new URL(url).port;
  const [samePort, sameFolder] = await Promise.all([
    ended('--port', port, '--data', folder()),
    ended('--port', '0', '--data', data),
  ]);
  expect(samePort).toMatchObject({
    code: 78,
    err: `Port ${port} on 127.0.0.1 is taken. Choose another with --port.\n`,
  });
  expect(sameFolder.code).toBe(78);
  expect(sameFolder.err).toMatch(/^Another Parley uses the data folder .+\n$/);
});

test('a signal that comes while it starts ends it, and leaves the folder to the next', async () => {
  const data = folder();
  const child = start('--port', '0', '--data', data);
  while (!existsSync(join(data, 'store', 'LOCK'))) await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGTERM');
  expect(await child.exited).toBe(0);
  const { url } = await up(data);
  expect((await fetch(`${url}/livez`)).status).toBe(200);
});

test('starts again at once on the same port, whatever was connected', async () => {
  const data = folder();
  const first = await up(data);
  const port = new URL(first.url).port;
  const made = await fetch(`${first.url}/api/accounts`, { method: 'POST', headers: json, body: JSON.stringify(mara) });
  const { token } = (await made.json()) as { token: string };
  const polling = fetch(`${first.url}/api/poll?epoch=1&seq=0&wait=50000`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const closed: Promise<number>[] = [];
  for (let i = 0; i < 1_000; i++) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`);
    closed.push(new Promise((resolve) => socket.addEventListener('close', ({ code }) => resolve(code))));
    await new Promise((resolve) => socket.addEventListener('open', resolve));
  }
  const began = performance.now();
  first.child.kill('SIGTERM');
  expect(await first.child.exited).toBe(0);
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(new Set(await Promise.all(closed))).toEqual(new Set([4000]));
  expect((await polling).status).toBe(200);
  const again = start('--port', port, '--data', data);
  expect(await firstLine(again)).toContain(`:${port} `);
});

test('what it prints holds no secret', async () => {
  const data = folder();
  const { child, url, rest } = await up(data);
  const post = (path: string, body: unknown, token = '') =>
    fetch(url + path, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  const { token } = (await (await post('/api/accounts', mara)).json()) as { token: string };
  await post('/api/sessions', { ...mara, displayName: undefined, password: 'a wrong password' });
  const frames = [
    { id: 1, type: 'hello', protocol: 1, position: { epoch: 1, seq: 99 } },
    { id: 2, type: 'fly', secret: 'zyzzyva' },
  ];
  await post('/api/commands', frames, token);
  await fetch(`${url}/api/me?token=${token}`);
  child.kill('SIGTERM');
  await child.exited;
  const printed = (await rest()) + (await new Response(child.stderr).text());
  expect(printed).toContain('the store was restored');
  for (const secret of [token, mara.password, 'a wrong password', 'zyzzyva', 'argon2'])
    expect(printed).not.toContain(secret);
});

test('a data folder of a newer version, and a damaged one, are said in a sentence', async () => {
  const newer = folder();
  const level = new ClassicLevel<Uint8Array, Uint8Array>(join(newer, 'store'), {
    keyEncoding: 'view',
    valueEncoding: 'view',
  });
  await level.put(keyOf(TABLE.meta, 'format'), encodeValue({ format: 99, shards: 16 }));
  await level.close();
  const damaged = folder();
  await (await up(damaged)).child.kill('SIGKILL');
  writeFileSync(join(damaged, 'commits'), new Uint8Array([0, 0, 0, 0, 0, 0, 255, 255]));
  const [one, other] = await Promise.all([
    ended('--port', '0', '--data', newer),
    ended('--port', '0', '--data', damaged),
  ]);
  expect(one).toMatchObject({ code: 78, err: expect.stringMatching(/^[^\n]+Run a newer version\.\n$/) });
  expect(other).toMatchObject({ code: 78, err: expect.stringMatching(/^[^\n]+from a backup\.\n$/) });
});

test('a folder that cannot be one is said in a sentence', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  chmodSync(file, 0o400);
  const { code, err } = await ended('--port', '0', '--data', file);
  expect(code).toBe(78);
  expect(err).toMatch(/^[^\n]+\n$/);
});

test('an unknown flag ends with 78, and help with 0', async () => {
  const [unknown, help, version] = await Promise.all([ended('--prot', '1'), ended('--help'), ended('--version')]);
  expect(unknown).toMatchObject({ code: 78, err: expect.stringMatching(/^[^\n]+--help\.\n$/) });
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain('PARLEY_DATA');
  expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
