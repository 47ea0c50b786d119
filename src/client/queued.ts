/** What one does to messages shows at once, while it waits to be stored: laid over what is known, and taken off again. */
import { type Annotations, annotate, NOT_ANNOTATED } from '../core/annotations.ts';
import { followPins } from '../core/pins.ts';
import type { Annotation, Entry } from '../protocol/entities.ts';
import type { Item, QueuedAct } from './outbox-item.ts';

export interface Queued {
  readonly key: string;
  readonly number: number;
  readonly at: number;
  readonly act: QueuedAct;
}

/** By the message that each is about, in the order in which it was done. */
export type QueuedActs = ReadonlyMap<number, readonly Queued[]>;

/** Above every seq. */
const ABOVE = 2 ** 52;

export const NOTHING_QUEUED: QueuedActs = new Map();

export function queuedIn(items: readonly Item[]): QueuedActs {
  const queued = new Map<number, Queued[]>();
  for (const { key, number, at, act } of items) {
    if (act) queued.set(act.target, [...(queued.get(act.target) ?? []), { key, number, at, act }]);
  }
  return queued.size > 0 ? queued : NOTHING_QUEUED;
}

/** What was done to a message once these are done, too: always an object of its own, also where nothing is another. */
export function withQueued(known: Annotations | undefined, queued: readonly Queued[], by: string): Annotations {
  const laid = queued.reduce((so, each) => {
    const annotation = annotationOf(each, by);
    return annotation ? annotate(so, annotation) : so;
  }, known ?? NOT_ANNOTATED);
  return { ...laid };
}

function annotationOf({ number, at, act }: Queued, by: string): Annotation | null {
  const seq = ABOVE + number;
  switch (act.kind) {
    case 'edited':
      return { what: 'edited', at, seq, ...act };
    case 'deleted':
      return { what: 'deleted', at, by, seq, target: act.target };
    case 'reacted':
      return { what: 'reacted', by, seq, target: act.target, emoji: act.emoji };
    case 'pinned':
      return null;
  }
}

/** The pinned messages once these are done, too. */
export function pinsWith(pins: readonly number[], queued: QueuedActs): readonly number[] {
  const acts = [...queued.values()].flat().sort((a, b) => a.number - b.number);
  return acts.reduce((so, { act }) => followPins(so, act as Entry), pins);
}
