/**
 * What the server says unasked. Events are hints: a client that misses one finds out by the gap in the numbers or by
 * the feed head in the next pong, and reads what it lacks.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { Entry, FeedEntry, Id, Mark, Presence, Seq, Time } from './entities.ts';

const strict = { additionalProperties: false } as const;
const event = <N extends string, P extends Record<string, TSchema>>(type: N, description: string, properties: P) =>
  Type.Object({ type: Type.Literal(type), ...properties }, { ...strict, description });

export const EVENTS = {
  message: event('message', 'Consecutive entries of one conversation.', {
    conversation: Id,
    entries: Type.Array(Entry),
  }),
  feed: event('feed', 'Apply when the own position is at least `from - 1`; the position is then `to`.', {
    epoch: Type.Integer(),
    from: Seq,
    to: Seq,
    entries: Type.Array(FeedEntry),
  }),
  receipts: event('receipts', 'Marks that were raised, of a conversation that the last ping named as shown.', {
    conversation: Id,
    marks: Type.Array(Mark),
  }),
  typing: event('typing', 'Holds for five seconds.', { conversation: Id, user: Id }),
  presence: event('presence', 'Of watched users.', { presence: Type.Array(Presence) }),
  resync: event('resync', 'Frames were left out because the connection was slow: pull the feed.', { feedHead: Seq }),
  revoked: event('revoked', 'The session was ended; a close follows.', {
    by: Type.Union([Type.String(), Type.Null()], {
      description: 'The name of a device of the same user; null: the server.',
    }),
    at: Time,
  }),
  bye: event('bye', 'A close that wants the client back follows; wait this long first.', {
    retryAfterMs: Type.Integer({ minimum: 0 }),
  }),
} as const;

export type EventName = keyof typeof EVENTS;
export type Event<N extends EventName = EventName> = { [K in N]: Static<(typeof EVENTS)[K]> }[N];
