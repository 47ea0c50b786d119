/**
 * Makes sure of what a conversation shows where that does not follow from what was received: counts what is held, or
 * asks the server, for the summary or for what was done to messages, until it is certain. A doubt is part of the replica, so that one of an earlier run is not forgotten.
 */
import { backoff, type Clock, delay, type Random } from '../core/clock.ts';
import { type Range, rangeAt } from '../core/ranges.ts';
import { countOlder, UNREAD_CAP, type Unread, withUnread } from '../core/unread.ts';
import type { Request, Result } from '../protocol/commands.ts';
import type { Held } from './held.ts';
import type { Replica } from './replica.ts';

/** Entries that are looked at at once while they are counted. */
const COUNTED_AT_ONCE = 500;

/** What the server is asked. */
interface DoubtHooks {
  summary(conversation: string): Promise<void>;
  annotations(request: Request<'annotations'>): Promise<Result<'annotations'>>;
}

export class Doubts {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #isOnline: () => boolean;
  readonly #ask: DoubtHooks;
  readonly #settling = new Set<string>();
  #stopped = false;

  constructor(replica: Replica, clock: Clock, random: Random, isOnline: () => boolean, ask: DoubtHooks) {
    this.#replica = replica;
    this.#clock = clock;
    this.#random = random;
    this.#isOnline = isOnline;
    this.#ask = ask;
  }

  /** Takes up every doubt; to be called at the start and whenever the server can be asked again. */
  resume(): void {
    for (const id of this.#replica.conversations.keys()) this.check(id);
  }

  check(id: string): void {
    if (this.#settling.has(id) || !isDoubtful(this.#replica.conversations.get(id))) return;
    this.#settling.add(id);
    void this.#settle(id).finally(() => this.#settling.delete(id));
  }

  stop(): void {
    this.#stopped = true;
  }

  async #settle(id: string): Promise<void> {
    for (let tries = 0; !this.#stopped; tries++) {
      const held = this.#replica.conversations.get(id);
      if (!isDoubtful(held)) return;
      const { read, head } = held.summary;
      const countable = held.doubt === 'unread' && (rangeAt(held.ranges, read + 1)?.to ?? 0) >= head;
      if (countable) await this.#count(held);
      else if (!this.#isOnline()) return;
      else if (held.stale) await this.#refresh(id, held.stale).catch(() => {});
      else await this.#ask.summary(id).catch(() => {});
      if (isDoubtful(this.#replica.conversations.get(id))) {
        await delay(this.#clock, countable ? 0 : backoff(this.#random, tries, 200, 5_000));
      }
    }
  }

  /** Learns what was done to what is held, a page at a time. */
  async #refresh(id: string, { from, to }: Range): Promise<void> {
    const page = await this.#ask.annotations({ conversation: id, from, to, limit: 200 });
    const held = this.#replica.conversations.get(id);
    // More has become stale meanwhile: all of it is asked for anew.
    if (held?.stale?.from !== from || held.stale.to !== to || held.distrusted) return;
    this.#replica.applyAnnotations(id, page.annotations);
    this.#replica.save(id, { ...held, stale: page.to < to ? { from: page.to + 1, to } : null });
  }

  /** From the newest back, as the server does; not at all when anything of the conversation changes meanwhile. */
  async #count(held: Held): Promise<void> {
    const { annals } = this.#replica;
    const { id, read, head } = held.summary;
    let count: Unread = { unread: 0 };
    for (let to = head; to > read && count.unread < UNREAD_CAP; ) {
      const entries = await annals.entries(id, read + 1, to, COUNTED_AT_ONCE, true);
      const from = entries[0]?.seq ?? read + 1;
      const done = await annals.annotations(id, from, to);
      const gone = new Set([...done].flatMap(([seq, { deleted }]) => (deleted ? [seq] : [])));
      count = countOlder(count, entries, { ...this.#replica.reader(id), gone });
      to = from - 1;
    }
    if (this.#replica.conversations.get(id) !== held) return;
    this.#replica.save(id, { ...held, summary: withUnread(held.summary, count), doubt: null });
  }
}

function isDoubtful(held: Held | undefined): held is Held {
  return held?.member === true && (held.doubt !== null || held.stale !== null);
}
