/** Who may do what with the server's people: every command of it for every kind of account. */
import { afterAll, describe, expect, test } from 'bun:test';
import type { CommandName } from '../../src/protocol/commands.ts';
import { ask, PASSWORD, type Running, running, Socket, signUp } from './running.ts';

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

const RULES: Readonly<Record<string, Rule>> = {
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
    const server = await running({ outlives: true });
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
  return body.error?.code ?? body[0].error?.code ?? null;
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
