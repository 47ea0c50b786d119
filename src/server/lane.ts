/**
 * One conversation on this server: what is known of its log, and the sends that wait for it. One batch is under way
 * at a time. What is known is a prefix of the log and stays true for ever; only whether it is still the whole log is
 * decided anew, by `head()` after any doubt and by compare-and-append always.
 */

import { isAct, type Target } from '../core/acts.ts';
import { backoff, delay } from '../core/clock.ts';
import { type Actor, apply, type Conversation, check, emptyConversation } from '../core/conversation.ts';
import { endOf, mustEnd } from '../core/lifetime.ts';
import type { SendResult } from '../protocol/commands.ts';
import type { Entry } from '../protocol/entities.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { APPEND_BYTES_MAX, APPEND_ROWS_MAX, type Row } from '../store/store.ts';
import { annotatedAt, Recent, targetOf } from './annotations.ts';
import { entryOf, rowOf, wireOf } from './entries.ts';
import { failureOf } from './failed.ts';
import { entryFor, fingerprintOf, fingerprintOfEntry, isFounding, isOwn, type Wanted } from './fingerprint.ts';
import { Hindrances } from './hindrance.ts';
import { loadConversation } from './load.ts';
import type { NodePorts } from './ports.ts';

export interface Appended {
  readonly before: Conversation;
  readonly after: Conversation;
  readonly entries: readonly Entry[];
  /** The entries as JSON texts. */
  readonly wires: readonly string[];
}

interface Waiting {
  readonly actor: Actor;
  readonly draft: Wanted;
  readonly request: Request;
  readonly settle: (result: SendResult) => void;
  /** How many looks at the head had begun when it came: a refusal needs a later one. */
  readonly cameAt: number;
  base: number;
}

/** The drafts of one send: once one is left open, those after it are, too, so that they keep their order. */
interface Request {
  readonly deadline: number;
  open: SendResult | null;
}

/** What the next append is to hold, and the state that it leads to. */
interface Batch {
  readonly before: Conversation;
  state: Conversation;
  readonly planned: { readonly waiting: Waiting; readonly entry: Entry; readonly row: Row }[];
  /** Sender and key of each. */
  readonly names: Set<string>;
  readonly hindrances: Hindrances;
  /** At most so large, in UTF-8. */
  bytes: number;
}

/** `later`: it and all behind it wait for the next batch. */
type Decision = SendResult | 'planned' | 'later';

interface Known {
  readonly seq: number;
  readonly at: number;
  /** Null where its words are gone. */
  readonly fingerprint: string | null;
}

const DEADLINE_MS = 10_000;
/** How many seqs below the head are searched for a key at once. */
const SEARCH_MAX = 64 * 4_096;
/** Drafts that may wait for one conversation. */
const WAITING_MAX = 20_000;
/** Keys remembered; the oldest half goes when it is full. */
const WINDOW_MAX = 2_048;
/** Annotations remembered before it is asked what other servers have raised. */
const RECENT_MAX = 1_000;

export class Lane {
  /** Everything up to `state.head` is committed. */
  state: Conversation;
  loaded = false;
  /** By the monotonic clock, when the head was last known to be the head. */
  freshAt = Number.NEGATIVE_INFINITY;
  usedAt = 0;
  readonly recent = new Recent();

  readonly #ports: NodePorts;
  readonly #onAppended: (appended: Appended) => void;
  /** Looks at the head that have begun, which of them ended last, and how often another server was heard of. */
  #begun = 0;
  #learnt = 0;
  #heard = 0;
  #doubt = true;
  #waiting: Waiting[] = [];
  #running = false;
  #learning: Promise<void> | null = null;
  /** Keys of the entries above `#windowFrom`. */
  readonly #window = new Map<string, Known>();
  #windowFrom = 0;

  constructor(id: string, ports: NodePorts, onAppended: (appended: Appended) => void) {
    this.state = emptyConversation(id);
    this.#ports = ports;
    this.#onAppended = onAppended;
  }

  get idle(): boolean {
    return !this.#running && this.#learning === null;
  }

  submit(actor: Actor, drafts: readonly Wanted[]): Promise<SendResult[]> {
    const request: Request = { deadline: this.#ports.clock.monotonic() + DEADLINE_MS, open: null };
    if (this.#waiting.length + drafts.length > WAITING_MAX) {
      return Promise.resolve(drafts.map(({ key }) => ({ key, code: 'overloaded', retryAfterMs: 1_000 })));
    }
    const results = drafts.map(
      (draft) =>
        new Promise<SendResult>((settle) => {
          const base = 'baseSeq' in draft && draft.baseSeq !== undefined ? draft.baseSeq : -1;
          this.#waiting.push({ actor, draft, request, settle, cameAt: this.#begun, base });
        }),
    );
    if (!this.#running) void this.#run();
    return Promise.all(results);
  }

  /** Another server has appended: what is known is not known to be all any more. */
  stale(): void {
    this.#heard++;
    this.freshAt = Number.NEGATIVE_INFINITY;
  }

  /** Learns the head, now or a moment ago, and folds in what is new. Throws what the store throws. */
  learn(): Promise<void> {
    this.#learning ??= this.#learn().finally(() => {
      this.#learning = null;
    });
    return this.#learning;
  }

  async #learn(): Promise<void> {
    const { store, clock } = this.#ports;
    const log = `c/${this.state.id}` as const;
    const startedAt = clock.monotonic();
    const [ordinal, heard] = [++this.#begun, this.#heard];
    const loaded = this.loaded ? null : await loadConversation(store, this.state.id);
    // After the projections, so that none of them is above it.
    const head = await store.head(log);
    if (loaded) {
      this.state = loaded;
      this.#windowFrom = loaded.head;
      this.loaded = true;
    }
    while (this.state.head < head) {
      const page = await store.read(log, this.state.head + 1, 500);
      if (page.floor > this.state.head) {
        // What one would have folded was removed: the projections are above it.
        this.state = await loadConversation(store, this.state.id);
        this.#windowFrom = this.state.head;
        continue;
      }
      if (page.rows.length === 0) break;
      for (const row of page.rows)
        if (row.seq === this.state.head + 1) this.#fold(entryOf(row, this.#ports.clock.now()));
    }
    if (this.recent.size > RECENT_MAX) {
      this.recent.forget((await store.getRegister(`progress/${this.state.id}`, 'fanned'))?.stamp ?? 0);
    }
    if (heard === this.#heard) this.freshAt = startedAt;
    this.#learnt = ordinal;
    this.#doubt = false;
  }

  #fold(entry: Entry): void {
    this.state = apply(this.state, entry);
    this.recent.add(entry);
    this.#window.set(nameOf(entry.sender, entry.key), {
      seq: entry.seq,
      at: entry.at,
      fingerprint: fingerprintOfEntry(entry),
    });
    if (this.#window.size > WINDOW_MAX) this.#forgetOldest();
  }

  #forgetOldest(): void {
    let left = WINDOW_MAX / 2;
    for (const [name, known] of this.#window) {
      if (left-- === 0) break;
      this.#window.delete(name);
      this.#windowFrom = known.seq;
    }
  }

  async #run(): Promise<void> {
    this.#running = true;
    let tries = 0;
    while (this.#waiting.length > 0) {
      try {
        if (this.#doubt || !this.loaded) await this.learn();
        await this.#step();
        tries = 0;
      } catch (error) {
        this.#doubt = true;
        const failure = failureOf(error);
        if (failure === null) {
          const id = this.#ports.report(error, `sends to ${this.state.id}`);
          this.#giveUp(() => true, { code: 'internal', id });
        } else if (failure.code === 'unknown_outcome') {
          const now = this.#ports.clock.monotonic();
          this.#giveUp((waiting) => waiting.request.deadline <= now, failure);
          await delay(this.#ports.clock, backoff(this.#ports.random, tries++, 5, 1_000));
        } else {
          this.#giveUp(() => true, failure);
        }
      }
    }
    this.#running = false;
  }

  /** Not decided: the same key may be tried again, and what stands behind it in the same send is left open, too. */
  #giveUp(which: (waiting: Waiting) => boolean, failure: { code: string; retryAfterMs?: number; id?: string }): void {
    const left: Waiting[] = [];
    for (const waiting of this.#waiting) {
      if (!which(waiting)) left.push(waiting);
      else this.#leaveOpen(waiting, failure);
    }
    this.#waiting = left;
  }

  #leaveOpen(waiting: Waiting, failure: { code: string; retryAfterMs?: number }): void {
    const retry = failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs };
    const result = { key: waiting.draft.key, code: failure.code, ...retry };
    waiting.request.open ??= result;
    waiting.settle(result);
  }

  /** Decides one batch and appends what came of it; whatever is not decided waits for the next, in its place. */
  async #step(): Promise<void> {
    const taken = this.#waiting.splice(0, APPEND_ROWS_MAX);
    const undecided = new Set(taken);
    const settle = (waiting: Waiting, result: SendResult) => {
      undecided.delete(waiting);
      waiting.settle(result);
    };
    try {
      const hindrances = new Hindrances(this.#ports, this.recent);
      const [before, names] = [this.state, new Set<string>()];
      const batch: Batch = { before, state: before, planned: [], names, hindrances, bytes: 0 };
      for (const waiting of taken) {
        const decision = await this.#decide(waiting, batch);
        if (decision === 'later') break;
        if (decision !== 'planned') settle(waiting, decision);
      }
      if (batch.planned.length > 0 && (await this.#append(batch))) {
        for (const { waiting, entry } of batch.planned)
          settle(waiting, { key: entry.key, seq: entry.seq, at: entry.at });
      }
    } finally {
      this.#waiting = [...taken.filter((waiting) => undecided.has(waiting)), ...this.#waiting];
    }
  }

  /** A key is looked for before anything is checked: what was stored once is answered with its seq for ever. */
  async #decide(waiting: Waiting, batch: Batch): Promise<Decision> {
    const { actor, draft, request } = waiting;
    const { key } = draft;
    if (request.open) return { ...request.open, key };
    if (batch.names.has(nameOf(actor.user, key))) return 'later';
    const found = await this.#answer(waiting, batch.before.head);
    if (found) return found;
    const target = await this.#target(draft, batch);
    const hindrance = await batch.hindrances.of(actor.user, draft, batch.state, batch.planned);
    // Judged at the time that the entry gets: nothing is waited for in between.
    const refusal = this.#refusal(waiting, batch.state, target) ?? hindrance;
    if (!refusal) return this.#plan(waiting, batch, target);
    const hasLooked = waiting.cameAt < this.#learnt;
    if (batch.planned.length === 0 && hasLooked) {
      const isBeside = target !== null || refusal === hindrance;
      return (isBeside && (await this.#foundSince(waiting))) || { key, code: refusal.code };
    }
    if (batch.planned.length === 0) this.#doubt = true;
    return 'later';
  }

  /** What stands beside the log may be of entries above the head that the key was looked for to: of a try before, even. */
  async #foundSince(waiting: Waiting): Promise<SendResult | null> {
    const judgedAt = this.#begun;
    while (this.#learnt <= judgedAt) await this.learn();
    return this.#answer(waiting, this.state.head);
  }

  /** Null when it is not stored yet. */
  async #answer(waiting: Waiting, head: number): Promise<SendResult | null> {
    const { draft, request } = waiting;
    const { key } = draft;
    const known = await this.#find(waiting, head);
    if (known === null) return null;
    if (known === 'not up to') {
      request.open = { key, notUpTo: waiting.base };
      return request.open;
    }
    const same = known.fingerprint === null || known.fingerprint === fingerprintOf(draft);
    return same ? { key, seq: known.seq, at: known.at } : { key, code: 'key_reused' };
  }

  /** What an act is about, as of the batch; null when it is no message, or one of this batch, which nobody has seen. */
  async #target(draft: Wanted, { before, planned }: Batch): Promise<Target | null> {
    if (isFounding(draft) || isOwn(draft) || !isAct(draft) || draft.target > before.head) return null;
    const { store } = this.#ports;
    const row = (await store.read(`c/${before.id}`, draft.target, 1)).rows[0];
    if (row?.seq !== draft.target) return null;
    const annotated = await annotatedAt(store, this.recent, before.id, draft.target);
    return targetOf(
      row,
      annotated,
      planned.map(({ entry }) => entry),
    );
  }

  #refusal({ actor, draft }: Waiting, state: Conversation, target: Target | null): { readonly code: ErrorCode } | null {
    if (isFounding(draft)) return state.head > 0 ? { code: 'key_reused' } : null;
    const now = Math.max(this.#ports.clock.now(), state.at);
    if (draft.kind === 'ended') return mustEnd(state, now) ? null : { code: 'not_allowed' };
    if (draft.kind === 'started') return endOf(state.keeping, now) === null ? null : { code: 'conversation_ended' };
    return check(state, actor, draft, this.#ports.limits, target, now);
  }

  #plan(waiting: Waiting, batch: Batch, target: Target | null): Decision {
    const { actor, draft } = waiting;
    const now = this.#ports.clock.now();
    const entry = entryFor(batch.state, actor, draft, now, target);
    const row = rowOf(entry);
    const bytes = (row.header.length + (row.body?.length ?? 0)) * 3 + 200;
    if (batch.planned.length > 0 && batch.bytes + bytes > APPEND_BYTES_MAX) return 'later';
    batch.bytes += bytes;
    batch.names.add(nameOf(actor.user, draft.key));
    batch.planned.push({ waiting, entry, row });
    batch.state = apply(batch.state, entry);
    return 'planned';
  }

  /** False when another server was first: then all of it is decided anew. */
  async #append({ before, state: after, planned }: Batch): Promise<boolean> {
    const startedAt = this.#ports.clock.monotonic();
    const heard = this.#heard;
    const rows = planned.map(({ row }) => row);
    const outcome = await this.#ports.store.append(`c/${before.id}`, before.head, rows);
    if (outcome.kind !== 'applied') {
      this.#doubt = true;
      return false;
    }
    const entries = planned.map(({ entry }) => entry);
    for (const entry of entries) if (entry.seq === this.state.head + 1) this.#fold(entry);
    if (heard === this.#heard) this.freshAt = startedAt;
    this.#onAppended({ before, after, entries, wires: rows.map(wireOf) });
    return true;
  }

  /** Looks for the key above the base and up to the head, which was learnt after the request came or is compared. */
  async #find(waiting: Waiting, head: number): Promise<Known | null | 'not up to'> {
    const { actor, draft } = waiting;
    const known = this.#window.get(nameOf(actor.user, draft.key));
    if (known) return known;
    const base = waiting.base < 0 ? Math.max(0, head - SEARCH_MAX) : Math.min(waiting.base, head);
    if (base >= this.#windowFrom) return null;
    const to = Math.min(head, base + SEARCH_MAX);
    const seq = await this.#ports.store.findKey(this.state.id, actor.user, draft.key, base, to);
    if (seq !== null) {
      const row = (await this.#ports.store.read(`c/${this.state.id}`, seq, 1)).rows[0];
      if (!row || row.seq !== seq) return { seq, at: 0, fingerprint: null };
      const entry = entryOf(row, this.#ports.clock.now());
      return { seq, at: entry.at, fingerprint: fingerprintOfEntry(entry) };
    }
    if (to === head) return null;
    waiting.base = to;
    return 'not up to';
  }
}

function nameOf(user: string, key: string): string {
  return `${user} ${key}`;
}
