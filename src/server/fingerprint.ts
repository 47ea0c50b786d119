import type { Founding } from '../core/conversation.ts';
import type { Draft, Entry } from '../protocol/entities.ts';

/** The last entry of a conversation that is temporary as a whole; asked for by the schedule alone. */
export interface Ending {
  readonly kind: 'ended';
  readonly key: string;
}

export type Wanted = Draft | Founding | Ending;

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
    case 'removed':
      return `removed ${thing.user}`;
    case 'role':
      return `role ${thing.user} ${thing.role}`;
    case 'renamed':
      return `renamed ${thing.title.trim()}`;
    default:
      return thing.kind;
  }
}
