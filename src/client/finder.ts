/** Looks for messages: at once among what this device holds, and then on the server, merged without a double. */
import type { Annotations } from '../core/annotations.ts';
import { byTarget } from '../core/annotations.ts';
import { isExpired } from '../core/lifetime.ts';
import { fold, havingOf, matches, parseQuery, type Query, wordsOf } from '../core/search.ts';
import type { Request, Result } from '../protocol/commands.ts';
import type { Entry, MessageEntry } from '../protocol/entities.ts';
import { settingKey } from '../protocol/settings.ts';
import type { Search, SearchRequest } from './api.ts';
import { codeOf } from './failed.ts';
import type { Held } from './held.ts';
import type { Replica } from './replica.ts';
import { type FoundMessage, type SearchView, viewMessage } from './views.ts';

export type AskSearch = (request: Request<'search'>) => Promise<Result<'search'>>;

const PAGE = 30;
const RUN = 500;
/** Entries of this device that are looked through, the newest of each conversation first. */
const LOOKED_MAX = 20_000;

export class Finder implements Search {
  readonly #request: SearchRequest;
  readonly #query: Query;
  readonly #replica: Replica;
  readonly #server: AskSearch;
  readonly #here = new Map<string, FoundMessage>();
  readonly #there = new Map<string, FoundMessage>();
  readonly #subscribers = new Set<() => void>();
  /** Of the server's pages; undefined before the first. */
  #next: string | null | undefined = undefined;
  #complete = true;
  #failed: SearchView['failed'] = null;
  #looking = true;
  #asking: Promise<void> | null = null;
  #closed = false;
  #view: SearchView | null = null;
  readonly #looked: Promise<void>;

  constructor(request: SearchRequest, replica: Replica, server: AskSearch) {
    this.#request = request;
    this.#query = parseQuery(request.query);
    this.#replica = replica;
    this.#server = server;
    this.#looked = this.#lookHere()
      .catch(() => {})
      .finally(() => {
        this.#looking = false;
        this.#changed();
      });
    void this.loadMore();
  }

  view(): SearchView {
    this.#view ??= this.#make();
    return this.#view;
  }

  #make(): SearchView {
    const all = new Map([...this.#here, ...this.#there]);
    const now = this.#replica.now();
    const isShown = ({ conversation, entry }: FoundMessage) =>
      !isExpired(entry, now) &&
      !this.#replica.settings.isHidden(conversation, entry.seq) &&
      !this.#isBlocked(conversation, entry.sender) &&
      !this.#isDeclined(conversation);
    const hits = [...all.values()].filter(isShown).sort(newestFirst);
    // What is older than the server's page comes in its place, with the next ones.
    const oldest = this.#next ? [...this.#there.values()].sort(newestFirst).at(-1) : undefined;
    const shown = oldest ? hits.filter((hit) => newestFirst(hit, oldest) <= 0) : hits;
    return {
      hits: shown,
      looking: this.#looking || this.#asking !== null,
      more: typeof this.#next === 'string',
      complete: this.#complete,
      failed: this.#failed,
    };
  }

  /** What somebody whom one blocks says in a group. */
  #isBlocked(conversation: string, sender: string): boolean {
    const { conversations, settings } = this.#replica;
    return settings.blocked.has(sender) && conversations.get(conversation)?.summary.kind === 'group';
  }

  /** A request that is not to be shown. */
  #isDeclined(conversation: string): boolean {
    const isRequest = this.#replica.conversations.get(conversation)?.summary.request === 'received';
    return isRequest && this.#replica.settings.get(settingKey.decline(conversation))?.value === '1';
  }

  #changed(): void {
    this.#view = null;
    if (!this.#closed) for (const run of [...this.#subscribers]) run();
  }

  subscribe = (run: () => void) => {
    this.#subscribers.add(run);
    return () => this.#subscribers.delete(run);
  };

  loadMore(): Promise<void> {
    if (this.#next === null || this.#closed) return Promise.resolve();
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
      this.#changed();
    });
    return this.#asking;
  }

  async settled(): Promise<void> {
    await this.#looked;
    await this.#asking;
  }

  async #ask(): Promise<void> {
    const { page = PAGE, ...request } = this.#request;
    try {
      // A page that took long may be empty; it is not the end.
      for (let rounds = 0; rounds < 5; rounds++) {
        const { hits, next, complete } = await this.#server({ ...request, after: this.#next ?? null, limit: page });
        for (const { conversation, entry, annotations } of hits) {
          if (entry.kind !== 'message') continue;
          const done = byTarget(annotations ?? []).get(entry.seq) ?? null;
          this.#there.set(nameOf(conversation, entry.seq), { conversation, ...viewMessage(entry, done) });
        }
        this.#next = next;
        this.#complete = complete;
        this.#failed = null;
        if (hits.length > 0 || next === null || this.#closed) return;
      }
    } catch (error) {
      this.#failed = codeOf(error);
    }
  }

  retry(): void {
    if (this.#failed === null || this.#asking) return;
    void this.loadMore();
    this.#changed();
  }

  async #lookHere(): Promise<void> {
    const { conversation } = this.#request;
    const held = [...this.#replica.conversations.values()]
      .filter(
        ({ member, summary }) =>
          member && summary.ended === undefined && (conversation === undefined || summary.id === conversation),
      )
      .sort((a, b) => b.summary.at - a.summary.at);
    let left = LOOKED_MAX;
    for (const each of held) {
      if (this.#closed || left <= 0) return;
      left = await this.#lookThrough(each, left);
      this.#changed();
    }
  }

  /** Returns how many entries may still be looked at. */
  async #lookThrough({ summary: { id }, ranges }: Held, most: number): Promise<number> {
    const { annals } = this.#replica;
    let left = most;
    for (const { from, to } of [...ranges].reverse()) {
      for (let top = to; top >= from && left > 0 && !this.#closed; ) {
        const entries = await annals.entries(id, from, top, RUN, true);
        const [first] = entries;
        if (!first) break;
        this.#keep(id, entries, await annals.annotations(id, first.seq, top));
        left -= entries.length;
        top = first.seq - 1;
      }
    }
    return left;
  }

  #keep(conversation: string, entries: readonly Entry[], done: ReadonlyMap<number, Annotations>): void {
    for (const entry of entries) {
      if (entry.kind !== 'message') continue;
      const view = viewMessage(entry, done.get(entry.seq) ?? null);
      if (this.#fits(view.entry)) this.#here.set(nameOf(conversation, entry.seq), { conversation, ...view });
    }
  }

  #fits({ sender, at, body }: MessageEntry): boolean {
    const { sender: wanted, has, from, to } = this.#request;
    if (body === null || (wanted !== undefined && sender !== wanted)) return false;
    if ((from !== undefined && at < from) || (to !== undefined && at >= to)) return false;
    if (has !== undefined && !havingOf(body).includes(has)) return false;
    return matches(this.#query, fold(wordsOf(body)));
  }

  close(): void {
    this.#closed = true;
  }
}

function nameOf(conversation: string, seq: number): string {
  return `${conversation} ${seq}`;
}

function newestFirst(a: FoundMessage, b: FoundMessage): number {
  if (a.entry.at !== b.entry.at) return b.entry.at - a.entry.at;
  if (a.conversation !== b.conversation) return a.conversation < b.conversation ? -1 : 1;
  return b.entry.seq - a.entry.seq;
}
