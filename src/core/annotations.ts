/** What the log says later of one of its messages: merged by the greatest seq, in any order and any number of times. */
import type { Annotation, Entry, MessageEntry } from '../protocol/entities.ts';

export type Edited = Extract<Annotation, { what: 'edited' }>;
export type Deleted = Extract<Annotation, { what: 'deleted' }>;
export type Started = Extract<Annotation, { what: 'started' }>;
export type Reacted = Extract<Annotation, { what: 'reacted' }>;

/** All that counts of one message. Reactions that were taken back are among them, so that an older one does not return. */
export interface Annotations {
  readonly edited: Edited | null;
  readonly deleted: Deleted | null;
  /** When its words go, which was to be known only once they were read. */
  readonly started: Started | null;
  readonly reactions: ReadonlyMap<string, Reacted>;
}

export const NOT_ANNOTATED: Annotations = { edited: null, deleted: null, started: null, reactions: new Map() };

/** What this entry does to messages of before. */
export function annotationsOf(entry: Entry): Annotation[] {
  const { seq, at, sender: by } = entry;
  switch (entry.kind) {
    case 'edited': {
      const { target, mentions, expires, body } = entry;
      const called = mentions === undefined ? {} : { mentions };
      return [{ what: 'edited', target, seq, at, ...called, ...(expires === undefined ? {} : { expires }), body }];
    }
    case 'deleted':
      return [{ what: 'deleted', target: entry.target, seq, at, by }];
    case 'reacted':
      return [{ what: 'reacted', target: entry.target, seq, by, emoji: entry.emoji }];
    case 'started':
      return entry.targets.map((target) => ({ what: 'started', target, seq, expires: entry.expires }));
    default:
      return [];
  }
}

/** Whether an entry is about another one: it is shown there, and moves nothing by itself. */
export function isAnnotation({ kind }: Pick<Entry, 'kind'>): boolean {
  return kind === 'edited' || kind === 'deleted' || kind === 'reacted' || kind === 'started';
}

/** The same object when the annotation is no news. Nothing but the deletion is kept of what is deleted. */
export function annotate(held: Annotations, annotation: Annotation): Annotations {
  if (held.deleted) return held;
  switch (annotation.what) {
    case 'deleted':
      return { ...NOT_ANNOTATED, deleted: annotation };
    case 'edited':
      return held.edited && !isNewer(annotation, held.edited) ? held : { ...held, edited: annotation };
    case 'started':
      return (held.started?.seq ?? 0) >= annotation.seq ? held : { ...held, started: annotation };
    case 'reacted': {
      if ((held.reactions.get(annotation.by)?.seq ?? 0) >= annotation.seq) return held;
      return { ...held, reactions: new Map(held.reactions).set(annotation.by, annotation) };
    }
  }
}

/** One that was read after its text was erased knows no more than that. */
function isNewer(edit: Edited, than: Edited): boolean {
  return edit.seq > than.seq || (edit.seq === than.seq && edit.body !== null && than.body === null);
}

/** All of some annotations, by the messages that they are about. */
export function byTarget(annotations: readonly Annotation[]): Map<number, Annotations> {
  const found = new Map<number, Annotations>();
  for (const annotation of annotations) {
    found.set(annotation.target, annotate(found.get(annotation.target) ?? NOT_ANNOTATED, annotation));
  }
  return found;
}

/**
 * The message as it stands now: with its files and the words of its newest edit, when it goes, and without any words
 * once it is deleted.
 */
export function annotated(said: MessageEntry, { edited, deleted, started }: Annotations): MessageEntry {
  if (deleted) return said.body === null ? said : { ...said, body: null };
  const message = started ? { ...said, expires: started.expires } : said;
  if (!edited?.body || message.body === null) return message;
  const { mentions: _, ...rest } = message;
  return {
    ...rest,
    ...(edited.mentions === undefined ? {} : { mentions: edited.mentions }),
    body: { ...message.body, ...edited.body },
  };
}
