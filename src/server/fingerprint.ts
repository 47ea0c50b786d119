/** What may be wanted of a lane, and whether two are the same. */
import type { Target } from '../core/acts.ts';
import { type Actor, type Conversation, enter } from '../core/conversation.ts';
import { type Founding, found } from '../core/founding.ts';
import { end, start } from '../core/own-entries.ts';
import type { Draft, Entry } from '../protocol/entities.ts';

/** The last entry of a conversation that is temporary as a whole; asked for by the schedule alone. */
export interface Ending {
  readonly kind: 'ended';
  readonly key: string;
}

/** Messages go so long after now, because the one in whose name it is wanted has read them. */
export interface Starting {
  readonly kind: 'started';
  readonly key: string;
  readonly targets: number[];
  readonly seconds: number;
}

export type Wanted = Draft | Founding | Ending | Starting;

export function isFounding(wanted: Wanted): wanted is Founding {
  return 'conversation' in wanted;
}

/** What only the server itself wants. */
export function isOwn(wanted: Draft | Ending | Starting): wanted is Ending | Starting {
  return wanted.kind === 'ended' || wanted.kind === 'started';
}

/** The entry that it becomes after this state. */
export function entryFor(
  state: Conversation,
  actor: Actor,
  wanted: Wanted,
  now: number,
  target: Target | null = null,
): Entry {
  if (isFounding(wanted)) return found(actor, wanted, now);
  if (wanted.kind === 'ended') return end(state, actor.device, wanted.key, now);
  return wanted.kind === 'started' ? start(state, actor, wanted, now) : enter(state, actor, wanted, now, target);
}

/** Of an entry of before; null where its words are gone. */
export function fingerprintOfEntry(entry: Entry): string | null {
  return 'body' in entry && entry.body === null ? null : fingerprintOf(entry);
}

/** What must be equal under the same key. Users who were members already have been left out of an `added` entry. */
export function fingerprintOf(thing: Wanted | Entry): string {
  if ('conversation' in thing) return `created ${thing.conversation}`;
  switch (thing.kind) {
    case 'message':
      return [
        'message',
        thing.ref,
        thing.mentions?.join(','),
        thing.attachments?.join(','),
        thing.body?.forwarded,
        thing.body?.text,
      ].join(' ');
    case 'edited':
      return `edited ${thing.target} ${thing.mentions?.join(',') ?? ''} ${thing.body?.text ?? ''}`;
    case 'deleted':
      return `deleted ${thing.target}`;
    case 'reacted':
      return `reacted ${thing.target} ${thing.emoji}`;
    case 'pinned':
      return `pinned ${thing.target} ${thing.pinned}`;
    case 'lifetime':
      return `lifetime ${JSON.stringify(thing.lifetime)}`;
    case 'started':
      return `started ${thing.targets.join(',')}`;
    case 'removed':
      return `removed ${thing.user}`;
    case 'role':
      return `role ${thing.user} ${thing.role}`;
    case 'renamed':
      return `renamed ${thing.title.trim()}`;
    case 'pictured':
      return `pictured ${thing.picture}`;
    default:
      return thing.kind;
  }
}
