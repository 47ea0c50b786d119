/** Puts what was done to messages later beside them, as one user may see it, and takes away the words that are deleted. */
import type { Clock } from '../core/clock.ts';
import { type Conversation, maySee } from '../core/conversation.ts';
import type { Request, Result } from '../protocol/commands.ts';
import type { Annotation, Body, Entry } from '../protocol/entities.ts';
import type { Store } from '../store/store.ts';
import { type Annotated, annotatedAt, annotatedIn, goneIn, isGone, reachOf } from './annotations.ts';
import type { Conversations } from './conversations.ts';
import { entryOf } from './entries.ts';
import { Failed } from './failed.ts';
import type { NodePorts } from './ports.ts';

/** Some entries, the annotations of the messages among them, and about how many characters each takes with its own. */
export interface Part {
  readonly entries: Entry[];
  readonly annotations: Annotation[];
  weightOf(entry: Entry): number;
}

type Words = Pick<Extract<Entry, { kind: 'edited' }>, 'at' | 'body' | 'mentions' | 'expires'>;

/** About how many characters of texts one answer may hold. */
const PAGE_CHARACTERS = 256 * 1024;
const REACTION_CHARACTERS = 100;

export class Annotator {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #conversations: Conversations;

  constructor({ store, clock }: Pick<NodePorts, 'store' | 'clock'>, conversations: Conversations) {
    this.#store = store;
    this.#clock = clock;
    this.#conversations = conversations;
  }

  /** Entries that this user may see, in order, as of the state or later. */
  async part(state: Conversation, user: string, entries: readonly Entry[]): Promise<Part> {
    const messages = entries.filter(({ kind }) => kind === 'message');
    const [first, last] = [messages[0]?.seq ?? 1, messages.at(-1)?.seq ?? 0];
    const known = await annotatedIn(this.#store, this.#conversations.recent(state.id), state.id, first, last);
    const shown = new Set(messages.map(({ seq }) => seq));
    const own = [...known].filter(([target]) => shown.has(target));
    const annotations = (await Promise.all(own.map(([target, of]) => this.#told(state.id, target, of)))).flat();
    const weights = new Map<number, number>();
    for (const annotation of annotations) {
      const { target } = annotation;
      weights.set(target, (weights.get(target) ?? 0) + weightOfAnnotation(annotation));
    }
    const served = await this.#served(state, user, entries, known);
    return { entries: served, annotations, weightOf: (entry) => weightOf(entry) + (weights.get(entry.seq) ?? 0) };
  }

  /** Without the words of what is deleted, and of edits of what the user may not see. */
  async #served(
    state: Conversation,
    user: string,
    entries: readonly Entry[],
    known: ReadonlyMap<number, Annotated>,
  ): Promise<Entry[]> {
    const now = this.#clock.now();
    const isAbout = async (target: number) => isGone(known.get(target) ?? (await this.#at(state.id, target)), now);
    return Promise.all(
      entries.map(async (entry) => {
        if (entry.kind === 'message') {
          const done = known.get(entry.seq);
          return done && isGone(done, now) ? { ...entry, body: null } : entry;
        }
        if (entry.kind !== 'edited' || entry.body === null) return entry;
        const hidden = !maySee(state, user, entry.target) || (await isAbout(entry.target));
        return hidden ? withoutWords(entry) : entry;
      }),
    );
  }

  #at(id: string, target: number): Promise<Annotated> {
    return annotatedAt(this.#store, this.#conversations.recent(id), id, target);
  }

  /** As it goes over the wire: what counts, with the words of the newest edit. */
  async #told(id: string, target: number, done: Annotated): Promise<Annotation[]> {
    const { deleted, started, edits, reactions } = done;
    if (deleted) return [deleted];
    const seq = isGone(done, this.#clock.now()) ? undefined : edits.at(-1);
    const edited = seq === undefined ? null : await this.#words(id, seq);
    return [
      ...(started ? [started] : []),
      ...(edited && seq !== undefined ? [{ what: 'edited' as const, target, seq, ...edited }] : []),
      ...[...reactions.values()].filter(({ emoji }) => emoji !== ''),
    ];
  }

  /** What the message or the edit at this seq says. */
  async #words(id: string, seq: number): Promise<Words | null> {
    const row = (await this.#store.read(`c/${id}`, seq, 1)).rows[0];
    const entry = row?.seq === seq ? entryOf(row, this.#clock.now()) : null;
    if (entry?.kind !== 'edited' && entry?.kind !== 'message') return null;
    const { at, body, mentions, expires } = entry;
    const called = mentions === undefined ? {} : { mentions };
    return { at, body, ...called, ...(expires === undefined ? {} : { expires }) };
  }

  gone(id: string, from: number, to: number): Promise<Set<number>> {
    return goneIn(this.#store, this.#conversations.recent(id), id, from, to);
  }

  async annotations(
    state: Conversation,
    user: string,
    { from, to, limit }: Request<'annotations'>,
  ): Promise<Result<'annotations'>> {
    const end = Math.min(to, state.head);
    const last = await reachOf(this.#store, state.id, from, end);
    const known = await annotatedIn(this.#store, this.#conversations.recent(state.id), state.id, from, last);
    const targets = [...known.keys()].filter((target) => maySee(state, user, target)).sort((a, b) => a - b);
    const annotations: Annotation[] = [];
    let room = PAGE_CHARACTERS;
    for (const [i, target] of targets.entries()) {
      if (i === limit || room <= 0) return { annotations, to: target - 1, asOf: state.head };
      for (const annotation of await this.#told(state.id, target, known.get(target)!)) {
        annotations.push(annotation);
        room -= weightOfAnnotation(annotation);
      }
    }
    return { annotations, to: last < end ? last : to, asOf: state.head };
  }

  async versions({ id }: Conversation, { seq, after }: Request<'versions'>): Promise<Result<'versions'>> {
    // An edit is no message of its own: what became of its message counts.
    const [row] = (await this.#store.read(`c/${id}`, seq, 1)).rows;
    if (row?.seq !== seq || (JSON.parse(row.header) as Entry).kind !== 'message') throw new Failed('not_found');
    const done = await this.#at(id, seq);
    if (isGone(done, this.#clock.now())) throw new Failed('message_deleted');
    const { edits } = done;
    const versions: { seq: number; at: number; body: Body | null }[] = [];
    let room = PAGE_CHARACTERS;
    for (const version of [seq, ...edits]) {
      if (version <= after) continue;
      if (room <= 0) return { versions, next: versions.at(-1)!.seq };
      const words = await this.#words(id, version);
      if (!words) throw new Failed('not_found');
      versions.push({ seq: version, at: words.at, body: words.body });
      room -= words.body?.text.length ?? 0;
    }
    return { versions, next: null };
  }
}

function withoutWords(entry: Extract<Entry, { kind: 'edited' }>): Entry {
  const { mentions: _, ...rest } = entry;
  return { ...rest, body: null };
}

/** About the characters of its JSON. */
export function weightOf(entry: Entry): number {
  switch (entry.kind) {
    case 'message':
    case 'edited':
      return 300 + (entry.body?.text.length ?? 0);
    case 'added':
      return 300 + 25 * entry.users.length;
    case 'created':
      return 300 + 50 * entry.members.length;
    default:
      return 300;
  }
}

function weightOfAnnotation(annotation: Annotation): number {
  return REACTION_CHARACTERS + (annotation.what === 'edited' ? (annotation.body?.text.length ?? 0) : 0);
}
