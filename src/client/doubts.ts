/**
 * Makes sure of what a conversation shows where that does not follow from what was received: counts what is held, or
 * asks the server, until it is certain. A doubt is part of the replica, so that one of an earlier run is not forgotten.
 */
import { backoff, type Clock, delay, type Random } from '../core/clock.ts';
import { countsAsUnread, UNREAD_CAP } from '../core/inbox.ts';
import { rangeAt } from '../core/ranges.ts';
import type { Held, Replica } from './replica.ts';

export class Doubts {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #isOnline: () => boolean;
  readonly #ask: (conversation: string) => Promise<void>;
  readonly #settling = new Set<string>();
  #stopped = false;

  constructor(
    replica: Replica,
    clock: Clock,
    random: Random,
    isOnline: () => boolean,
    ask: (conversation: string) => Promise<void>,
  ) {
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
      else if (this.#isOnline()) await this.#ask(id).catch(() => {});
      else return;
      if (isDoubtful(this.#replica.conversations.get(id))) {
        await delay(this.#clock, countable ? 0 : backoff(this.#random, tries, 200, 5_000));
      }
    }
  }

  async #count({ summary: { id, read, head } }: Held): Promise<void> {
    // Entries are read from storage, and may still be on their way there.
    await this.#replica.flushed();
    const entries = await this.#replica.entries(id, read + 1, head, UNREAD_CAP * 2, false);
    const held = this.#replica.conversations.get(id);
    if (held?.doubt !== 'unread' || held.summary.read !== read || held.summary.head !== head) return;
    const unread = Math.min(UNREAD_CAP, entries.filter((entry) => countsAsUnread(entry, this.#replica.user)).length);
    this.#replica.save(id, { ...held, summary: { ...held.summary, unread }, doubt: null });
  }
}

function isDoubtful(held: Held | undefined): held is Held {
  return held?.member === true && held.doubt !== null;
}
