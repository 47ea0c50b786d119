/** The table of commands: who may do what is decided in the modules it names. */
import Compile from 'typebox/compile';
import { COMMANDS, type CommandName, type Request, type Result } from '../protocol/commands.ts';
import type { Failure } from '../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Asker } from './asker.ts';
import { departureFrom } from './departure.ts';
import { Failed } from './failed.ts';
import { DEVICE_LINK_MS } from './links.ts';
import type { Modules } from './modules.ts';
import { displayNameOf } from './names.ts';

type Handlers = { [N in Exclude<CommandName, 'hello'>]: (m: Modules, by: Asker, r: Request<N>) => Promise<Result<N>> };

export const HANDLERS: Handlers = {
  send: (m, by, r) => m.sends.send(by.session, r),
  create: async (m, by, r) => {
    m.sends.mayMake(by.session, r);
    return m.creation.create(by.session, r);
  },
  feed: (m, by, r) => m.feeds.read(by.session.user, r),
  conversations: (m, by, r) => m.pages.conversations(by.session, r),
  summaries: (m, by, r) => m.pages.summaries(by.session, r),
  read: (m, by, r) => m.pages.read(by.session, r),
  history: (m, by, r) => m.pages.history(by.session, r),
  annotations: (m, by, r) => m.pages.annotations(by.session, r),
  versions: (m, by, r) => m.pages.versions(by.session, r),
  addresses: (m, by, r) => m.files.addresses(by.session, r),
  forwardFiles: (m, by, r) => m.files.forward(by.session, r),
  search: (m, by, r) => m.searches.search(by.session, r),
  members: (m, by, r) => m.pages.members(by.session, r),
  mark: (m, by, r) => m.receipts.raise(by.session, r),
  marks: async (m, by, r) => {
    const state = await m.conversations.stateFor(by.session, r.conversation);
    return { marks: await m.receipts.marks(state, by.session.user) };
  },
  receipts: (m, by, r) => m.receipts.receipts(by.session, r),
  set: (m, by, r) => m.settings.set(by.session, r),
  settings: (m, by, r) => m.feeds.settings(by.session.user, r),
  typing: async (m, by, r) => {
    await m.hints.typing(by.session, r.conversation);
    return {};
  },
  watch: async (m, by, r) => ({ presence: await m.presence.watch(by.session, by.connection, r.users) }),
  ping: (m, by, r) => {
    if (!by.connection) {
      m.sighted.polled(
        by.session,
        r.shown.map(({ conversation }) => conversation),
      );
    }
    return m.heartbeat.pong(by, r);
  },
  people: async (m, _by, r) => {
    const { directory, community } = m.ports;
    if ((await community.settings()).people === 'known') return directory.people(r.query, r.after, r.limit);
    const found = await directory.personNamed(r.query.trim().replace(/^@/, ''));
    return { people: found ? [found] : [], next: null };
  },
  profiles: async (m, _by, r) => ({ profiles: await m.ports.directory.profiles(r.users) }),
  profile: (m, by, r) => m.portraits.change(by.session, r),
  devices: async (m, by) => {
    const devices = await m.ports.directory.devices(by.session);
    return { devices: devices.map((d) => ({ ...d, online: m.connections.ofDevice(d.id) !== undefined })) };
  },
  revoke: async (m, by, r) => {
    if (!(await m.ports.directory.revoke(by.session, r.device))) throw new Failed('not_found');
    return {};
  },
  notifications: (m, by) => m.subscriptions.state(by.session),
  subscribe: async (m, by, r) => {
    await m.subscriptions.subscribe(by.session, r);
    return {};
  },
  unsubscribe: async (m, by) => {
    await m.subscriptions.drop(by.session.user, by.session.device);
    return {};
  },
  testNotification: (m, by) => m.notifier.test(by.session),
  community: (m) => m.community.settings(),
  changeCommunity: async (m, by, { name, ...rest }) => {
    await m.administration.mustRun(by.session);
    if (name === undefined) return m.community.change(rest);
    const shown = displayNameOf(name);
    if (shown === null) throw new Failed('empty');
    return m.community.change({ ...rest, name: shown });
  },
  invite: (m, by, r) => m.invitations.invite(by.session, r),
  invitations: (m, by, r) => m.invitations.list(by.session, r),
  uninvite: (m, by, r) => m.invitations.withdraw(by.session, r),
  useInvitation: (m, by, r) => m.invitations.use(by.session, r),
  addDevice: async (m, by) => {
    const at = m.ports.clock.now();
    const until = at + DEVICE_LINK_MS;
    const { code } = await m.links.make({ kind: 'device', user: by.session.user, by: by.session, until, used: false });
    return { code, at, until };
  },
  accounts: (m, by, r) => m.administration.accounts(by.session, r),
  setServerRole: (m, by, r) => m.administration.setRole(by.session, r),
  deactivate: (m, by, r) => m.administration.deactivate(by.session, r),
  reactivate: (m, by, r) => m.administration.reactivate(by.session, r),
  report: (m, by, r) => m.reports.report(by.session, r),
  reports: (m, by, r) => m.reports.reports(by.session, r),
  settleReport: (m, by, r) => m.reports.settle(by.session, r),
  signInLink: (m, by, r) => m.administration.signInLink(by.session, r),
};

/** Checks of request fields, without the envelope's `id` and `type`. */
const VALIDATORS = Object.fromEntries(
  Object.entries(COMMANDS).map(([name, { request }]) => [name, Compile(request)]),
) as unknown as Record<CommandName, { Check(value: unknown): boolean }>;

export interface Asked {
  readonly id: number;
  readonly type: CommandName;
  readonly request: never;
}

/** Takes a frame apart; the failure says what is wrong with it, `id` is null when not even that can be told. */
export function understand(frame: unknown): Asked | { readonly id: number | null; readonly failure: Failure } {
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) {
    return { id: null, failure: { code: 'bad_frame', path: '' } };
  }
  const { id, type, ...request } = frame as Record<string, unknown>;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) {
    return { id: null, failure: { code: 'bad_frame', path: '/id' } };
  }
  if (typeof type !== 'string') return { id, failure: { code: 'bad_frame', path: '/type' } };
  if (!Object.hasOwn(COMMANDS, type)) return { id, failure: { code: 'unknown_command', path: '/type' } };
  // Before its fields are looked at: those of another version may be others.
  if (type === 'hello' && isOtherVersion(request['protocol'])) return { id, failure: { code: 'wrong_version' } };
  const name = type as CommandName;
  if (!VALIDATORS[name].Check(request)) {
    return { id, failure: { code: 'bad_frame', path: departureFrom(COMMANDS[name].request, request) } };
  }
  return { id, type: name, request: request as never };
}

function isOtherVersion(protocol: unknown): boolean {
  return Number.isSafeInteger(protocol) && protocol !== PROTOCOL_VERSION;
}
