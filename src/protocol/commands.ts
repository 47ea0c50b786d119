/**
 * Every command: what a client may ask, and what it is answered. A frame is `{id, type, …fields}`; the answer is
 * `{re: id, result}` or `{re: id, error}`. The same frames travel over the socket and over long polling.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { COMMUNITY_COMMANDS } from './community-commands.ts';
import {
  Annotation,
  Body,
  Device,
  Draft,
  Entry,
  FeedEntry,
  Having,
  HistoryRule,
  Id,
  Lifetime,
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
import { FILE_COMMANDS } from './files.ts';
import { ID_PATTERN } from './ids.ts';
import { SEND_DRAFTS_MAX, SHOWN_MAX, WATCHED_MAX } from './limits.ts';
import { after, limit, next, nullable, object } from './parts.ts';
import { PUSH_COMMANDS } from './push-commands.ts';
import { REPORT_COMMANDS } from './reports.ts';

const error = Type.String({ description: 'A code of the error catalogue.' });
const epoch = Type.Integer({ description: 'Part of every position. Another one than before: the store was restored.' });
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
    annotations: Type.Optional(
      Type.Array(Annotation, { description: 'Of the messages among the entries, as of `head`; left out when none.' }),
    ),
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
      fileBytes: Type.Integer({ description: 'The most that a file may hold.' }),
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
          object({
            kind: Type.Literal('direct'),
            user: Id,
            key: Type.Optional(
              Type.String({
                pattern: ID_PATTERN,
                description: 'Names a chat of two that is temporary as a whole, beside the one that stays.',
              }),
            ),
            lifetime: Type.Optional(Lifetime),
          }),
          object({
            kind: Type.Literal('group'),
            key: Type.String({ pattern: ID_PATTERN, description: 'Names the group: the same key makes one group.' }),
            title: Type.String({ maxLength: 1_024 }),
            users: Type.Array(Id, { maxItems: 256, uniqueItems: true }),
            history: HistoryRule,
            lifetime: Type.Optional(Lifetime),
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
  annotations: {
    request: object(
      { conversation: Id, from: Seq, to: Seq, limit },
      'What was done to the messages `from … to`, to whoever holds them already; `limit` counts messages.',
    ),
    result: object({
      annotations: Type.Array(Annotation),
      to: seqOf('All of the messages up to there: go on above it until it is the `to` that was asked for.'),
      asOf: seqOf('The head of the log at which this is so.'),
    }),
  },
  versions: {
    request: object(
      { conversation: Id, seq: Seq, after: seqOf('The `next` of the page before; 0 begins.') },
      'What a message said at first and after each edit, oldest first.',
    ),
    result: object({
      versions: Type.Array(
        object({ seq: seqOf('Of the entry that made it so.'), at: Time, body: nullable(Body, 'Null once erased.') }),
      ),
      next: nullable(Seq, 'The `after` of the next page; null at the end.'),
    }),
  },
  search: {
    request: object(
      {
        query: Type.String({
          maxLength: 256,
          description: 'Words or parts of them, all of which are in the text; in quotation marks, as they stand.',
        }),
        conversation: Type.Optional(Id),
        sender: Type.Optional(Id),
        has: Type.Optional(Having),
        from: Type.Optional(Time),
        to: Type.Optional(Type.Integer({ minimum: 0, description: 'The first time that is too late.' })),
        after,
        limit,
      },
      'Finds messages that the asker may see, in one conversation or all, newest first.',
    ),
    result: object({
      hits: Type.Array(
        object({
          conversation: Id,
          entry: Entry,
          annotations: Type.Optional(Type.Array(Annotation, { description: 'Of this message; left out when none.' })),
        }),
        { description: 'At most `limit`; fewer, even none, where a look took long: go on by `next`.' },
      ),
      next,
      complete: Type.Boolean({ description: 'False while older messages are still being made ready to be found.' }),
    }),
  },
  members: {
    request: object(
      {
        conversation: Id,
        after: nullable(Id, 'The `next` of the page before; null begins.'),
        limit,
        query: Type.Optional(
          Type.String({ maxLength: 64, description: 'The beginning of a name, or of a word of a display name.' }),
        ),
      },
      'By user id. With a query a page may have fewer than there are, and none, before the end.',
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
      {
        displayName: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        picture: Type.Optional(
          nullable(Id, 'A picture that was uploaded as one to the own notes, within a day; null takes it away.'),
        ),
      },
      'Changes what others see of the asker: what is left out stays.',
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
  ...FILE_COMMANDS,
  ...PUSH_COMMANDS,
  ...COMMUNITY_COMMANDS,
  ...REPORT_COMMANDS,
} as const satisfies Record<string, { request: TSchema; result: TSchema }>;

export type CommandName = keyof typeof COMMANDS;
export type Request<N extends CommandName> = Static<(typeof COMMANDS)[N]['request']>;
export type Result<N extends CommandName> = Static<(typeof COMMANDS)[N]['result']>;

export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];
