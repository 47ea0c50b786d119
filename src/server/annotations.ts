/**
 * What was done to messages later. Registers hold it for as long as the messages stand; what fan-out has not raised yet is
 * remembered from the log, so that both together are all that the log says up to the head that is known.
 */
import type { Target } from '../core/acts.ts';
import { annotationsOf, type Deleted, type Reacted, type Started } from '../core/annotations.ts';
import { filesOf } from '../core/attached.ts';
import { hourAfter, isExpired } from '../core/lifetime.ts';
import type { Annotation, Entry } from '../protocol/entities.ts';
import type { KeyedRegister, Store, StoredRow } from '../store/store.ts';

/** All of one message: every edit, oldest first, and of each person the newest reaction, as one that is taken back. */
export interface Annotated {
  readonly deleted: Deleted | null;
  readonly started: Started | null;
  readonly edits: readonly number[];
  readonly reactions: ReadonlyMap<string, Reacted>;
}

const NOTHING: Annotated = { deleted: null, started: null, edits: [], reactions: new Map() };
const PAGE = 500;

/** The annotations and the files of one conversation that stand above what fan-out has raised. */
export class Recent {
  /** The seq of the newest entry known here by which words of before go. */
  newestErasure = 0;
  #annotations: Annotation[] = [];
  /** Which entry each file belongs to. */
  readonly #files = new Map<string, number>();
  /** The hours at which something has expired, and the newest entry that says so. */
  readonly #hours = new Map<number, number>();

  get size(): number {
    return this.#annotations.length + this.#files.size;
  }

  add(entry: Entry): void {
    for (const id of filesOf(entry)) this.#files.set(id, entry.seq);
    this.#annotations.push(...annotationsOf(entry));
    if (entry.kind === 'deleted' || entry.kind === 'started') this.newestErasure = entry.seq;
    if ('expires' in entry && entry.expires !== undefined) this.#hours.set(hourAfter(entry.expires), entry.seq);
  }

  above(seq: number): Annotation[] {
    return this.#annotations.filter((annotation) => annotation.seq > seq);
  }

  filesAbove(seq: number): { readonly id: string; readonly seq: number }[] {
    return [...this.#files].flatMap(([id, at]) => (at > seq ? [{ id, seq: at }] : []));
  }

  /** The hours at which what is said above this seq will have expired. */
  hoursAbove(seq: number): number[] {
    return [...this.#hours].flatMap(([hour, at]) => (at > seq ? [hour] : []));
  }

  fileAt(id: string): number | null {
    return this.#files.get(id) ?? null;
  }

  of(from: number, to: number): Annotation[] {
    return this.#annotations.filter(({ target }) => target >= from && target <= to);
  }

  /** They are in the registers up to there. */
  forget(upTo: number): void {
    if (this.#annotations.some(({ seq }) => seq <= upTo)) this.#annotations = this.above(upTo);
    for (const [id, seq] of this.#files) if (seq <= upTo) this.#files.delete(id);
    for (const [hour, seq] of this.#hours) if (seq <= upTo) this.#hours.delete(hour);
  }
}

/** The bodies of deleted messages, and of their edits, are erased before this returns. May be repeated. */
export async function raiseAnnotations(store: Store, id: string, annotations: readonly Annotation[]): Promise<void> {
  if (annotations.length === 0) return;
  const gone: KeyedRegister[] = [];
  const others: KeyedRegister[] = [];
  for (const annotation of annotations) {
    const { seq: stamp, target } = annotation;
    switch (annotation.what) {
      case 'deleted':
        gone.push({ key: numbered(target), stamp, value: JSON.stringify({ at: annotation.at, by: annotation.by }) });
        break;
      case 'edited':
        others.push({ key: `${numbered(target)}/e/${numbered(stamp)}`, stamp, value: '' });
        break;
      case 'reacted':
        others.push({ key: `${numbered(target)}/r/${annotation.by}`, stamp, value: annotation.emoji });
        break;
      case 'started':
        others.push({ key: `${numbered(target)}/t`, stamp, value: String(annotation.expires) });
    }
  }
  if (others.length > 0) await store.raise(`annotations/${id}`, others);
  if (gone.length > 0) await store.raise(`gone/${id}`, gone);
  for (const { what, target } of annotations) {
    if (what !== 'deleted') continue;
    const { edits } = await annotatedAt(store, new Recent(), id, target);
    for (const seq of [target, ...edits]) await store.scrub(id, seq);
  }
}

/** Of the messages `from … to`, those that have any, in their order. */
export async function annotatedIn(
  store: Store,
  recent: Recent,
  id: string,
  from: number,
  to: number,
): Promise<Map<number, Annotated>> {
  if (to < from) return new Map();
  // First what is remembered: it is forgotten only once it is in the registers.
  const remembered = recent.of(from, to);
  const [gone, others] = await Promise.all([
    listed(store, `gone/${id}`, numbered(from - 1), to),
    listed(store, `annotations/${id}`, numbered(from), to),
  ]);
  const annotations = [...gone.filter(({ value }) => value !== '').map(deletedOf), ...others.map(otherOf)];
  return gathered([...annotations, ...remembered]);
}

export async function annotatedAt(store: Store, recent: Recent, id: string, target: number): Promise<Annotated> {
  return (await annotatedIn(store, recent, id, target, target)).get(target) ?? NOTHING;
}

/** How far from `from` on, at most to `to`, about a page of registers reaches. */
export async function reachOf(store: Store, id: string, from: number, to: number): Promise<number> {
  const pages = await Promise.all([
    store.listRegisters(`gone/${id}`, numbered(from - 1), PAGE),
    store.listRegisters(`annotations/${id}`, numbered(from), PAGE),
  ]);
  const ends = pages.map((page) => (page.length < PAGE ? to : Number(page.at(-1)!.key.slice(0, 16))));
  return Math.min(to, ...ends);
}

/** Whether its words are gone by then: deleted, or so long after they were read. */
export function isGone({ deleted, started }: Annotated, now: number): boolean {
  return deleted !== null || (started !== null && isExpired(started, now));
}

/** Which of the messages `from … to` are deleted, without what else was done to them. */
export async function goneIn(store: Store, recent: Recent, id: string, from: number, to: number): Promise<Set<number>> {
  const remembered = recent.of(from, to);
  const gone = await listed(store, `gone/${id}`, numbered(from - 1), to);
  const targets = remembered.flatMap(({ what, target }) => (what === 'deleted' ? [target] : []));
  return new Set([...gone.map(({ key }) => Number(key)), ...targets]);
}

/** What an act on it is checked against; null when it is no message. */
export function targetOf(row: StoredRow, annotated: Annotated, entries: readonly Entry[]): Target | null {
  const message = JSON.parse(row.header) as Entry;
  if (message.kind !== 'message') return null;
  const { sender } = message;
  const { deleted, started, edits, reactions } = entries
    .flatMap(annotationsOf)
    .reduce((known, annotation) => (annotation.target === row.seq ? added(known, annotation) : known), annotated);
  const chosen = [...reactions.values()]
    .filter(({ emoji }) => emoji !== '')
    .map(({ by, emoji }) => [by, emoji] as const);
  const expires = started?.expires ?? message.expires;
  const goes = expires === undefined ? {} : { expires };
  return { sender, deleted: deleted !== null, ...goes, edits: edits.length, reactions: new Map(chosen) };
}

function gathered(annotations: readonly Annotation[]): Map<number, Annotated> {
  const found = new Map<number, Annotated>();
  for (const annotation of annotations) {
    found.set(annotation.target, added(found.get(annotation.target) ?? NOTHING, annotation));
  }
  return found;
}

function added(known: Annotated, annotation: Annotation): Annotated {
  switch (annotation.what) {
    case 'deleted':
      return { ...known, deleted: annotation };
    case 'edited': {
      if (known.edits.includes(annotation.seq)) return known;
      return { ...known, edits: [...known.edits, annotation.seq].sort((a, b) => a - b) };
    }
    case 'started':
      return (known.started?.seq ?? 0) >= annotation.seq ? known : { ...known, started: annotation };
    case 'reacted': {
      if ((known.reactions.get(annotation.by)?.seq ?? 0) >= annotation.seq) return known;
      return { ...known, reactions: new Map(known.reactions).set(annotation.by, annotation) };
    }
  }
}

/** The registers above a key whose target is not above `to`. */
async function listed(store: Store, partition: string, after: string, to: number): Promise<KeyedRegister[]> {
  const found: KeyedRegister[] = [];
  const end = numbered(to + 1);
  for (let next = after; ; ) {
    const page = await store.listRegisters(partition, next, PAGE);
    const within = page.filter(({ key }) => key < end);
    found.push(...within);
    if (within.length < PAGE) return found;
    next = page.at(-1)!.key;
  }
}

function deletedOf({ key, stamp, value }: KeyedRegister): Deleted {
  const { at, by } = JSON.parse(value) as { at: number; by: string };
  return { what: 'deleted', target: Number(key), seq: stamp, at, by };
}

function otherOf({ key, stamp, value }: KeyedRegister): Annotation {
  const [target, kind, by = ''] = key.split('/');
  if (kind === 'r') return { what: 'reacted', target: Number(target), seq: stamp, by, emoji: value };
  if (kind === 't') return { what: 'started', target: Number(target), seq: stamp, expires: Number(value) };
  return { what: 'edited', target: Number(target), seq: stamp, at: 0, body: null };
}

/** So that keys stand in the order of their numbers. */
function numbered(seq: number): string {
  return String(seq).padStart(16, '0');
}
