/**
 * How long what is said stays. A conversation keeps all, or has a timer, or is temporary as a whole. Whoever judges, the
 * server by its clock or a device by what it knows of that clock, judges by these.
 */
import type { ConversationKind, Entry, Lifetime, Role } from '../protocol/entities.ts';
import { type Refusal, refuse } from './result.ts';

/** A conversation's own, as its log says. */
export interface Keeping {
  readonly lifetime: Lifetime;
  /** The seq of the entry that last changed any of this; 0 where none did. */
  readonly stamp: number;
  /** Who chose it; '' where nobody did. */
  readonly by: string;
  /** When the `ended` entry was written; null while it is not. */
  readonly ended: number | null;
}

export const KEPT: Keeping = { lifetime: { kind: 'always' }, stamp: 0, by: '', ended: null };

const HOUR_MS = 3_600_000;

/** The beginning of the first hour at or after that time: by then its key is destroyed, and what is due is erased. */
export function hourAfter(at: number): number {
  return Math.ceil(at / HOUR_MS) * HOUR_MS;
}

/** The keeping after the next entry; one that is ahead of the fold, from a projection, holds it already. */
export function followKeeping(keeping: Keeping, entry: Entry): Keeping {
  if (entry.seq <= keeping.stamp) return keeping;
  const { seq: stamp, sender: by } = entry;
  if (entry.kind === 'ended') return { ...keeping, stamp, ended: entry.at };
  if (entry.kind === 'lifetime') return { lifetime: entry.lifetime, stamp, by, ended: null };
  if (entry.kind === 'created' && entry.lifetime) return { lifetime: entry.lifetime, stamp, by, ended: null };
  return keeping;
}

/** When a message goes that is sent at `at`; null where it stays, or goes with its conversation only. */
export function expiryOf(lifetime: Lifetime, at: number): number | null {
  return lifetime.kind === 'timer' && lifetime.after === undefined ? at + lifetime.seconds * 1_000 : null;
}

/** For how many seconds a message stays once it is read; null where that does not count. */
export function lastsFor(lifetime: Lifetime): number | null {
  return lifetime.kind === 'timer' && lifetime.after === 'reading' ? lifetime.seconds : null;
}

/** When a conversation ended, as far as that is decided at `now`; null while it goes on. */
export function endOf({ lifetime, ended }: Pick<Keeping, 'lifetime' | 'ended'>, now: number): number | null {
  if (ended !== null) return ended;
  return lifetime.kind === 'whole' && lifetime.until !== undefined && lifetime.until <= now ? lifetime.until : null;
}

/** Whether nobody is left in a conversation that goes with its last member, or its time has come. */
export function mustEnd({ keeping, memberCount }: { keeping: Keeping; memberCount: number }, now: number): boolean {
  if (keeping.ended !== null || keeping.lifetime.kind !== 'whole') return false;
  return memberCount === 0 || endOf(keeping, now) !== null;
}

/** Who has read a message is one of two only. */
export function checkReader(kind: ConversationKind, lifetime: Lifetime): Refusal | null {
  return kind !== 'direct' && lastsFor(lifetime) !== null ? refuse('not_of_two') : null;
}

/** Either of a direct conversation may choose, and whoever leads a group. Between two, what stays does not come to end. */
export function checkLifetime(
  { kind, keeping }: { kind: ConversationKind; keeping: Keeping },
  role: Role,
  lifetime: Lifetime,
): Refusal | null {
  if (kind === 'group' && role === 'member') return refuse('not_allowed');
  const refusal = checkReader(kind, lifetime);
  if (refusal || kind === 'group') return refusal;
  return (keeping.lifetime.kind === 'whole') === (lifetime.kind === 'whole') ? null : refuse('not_allowed');
}

/** Whether the words of this entry, or of this annotation, have gone by then. */
export function isExpired({ expires }: { readonly expires?: number | undefined }, now: number): boolean {
  return expires !== undefined && expires <= now;
}

/** The entry as it may be shown: without its words once they have expired; the same object while they have not. */
export function withoutExpired<E extends Entry>(entry: E, now: number): E {
  if ((entry.kind !== 'message' && entry.kind !== 'edited') || entry.body === null || !isExpired(entry, now))
    return entry;
  const { mentions: _, ...rest } = entry;
  return { ...rest, body: null } as E;
}
