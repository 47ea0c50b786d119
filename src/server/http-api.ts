/** The table of the API's addresses. Each also answers under an account slot, `/0/api/…` to `/9/api/…`. */
import Type, { type TSchema } from 'typebox';
import {
  ChangePassword,
  EnterByLink,
  MadeGuest,
  MakeGuest,
  MakeRecoveryCode,
  Recover,
  RecoveryCode,
  Rescue,
  SignedIn,
  SignedUp,
  SignIn,
  SignInLink,
  SignUp,
} from '../protocol/accounts.ts';
import { COMMANDS, type CommandName, type Request, type Result } from '../protocol/commands.ts';
import { LinkView, ServerView } from '../protocol/community.ts';
import { Id, Profile, Seq, Time } from '../protocol/entities.ts';
import type { ErrorCode, Failure } from '../protocol/errors.ts';
import { PAGE_MAX } from '../protocol/limits.ts';
import type { Opened } from './accounts.ts';
import { Failed } from './failed.ts';
import { type Call, defineRoute, type Route } from './http-route.ts';
import { UPLOAD_ROUTES } from './http-uploads.ts';

const strict = { additionalProperties: false } as const;
const optional = Type.Optional;
const limit = optional(Type.Integer({ minimum: 1, maximum: PAGE_MAX, description: '50 unless given.' }));
const LIMIT = 50;
const COMMANDS_MAX = 50;
const POLL_MS_MAX = 55_000;
const Frame = Type.Unknown({ description: 'A command frame, as in `/frames.json`.' });
const ServerFrame = Type.Object({}, { description: 'A reply or an event, as in `/frames.json`.' });

/** Under a slot the token becomes its cookie and is not shown. */
function opened({ keep, slot }: Call<unknown, unknown>, { user, device, token }: Opened) {
  keep(token);
  return { user, device, token: slot === null ? token : null };
}

/** One command for a program: its result, or its failure thrown. */
async function command<N extends CommandName>(
  { backend, session }: Call<unknown, unknown>,
  type: N,
  request: Request<N>,
): Promise<Result<N>> {
  const [reply] = await backend.polling.execute(session, [{ id: 0, type, ...request }]);
  const { result, error } = reply as { result: Result<N>; error?: Failure };
  if (error) throw new Failed(error.code, error);
  return result;
}

const signUp = defineRoute({
  method: 'POST',
  path: '/api/accounts',
  summary: 'Make an account and sign in.',
  needsSession: false,
  body: SignUp,
  answer: SignedUp,
  run: async (call) => {
    const { conversation, ...who } = await call.backend.admission.signUp(call.body, call.overLoopback, call.network);
    return { ...opened(call, who), conversation };
  },
});

const server = defineRoute({
  method: 'GET',
  path: '/api/server',
  summary: 'What this server is, and who may join it.',
  needsSession: false,
  answer: ServerView,
  run: ({ backend, overLoopback }) => backend.admission.server(overLoopback),
});

const link = defineRoute({
  method: 'GET',
  path: '/api/links/:code',
  summary: 'What a link is, before it is used.',
  needsSession: false,
  answer: LinkView,
  run: ({ backend, params, network }) => backend.admission.look(params['code'] ?? '', network),
});

const enterByLink = defineRoute({
  method: 'POST',
  path: '/api/sessions/link',
  summary: 'Sign in on a new device with a link.',
  needsSession: false,
  body: EnterByLink,
  answer: SignedIn,
  run: async (call) => opened(call, await call.backend.admission.enter(call.body, call.network)),
});

const signIn = defineRoute({
  method: 'POST',
  path: '/api/sessions',
  summary: 'Sign in on a new device.',
  needsSession: false,
  body: SignIn,
  answer: SignedIn,
  run: async (call) => opened(call, await call.backend.accounts.signIn(call.body, call.network)),
});

const recover = defineRoute({
  method: 'POST',
  path: '/api/sessions/recovery',
  summary: 'Sign in with a recovery code, and set another password.',
  needsSession: false,
  body: Recover,
  answer: SignedIn,
  run: async (call) => opened(call, await call.backend.accounts.recover(call.body, call.network)),
});

const changePassword = defineRoute({
  method: 'POST',
  path: '/api/password',
  summary: 'Change the password; all other devices are signed out.',
  body: ChangePassword,
  answer: Type.Object({}, strict),
  run: async ({ backend, session, body }) => {
    await backend.accounts.changePassword(session, body);
    return {};
  },
});

const makeRecoveryCode = defineRoute({
  method: 'POST',
  path: '/api/recovery',
  summary: 'Make a recovery code, in place of the one before.',
  body: MakeRecoveryCode,
  answer: RecoveryCode,
  run: async ({ backend, session, body }) => ({
    code: await backend.accounts.makeRecoveryCode(session, body.password),
  }),
});

const makeGuest = defineRoute({
  method: 'POST',
  path: '/api/guests',
  summary: 'Make somebody to try it with, for an hour; repeated, the same one.',
  body: MakeGuest,
  answer: MadeGuest,
  run: async (call) => {
    const guest = await call.backend.admission.guest(call.session, call.body.displayName);
    const lifetime = { kind: 'whole' as const, until: guest.until };
    const create = { kind: 'direct' as const, user: guest.user.user, key: guest.user.user, lifetime };
    const { conversation } = await command(call, 'create', { create });
    return { ...guest, conversation: conversation.id };
  },
});

const rescue = defineRoute({
  method: 'POST',
  path: '/api/rescue',
  summary: 'Make a sign-in link, for whoever runs the machine.',
  needsSession: false,
  body: Rescue,
  answer: SignInLink,
  run: ({ backend, body, network }) => backend.admission.rescue(body, network),
});

const signOut = defineRoute({
  method: 'DELETE',
  path: '/api/sessions/current',
  summary: 'Sign this device out.',
  answer: Type.Object({}, strict),
  run: async ({ backend, session, keep }) => {
    await backend.accounts.signOut(session);
    keep(null);
    return {};
  },
});

const me = defineRoute({
  method: 'GET',
  path: '/api/me',
  summary: 'Who is signed in.',
  answer: Type.Object({ user: Profile, device: Id }, strict),
  run: async ({ backend, session }) => {
    const user = await backend.accounts.profile(session.user);
    if (!user) throw new Failed('unauthenticated');
    return { user, device: session.device };
  },
});

const commands = defineRoute({
  method: 'POST',
  path: '/api/commands',
  summary: 'Command frames; the answer holds a reply for each, in their order.',
  body: Type.Array(Frame, { minItems: 1, maxItems: COMMANDS_MAX }),
  answer: Type.Array(ServerFrame),
  run: ({ backend, session, body }) => backend.polling.execute(session, body),
});

const poll = defineRoute({
  method: 'GET',
  path: '/api/poll',
  summary: 'The events since a position in the feed; waits up to `wait` milliseconds while there are none.',
  query: Type.Object(
    {
      epoch: Type.Integer({ minimum: 1 }),
      seq: Seq,
      wait: optional(Type.Integer({ minimum: 0, maximum: POLL_MS_MAX })),
    },
    strict,
  ),
  answer: Type.Array(ServerFrame),
  run: ({ backend, session, query, patient }) =>
    backend.polling.poll(session, { epoch: query.epoch, seq: query.seq }, query.wait ?? 0, patient()),
});

const send = defineRoute({
  method: 'POST',
  path: '/api/send',
  summary: 'Send a message. Repeat it with the same `key` and `baseSeq` until it is answered, and it is stored once.',
  body: Type.Object(
    {
      conversation: Id,
      text: Type.String({ maxLength: 65_536 }),
      key: optional(Id),
      baseSeq: optional(Type.Integer({ minimum: 0 })),
    },
    strict,
  ),
  answer: Type.Object({ key: Id, seq: Seq, at: Time }, strict),
  run: async (call) => {
    const { conversation, text, key = call.backend.accounts.newId(), baseSeq } = call.body;
    const body = { v: 1 as const, text };
    const draft = { kind: 'message' as const, key, body, ...(baseSeq === undefined ? {} : { baseSeq }) };
    const [result] = (await command(call, 'send', { conversation, drafts: [draft] })).results;
    if (!result || 'notUpTo' in result) throw new Failed('unknown_outcome', { retryAfterMs: 500 });
    if ('code' in result) {
      const { retryAfterMs } = result;
      throw new Failed(result.code as ErrorCode, retryAfterMs === undefined ? {} : { retryAfterMs });
    }
    return result;
  },
});

const conversations = defineRoute({
  method: 'GET',
  path: '/api/conversations',
  summary: 'Conversations, newest first; `next` is the `after` of the next page.',
  query: Type.Object({ after: optional(Type.String({ maxLength: 100 })), limit }, strict),
  answer: COMMANDS.conversations.result,
  run: (call) => command(call, 'conversations', { after: call.query.after ?? null, limit: call.query.limit ?? LIMIT }),
});

const PLACES = ['before', 'after', 'around', 'date', 'last'] as const;

const history = defineRoute({
  method: 'GET',
  path: '/api/conversations/:id/history',
  summary: 'A page of one conversation; at most one of before, after, around, date and last. Without one, the newest.',
  query: Type.Object(
    {
      before: optional(Seq),
      after: optional(Seq),
      around: optional(Seq),
      date: optional(Time),
      last: optional(Type.Union([Type.Literal(''), Type.Literal('true')])),
      limit,
    },
    strict,
  ),
  answer: COMMANDS.history.result,
  run: (call) => {
    const { query, params } = call;
    const [name = 'last', second] = PLACES.filter((place) => query[place] !== undefined);
    if (second) throw new Failed('bad_frame', { path: `/${second}` });
    const place = (name === 'last' ? { last: true } : { [name]: query[name] }) as Request<'history'>['place'];
    return command(call, 'history', { conversation: params['id'] ?? '', place, limit: query.limit ?? LIMIT });
  },
});

export const ROUTES: readonly Route[] = [
  server,
  link,
  signUp,
  signIn,
  enterByLink,
  recover,
  signOut,
  me,
  changePassword,
  makeRecoveryCode,
  makeGuest,
  rescue,
  commands,
  poll,
  send,
  conversations,
  history,
  ...UPLOAD_ROUTES,
];

export const ErrorAnswer: TSchema = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.String({ description: 'A code of the error catalogue.' }),
        message: Type.String(),
        retryAfterMs: optional(Type.Integer({ minimum: 0 })),
        path: optional(Type.String({ description: 'Where in the body or the query, for bad_frame.' })),
        names: optional(Type.Array(Type.String(), { description: 'Free names like the one wanted, for name_taken.' })),
        id: optional(Type.String({ description: "Names the line in the server's log, for internal." })),
      },
      strict,
    ),
  },
  strict,
);
