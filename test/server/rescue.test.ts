/** Ways back in, and ways out: sign-in links, recovery codes, passwords, deactivation, guests. */
import { expect, test } from 'bun:test';
import { MemoryHub } from '../../src/bus/memory.ts';
import { MemoryIndex } from '../../src/search/memory.ts';
import { Accounts } from '../../src/server/accounts.ts';
import { Admission } from '../../src/server/admission.ts';
import { Community } from '../../src/server/community.ts';
import { createNode } from '../../src/server/node.ts';
import { sha256, systemRandom } from '../../src/server/system.ts';
import { openMemoryStore } from '../../src/store/memory.ts';
import { ask, PASSWORD, plainPasswords, type Running, running, Socket, signUp } from './running.ts';
import { World } from './world.ts';

const NEXT = 'another horse';
const codeOf = ({ body }: { body: { error?: { code: string } } }) => body.error?.code ?? null;
const signIn = (server: Running, name: string, password: string) =>
  ask(server, '/api/sessions', { body: { name, password, device: 'test' } });

async function two() {
  const server = await running();
  const [mara, theo] = [await signUp(server, 'mara'), await signUp(server, 'theo')];
  return { server, mara, theo, owner: await Socket.signedIn(server, mara.token) };
}

test('a sign-in link says who made it, wants another password, ends all sessions, and is good once', async () => {
  const { server, theo, owner } = await two();
  const his = await Socket.signedIn(server, theo.token);
  const { code } = await owner.call('signInLink', { user: theo.user.user });
  expect((await ask(server, `/api/links/${code}`)).body).toMatchObject({ kind: 'signin', name: 'theo', by: 'mara' });
  const enter = (password?: string) =>
    ask(server, '/api/sessions/link', { body: { code, device: 'phone', ...(password ? { password } : {}) } });
  expect(codeOf(await enter())).toBe('weak_password');
  expect(codeOf(await enter('short'))).toBe('weak_password');
  const answers = await Promise.all([enter(NEXT), enter(NEXT)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
  expect(await his.closed).toBe(4501);
  expect(codeOf(await ask(server, '/api/me', { token: theo.token }))).toBe('unauthenticated');
  expect(codeOf(await signIn(server, 'theo', PASSWORD))).toBe('wrong_password');
  expect((await signIn(server, 'theo', NEXT)).status).toBe(200);
  expect((await ask(server, `/api/links/${code}`)).body.ended).toBe('used');
});

test('a link for a device ends with the session that made it', async () => {
  const { server, theo } = await two();
  const his = await Socket.signedIn(server, theo.token);
  const { code } = await his.call('addDevice', {});
  await ask(server, '/api/sessions/current', { method: 'DELETE', token: theo.token });
  expect(codeOf(await ask(server, '/api/sessions/link', { body: { code, device: 'phone' } }))).toBe('link_ended');
});

test('who is deactivated is out at once, told so at the door, and shown so; and can come back', async () => {
  const { server, mara, theo, owner } = await two();
  const his = await Socket.signedIn(server, theo.token);
  const { code } = await his.call('invite', { conversation: null, role: 'person', uses: 1, hours: 1 });
  const began = performance.now();
  const { profile } = await owner.call('deactivate', { user: theo.user.user });
  expect(await his.closed).toBe(4501);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(profile).toMatchObject({ deactivated: true, version: theo.user.version + 1 });
  expect((await owner.call('profiles', { users: [theo.user.user] })).profiles).toEqual([profile]);
  expect((await owner.call('people', { query: 'theo', after: null, limit: 9 })).people).toEqual([]);
  expect(codeOf(await signIn(server, 'theo', PASSWORD))).toBe('deactivated');
  expect(codeOf(await signIn(server, 'theo', 'wrong password'))).toBe('wrong_password');
  expect((await ask(server, `/api/links/${code}`)).body.ended).toBe('withdrawn');
  await owner.call('reactivate', { user: theo.user.user });
  expect((await signIn(server, 'theo', PASSWORD)).status).toBe(200);
  expect((await owner.call('accounts', { query: '', after: null, limit: 9 })).accounts).toMatchObject([
    { user: { user: mara.user.user }, at: expect.any(Number) },
    { user: { user: theo.user.user } },
  ]);
});

test('a sign-in that is under way while its account is deactivated does not last', async () => {
  const store = await openMemoryStore();
  const accounts = accountsOn(store, new World());
  const admitted = { mayOwn: false, isInvited: true, role: 'person' as const };
  const who = { name: 'theo', displayName: '', password: PASSWORD, device: 'phone' };
  const { user } = await accounts.signUp(who, admitted, '');
  const { putRecord } = store;
  store.putRecord = async (...put) => {
    // Everything was checked; the session is not there yet.
    if (put[0] === 'sessions') await accounts.change(user.user, { deactivated: true });
    return putRecord.apply(store, put);
  };
  const failure = await accounts.signIn(who, '').catch((error) => error.failure.code);
  expect(failure).toBe('deactivated');
  expect(await store.listRecords('sessions', '', 9)).toEqual([]);
  expect(await store.listRecords(`devices/${user.user}`, '', 9)).toEqual([]);
});

test('a password is changed by whoever knows it, and the other devices are signed out', async () => {
  const { server, theo } = await two();
  const other = (await signIn(server, 'theo', PASSWORD)).body.token;
  const change = (old: string, next: string) =>
    ask(server, '/api/password', { body: { old, new: next }, token: theo.token });
  expect(codeOf(await change('wrong password', NEXT))).toBe('wrong_password');
  expect(codeOf(await change(PASSWORD, 'short'))).toBe('weak_password');
  expect((await change(PASSWORD, NEXT)).body).toEqual({});
  expect(codeOf(await ask(server, '/api/me', { token: other }))).toBe('unauthenticated');
  expect((await ask(server, '/api/me', { token: theo.token })).status).toBe(200);
  expect((await signIn(server, 'theo', NEXT)).status).toBe(200);
  for (let i = 0; i < 5; i++) await change('wrong password', NEXT);
  expect(codeOf(await change(NEXT, PASSWORD))).toBe('too_many_tries');
});

test('a recovery code is as good as the password, once, however it is written', async () => {
  const { server, theo } = await two();
  const make = (password: string) => ask(server, '/api/recovery', { body: { password }, token: theo.token });
  expect(codeOf(await make('wrong password'))).toBe('wrong_password');
  const old = (await make(PASSWORD)).body.code;
  const { code } = (await make(PASSWORD)).body;
  expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$/);
  const recover = (name: string, written: string) =>
    ask(server, '/api/sessions/recovery', { body: { name, code: written, password: NEXT, device: 'phone' } });
  expect(codeOf(await recover('theo', old))).toBe('wrong_code');
  expect(codeOf(await recover('mara', code))).toBe('wrong_code');
  expect(codeOf(await recover('nobody', code))).toBe('wrong_code');
  expect(
    (await recover('theo', code.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l'))).status,
  ).toBe(200);
  expect(codeOf(await recover('theo', code))).toBe('wrong_code');
  expect(codeOf(await ask(server, '/api/me', { token: theo.token }))).toBe('unauthenticated');
  expect((await signIn(server, 'theo', NEXT)).status).toBe(200);
});

test('the first recovery code of a fresh account asks for no password, for 10 minutes and once', async () => {
  const world = new World();
  const accounts = accountsOn(await openMemoryStore(), world);
  const join = async (name: string) => {
    const who = { name, displayName: name, password: PASSWORD, device: 'test' };
    const opened = await accounts.signUp(who, { mayOwn: false, isInvited: true, role: 'person' }, 'here');
    return { user: opened.user.user, device: opened.device };
  };
  const [mara, theo] = [await join('mara'), await join('theo')];
  const code = await accounts.makeRecoveryCode(mara);
  await expect(accounts.makeRecoveryCode(mara)).rejects.toThrow('wrong_password');
  expect((await accounts.recover({ name: 'mara', code, password: NEXT, device: 'test' }, 'here')).user.name).toBe(
    'mara',
  );
  await world.clock.pass(599_000);
  await expect(accounts.makeRecoveryCode(theo, 'wrong password')).rejects.toThrow('wrong_password');
  await world.clock.pass(1_000);
  await expect(accounts.makeRecoveryCode(theo)).rejects.toThrow('wrong_password');
  expect(await accounts.makeRecoveryCode(theo, PASSWORD)).toBeString();
});

test('recovery codes are not tried for ever', async () => {
  const { server } = await two();
  const body = { name: 'theo', code: 'x', password: NEXT, device: 'phone' };
  const codes = [];
  for (let i = 0; i < 6; i++) codes.push(codeOf(await ask(server, '/api/sessions/recovery', { body })));
  expect(codes).toEqual([...Array(5).fill('wrong_code'), 'too_many_tries']);
});

test('a guest shares a conversation, comes in by a link, and is the same one when asked for again', async () => {
  const { server, theo, owner } = await two();
  const make = () => ask(server, '/api/guests', { body: { displayName: 'Somebody else' }, token: theo.token });
  const [first, second] = await Promise.all([make(), make()]);
  expect(first!.body.user).toMatchObject({ displayName: 'Somebody else', guest: true, role: 'person' });
  expect(second!.body.user.user).toBe(first!.body.user.user);
  const entered = await ask(server, '/api/sessions/link', { body: { code: first!.body.code, device: 'tab' } });
  const guest = await Socket.signedIn(server, entered.body.token);
  const { conversations } = await guest.call('summaries', { conversations: [first!.body.conversation] });
  // It goes with the guest.
  const lifetime = { kind: 'whole', until: first!.body.until };
  expect(conversations).toMatchObject([
    { id: first!.body.conversation, kind: 'direct', peer: theo.user.user, lifetime },
  ]);
  expect((await owner.call('people', { query: 'guest', after: null, limit: 9 })).people).toEqual([]);
});

function accountsOn(store: Awaited<ReturnType<typeof openMemoryStore>>, world: World): Accounts {
  const report = () => 'reported';
  const bus = new MemoryHub().attach();
  const ports = { store, bus, clock: world.clock, random: systemRandom, hash: sha256, report };
  return new Accounts({ ...ports, passwords: plainPasswords });
}

test('a guest’s hour ends', async () => {
  const world = new World();
  const store = await openMemoryStore();
  const accounts = accountsOn(store, world);
  const community = new Community(store, { name: 'Test', join: 'anyone', people: 'known' });
  const node = createNode({
    store,
    bus: new MemoryHub().attach(),
    search: new MemoryIndex(),
    clock: world.clock,
    random: systemRandom,
    hash: sha256,
    directory: accounts,
    community,
    limits: world.limits,
    media: world.media,
    pictures: world.pictures,
    push: null,
    serverId: 'testtest',
    report: () => 'reported',
  });
  await node.start();
  const { links, invitations } = node;
  const { clock } = world;
  const admission = new Admission({
    serverId: 'testtest',
    setUpFirst: false,
    lan: () => null,
    rescueSecret: null,
    store,
    clock,
    accounts,
    community,
    links,
    invitations,
  });
  const request = { name: 'theo', displayName: '', password: PASSWORD, device: 'phone' };
  const theo = await admission.signUp(request, false, '');
  const session = { user: theo.user.user, device: theo.device };
  const { user, code, until } = await admission.guest(session, 'Guest');
  expect(until).toBe(clock.now() + 3_600_000);
  const { token } = await admission.enter({ code, device: 'tab' }, '');
  await clock.pass(3_590_000);
  expect(await accounts.authenticate(token)).not.toBeNull();
  await clock.pass(120_000);
  expect(await accounts.authenticate(token)).toBeNull();
  expect(await accounts.profile(user.user)).toMatchObject({ deactivated: true });
  expect((await accounts.accounts('guest', null, 9)).accounts).toEqual([]);
  expect((await admission.guest(session, 'Guest')).user.user).not.toBe(user.user);
  await node.stop();
});
