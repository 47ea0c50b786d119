import { beforeEach, expect, test } from 'bun:test';
import { MemoryHub } from '../../src/bus/memory.ts';
import { Accounts } from '../../src/server/accounts.ts';
import type { Failed } from '../../src/server/failed.ts';
import { foldName } from '../../src/server/names.ts';
import { sha256, systemRandom } from '../../src/server/system.ts';
import { openMemoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { PASSWORD, plainPasswords } from './running.ts';
import { StepClock, settle } from './world.ts';

let store: Store;
let clock: StepClock;
let accounts: Accounts;
const hub = new MemoryHub();

const serverOf = () =>
  new Accounts({
    store,
    bus: hub.attach(),
    clock,
    random: systemRandom,
    hash: sha256,
    passwords: plainPasswords,
    report: (error) => {
      throw error;
    },
  });

beforeEach(async () => {
  store = await openMemoryStore();
  clock = new StepClock();
  accounts = serverOf();
});

const admitted = (mayOwn: boolean) => ({ mayOwn, isInvited: mayOwn, role: 'person' as const });
const signUp = (name: string, mayOwn = false, displayName = '', address = '10.0.0.1') =>
  accounts.signUp({ name, displayName, password: PASSWORD, device: 'phone' }, admitted(mayOwn), address);
const signIn = (name: string, password = PASSWORD, address = '10.0.0.1') =>
  accounts.signIn({ name, password, device: 'laptop' }, address);
const codeOf = async (promise: Promise<unknown>) => {
  try {
    await promise;
    return null;
  } catch (error) {
    return (error as { failure?: { code: string } }).failure?.code ?? String(error);
  }
};

test('who signs up is signed in', async () => {
  const { user, device, token } = await signUp('Mara', false, ' Mara Jansen ');
  expect(user).toMatchObject({ name: 'Mara', displayName: 'Mara Jansen', role: 'person', version: 1 });
  expect(await accounts.authenticate(token)).toEqual({ user: user.user, device });
  expect(await accounts.profile(user.user)).toEqual(user);
});

test('the token is nowhere in the store', async () => {
  const { token } = await signUp('mara');
  const partitions = ['sessions', 'accounts', 'names'];
  const kept = await Promise.all(partitions.map((partition) => store.listRecords(partition, '', 10)));
  expect(JSON.stringify(kept)).not.toContain(token);
});

test('only the first account that was made on the machine itself owns the server', async () => {
  expect((await signUp('far')).user.role).toBe('person');
  expect((await signUp('near', true)).user.role).toBe('owner');
  expect((await signUp('later', true)).user.role).toBe('person');
  expect((await signIn('near')).user.role).toBe('owner');
});

test('a name that looks like one that is taken is taken', async () => {
  await signUp('mara.bill');
  for (const name of ['mara.bill', 'MARA-BILL', 'mаrа_bi11']) expect(await codeOf(signUp(name))).toBe('name_taken');
});

test.each([
  ['mara', 'Mara Klein', [], ['mara2', 'mara.k']],
  ['mara', 'Mara', ['mara2'], ['mara3', 'mara4']],
  ['mara', 'Mara Élan', ['mara2', 'mara-e'], ['mara.é', 'mara3']],
  ['m'.repeat(32), '', [], []],
])('whoever wants %s as %s, besides %j, is told what is free', async (name, displayName, others, names) => {
  for (const taken of [name, ...others]) await signUp(taken);
  const request = { name, displayName, password: 'correct horse', device: 'phone' };
  const error = await accounts.signUp(request, admitted(false), '10.0.0.1').catch((error: unknown) => error);
  expect((error as Failed).failure).toEqual({ code: 'name_taken', names });
});

test('names that are taken are tried as seldom as accounts are made', async () => {
  await signUp('mara');
  const codes = new Set<string | null>();
  for (let i = 0; i < 31; i++) codes.add(await codeOf(signUp('mara')));
  expect([...codes]).toEqual(['name_taken', 'too_many_tries']);
});

test('of many who want a name at once, one has it', async () => {
  const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(signUp('mara'))));
  expect(codes.filter((code) => code === null)).toHaveLength(1);
  expect(codes.filter((code) => code === 'name_taken')).toHaveLength(7);
});

test('a name whose account was never made is free, and again only one gets it', async () => {
  await store.putRecord('names', foldName('mara'), systemRandom.id(), 0);
  expect(await codeOf(signIn('mara'))).toBe('wrong_password');
  const codes = await Promise.all(Array.from({ length: 4 }, () => codeOf(signUp('mara'))));
  expect(codes.filter((code) => code === null)).toHaveLength(1);
  expect(await codeOf(signIn('mara'))).toBeNull();
});

test('bad names and short passwords are refused', async () => {
  expect(await codeOf(signUp('_'))).toBe('bad_name');
  const weak = { name: 'mara', displayName: '', password: 'ninechars', device: '' };
  expect(await codeOf(accounts.signUp(weak, admitted(false), '10.0.0.1'))).toBe('weak_password');
});

test('a wrong password, an unknown name and a look-alike are told apart by nobody', async () => {
  await signUp('mara');
  expect(await codeOf(signIn('mara', 'wrong password'))).toBe('wrong_password');
  expect(await codeOf(signIn('nobody'))).toBe('wrong_password');
  expect(await codeOf(signIn('mаrа'))).toBe('wrong_password');
  expect(await codeOf(signIn('MARA'))).toBeNull();
});

test('five wrong tries a minute for an account, and the right one waits too', async () => {
  await signUp('mara');
  for (let i = 0; i < 5; i++)
    expect(await codeOf(signIn('mara', 'wrong password', `10.0.0.${i}`))).toBe('wrong_password');
  expect(await codeOf(signIn('mara'))).toBe('too_many_tries');
  await clock.pass(12_000);
  expect(await codeOf(signIn('mara'))).toBeNull();
});

test('right passwords are not counted', async () => {
  await signUp('mara');
  for (let i = 0; i < 40; i++) expect(await codeOf(signIn('mara'))).toBeNull();
});

test('thirty wrong tries a minute for an address', async () => {
  for (let i = 0; i < 30; i++) expect(await codeOf(signIn(`nobody${i}`))).toBe('wrong_password');
  const failure = await signIn('another').catch((error) => error.failure);
  expect(failure).toEqual({ code: 'too_many_tries', retryAfterMs: 2_000 });
  expect(await codeOf(signIn('another', PASSWORD, '10.0.0.2'))).toBe('wrong_password');
});

test('thirty accounts a minute for an address, but on the machine itself', async () => {
  for (let i = 0; i < 30; i++) expect(await codeOf(signUp(`person${i}of30`))).toBeNull();
  expect(await codeOf(signUp('another'))).toBe('too_many_tries');
  expect(await codeOf(signUp('another', false, '', '10.0.0.2'))).toBeNull();
  expect(await codeOf(signUp('here', true))).toBeNull();
});

test('devices are listed, and one ends another', async () => {
  const phone = await signUp('mara');
  await clock.pass(1_000);
  const laptop = await signIn('mara');
  const session = { user: phone.user.user, device: phone.device };
  expect(await accounts.devices(session)).toMatchObject([
    { name: 'laptop', current: false },
    { name: 'phone', current: true },
  ]);
  const told: unknown[] = [];
  accounts.onRevoked((...args) => told.push(args));
  serverOf().onRevoked((...args) => told.push(args));
  expect(await accounts.revoke(session, laptop.device)).toBe(true);
  expect(told).toEqual(Array(2).fill([laptop.device, session.user, 'phone']));
  expect(await accounts.authenticate(laptop.token)).toBeNull();
  expect(await accounts.authenticate(phone.token)).toEqual(session);
  expect(await accounts.devices(session)).toHaveLength(1);
  expect(await accounts.revoke(session, laptop.device)).toBe(false);
});

test('nobody ends the device of another', async () => {
  const mara = await signUp('mara');
  const jonas = await signUp('jonas');
  expect(await accounts.revoke({ user: mara.user.user, device: mara.device }, jonas.device)).toBe(false);
  expect(await accounts.authenticate(jonas.token)).not.toBeNull();
});

test('signing out ends the own session', async () => {
  const { token } = await signUp('mara');
  await accounts.signOut((await accounts.authenticate(token))!);
  expect(await accounts.authenticate(token)).toBeNull();
});

test('a device knows when it was last used', async () => {
  const { token } = await signUp('mara');
  await clock.pass(600_000);
  const session = (await accounts.authenticate(token))!;
  await settle();
  const [device] = await accounts.devices(session);
  expect(device!.usedAt - device!.createdAt).toBe(600_000);
  expect(await accounts.revoke(session, session.device)).toBe(true);
});

test('a session ends when its device was away for thirty days, and after half a year in any case', async () => {
  const day = 86_400_000;
  const { user, device, token } = await signUp('mara');
  const laptop = await signIn('mara');
  const told: string[] = [];
  accounts.onRevoked((ended) => told.push(ended));
  for (let days = 0; days < 180; days += 20) {
    expect(await accounts.authenticate(token)).toEqual({ user: user.user, device });
    await settle();
    await clock.pass(20 * day);
  }
  expect(await accounts.devices({ user: user.user, device })).toMatchObject([{ id: device }]);
  expect(await accounts.authenticate(laptop.token)).toBeNull();
  await clock.pass(1);
  expect(await accounts.authenticate(token)).toBeNull();
  expect(told).toEqual([laptop.device, device]);
  expect(await store.listRecords('sessions', '', 9)).toEqual([]);
  expect(await store.listRecords(`devices/${user.user}`, '', 9)).toEqual([]);
});

test('a hundred devices; one more ends the one that was used longest ago', async () => {
  const first = await signUp('mara');
  await clock.pass(1_000);
  const second = await signIn('mara');
  await clock.pass(1_000);
  for (let i = 0; i < 98; i++) await signIn('mara');
  await clock.pass(600_000);
  expect(await accounts.authenticate(first.token)).not.toBeNull();
  await settle();
  const last = await signIn('mara');
  expect(await accounts.authenticate(second.token)).toBeNull();
  expect(await accounts.authenticate(first.token)).not.toBeNull();
  expect(await accounts.devices({ user: first.user.user, device: last.device })).toHaveLength(100);
});

test('a session that has ended lives no more', async () => {
  const { user, device } = await signUp('mara');
  const session = { user: user.user, device };
  expect(await accounts.lives(session)).toBe(true);
  await accounts.signOut(session);
  expect(await accounts.lives(session)).toBe(false);
});

test('a display name moves the version', async () => {
  const { user } = await signUp('mara');
  expect(await accounts.setDisplayName(user.user, ' Mara ')).toMatchObject({ displayName: 'Mara', version: 2 });
  expect(await accounts.setDisplayName(user.user, 'Mara')).toMatchObject({ version: 2 });
  expect(await codeOf(accounts.setDisplayName(user.user, '  '))).toBe('empty');
});

test('people are found by the beginning of a name or of a word, a page at a time', async () => {
  await signUp('mara', false, 'Mara Jansen');
  await signUp('jan', false, 'Somebody');
  await signUp('zoe', false, 'Zoë Ämter');
  const namesOf = async (query: string) => (await accounts.people(query, null, 10)).people.map(({ name }) => name);
  expect(await namesOf('jan')).toEqual(['jan', 'mara']);
  expect(await namesOf('@MAR')).toEqual(['mara']);
  expect(await namesOf('äm')).toEqual(['zoe']);
  expect(await namesOf('nobody')).toEqual([]);
  const first = await accounts.people('', null, 2);
  const rest = await accounts.people('', first.next, 2);
  expect([...first.people, ...rest.people].map(({ name }) => name)).toEqual(['jan', 'mara', 'zoe']);
  expect(rest.next).toBeNull();
});

test('strange tokens are nobody', async () => {
  for (const token of ['', 'x', 'x'.repeat(44), 'ä'.repeat(44), `${'x'.repeat(43)}\0`]) {
    expect(await accounts.authenticate(token)).toBeNull();
  }
});
