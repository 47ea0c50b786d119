import { describe, expect, test } from 'bun:test';
import type { Request } from '../../src/protocol/commands.ts';
import { lanAddresses } from '../../src/server/greeting.ts';
import { Links } from '../../src/server/links.ts';
import { sha256, systemRandom } from '../../src/server/system.ts';
import { openMemoryStore } from '../../src/store/memory.ts';
import { ask, PASSWORD, type Running, running, Socket, signUp } from './running.ts';
import { idFor, StepClock, World } from './world.ts';

const person = (name: string, more: object = {}) => ({
  body: { name, displayName: name, password: PASSWORD, device: 'test', ...more },
});
const join = (server: Running, name: string, more: object = {}, headers: Record<string, string> = {}) =>
  ask(server, '/api/accounts', { ...person(name, more), headers });
/** As from another machine. */
const FAR = { 'x-forwarded-for': '192.0.2.1' };
const plain: Request<'invite'> = { conversation: null, role: 'person', uses: 1, hours: 1 };

async function owned() {
  const server = await running({ join: 'invited' });
  const mara = await signUp(server, 'mara');
  return { server, mara, socket: await Socket.signedIn(server, mara.token) };
}

test.each([true, false])('where other devices reach it is told on its own machine (--lan: %j)', async (lan) => {
  const server = await running({ lan });
  const [first] = lan ? lanAddresses() : [];
  const expected = first ? `http://${first.address}:${server.port}` : null;
  expect((await ask(server, '/api/server')).body.lan).toBe(expected);
  expect((await ask(server, '/api/server', { headers: FAR })).body.lan).toBeNull();
});

describe('a fresh server', () => {
  test('is set up with its link from elsewhere, once, and keeps what was chosen', async () => {
    const server = await running({ join: 'invited' });
    expect((await ask(server, '/api/server', { headers: FAR })).body).toMatchObject({ owner: null, mayOwn: false });
    expect((await join(server, 'theo', {}, FAR)).body.error.code).toBe('closed_to_newcomers');
    const link = server.setUp!;
    expect((await ask(server, `/api/links/${link}`)).body).toMatchObject({ kind: 'setup', ended: null });
    const community = { name: 'Choir', join: 'anyone' };
    const made = await join(server, 'mara', { link, community }, FAR);
    expect(made.body).toMatchObject({ user: { role: 'owner' }, conversation: null });
    expect((await ask(server, '/api/server')).body).toMatchObject({ name: 'Choir', owner: 'mara', join: 'anyone' });
    expect((await ask(server, `/api/links/${link}`)).body).toMatchObject({ ended: 'used' });
    expect((await join(server, 'theo', { link })).body.error.code).toBe('link_ended');
    const theo = await join(server, 'theo', { community: { name: 'Mine', join: 'invited' } });
    expect(theo.body.user.role).toBe('person');
    expect((await ask(server, '/api/server')).body.name).toBe('Choir');
  });

  test('takes its first account on the machine itself for the owner, and then nobody without an invitation', async () => {
    const { server, mara } = await owned();
    expect(mara.user.role).toBe('owner');
    expect((await join(server, 'theo')).body.error.code).toBe('closed_to_newcomers');
  });
});

test('an invitation says what it is, lets in as many as it says, and then nobody', async () => {
  const { server, mara, socket } = await owned();
  const { code, invitation } = await socket.call('invite', { ...plain, role: 'admin', uses: 2 });
  expect((await ask(server, `/api/links/${code}`)).body).toEqual({
    kind: 'invitation',
    server: 'Parley',
    by: 'mara',
    role: 'admin',
    group: null,
    until: invitation.until,
    left: 2,
    ended: null,
  });
  expect((await join(server, 'mara', { link: code })).body.error.code).toBe('name_taken');
  for (const name of ['theo', 'ines'])
    expect((await join(server, name, { link: code })).body).toMatchObject({
      user: { role: 'admin' },
      conversation: expect.any(String),
    });
  expect((await join(server, 'noor', { link: code })).body.error.code).toBe('link_ended');
  expect((await ask(server, `/api/links/${code}`)).body).toMatchObject({ left: 0, ended: 'used' });
  expect(mara.user.role).toBe('owner');
});

test('of a hundred who come at once as many get in as an invitation says', async () => {
  const { server, socket } = await owned();
  const { code } = await socket.call('invite', { ...plain, uses: 40 });
  const names = Array.from({ length: 100 }, (_, i) => `newcomer${i}x`);
  const answers = await Promise.all(names.map((name) => join(server, name, { link: code })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(40);
  expect(answers.filter(({ body }) => body.error?.code === 'link_ended')).toHaveLength(60);
  expect(server.reported).toEqual([]);
});

test('a use whose account was never made, because the server ended in between, is free again', async () => {
  const [store, clock] = [await openMemoryStore(), new StepClock()];
  const links = new Links({ store, clock, random: systemRandom, hash: sha256 });
  const at = { by: 'mara', device: 'phone', conversation: null, role: 'person', uses: 1, at: 0 } as const;
  const { id } = await links.make({ kind: 'invitation', ...at, users: [], until: 1e12, withdrawn: false });
  const claim = (user: string) =>
    links.claim(id, user).then(
      () => null,
      (error) => error.failure.code,
    );
  expect(await claim('lost')).toBeNull();
  expect([await claim('lost'), await claim('theo')]).toEqual([null, 'link_ended']);
  await clock.pass(600_001);
  expect(await claim('theo')).toBeNull();
  await store.putRecord('accounts', 'theo', '{}', 0);
  await clock.pass(600_001);
  expect([await claim('theo'), await claim('noor')]).toEqual([null, 'link_ended']);
});

test.each(['known', 'strangers'] as const)(
  'whoever joins by an invitation meets the inviter, where people are %s, once',
  async (people) => {
    const { server, mara, socket } = await owned();
    await socket.call('changeCommunity', { people });
    const { code } = await socket.call('invite', { ...plain, uses: 2 });
    const { body } = await join(server, 'noor', { link: code });
    const [marasId, noorsId] = [mara.user.user, body.user.user];
    const noor = await Socket.signedIn(server, body.token);
    const seen = { kind: 'direct', invitedBy: marasId, unread: 0, last: null, memberCount: 2 };
    for (const [who, peer] of [[socket, noorsId] as const, [noor, marasId] as const]) {
      const { conversations } = await who.call('summaries', { conversations: [body.conversation] });
      expect(conversations).toMatchObject([{ ...seen, id: body.conversation, peer }]);
      expect(conversations[0]).not.toHaveProperty('request');
      const again = await who.call('create', { create: { kind: 'direct', user: peer } });
      expect(again.conversation.id).toBe(body.conversation);
    }
    const place = { conversation: body.conversation, place: { last: true as const }, limit: 9 };
    const { entries } = await noor.call('history', place);
    expect(entries).toMatchObject([{ kind: 'created', sender: marasId, invitation: true }]);
    // They know each other by it: nothing is asked, and either may add the other to a group.
    const group = {
      kind: 'group' as const,
      key: 'A'.repeat(22),
      title: 'Choir',
      users: [noorsId],
      history: 'all' as const,
    };
    await socket.call('create', { create: group });
    expect(await noor.call('useInvitation', { code })).toEqual({ conversation: body.conversation });
    expect((await noor.call('history', place)).entries).toHaveLength(1);
    expect(await socket.call('useInvitation', { code })).toEqual({ conversation: null });
    expect((await socket.call('invitations', { after: null, limit: 9 })).invitations).toMatchObject([{ used: 1 }]);
  },
);

/** Noor's account is made with it, and then the server is cut off. */
async function cutOff(world: World, conversation: string | null): Promise<void> {
  const { clock, people, node } = world;
  const at = { by: idFor('mara'), device: idFor('mara/phone'), role: 'person', uses: 1, at: clock.now() } as const;
  const until = clock.now() + 3_600_000;
  const { id } = await node.links.make({ kind: 'invitation', ...at, conversation, users: [], until, withdrawn: false });
  await node.invitations.claim(id, idFor('noor'));
  people.came.set(idFor('noor'), id);
}

test.each(['the inviter', 'a group'])('whoever is cut off while joining still gets to %s', async (where) => {
  const world = await World.open();
  const mara = await world.join('mara');
  const group = where === 'a group' ? await world.group(mara, []) : null;
  await cutOff(world, group);
  const list = async () =>
    (await (await world.join('noor')).must('conversations', { after: null, limit: 9 })).conversations;
  expect(await list()).toEqual([]);
  const led = group === null ? { peer: mara.user, invitedBy: mara.user, head: 1 } : { id: group, head: 2 };
  for (let i = 0; i < 2; i++) {
    await world.clock.pass(130_000);
    expect(await list()).toMatchObject([led]);
  }
  expect(world.reports).toEqual([]);
});

test.each(['known', 'strangers'] as const)(
  'an inviter who is gone meets nobody, where people are %s',
  async (people) => {
    const world = await World.open({ people });
    await cutOff(world, null);
    await world.people.change(idFor('mara'), { deactivated: true });
    await world.clock.pass(130_000);
    const noor = await world.join('noor');
    expect((await noor.must('conversations', { after: null, limit: 9 })).conversations).toEqual([]);
    expect(world.reports).toEqual([]);
  },
);

test('nobody joins by an invitation that somebody of the same name began to use', async () => {
  const world = await World.open();
  await cutOff(world, null);
  world.people.came.clear();
  await world.clock.pass(130_000);
  const noor = await world.join('noor');
  expect((await noor.must('conversations', { after: null, limit: 9 })).conversations).toEqual([]);
});

test('an invitation to a group joins it in the name of the inviter, and whoever is here already uses it once', async () => {
  const { server, mara, socket } = await owned();
  const group = { kind: 'group' as const, key: 'A'.repeat(22), title: 'Choir', users: [], history: 'all' as const };
  const { conversation } = await socket.call('create', { create: group });
  const { code } = await socket.call('invite', { ...plain, conversation: conversation.id, uses: 2 });
  expect((await ask(server, `/api/links/${code}`)).body.group).toEqual({ title: 'Choir', memberCount: 1 });
  const theo = await join(server, 'theo', { link: code });
  expect(theo.body.conversation).toBe(conversation.id);
  const theos = await Socket.signedIn(server, theo.body.token);
  const { entries } = await theos.call('history', { conversation: conversation.id, place: { last: true }, limit: 9 });
  expect(entries.at(-1)).toMatchObject({ kind: 'added', sender: mara.user.user, users: [theo.body.user.user] });
  expect(await theos.call('useInvitation', { code })).toEqual({ conversation: conversation.id });
  expect((await socket.call('invitations', { after: null, limit: 9 })).invitations).toMatchObject([{ used: 1 }]);
  expect((await theos.ask({ type: 'invite', ...plain, conversation: conversation.id })).error?.code).toBe(
    'not_allowed',
  );
});

test('an inviter who may add nobody to the group any more lets nobody in', async () => {
  const { server, mara, socket } = await owned();
  const group = { kind: 'group' as const, key: 'A'.repeat(22), title: 'Choir', users: [], history: 'all' as const };
  const { conversation } = await socket.call('create', { create: group });
  const { code } = await socket.call('invite', { ...plain, conversation: conversation.id, uses: 9 });
  await socket.call('send', { conversation: conversation.id, drafts: [{ kind: 'left', key: 'B'.repeat(21) + 'A' }] });
  expect((await ask(server, `/api/links/${code}`)).body.ended).toBe('withdrawn');
  expect((await join(server, 'theo', { link: code })).body.error.code).toBe('link_ended');
  expect(mara.user.role).toBe('owner');
});

test('persons invite persons, see and end their own invitations; admins all', async () => {
  const { server, socket } = await owned();
  const { code } = await socket.call('invite', plain);
  const theo = await Socket.signedIn(server, (await join(server, 'theo', { link: code })).body.token);
  const { invitation: his } = await theo.call('invite', plain);
  const { invitation: hers } = await socket.call('invite', plain);
  const codeOf = async (frame: Record<string, unknown>) => (await theo.ask(frame)).error?.code;
  expect(await codeOf({ type: 'invite', ...plain, role: 'admin' })).toBe('not_allowed');
  expect(await codeOf({ type: 'changeCommunity', join: 'anyone' })).toBe('not_allowed');
  expect(await codeOf({ type: 'uninvite', invitation: hers.id })).toBe('not_found');
  expect((await theo.call('invitations', { after: null, limit: 9 })).invitations).toEqual([his]);
  const { invitations } = await socket.call('invitations', { after: null, limit: 9 });
  expect(invitations).toHaveLength(2);
  await socket.call('uninvite', { invitation: his.id });
  expect((await theo.call('invitations', { after: null, limit: 9 })).invitations).toEqual([]);
});

test('a link of a device signs one in, and no other', async () => {
  const { server, mara, socket } = await owned();
  const { code } = await socket.call('addDevice', {});
  expect((await ask(server, `/api/links/${code}`)).body).toMatchObject({ kind: 'device', name: 'mara', ended: null });
  expect((await join(server, 'theo', { link: code })).body.error.code).toBe('not_found');
  const body = { code, device: 'phone' };
  const answers = await Promise.all([1, 2, 3].map(() => ask(server, '/api/sessions/link', { body })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
  const entered = answers.find(({ status }) => status === 200)!.body;
  expect(entered.user.user).toBe(mara.user.user);
  const { devices } = await socket.call('devices', {});
  expect(devices.map(({ name }) => name).sort()).toEqual(['phone', 'test']);
});

test('a code of no link is nothing, whatever it is, and not tried for ever', async () => {
  const server = await running();
  const look = async (code: string) => (await ask(server, `/api/links/${code}`)).body.error.code;
  expect([await look('A'.repeat(22)), await look('x'), await look('%20')]).toEqual(Array(3).fill('not_found'));
  for (let i = 0; i < 57; i++) await look('A'.repeat(22));
  expect(await look('A'.repeat(22))).toBe('too_many_tries');
});

test('what the server is called shows to whoever comes', async () => {
  const { server, mara, socket } = await owned();
  expect(await socket.call('changeCommunity', { name: '  Choir ' })).toEqual({
    name: 'Choir',
    join: 'invited',
    people: 'known',
  });
  expect(await socket.call('community', {})).toEqual({ name: 'Choir', join: 'invited', people: 'known' });
  expect((await socket.ask({ type: 'changeCommunity', name: '   ' })).error?.code).toBe('empty');
  const other = new Socket(server);
  await other.opened;
  expect((await other.call('hello', { protocol: 1, token: mara.token, position: null })).server.name).toBe('Choir');
});

describe('where strangers meet', () => {
  const scene = async () => {
    const server = await running();
    const all = [];
    for (const name of ['mara', 'theo', 'thea']) all.push(await signUp(server, name));
    const sockets = await Promise.all(all.map(({ token }) => Socket.signedIn(server, token)));
    const [mara, theo, thea] = sockets as [Socket, Socket, Socket];
    const [, { user: his }, { user: hers }] = all as [Made, Made, Made];
    await mara.call('changeCommunity', { people: 'strangers' });
    return { mara, theo, thea, his: his.user, hers: hers.user, own: all[0]!.user.user };
  };
  type Made = Awaited<ReturnType<typeof signUp>>;

  test('nobody is listed, and whoever knows the whole name finds its one person', async () => {
    const { mara } = await scene();
    const find = async (query: string) => {
      const { people, next } = await mara.call('people', { query, after: null, limit: 9 });
      expect(next).toBeNull();
      return people.map(({ name }) => name);
    };
    expect([await find(''), await find('the'), await find('the0')]).toEqual([[], [], []]);
    expect([await find('theo'), await find('@Theo')]).toEqual([['theo'], ['theo']]);
  });

  test('who is online shows where both have written and in common groups, and not to who only writes', async () => {
    const { mara, theo, thea, his, own, hers } = await scene();
    const sees = async (who: Socket, user: string) => (await who.call('watch', { users: [user] })).presence[0]!.online;
    const nothing = { user: his, online: false, lastSeen: null, vague: null };
    expect((await mara.call('watch', { users: [his] })).presence).toEqual([nothing]);
    const { id } = (await mara.call('create', { create: { kind: 'direct', user: his } })).conversation;
    const draft = (key: string) => ({ kind: 'message' as const, key, body: { v: 1 as const, text: 'Hello' } });
    await mara.call('send', { conversation: id, drafts: [draft('A'.repeat(22))] });
    expect([await sees(mara, his), await sees(theo, own)]).toEqual([false, false]);
    await theo.call('send', { conversation: id, drafts: [draft('B'.repeat(21) + 'A')] });
    expect([await sees(mara, his), await sees(theo, own)]).toEqual([true, true]);
    const group = {
      kind: 'group' as const,
      key: 'A'.repeat(22),
      title: 'Choir',
      users: [],
      history: 'all' as const,
    };
    const { conversation } = await theo.call('create', { create: group });
    const invitation = { conversation: conversation.id, role: 'person' as const, uses: 1, hours: 1 };
    await thea.call('useInvitation', { code: (await theo.call('invite', invitation)).code });
    // The group shows in projections once it is fanned out.
    while (!(await sees(thea, his))) await Bun.sleep(5);
    expect([await sees(theo, hers), await sees(mara, hers)]).toEqual([true, false]);
  });
});
