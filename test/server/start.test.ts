/** The server as a process: what it says, how it ends, and that it starts again on what it kept. */
import { expect, test } from 'bun:test';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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
  /** All it has said, once this is among it. */
  const more = async (part: RegExp) => {
    while (!part.test(said)) said += decoder.decode((await reader.read()).value);
    return said;
  };
  return { child, more, url: /Parley is at (\S+)/.exec(said)![1]!, rest };
}

/** Without what was said while the web app was built. */
const greetingOf = (said: string) => said.slice(said.indexOf('Parley is at')).trim().split('\n');

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
  expect(greetingOf(await first.rest()).length).toBeLessThanOrEqual(3);
  expect(await new Response(first.child.stderr).text()).toBe('');
  const second = await up(data);
  const me = await fetch(`${second.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(await me.json()).toMatchObject({ user });
  second.child.kill('SIGINT');
  expect(await second.child.exited).toBe(0);
});

test('says three lines until somebody owns it, the second a link that makes the owner, and then one', async () => {
  const data = folder();
  const first = await up(data);
  first.child.kill('SIGTERM');
  const lines = greetingOf(await first.rest());
  expect(lines).toHaveLength(3);
  expect(lines[2]).toBe('Other devices: npm start -- --lan');
  const second = await up(data);
  const link = /setup\/(\S+)/.exec(await second.more(/setup/))![1]!;
  expect(lines[1]).not.toContain(link);
  const body = JSON.stringify({ ...mara, link, community: { name: 'Choir', join: 'invited' } });
  const made = await fetch(`${second.url}/api/accounts`, { method: 'POST', headers: json, body });
  expect(await made.json()).toMatchObject({ user: { role: 'owner' } });
  second.child.kill('SIGTERM');
  await second.child.exited;
  const third = await up(data);
  third.child.kill('SIGTERM');
  expect(greetingOf(await third.rest())).toHaveLength(1);
});

test('a sign-in link is made on the machine itself, whether the server runs or not', async () => {
  const data = folder();
  const reset = (name: string) => ended('--reset', name, '--data', data);
  expect(await reset('mara')).toMatchObject({ code: 78, err: expect.stringContaining('There is no Parley in') });
  const first = await up(data);
  await fetch(`${first.url}/api/accounts`, { method: 'POST', headers: json, body: JSON.stringify(mara) });
  expect(statSync(join(data, 'rescue')).mode & 0o777).toBe(0o600);
  const { out } = await reset('Mara');
  expect(out).toStartWith(`${first.url}/enter/`);
  const codes = [/enter\/(\S+)/.exec(out)?.[1]];
  expect(await reset('jon')).toMatchObject({ code: 78, err: 'Nobody is called jon here.\n' });
  first.child.kill('SIGKILL');
  await first.child.exited;
  codes.push(/enter\/(\S+)/.exec((await reset('mara')).out)?.[1]);
  expect(await reset('jon')).toMatchObject({ code: 78, err: 'Nobody is called jon here.\n' });
  const second = await up(data);
  for (const code of codes) {
    const link = await (await fetch(`${second.url}/api/links/${code}`)).json();
    expect(link).toMatchObject({ kind: 'signin', name: 'mara', by: null, ended: null });
  }
  const rescue = (secret: string) =>
    fetch(`${second.url}/api/rescue`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ secret, name: 'mara' }),
    });
  expect((await rescue('x')).status).toBe(403);
  second.child.kill('SIGTERM');
  await second.child.exited;
  expect(existsSync(join(data, 'rescue'))).toBe(false);
}, 30_000);

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

test('keys for notifications are made at the first start, kept, and said to be damaged when they are', async () => {
  const data = folder();
  const path = join(data, 'push.json');
  const first = await up(data);
  const made = readFileSync(path, 'utf8');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  first.child.kill('SIGTERM');
  const said = await first.rest();
  expect(said).not.toContain(JSON.parse(made).privateKey);
  await first.child.exited;
  const second = await up(data);
  second.child.kill('SIGTERM');
  await second.child.exited;
  expect(readFileSync(path, 'utf8')).toBe(made);
  writeFileSync(path, made.slice(0, 40));
  const { code, err } = await ended('--port', '0', '--data', data);
  expect(code).toBe(78);
  expect(err).toMatch(/push\.json is damaged\. Put it back from a back-up/);
}, 60_000);

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
  expect(version.out).toMatch(/^Parley \d+\.\d+\.\d+, protocol \d+, data format \d+\n$/);
});

test('the search index is made anew, on what is stored alone', async () => {
  const data = folder();
  const { child, url } = await up(data);
  const made = await fetch(`${url}/api/accounts`, { method: 'POST', headers: json, body: JSON.stringify(mara) });
  const { token } = (await made.json()) as { token: string };
  const frame = async (type: string, fields: object) => {
    const headers = { ...json, authorization: `Bearer ${token}` };
    const body = JSON.stringify([{ id: 1, type, ...fields }]);
    const answer = await fetch(`${url}/api/commands`, { method: 'POST', headers, body });
    // biome-ignore lint/suspicious/noExplicitAny: what a server says is not typed
    return ((await answer.json()) as any)[0];
  };
  const { result } = await frame('create', { create: { kind: 'self' } });
  const draft = { key: 'AAAAAAAAAAAAAAAAAAAAAA', kind: 'message', body: { v: 1, text: 'a note about zyxwvq' } };
  await frame('send', { conversation: result.conversation.id, drafts: [draft] });
  expect((await ended('--data', data, '--reindex')).code).toBe(78);
  child.kill('SIGTERM');
  await child.exited;
  writeFileSync(join(data, 'search/index.sqlite'), 'no index'.repeat(1_000));
  const { code, out } = await ended('--data', data, '--reindex');
  expect([code, out]).toEqual([0, 'All that is stored can be found: 1 conversation.\n']);
  expect(readFileSync(join(data, 'search/index.sqlite'), 'latin1')).toContain('zyxwvq');
});
