/** Who may do what: every command and every address of the API, for every kind of account. */
import { afterAll, describe, expect, test } from 'bun:test';
import { COMMAND_NAMES, type CommandName } from '../../src/protocol/commands.ts';
import type { Push } from '../../src/push/push.ts';
import { ROUTES } from '../../src/server/http-api.ts';
import { ask, PASSWORD, type Running, running, Socket, signUp } from './running.ts';
import { idFor } from './world.ts';

const ACTORS = ['owner', 'admin', 'person', 'bot', 'guest', 'stranger', 'deactivated', 'anonymous'] as const;
type Actor = (typeof ACTORS)[number];
const LIVING = ACTORS.slice(0, 6);
const RUNNING: readonly Actor[] = ['owner', 'admin'];

interface Scene {
  readonly server: Running;
  readonly owner: Socket;
  readonly tokens: Readonly<Record<Actor, string | undefined>>;
  readonly users: Readonly<Record<Actor | 'victim', string>>;
  /** Of the person, who runs it. */
  readonly group: string;
}

type Frame = Record<string, unknown>;
interface Rule {
  readonly of: CommandName;
  readonly may: readonly Actor[];
  /** What the others are told. */
  readonly else: string;
  readonly frame: (scene: Scene) => Frame | Promise<Frame>;
}

const invitation = { conversation: null, role: 'person', uses: 1, hours: 1 } as const;
const victim = ({ users }: Scene) => ({ user: users.victim });

/** What anybody may do with what is their own. */
const everybody = (of: CommandName, frame: Rule['frame'] = () => ({})): Rule => ({ of, may: LIVING, else: '', frame });
/** In a group the members count, and nobody is one by running the server. */
const member = (of: CommandName, frame: (conversation: string) => Frame): Rule => ({
  of,
  may: ['person'],
  else: 'not_found',
  frame: ({ group }) => frame(group),
});
const page = { after: null, limit: 9 } as const;
let reported = 0;

const RULES: Readonly<Record<string, Rule>> = {
  'begin to speak': everybody('hello', () => ({ protocol: 1, position: null })),
  'stay connected': everybody('ping', () => ({ shown: [], profiles: [] })),
  'read the own feed': everybody('feed', () => ({ position: { epoch: 1, seq: 0 }, limit: 9 })),
  'list the own conversations': everybody('conversations', () => page),
  'begin a conversation': everybody('create', () => ({ create: { kind: 'self' } })),
  'change an own setting': everybody('set', () => ({ key: 'privacy/presence', value: 'contacts' })),
  'see the own settings': everybody('settings', () => ({ after: '', limit: 9 })),
  'be called otherwise': everybody('profile', () => ({ displayName: 'Somebody' })),
  'have no picture': everybody('profile', () => ({ picture: null })),
  'see the own devices': everybody('devices'),
  "sign another's device out": {
    of: 'revoke',
    may: [],
    else: 'not_found',
    frame: () => ({ device: idFor('no device of anybody') }),
  },
  'see what notifications need': everybody('notifications'),
  'be notified': everybody('subscribe', () => ({
    endpoint: 'https://push.example.org/one',
    p256dh: 'B'.padEnd(87, 'A'),
    auth: 'A'.repeat(22),
  })),
  'be notified no more': everybody('unsubscribe'),
  'try a notification': everybody('testNotification'),
  'find people': everybody('people', () => ({ query: '', ...page })),
  'see who somebody is': everybody('profiles', ({ users }) => ({ users: [users.victim] })),
  'watch who is online': everybody('watch', ({ users }) => ({ users: [users.victim] })),
  'read a page of a group': member('history', (conversation) => ({ conversation, place: { last: true }, limit: 9 })),
  'read runs of a group': member('read', (conversation) => ({ ranges: [{ conversation, after: 0, to: 9 }], limit: 9 })),
  'see what a group is': member('summaries', (conversation) => ({ conversations: [conversation] })),
  'see what was done to messages': member('annotations', (conversation) => ({
    conversation,
    from: 1,
    to: 9,
    limit: 9,
  })),
  'search it': member('search', (conversation) => ({ query: '', conversation, after: null, limit: 9 })),
  'see what a message said before': member('versions', (conversation) => ({ conversation, seq: 2, after: 0 })),
  'see the members of a group': member('members', (conversation) => ({ conversation, ...page })),
  'mark what is read in a group': member('mark', (conversation) => ({ conversation, read: 1 })),
  'see what is read in a group': member('marks', (conversation) => ({ conversation })),
  'fetch a file': member('addresses', (conversation) => ({ conversation, files: [idFor('file')] })),
  'take a file elsewhere': {
    of: 'forwardFiles',
    may: [],
    else: 'not_found',
    frame: ({ group }) => ({ key: idFor('copy'), from: group, to: group, files: [idFor('no file')] }),
  },
  'see who received a message': member('receipts', (conversation) => ({ conversation, seq: 2 })),
  'be seen typing in a group': member('typing', (conversation) => ({ conversation })),
  'write to a group': member('send', (conversation) => ({
    conversation,
    drafts: [{ key: idFor('written'), kind: 'message', body: { v: 1, text: 'Hello' } }],
  })),
  'see what is set': { of: 'community', may: LIVING, else: '', frame: () => ({}) },
  'change what is set': {
    of: 'changeCommunity',
    may: RUNNING,
    else: 'not_allowed',
    frame: () => ({ join: 'anyone' }),
  },
  'invite a person': {
    of: 'invite',
    may: LIVING.filter((actor) => actor !== 'guest'),
    else: 'not_allowed',
    frame: () => invitation,
  },
  'invite an admin': {
    of: 'invite',
    may: RUNNING,
    else: 'not_allowed',
    frame: () => ({ ...invitation, role: 'admin' }),
  },
  'see invitations': { of: 'invitations', may: LIVING, else: '', frame: () => ({ after: null, limit: 9 }) },
  "end another's invitation": {
    of: 'uninvite',
    may: RUNNING,
    else: 'not_found',
    frame: async ({ owner }) => ({ invitation: (await owner.call('invite', invitation)).invitation.id }),
  },
  'use an invitation': {
    of: 'useInvitation',
    may: LIVING,
    else: '',
    frame: async ({ owner }) => ({ code: (await owner.call('invite', invitation)).code }),
  },
  'add a device': { of: 'addDevice', may: LIVING, else: '', frame: () => ({}) },
  'see accounts': {
    of: 'accounts',
    may: RUNNING,
    else: 'not_allowed',
    frame: () => ({ query: '', after: null, limit: 9 }),
  },
  'give a role': {
    of: 'setServerRole',
    may: ['owner'],
    else: 'not_allowed',
    frame: (scene) => ({ ...victim(scene), role: 'person' }),
  },
  deactivate: { of: 'deactivate', may: RUNNING, else: 'not_allowed', frame: victim },
  reactivate: { of: 'reactivate', may: RUNNING, else: 'not_allowed', frame: victim },
  'report somebody': {
    of: 'report',
    may: LIVING,
    else: '',
    frame: (scene) => ({ key: idFor(String(reported++)), about: scene.users.victim, reason: 'spam', comment: '' }),
  },
  'see what was reported': { of: 'reports', may: RUNNING, else: 'not_allowed', frame: () => ({ open: true, ...page }) },
  'settle what was reported': {
    of: 'settleReport',
    may: RUNNING,
    else: 'not_allowed',
    frame: async (scene) => {
      const { owner, users } = scene;
      await owner.call('report', { key: idFor('settled'), about: users.victim, reason: 'spam', comment: '' });
      const { reports } = await owner.call('reports', { open: false, after: null, limit: 200 });
      return { report: reports.at(-1)!.id, done: true };
    },
  },
  'make a sign-in link': {
    of: 'signInLink',
    may: RUNNING,
    else: 'not_allowed',
    frame: async (scene) => {
      await scene.owner.call('reactivate', victim(scene));
      return victim(scene);
    },
  },
};

let shared: Promise<Scene> | null = null;
let stop = async () => {};
afterAll(() => stop());

const theScene = () =>
  (shared ??= (async (): Promise<Scene> => {
    const push: Push = { key: 'key', mayReach: () => true, send: async () => ({ kind: 'taken', status: 201 }) };
    const server = await running({ outlives: true, push });
    stop = server.stop;
    const names = ['owner', 'admin', 'person', 'bot', 'stranger', 'deactivated', 'victim'] as const;
    const made = new Map<string, Awaited<ReturnType<typeof signUp>>>();
    for (const name of names) made.set(name, await signUp(server, name));
    const of = (name: string) => made.get(name)!;
    const owner = await Socket.signedIn(server, of('owner').token, true);
    for (const role of ['admin', 'bot'] as const) await owner.call('setServerRole', { user: of(role).user.user, role });
    const person = await Socket.signedIn(server, of('person').token, true);
    const create = {
      kind: 'group',
      key: 'A'.repeat(22),
      title: 'Choir',
      users: [] as string[],
      history: 'all',
    } as const;
    const group = (await person.call('create', { create })).conversation.id;
    const hello = { key: idFor('hello'), kind: 'message' as const, body: { v: 1 as const, text: 'Hello' } };
    await person.call('send', { conversation: group, drafts: [hello] });
    await owner.call('deactivate', { user: of('deactivated').user.user });
    const guest = await ask(server, '/api/guests', { body: { displayName: 'Guest' }, token: of('person').token });
    const entered = await ask(server, '/api/sessions/link', { body: { code: guest.body.code, device: 'test' } });
    const token = (name: string) => of(name).token;
    return {
      server,
      owner,
      group,
      tokens: {
        owner: token('owner'),
        admin: token('admin'),
        person: token('person'),
        bot: token('bot'),
        stranger: token('stranger'),
        deactivated: token('deactivated'),
        guest: entered.body.token,
        anonymous: undefined,
      },
      users: {
        ...(Object.fromEntries(names.map((name) => [name, of(name).user.user])) as Record<
          (typeof names)[number],
          string
        >),
        guest: guest.body.user.user,
        anonymous: '',
      },
    };
  })());

/** Its code, or null when it was done. */
async function codeOf({ server, tokens }: Scene, actor: Actor, type: CommandName, frame: Frame) {
  const token = tokens[actor];
  const options = { body: [{ id: 1, type, ...frame }], ...(token === undefined ? {} : { token }) };
  const { body } = await ask(server, '/api/commands', options);
  const [{ error, result }] = body.error ? [body] : body;
  // Commands about several conversations or drafts say of each what became of it.
  return error?.code ?? result.results?.[0].code ?? (result.gone?.length > 0 ? 'not_found' : null);
}

const cases = Object.entries(RULES).flatMap(([what, rule]) =>
  ACTORS.map((actor) => {
    const isOut = actor === 'deactivated' || actor === 'anonymous';
    const expected = isOut ? 'unauthenticated' : rule.may.includes(actor) ? null : rule.else;
    return [actor, what, expected, rule] as const;
  }),
);

test.each(cases)('%s: %s is answered %j', async (actor, _what, expected, { of, frame }) => {
  const scene = await theScene();
  expect(await codeOf(scene, actor, of, await frame(scene))).toBe(expected);
});

describe('nobody reaches above', () => {
  const upward = ['setServerRole', 'deactivate', 'reactivate', 'signInLink'] as const;
  const pairs = [
    ['admin', 'owner'],
    ['admin', 'admin'],
    ['owner', 'owner'],
  ] as const;
  test.each(upward.flatMap((type) => pairs.map(([by, of]) => [by, type, of] as const)))(
    '%s: %s of %s',
    async (...all) => {
      const [by, type, of] = all;
      const scene = await theScene();
      const frame = { user: scene.users[of], ...(type === 'setServerRole' ? { role: 'person' } : {}) };
      expect(await codeOf(scene, by, type, frame)).toBe('not_allowed');
    },
  );
  test.each(upward)('%s: whoever may not learns nothing of who there is', async (type) => {
    const scene = await theScene();
    const frame = { user: 'A'.repeat(22), ...(type === 'setServerRole' ? { role: 'person' } : {}) };
    expect(await codeOf(scene, 'person', type, frame)).toBe('not_allowed');
    expect(await codeOf(scene, 'owner', type, frame)).toBe('not_found');
  });
});

test.each([
  ['person', null],
  ['owner', 'not_found'],
  ['admin', 'not_found'],
  ['stranger', 'not_found'],
  ['guest', 'not_allowed'],
] as const)('%s: an invitation to a group is answered %j', async (actor, expected) => {
  const scene = await theScene();
  const frame = { ...invitation, conversation: scene.group };
  expect(await codeOf(scene, actor, 'invite', frame)).toBe(expected);
});

test.each(ACTORS)('%s: a guest of one’s own', async (actor) => {
  const { server, tokens } = await theScene();
  const token = tokens[actor];
  const options = { body: { displayName: 'Guest' }, ...(token === undefined ? {} : { token }) };
  const { status, body } = await ask(server, '/api/guests', options);
  if (actor === 'guest') expect(body.error.code).toBe('not_allowed');
  else if (token === undefined || actor === 'deactivated') expect(body.error.code).toBe('unauthenticated');
  else expect(status).toBe(200);
});

test('a guest is given no role, no second life and no sign-in link', async () => {
  const scene = await theScene();
  const user = { user: scene.users.guest };
  expect(await codeOf(scene, 'owner', 'setServerRole', { ...user, role: 'admin' })).toBe('not_allowed');
  expect(await codeOf(scene, 'owner', 'reactivate', user)).toBe('not_allowed');
  expect(await codeOf(scene, 'owner', 'signInLink', user)).toBe('not_allowed');
  expect(
    (await ask(scene.server, '/api/password', { body: { old: PASSWORD, new: PASSWORD }, token: scene.tokens.guest! }))
      .body.error.code,
  ).toBe('wrong_password');
});

describe('nothing is left out', () => {
  test('every command has a row', () => {
    const rows = new Set(Object.values(RULES).map(({ of }) => of));
    expect([...rows].sort()).toEqual([...COMMAND_NAMES].sort());
  });

  /** Who is asked for a session: all but those who have none yet. */
  const ADDRESSES: Readonly<Record<string, 'open' | 'signed in'>> = {
    'GET /api/server': 'open',
    'GET /api/links/:code': 'open',
    'POST /api/accounts': 'open',
    'POST /api/sessions': 'open',
    'POST /api/sessions/link': 'open',
    'POST /api/sessions/recovery': 'open',
    'POST /api/rescue': 'open',
    'DELETE /api/sessions/current': 'signed in',
    'GET /api/me': 'signed in',
    'POST /api/password': 'signed in',
    'POST /api/recovery': 'signed in',
    'POST /api/guests': 'signed in',
    'POST /api/commands': 'signed in',
    'GET /api/poll': 'signed in',
    'POST /api/send': 'signed in',
    'GET /api/conversations': 'signed in',
    'GET /api/conversations/:id/history': 'signed in',
    'POST /api/uploads': 'signed in',
    'GET /api/uploads/:key': 'signed in',
    'PUT /api/uploads/:key': 'signed in',
    'POST /api/uploads/:key/finish': 'signed in',
    'DELETE /api/uploads/:key': 'signed in',
  };
  const nameOf = ({ method, path }: (typeof ROUTES)[number]) => `${method} ${path}`;

  test('every address has a row', () => {
    expect(Object.keys(ADDRESSES).sort()).toEqual(ROUTES.map(nameOf).sort());
  });

  test.each(ROUTES.map((route) => [nameOf(route), route] as const))('%s', async (name, { method, path }) => {
    const { server, tokens } = await theScene();
    // The words of an address are read before it is asked who says them.
    const query = path === '/api/poll' ? '?epoch=1&seq=0' : method === 'PUT' ? '?offset=0&crc=0' : '';
    const address = path.replace(/:\w+/, idFor('nothing')) + query;
    for (const token of [undefined, tokens.deactivated, 'no token']) {
      const options = { method, ...(method === 'POST' ? { body: {} } : {}), ...(token === undefined ? {} : { token }) };
      const { body } = await ask(server, address, options);
      expect(body.error?.code === 'unauthenticated').toBe(ADDRESSES[name] === 'signed in');
    }
  });
});
