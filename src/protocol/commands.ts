/**
 * Every command: what a client may ask, and what it is answered. A frame is `{id, type, …fields}`; the answer is
 * `{re: id, result}` or `{re: id, error}`. The same frames travel over the socket and over long polling.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { Community, Invitation, InvitedRole, Join, People, ServerAccount } from './community.ts';
import {
  Device,
  Draft,
  Entry,
  FeedEntry,
  HistoryRule,
  Id,
  Mark,
  Member,
  Position,
  Presence,
  Profile,
  Receipt,
  Seq,
  Setting,
  Summary,
  seqOf,
  Time,
} from './entities.ts';
import { ID_PATTERN } from './ids.ts';
import {
  INVITATION_HOURS_MAX,
  INVITATION_USES_MAX,
  PAGE_MAX,
  SEND_DRAFTS_MAX,
  SHOWN_MAX,
  WATCHED_MAX,
} from './limits.ts';

const strict = { additionalProperties: false } as const;
const object = <P extends Record<string, TSchema>>(properties: P, description?: string) =>
  Type.Object(properties, description === undefined ? strict : { ...strict, description });
const nullable = <S extends TSchema>(schema: S, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
const limit = Type.Integer({ minimum: 1, maximum: PAGE_MAX, description: 'The most that one answer may hold.' });
const error = Type.String({ description: 'A code of the error catalogue.' });
const epoch = Type.Integer({ description: 'Part of every position. Another one than before: the store was restored.' });
const next = nullable(Type.String(), 'The `after` of the next page; null at the end.');
const after = nullable(Type.String({ maxLength: 100 }), 'The `next` of the page before; null begins.');
const gone = Type.Array(Id, { description: 'Of which the asker is no member (any more).' });
const feedHead = seqOf('How far the feed of the asker reaches: above the own position there is something to pull.');

export const SendResult = Type.Union([
  object({ key: Id, seq: Seq, at: Time }, 'It is on disk, at this seq.'),
  object(
    { key: Id, code: error, retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })) },
    'Refused for good where the code is not tried again; otherwise nothing is certain: the same key again.',
  ),
  object(
    { key: Id, notUpTo: seqOf('The new `baseSeq`.') },
    'The key is not in the log up to there, and was not looked for above: the same key again.',
  ),
]);
export type SendResult = Static<typeof SendResult>;

export const Place = Type.Union([
  object({ last: Type.Literal(true) }, 'The newest.'),
  object({ before: Seq }, 'What is older than this seq.'),
  object({ after: Seq }, 'What is newer than this seq.'),
  object({ around: Seq }, 'This seq in the middle.'),
  object({ date: Time }, 'The first at or after this time in the middle.'),
]);
export type Place = Static<typeof Place>;

export const Slice = object(
  {
    conversation: Id,
    from: seqOf('1 when there is nothing older for the asker.'),
    to: seqOf('Below `from` when there is nothing.'),
    entries: Type.Array(Entry),
    head: seqOf('How far the log reaches.'),
  },
  'All that the asker may see of the seqs `from … to`, in order: what is missing is hidden, not lost.',
);
export type Slice = Static<typeof Slice>;

const Shown = object({
  conversation: Id,
  digest: Type.Integer({
    description:
      'Of the marks held here: the sum modulo 2³² of the FNV-1a hashes of `<user> <delivered> <read>` over the members.',
  }),
});

export const COMMANDS = {
  hello: {
    request: object(
      {
        protocol: Type.Integer({ minimum: 1, description: 'The version that the client speaks.' }),
        token: Type.Optional(
          Type.String({ maxLength: 100, description: 'Where neither a cookie nor a header has told the session.' }),
        ),
        position: nullable(Position, 'How far this device knows its feed; null for not at all.'),
        client: Type.Optional(Type.String({ maxLength: 100, description: 'Its name and version, for people.' })),
      },
      'The first frame of a connection.',
    ),
    result: object({
      protocol: Type.Integer({ description: 'The version that is spoken from now on.' }),
      server: object({ id: Type.String({ description: 'Part of the names of its cookies.' }), name: Type.String() }),
      user: Profile,
      device: Id,
      epoch,
      feedHead,
      at: Time,
      heartbeatMs: Type.Integer({ description: 'Time between two pings.' }),
      textBytes: Type.Integer({ description: 'The most that a text may hold, in bytes of UTF-8.' }),
    }),
  },
  send: {
    request: object(
      { conversation: Id, drafts: Type.Array(Draft, { minItems: 1, maxItems: SEND_DRAFTS_MAX }) },
      'Appends drafts in their order; each is checked against the state after those before it.',
    ),
    result: object({ results: Type.Array(SendResult, { description: 'One for each draft, in their order.' }) }),
  },
  create: {
    request: object(
      {
        create: Type.Union([
          object({ kind: Type.Literal('self') }),
          object({ kind: Type.Literal('direct'), user: Id }),
          object({
            kind: Type.Literal('group'),
            key: Type.String({ pattern: ID_PATTERN, description: 'Names the group: the same key makes one group.' }),
            title: Type.String({ maxLength: 1_024 }),
            users: Type.Array(Id, { maxItems: 256, uniqueItems: true }),
            history: HistoryRule,
          }),
        ]),
      },
      'Opens a conversation, and makes it when it is not there.',
    ),
    result: object({ conversation: Summary }),
  },
  feed: {
    request: object({ position: Position, limit }, 'What the feed holds above a position.'),
    result: object({
      epoch,
      head: seqOf('How far the feed reaches.'),
      to: seqOf("The client's position after it applied the entries."),
      entries: Type.Array(FeedEntry, {
        description: 'In order; of several about the same only the one that says most.',
      }),
      snapshot: Type.Boolean({
        description: 'The position is too old or of another epoch: list the conversations and settings afresh.',
      }),
    }),
  },
  conversations: {
    request: object({ after, limit }, 'The conversations of the asker, newest first.'),
    result: object({
      epoch,
      feedHead: seqOf('From before the page was read: a snapshot takes that of the first page as its position.'),
      conversations: Type.Array(Summary),
      next,
    }),
  },
  summaries: {
    request: object(
      { conversations: Type.Array(Id, { minItems: 1, maxItems: 50 }) },
      'Some conversations as they are now.',
    ),
    result: object({ conversations: Type.Array(Summary), gone }),
  },
  read: {
    request: object(
      {
        ranges: Type.Array(object({ conversation: Id, after: Seq, to: Seq }, 'The seqs above `after`, up to `to`.'), {
          minItems: 1,
          maxItems: 50,
        }),
        limit,
      },
      'Runs of several logs at once, for resume and the repair of gaps; `limit` counts entries of all together.',
    ),
    result: object({ slices: Type.Array(Slice), gone }),
  },
  history: {
    request: object({ conversation: Id, place: Place, limit }, 'A page of one conversation; `limit` counts messages.'),
    result: Slice,
  },
  members: {
    request: object(
      { conversation: Id, after: nullable(Id, 'The `next` of the page before; null begins.'), limit },
      'By user id.',
    ),
    result: object({
      members: Type.Array(Member),
      next: nullable(Id, 'The `after` of the next page; null at the end.'),
      asOf: seqOf('The head of the log at which this is so.'),
    }),
  },
  mark: {
    request: object(
      { conversation: Id, delivered: Type.Optional(Seq), read: Type.Optional(Seq) },
      'Raises the own marks up to the head; repeat it until it is answered.',
    ),
    result: object({ delivered: Seq, read: Seq }, 'What they are now.'),
  },
  marks: {
    request: object({ conversation: Id }, 'The marks of all members.'),
    result: object({ marks: Type.Array(Mark) }),
  },
  receipts: {
    request: object({ conversation: Id, seq: Seq }, 'When the other members received and read one message.'),
    result: object({ receipts: Type.Array(Receipt) }),
  },
  set: {
    request: object(
      {
        key: Type.String({ minLength: 1, maxLength: 100, description: 'One of those that `docs/protocol.md` lists.' }),
        value: Type.String({ maxLength: 32_768 }),
      },
      'Changes a setting of the asker, on all devices.',
    ),
    result: object({ seq: seqOf('Of the feed entry that carries it to the other devices, or of a later one.') }),
  },
  settings: {
    request: object(
      { after: Type.String({ maxLength: 100, description: "The `next` of the page before; '' begins." }), limit },
      'The settings of the asker, by key.',
    ),
    result: object({ settings: Type.Array(Setting), next }),
  },
  typing: {
    request: object({ conversation: Id }, 'Tells those who look at the conversation.'),
    result: object({}),
  },
  watch: {
    request: object(
      { users: Type.Array(Id, { maxItems: WATCHED_MAX, uniqueItems: true }) },
      'Replaces the users whom this connection watches.',
    ),
    result: object({ presence: Type.Array(Presence) }),
  },
  ping: {
    request: object(
      {
        shown: Type.Array(Shown, { maxItems: SHOWN_MAX, description: 'The conversations on screen.' }),
        profiles: Type.Array(object({ user: Id, version: Type.Integer() }), {
          maxItems: WATCHED_MAX,
          description: 'Those that are held here.',
        }),
      },
      'Keeps the connection alive and asks what was missed.',
    ),
    result: object({
      at: Time,
      epoch,
      feedHead,
      stale: Type.Array(Id, { description: 'Shown conversations with another digest: ask for their marks.' }),
      heads: Type.Array(object({ conversation: Id, head: Seq }), {
        description: "How far the user's channels reach, and what is shown.",
      }),
      profiles: Type.Array(Profile, { description: 'Those with another version.' }),
    }),
  },
  people: {
    request: object(
      {
        query: Type.String({
          maxLength: 64,
          description: 'The beginning of a name, or of a word of a display name; among strangers a whole name.',
        }),
        after,
        limit,
      },
      'Finds people.',
    ),
    result: object({ people: Type.Array(Profile), next }),
  },
  profiles: {
    request: object(
      { users: Type.Array(Id, { minItems: 1, maxItems: 100 }) },
      'In the order asked; unknown ones are left out.',
    ),
    result: object({ profiles: Type.Array(Profile) }),
  },
  profile: {
    request: object(
      { displayName: Type.String({ minLength: 1, maxLength: 64 }) },
      'Changes what others see of the asker.',
    ),
    result: object({ profile: Profile }),
  },
  devices: {
    request: object({}, 'Where the asker is signed in.'),
    result: object({ devices: Type.Array(Device) }),
  },
  revoke: {
    request: object({ device: Id }, "Ends the device's session; its open connections close within a second."),
    result: object({}),
  },
  community: {
    request: object({}, 'What the server is called, and who may join it.'),
    result: Community,
  },
  changeCommunity: {
    request: object(
      {
        name: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        join: Type.Optional(Join),
        people: Type.Optional(People),
      },
      'For the owner of the server and its admins.',
    ),
    result: Community,
  },
  invite: {
    request: object(
      {
        conversation: nullable(Id, 'A group to which the asker may add people; null: to the server only.'),
        role: InvitedRole,
        uses: Type.Integer({ minimum: 1, maximum: INVITATION_USES_MAX, description: 'How many people it lets in.' }),
        hours: Type.Integer({ minimum: 1, maximum: INVITATION_HOURS_MAX, description: 'How long it lets them in.' }),
      },
      'Makes an invitation; everybody may invite persons, admins and the owner also admins.',
    ),
    result: object({
      code: Type.String({ description: 'Shown only now: `/join/<code>` is its address.' }),
      invitation: Invitation,
    }),
  },
  invitations: {
    request: object({ after, limit }, 'The invitations that still let somebody in: all for admins, else the own.'),
    result: object({ invitations: Type.Array(Invitation), next }),
  },
  uninvite: {
    request: object({ invitation: Id }, 'Ends an invitation: the own, or for admins any.'),
    result: object({}),
  },
  useInvitation: {
    request: object({ code: Type.String({ maxLength: 64 }) }, 'Joins the group of an invitation.'),
    result: object({ conversation: nullable(Id, 'The group; null when it only leads to the server.') }),
  },
  addDevice: {
    request: object({}, 'Makes a link that signs one more device of the asker in, once.'),
    result: object({
      code: Type.String({ description: '`/enter/<code>` is its address.' }),
      at: Type.Optional(Time),
      until: Time,
    }),
  },
  accounts: {
    request: object(
      { query: Type.String({ maxLength: 64, description: 'As in `people`.' }), after, limit },
      'All accounts, for those who run the server.',
    ),
    result: object({ accounts: Type.Array(ServerAccount), next }),
  },
  setServerRole: {
    request: object(
      { user: Id, role: Type.Union([Type.Literal('admin'), Type.Literal('person'), Type.Literal('bot')]) },
      'For the owner of the server.',
    ),
    result: object({ profile: Profile }),
  },
  deactivate: {
    request: object({ user: Id }, 'Ends all sessions of an account, and lets nobody sign in to it.'),
    result: object({ profile: Profile }),
  },
  reactivate: {
    request: object({ user: Id }, 'Lets people sign in to it again.'),
    result: object({ profile: Profile }),
  },
  signInLink: {
    request: object({ user: Id }, 'Makes a link for somebody who forgot the password: good once, for an hour.'),
    result: object({ code: Type.String({ description: '`/enter/<code>` is its address.' }), until: Time }),
  },
} as const satisfies Record<string, { request: TSchema; result: TSchema }>;

export type CommandName = keyof typeof COMMANDS;
export type Request<N extends CommandName> = Static<(typeof COMMANDS)[N]['request']>;
export type Result<N extends CommandName> = Static<(typeof COMMANDS)[N]['result']>;

export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];
