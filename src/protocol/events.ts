/**
 * What the server says unasked. Events are hints: a client that misses one finds out by the gap in the numbers or by
 * the feed head in the next pong, and reads what it lacks.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { Entry, FeedEntry, Id, Mark, Presence, Seq, Time } from './entities.ts';

const strict = { additionalProperties: false } as const;
const event = <N extends string, P extends Record<string, TSchema>>(type: N, properties: P) =>
  Type.Object({ type: Type.Literal(type), ...properties }, strict);

export const EVENTS = {
  /** Consecutive entries of one conversation. */
  message: event('message', { conversation: Id, entries: Type.Array(Entry) }),
  /** Apply when the own position is at least `from - 1`; the position is then `to`. */
  feed: event('feed', { epoch: Type.Integer(), from: Seq, to: Seq, entries: Type.Array(FeedEntry) }),
  receipts: event('receipts', { conversation: Id, marks: Type.Array(Mark) }),
  typing: event('typing', { conversation: Id, user: Id }),
  presence: event('presence', { presence: Type.Array(Presence) }),
  /** Frames were left out because the connection was slow: pull the feed. */
  resync: event('resync', { feedHead: Seq }),
  /** The session was ended, by which device of the same user (null: by the server) and when; a close follows. */
  revoked: event('revoked', { by: Type.Union([Type.String(), Type.Null()]), at: Time }),
  /** A close that wants the client back follows; wait this long first. */
  bye: event('bye', { retryAfterMs: Type.Integer({ minimum: 0 }) }),
} as const;

export type EventName = keyof typeof EVENTS;
export type Event<N extends EventName = EventName> = { [K in N]: Static<(typeof EVENTS)[K]> }[N];
