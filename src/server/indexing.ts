/**
 * Keeps the search index level with the logs. It is told after fan-out what has grown, and finds by itself what a crash, a
 * lost file or another server has left: how far each conversation is indexed stands in the index.
 */
import { backoff } from '../core/clock.ts';
import { endOf } from '../core/lifetime.ts';
import { havingOf, wordsOf } from '../core/search.ts';
import type { Body, Entry, MessageEntry } from '../protocol/entities.ts';
import type { Doc, SearchIndex } from '../search/search.ts';
import { annotatedAt, annotatedIn, isGone } from './annotations.ts';
import type { Conversations } from './conversations.ts';
import { entryOf } from './entries.ts';
import { listAll } from './load.ts';
import type { NodePorts } from './ports.ts';

/** Entries that are read and indexed in one step. */
const RUN = 200;
/** Appends to one conversation that come this close together are indexed together. */
const GATHER_MS = 100;
const PAGE = 500;

type Words = Pick<MessageEntry, 'body'>;

export class Indexing {
  readonly #ports: NodePorts;
  readonly #index: SearchIndex;
  readonly #conversations: Conversations;
  readonly #owed = new Set<string>();
  readonly #busy = new Map<string, Promise<unknown>>();
  #running = false;
  #tries = 0;
  #stopped = false;
  #cancel = () => {};

  constructor(ports: NodePorts, conversations: Conversations) {
    this.#ports = ports;
    this.#index = ports.search;
    this.#conversations = conversations;
  }

  /** Looks in the background for what is not indexed yet. */
  start(): void {
    void this.#sweep().catch((error) => {
      if (!this.#stopped) this.#ports.report(error, 'a look for what is not indexed');
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** The log of this conversation has grown. */
  owe(id: string): void {
    this.#owed.add(id);
    this.#arm(GATHER_MS);
  }

  #arm(delayMs: number): void {
    if (this.#running || this.#stopped) return;
    this.#running = true;
    this.#cancel = this.#ports.clock.after(delayMs, () => void this.#run());
  }

  async #run(): Promise<void> {
    for (const id of this.#owed) {
      if (this.#stopped) return;
      this.#owed.delete(id);
      try {
        await this.catchUp(id, Number.POSITIVE_INFINITY);
        this.#tries = 0;
      } catch (error) {
        this.#owed.add(id);
        if (this.#stopped) return;
        if (this.#tries++ === 0) this.#ports.report(error, `indexing of ${id}`);
        break;
      }
    }
    this.#running = false;
    if (this.#owed.size > 0) this.#arm(this.#tries === 0 ? 0 : backoff(this.#ports.random, this.#tries, 500, 60_000));
  }

  async #sweep(): Promise<void> {
    for await (const ids of this.conversations()) {
      if (this.#stopped) return;
      const reached = await this.#index.reached(ids);
      for (const [i, id] of ids.entries()) {
        if ((await this.#ports.store.head(`c/${id}`)) > reached[i]!) this.owe(id);
      }
    }
  }

  /** Those that have members, a page at a time; one may come more than once. */
  async *conversations(): AsyncGenerator<string[]> {
    const { store } = this.#ports;
    for (let after = ''; ; ) {
      const accounts = await store.listRecords('accounts', after, PAGE);
      for (const { key } of accounts) {
        const inbox = await listAll(store, `inbox/${key}`);
        yield inbox.filter(({ value }) => value !== '').map((register) => register.key);
      }
      if (accounts.length < PAGE) return;
      after = accounts.at(-1)!.key;
    }
  }

  /** Removes messages whose words are gone. */
  erase(id: string, seqs: readonly number[]): Promise<void> {
    return this.#alone(id, () => this.#index.write(id, 0, [], seqs));
  }

  /** Indexes what is new in a conversation, at most so many entries; whether nothing is left, and how many there were. */
  catchUp(id: string, most: number): Promise<{ readonly level: boolean; readonly count: number }> {
    return this.#alone(id, () => this.#catchUp(id, most));
  }

  /** What an older run writes later must not undo what a newer one knows. */
  async #alone<T>(id: string, run: () => Promise<T>): Promise<T> {
    while (this.#busy.has(id)) await this.#busy.get(id);
    const running = run().finally(() => this.#busy.delete(id));
    this.#busy.set(
      id,
      running.catch(() => {}),
    );
    return running;
  }

  async #catchUp(id: string, most: number): Promise<{ level: boolean; count: number }> {
    const { head, keeping } = await this.#conversations.stateAppended(id);
    const [reached = 0] = await this.#index.reached([id]);
    if (reached < head && endOf(keeping, this.#ports.clock.now()) !== null) {
      await this.#index.forget(id);
      await this.#index.write(id, head, [], []);
      return { level: true, count: 0 };
    }
    let next = reached + 1;
    while (next <= head && next - reached <= most && !this.#stopped) {
      const { rows, floor } = await this.#ports.store.read(`c/${id}`, next, Math.min(RUN, head - next + 1));
      const last = rows.at(-1)?.seq ?? Math.min(floor, head);
      if (last < next) break;
      const now = this.#ports.clock.now();
      const entries = rows.map((row) => entryOf(row, now));
      await this.#write(id, entries, last);
      next = last + 1;
    }
    return { level: next > head, count: next - 1 - reached };
  }

  /** The messages of this run and those that it says something new of, as they stand now. */
  async #write(id: string, entries: readonly Entry[], to: number): Promise<void> {
    const { store } = this.#ports;
    const recent = this.#conversations.recent(id);
    const messages = entries.filter((entry) => entry.kind === 'message');
    const own = await annotatedIn(store, recent, id, messages[0]?.seq ?? 1, messages.at(-1)?.seq ?? 0);
    const now = this.#ports.clock.now();
    const docs: Doc[] = [];
    const gone: number[] = [];
    const put = async (message: MessageEntry, words: Words | null) => {
      const doc = words?.body ? docOf(message, words.body) : null;
      if (doc) docs.push(doc);
      else gone.push(message.seq);
    };
    for (const message of messages) {
      const known = own.get(message.seq);
      const edit = known?.edits.at(-1);
      if (known && isGone(known, now)) gone.push(message.seq);
      else await put(message, edit === undefined ? message : await this.#wordsAt(id, edit));
    }
    const held = new Set(messages.map(({ seq }) => seq));
    const targets = new Set(
      entries.flatMap((entry) => (entry.kind === 'edited' || entry.kind === 'deleted' ? [entry.target] : [])),
    );
    for (const target of targets) {
      if (held.has(target)) continue;
      const done = await annotatedAt(store, recent, id, target);
      const message = isGone(done, now) ? null : await this.#wordsAt(id, target);
      const edit = done.edits.at(-1);
      if (message?.kind !== 'message') gone.push(target);
      else await put(message, edit === undefined ? message : await this.#wordsAt(id, edit));
    }
    await this.#index.write(id, to, docs, gone);
  }

  async #wordsAt(id: string, seq: number): Promise<Extract<Entry, { kind: 'message' | 'edited' }> | null> {
    const [row] = (await this.#ports.store.read(`c/${id}`, seq, 1)).rows;
    const entry = row?.seq === seq ? entryOf(row, this.#ports.clock.now()) : null;
    return entry?.kind === 'message' || entry?.kind === 'edited' ? entry : null;
  }
}

function docOf({ seq, at, sender }: MessageEntry, body: Body): Doc {
  return { seq, at, sender, has: havingOf(body), text: wordsOf(body) };
}
