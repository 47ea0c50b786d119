/**
 * Every command: what a client may ask, and what it is answered. A frame is `{id, type, …fields}`; the answer is
 * `{re: id, result}` or `{re: id, error}`. The same frames travel over the socket and over long polling.
 */
import Type, { type Static, type TSchema } from 'typebox';
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
  Time,
} from './entities.ts';
import { PAGE_MAX, SEND_DRAFTS_MAX, SHOWN_MAX, WATCHED_MAX } from './limits.ts';

const strict = { additionalProperties: false } as const;
const object = <P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, strict);
const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
const limit = Type.Integer({ minimum: 1, maximum: PAGE_MAX });
const error = Type.String({ description: 'A code of the error catalogue.' });

export const SendResult = Type.Union([
  object({ key: Id, seq: Seq, at: Time }),
  object({ key: Id, code: error, retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })) }),
  object({ key: Id, notUpTo: Seq }),
]);
export type SendResult = Static<typeof SendResult>;

export const Place = Type.Union([
  object({ last: Type.Literal(true) }),
  object({ before: Seq }),
  object({ after: Seq }),
  object({ around: Seq }),
  object({ date: Time }),
]);
export type Place = Static<typeof Place>;

/** All that the asker may see of the seqs `from … to`, in order; `to` < `from` when there is nothing. */
export const Slice = object({
  conversation: Id,
  from: Seq,
  to: Seq,
  entries: Type.Array(Entry),
  head: Seq,
});
export type Slice = Static<typeof Slice>;

export const COMMANDS = {
  hello: {
    request: object({
      protocol: Type.Integer({ minimum: 1 }),
      token: Type.Optional(Type.String({ maxLength: 100 })),
      position: nullable(Position),
      client: Type.Optional(Type.String({ maxLength: 100 })),
    }),
    result: object({
      protocol: Type.Integer(),
      server: object({ id: Type.String(), name: Type.String() }),
      user: Profile,
      device: Id,
      epoch: Type.Integer(),
      feedHead: Seq,
      at: Time,
      heartbeatMs: Type.Integer(),
      textBytes: Type.Integer(),
    }),
  },
  send: {
    request: object({ conversation: Id, drafts: Type.Array(Draft, { minItems: 1, maxItems: SEND_DRAFTS_MAX }) }),
    result: object({ results: Type.Array(SendResult) }),
  },
  create: {
    request: object({
      create: Type.Union([
        object({ kind: Type.Literal('self') }),
        object({ kind: Type.Literal('direct'), user: Id }),
        object({
          kind: Type.Literal('group'),
          key: Id,
          title: Type.String({ maxLength: 1_024 }),
          users: Type.Array(Id, { maxItems: 256, uniqueItems: true }),
          history: HistoryRule,
        }),
      ]),
    }),
    result: object({ conversation: Summary }),
  },
  feed: {
    request: object({ position: Position, limit }),
    result: object({
      epoch: Type.Integer(),
      head: Seq,
      /** The client's position after it applied the entries; older pointers of a conversation are left out. */
      to: Seq,
      entries: Type.Array(FeedEntry),
      /** True when the position is too old or of another epoch: list the conversations afresh. */
      snapshot: Type.Boolean(),
    }),
  },
  /** Newest first. `feedHead` is from before the page was read: a snapshot takes the first page's as its position. */
  conversations: {
    request: object({ after: nullable(Type.String({ maxLength: 100 })), limit }),
    result: object({
      epoch: Type.Integer(),
      feedHead: Seq,
      conversations: Type.Array(Summary),
      next: nullable(Type.String()),
    }),
  },
  summaries: {
    request: object({ conversations: Type.Array(Id, { minItems: 1, maxItems: 50 }) }),
    result: object({ conversations: Type.Array(Summary), gone: Type.Array(Id) }),
  },
  /** Runs of several logs at once, for resume and the repair of gaps; `limit` counts entries of all together. */
  read: {
    request: object({
      ranges: Type.Array(object({ conversation: Id, after: Seq, to: Seq }), { minItems: 1, maxItems: 50 }),
      limit,
    }),
    result: object({ slices: Type.Array(Slice), gone: Type.Array(Id) }),
  },
  /** A page of one conversation; `limit` counts messages. `around` and `date` put the place in the middle. */
  history: { request: object({ conversation: Id, place: Place, limit }), result: Slice },
  members: {
    request: object({ conversation: Id, after: nullable(Id), limit }),
    result: object({ members: Type.Array(Member), next: nullable(Id), asOf: Seq }),
  },
  mark: {
    request: object({ conversation: Id, delivered: Type.Optional(Seq), read: Type.Optional(Seq) }),
    result: object({ delivered: Seq, read: Seq }),
  },
  marks: { request: object({ conversation: Id }), result: object({ marks: Type.Array(Mark) }) },
  receipts: { request: object({ conversation: Id, seq: Seq }), result: object({ receipts: Type.Array(Receipt) }) },
  set: {
    request: object({ key: Type.String({ minLength: 1, maxLength: 100 }), value: Type.String({ maxLength: 32_768 }) }),
    result: object({ seq: Seq }),
  },
  settings: {
    request: object({ after: Type.String({ maxLength: 100 }), limit }),
    result: object({ settings: Type.Array(Setting), next: nullable(Type.String()) }),
  },
  typing: { request: object({ conversation: Id }), result: object({}) },
  /** Replaces what this connection watches. */
  watch: {
    request: object({ users: Type.Array(Id, { maxItems: WATCHED_MAX, uniqueItems: true }) }),
    result: object({ presence: Type.Array(Presence) }),
  },
  ping: {
    request: object({
      shown: Type.Array(object({ conversation: Id, digest: Type.Integer() }), { maxItems: SHOWN_MAX }),
      profiles: Type.Array(object({ user: Id, version: Type.Integer() }), { maxItems: WATCHED_MAX }),
    }),
    result: object({
      at: Time,
      epoch: Type.Integer(),
      feedHead: Seq,
      /** Shown conversations whose marks differ from the digest: ask for their marks. */
      stale: Type.Array(Id),
      /** Heads of the user's channels and of what is shown. */
      heads: Type.Array(object({ conversation: Id, head: Seq })),
      /** Profiles whose version is another. */
      profiles: Type.Array(Profile),
    }),
  },
  people: {
    request: object({ query: Type.String({ maxLength: 64 }), after: nullable(Type.String({ maxLength: 100 })), limit }),
    result: object({ people: Type.Array(Profile), next: nullable(Type.String()) }),
  },
  profiles: {
    request: object({ users: Type.Array(Id, { minItems: 1, maxItems: 100 }) }),
    result: object({ profiles: Type.Array(Profile) }),
  },
  profile: {
    request: object({ displayName: Type.String({ minLength: 1, maxLength: 64 }) }),
    result: object({ profile: Profile }),
  },
  devices: { request: object({}), result: object({ devices: Type.Array(Device) }) },
  /** Ends the device's session; its open connections close within a second. */
  revoke: { request: object({ device: Id }), result: object({}) },
} as const satisfies Record<string, { request: TSchema; result: TSchema }>;

export type CommandName = keyof typeof COMMANDS;
export type Request<N extends CommandName> = Static<(typeof COMMANDS)[N]['request']>;
export type Result<N extends CommandName> = Static<(typeof COMMANDS)[N]['result']>;

export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];
