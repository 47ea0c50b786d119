/** The entries that the server makes by itself. */
import type { Entry } from '../protocol/entities.ts';
import type { Actor, Conversation } from './conversation.ts';

/** The last entry of a conversation that is temporary as a whole, in the name of whoever chose so. */
export function end({ keeping, head, ordinal, at }: Conversation, device: string, key: string, now: number): Entry {
  const header = { v: 1 as const, seq: head + 1, at: Math.max(now, at), sender: keeping.by, device, key };
  return { ...header, ordinal, lastMessage: 0, kind: 'ended' };
}

/** The actor has read these, which go so many seconds after that. */
export function start(
  { head, ordinal, lastMessage, at: before }: Conversation,
  { user: sender, device }: Actor,
  { key, targets, seconds }: { readonly key: string; readonly targets: number[]; readonly seconds: number },
  now: number,
): Entry {
  const at = Math.max(now, before);
  const header = { v: 1 as const, seq: head + 1, at, sender, device, key, ordinal, lastMessage };
  return { ...header, kind: 'started', targets, expires: at + seconds * 1_000 };
}
