import { expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { COMMAND_NAMES } from '../../src/protocol/commands.ts';
import { systemRandom } from '../../src/server/system.ts';
import { webOf } from '../../src/server/web.ts';
import { atEnd, folder } from '../endings.ts';
import { ask, PASSWORD, type Running, running, signUp } from './running.ts';

const here = (server: Running) => ({ origin: server.url });
const mara = { name: 'mara', displayName: 'Mara', password: PASSWORD, device: 'test' };
const codeOf = ({ status, body }: { status: number; body: { error?: { code: string; path?: string } } }) =>
  [status, body.error?.code, body.error?.path].filter((part) => part !== undefined);

test('signs up, in and out with a bearer token', async () => {
  const server = await running();
  const made = await ask(server, '/api/accounts', { body: mara });
  expect(made.body.user).toMatchObject({ name: 'mara', role: 'owner' });
  expect(made.headers.get('set-cookie')).toBeNull();
  const second = await ask(server, '/api/sessions', { body: { name: 'mara', password: PASSWORD, device: 'two' } });
  const { token } = second.body;
  expect((await ask(server, '/api/me', { token })).body).toEqual({ user: made.body.user, device: second.body.device });
  expect((await ask(server, '/api/sessions/current', { method: 'DELETE', token })).status).toBe(200);
  expect(codeOf(await ask(server, '/api/me', { token }))).toEqual([401, 'unauthenticated']);
  expect((await ask(server, '/api/me', { token: made.body.token })).status).toBe(200);
});

test('under a slot the token is a cookie, and slots do not know of each other', async () => {
  const server = await running();
  const made = await ask(server, '/3/api/accounts', { body: mara, headers: here(server) });
  expect(made.body.token).toBeNull();
  const set = made.headers.get('set-cookie')!;
  expect(set).toMatch(
    /^__Host-parley-[a-z0-9]{8}-3=[\w-]{44}; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Lax; Secure$/,
  );
  const cookie = set.split(';')[0]!;
  expect((await ask(server, '/3/api/me', { headers: { cookie } })).body.user.name).toBe('mara');
  expect((await ask(server, '/3/api/me', { headers: { cookie: `a=b; ${cookie}; c=d` } })).status).toBe(200);
  for (const path of ['/api/me', '/2/api/me']) {
    expect((await ask(server, path, { headers: { cookie } })).status).toBe(401);
  }
  expect((await ask(server, '/3/api/me', { token: cookie.split('=')[1]! })).status).toBe(401);
  const out = await ask(server, '/3/api/sessions/current', { method: 'DELETE', headers: { cookie, ...here(server) } });
  expect(out.headers.get('set-cookie')).toMatch(/-3=; Path=\/; Max-Age=0; /);
  expect((await ask(server, '/3/api/me', { headers: { cookie } })).status).toBe(401);
});

test('on plain http over a LAN the cookie is one that browsers keep', async () => {
  const server = await running();
  const headers = { host: 'parley.lan:7275', origin: 'http://parley.lan:7275' };
  const made = await ask(server, '/0/api/accounts', { body: mara, headers });
  expect(made.headers.get('set-cookie')).toMatch(/^parley-[a-z0-9]{8}-0=[^;]+; (?!.*Secure)/);
  expect(made.body.user.role).toBe('person');
});

test.each([
  ['a forwarding header', {}, { 'x-forwarded-for': '203.0.113.7' }],
  ['a public host name', {}, { host: 'chat.example.org' }],
  ['PARLEY_URL', { url: 'https://chat.example.org' }, {}],
])('with %s nobody becomes the owner', async (_, options, headers) => {
  const server = await running(options);
  expect((await ask(server, '/api/accounts', { body: mara, headers })).body.user.role).toBe('person');
});

test('a page of another site changes nothing', async () => {
  const server = await running();
  const origins = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:${server.port + 1}` },
    { ...here(server), 'sec-fetch-site': 'cross-site' },
    { ...here(server), 'sec-fetch-site': 'same-site' },
  ];
  for (const headers of origins) {
    for (const path of ['/api/accounts', '/0/api/accounts']) {
      expect(codeOf(await ask(server, path, { body: mara, headers }))).toEqual([403, 'wrong_origin']);
    }
  }
  expect(codeOf(await ask(server, '/0/api/accounts', { body: mara }))).toEqual([403, 'wrong_origin']);
});

test('the origin of PARLEY_URL is our own', async () => {
  const server = await running({ url: 'https://chat.example.org' });
  const headers = { origin: 'https://chat.example.org', 'sec-fetch-site': 'same-origin' };
  const made = await ask(server, '/0/api/accounts', { body: mara, headers });
  expect(made.headers.get('set-cookie')).toMatch(/^__Host-.*Secure/);
});

test('answers of the API are kept by nobody and are never taken for something else', async () => {
  const server = await running();
  for (const path of ['/api/me', '/livez', '/openapi.json', '/nothing']) {
    const { headers } = await ask(server, path);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});

test('says which methods there are, and what there is not', async () => {
  const server = await running();
  const put = await ask(server, '/api/sessions/current', { method: 'PUT', body: {} });
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'DELETE']);
  expect((await ask(server, '/livez', { method: 'POST', body: {} })).status).toBe(405);
  expect((await ask(server, '/', { method: 'POST', body: {} })).status).toBe(405);
  for (const path of ['/api', '/api/nothing', '/0/api/nothing', '/12/api/me', '/nothing']) {
    expect(codeOf(await ask(server, path))).toEqual([404, 'not_found']);
  }
});

test('takes only JSON, only so much, and only what the schema has', async () => {
  const server = await running();
  const post = (body: unknown, headers = {}) => ask(server, '/api/accounts', { body, headers });
  expect(codeOf(await post(mara, { 'content-type': 'text/plain' }))).toEqual([415, 'bad_frame', '']);
  expect(codeOf(await post('{'))).toEqual([400, 'bad_frame', '']);
  expect(codeOf(await post('[]'))).toEqual([400, 'bad_frame', '']);
  expect(codeOf(await post(`"${'x'.repeat(70_000)}"`))).toEqual([413, 'too_large']);
  expect(codeOf(await post({ ...mara, name: undefined }))).toEqual([400, 'bad_frame', '/name']);
  expect(codeOf(await post({ ...mara, name: 7 }))).toEqual([400, 'bad_frame', '/name']);
  expect(codeOf(await post({ ...mara, admin: true }))).toEqual([400, 'bad_frame', '/admin']);
  expect(codeOf(await post({ ...mara, password: 'é'.repeat(1_000) }))[0]).toBe(200);
});

test('a body without a length is cut at the same size', async () => {
  const server = await running();
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode(' '.repeat(40_000))),
  });
  const answer = await fetch(`${server.url}/api/accounts`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  }).catch(() => null);
  expect(answer?.status ?? 413).toBe(413);
  const gone = new AbortController();
  const half = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"name":')),
    pull: () => gone.abort(),
  });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${server.url}/api/accounts`, { method: 'POST', body: half, headers, signal: gone.signal }).catch(
    () => {},
  );
  expect((await ask(server, '/livez')).status).toBe(200);
  expect(server.reported).toEqual([]);
});

test('a token in the address is refused', async () => {
  const server = await running();
  const { token } = await signUp(server, 'mara');
  expect(codeOf(await ask(server, `/api/me?token=${token}`, { token }))).toEqual([400, 'bad_frame', '/token']);
});

test('programs send, list and read', async () => {
  const server = await running();
  const { token } = await signUp(server, 'mara');
  const jonas = await signUp(server, 'jonas');
  const create = [{ id: 1, type: 'create', create: { kind: 'direct', user: jonas.user.user } }];
  const [created] = (await ask(server, '/api/commands', { token, body: create })).body;
  const { id: conversation } = created.result.conversation;
  const message = { conversation, text: 'hello', key: systemRandom.id(), baseSeq: created.result.conversation.head };
  const sent = await ask(server, '/api/send', { token, body: message });
  expect(sent.body).toEqual({ key: message.key, seq: expect.any(Number), at: expect.any(Number) });
  expect((await ask(server, '/api/send', { token, body: message })).body).toEqual(sent.body);
  expect((await ask(server, '/api/send', { token, body: { conversation, text: 'again' } })).body.seq).toBe(
    sent.body.seq + 1,
  );
  const page = await ask(server, `/api/conversations/${conversation}/history?limit=1`, { token: jonas.token });
  expect(page.body.entries).toMatchObject([{ kind: 'message', body: { text: 'again' } }]);
  const before = `/api/conversations/${conversation}/history?before=${sent.body.seq + 1}&limit=1`;
  expect((await ask(server, before, { token })).body.entries).toMatchObject([{ body: { text: 'hello' } }]);
  // The list follows the message within moments.
  let listed: unknown[] = [];
  while (listed.length === 0) {
    listed = (await ask(server, '/api/conversations', { token: jonas.token })).body.conversations;
  }
  expect(listed).toMatchObject([{ id: conversation, unread: 2 }]);
  const refused = await ask(server, '/api/send', { token, body: { conversation: systemRandom.id(), text: 'x' } });
  expect(codeOf(refused)[1]).toBeOneOf(['not_found', 'not_member']);
  const wrong = [`${conversation}/history?before=x`, `${conversation}/history?before=1&after=2`, 'x/history'];
  for (const path of wrong) expect((await ask(server, `/api/conversations/${path}`, { token })).status).toBe(400);
  expect(server.reported).toEqual([]);
});

test('a command that is wrong fails alone', async () => {
  const server = await running();
  const { token } = await signUp(server, 'mara');
  const frames = [{ id: 1, type: 'devices' }, { id: 2, type: 'nothing' }, 3, { id: 4, type: 'devices', more: 1 }];
  const { body } = await ask(server, '/api/commands', { token, body: frames });
  expect(body).toMatchObject([
    { re: 1, result: {} },
    { re: 2, error: { code: 'unknown_command' } },
    { re: null, error: { code: 'bad_frame' } },
    { re: 4, error: { code: 'bad_frame', path: '/more' } },
  ]);
  const many = Array(51).fill({ id: 1, type: 'devices' });
  expect(codeOf(await ask(server, '/api/commands', { token, body: many }))).toEqual([400, 'bad_frame', '']);
});

test('a client of another version is told so over HTTP too', async () => {
  const server = await running();
  const { token } = await signUp(server, 'mara');
  const hello = { id: 1, type: 'hello', protocol: 2, position: null };
  const { body } = await ask(server, '/api/commands', { token, body: [hello, { ...hello, protocol: 1 }] });
  expect(body).toMatchObject([{ error: { code: 'wrong_version' } }, { result: { protocol: 1 } }]);
});

test('commands over HTTP have their bucket', async () => {
  const server = await running({ limits: { commandsBurst: 3, commandsPerSecond: 1 } });
  const { token } = await signUp(server, 'mara');
  const body = Array(3).fill({ id: 1, type: 'devices' });
  expect((await ask(server, '/api/commands', { token, body })).status).toBe(200);
  const limited = await ask(server, '/api/commands', { token, body });
  expect(codeOf(limited)).toEqual([429, 'rate_limited']);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a poll waits for the feed to move', async () => {
  const server = await running();
  const mara = await signUp(server, 'mara');
  const jonas = await signUp(server, 'jonas');
  const hello = [{ id: 0, type: 'hello', protocol: 1, position: null }];
  const [{ result }] = (await ask(server, '/api/commands', { token: jonas.token, body: hello })).body;
  const at = `/api/poll?epoch=${result.epoch}&seq=${result.feedHead}`;
  expect((await ask(server, `${at}&wait=0`, { token: jonas.token })).body).toEqual([]);
  const polled = ask(server, `${at}&wait=55000`, { token: jonas.token });
  const create = [{ id: 1, type: 'create', create: { kind: 'direct', user: jonas.user.user } }];
  await ask(server, '/api/commands', { token: mara.token, body: create });
  expect((await polled).body).toMatchObject([{ type: 'feed', from: result.feedHead + 1 }]);
  expect(codeOf(await ask(server, `${at}&wait=55001`, { token: jonas.token }))).toEqual([400, 'bad_frame', '/wait']);
  expect((await ask(server, at)).status).toBe(401);
});

test('a stop answers the polls that wait', async () => {
  const server = await running();
  const { token } = await signUp(server, 'mara');
  const polled = ask(server, '/api/poll?epoch=1&seq=0&wait=55000', { token });
  await ask(server, '/livez');
  await server.stop();
  expect((await polled.catch(() => ({ status: 503 }))).status).toBeOneOf([200, 503]);
});

test('what it says of itself holds every address and every command', async () => {
  const server = await running();
  const api = (await ask(server, '/openapi.json')).body;
  expect(api.openapi).toBe('3.1.0');
  expect(Object.keys(api.paths)).toContain('/api/conversations/{id}/history');
  expect(api.paths['/api/accounts'].post.requestBody.content['application/json'].schema.required).toContain('name');
  const frames = (await ask(server, '/frames.json')).body;
  expect(Object.keys(frames.commands)).toEqual(COMMAND_NAMES);
  expect(frames.commands.send.request.required).toEqual(['id', 'type', 'conversation', 'drafts']);
});

test('is live but not ready while it cannot store, serves all the same, and recovers', async () => {
  let room = true;
  const server = await running({ mayWrite: async () => room });
  const { token } = await signUp(server, 'mara');
  for (room of [false, true]) {
    const { status, body } = await ask(server, '/readyz');
    expect([status, body]).toEqual([room ? 200 : 503, { ready: room }]);
    expect((await ask(server, '/livez')).status).toBe(200);
    expect((await ask(server, '/api/me', { token })).status).toBe(200);
  }
});

test('half a request does not hold the server up', async () => {
  const server = await running();
  const socket = connect(server.port, '127.0.0.1');
  atEnd(() => socket.destroy());
  await new Promise((resolve) => socket.write('POST /api/accounts HTTP/1.1\r\nHost: x\r\n', resolve));
  expect((await ask(server, '/readyz')).body).toEqual({ ready: true });
});

test('serves the web app with a nonce of its own for each page', async () => {
  const web = folder();
  mkdirSync(join(web, 'assets'));
  writeFileSync(join(web, 'index.html'), '<meta nonce="{{nonce}}">app');
  writeFileSync(join(web, 'assets/main-abc.js'), 'run()');
  const server = await running({ web });
  const pages = await Promise.all(['/', '/0', '/4/chats/x', '/'].map((path) => ask(server, path)));
  const nonces = pages.map(({ body }) => /nonce="([\w-]{22})">app$/.exec(body)?.[1]);
  expect(new Set(nonces).size).toBe(4);
  expect(pages[0]!.headers.get('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonces[0]}'`);
  const asset = await ask(server, '/assets/main-abc.js');
  expect(asset.headers.get('cache-control')).toContain('immutable');
  expect(asset.headers.get('content-type')).toContain('javascript');
  for (const path of ['/index.html', '/assets/', '/assets/..%2f..%2fetc/passwd', '/assets/../package.json']) {
    expect((await ask(server, path)).status).toBe(404);
  }
});

test('pages show files from where they are kept', () => {
  const mediaUrl = new URL('https://media.example.org');
  const policy = (site: { mediaUrl: URL | null }) =>
    webOf('/nowhere', { url: null, ...site })
      .answer('/')
      .headers.get('content-security-policy')!;
  expect(policy({ mediaUrl })).toContain("img-src 'self' blob: data: https://media.example.org;");
  expect(policy({ mediaUrl: null })).toContain("img-src 'self' blob: data:;");
  expect(policy({ mediaUrl })).toMatch(/style-src 'self' 'nonce-[\w-]{22}'/);
});

test.each([
  [null, [null, null]],
  ['http://chat.example.org', [null, null]],
  ['https://192.0.2.7', ['same-origin', null]],
  ['https://[2001:db8::7]', ['same-origin', null]],
  ['https://chat.example.org', ['same-origin', 'max-age=31536000']],
])('a page that is reached at %s is told to stay so', (url, told) => {
  const { headers } = webOf('/nowhere', { url: url ? new URL(url) : null, mediaUrl: null }).answer('/');
  expect(['cross-origin-opener-policy', 'strict-transport-security'].map((name) => headers.get(name))).toEqual(told);
  expect(headers.get('permissions-policy')).toContain('geolocation=()');
});
