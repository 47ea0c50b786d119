/**
 * Makes sure of what a conversation shows where that does not follow from what was received: counts what is held, or
 * asks the server, for the summary or for what was done to messages, until it is certain. A doubt is part of the replica, so that one of an earlier run is not forgotten.
 */
import { backoff, type Clock, delay, type Random } from '../core/clock.ts';
import { calls, countsAsUnread, UNREAD_CAP } from '../core/inbox.ts';
import { type Range, rangeAt } from '../core/ranges.ts';
import type { Request, Result } from '../protocol/commands.ts';
import type { Held } from './held.ts';
import type { Replica } from './replica.ts';

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

  async #count({ summary: { id, read, head } }: Held): Promise<void> {
    const { annals, user } = this.#replica;
    const entries = await annals.entries(id, read + 1, head, UNREAD_CAP * 2, false);
    const done = await annals.annotations(id, read + 1, head);
    const held = this.#replica.conversations.get(id);
    if (held?.doubt !== 'unread' || held.summary.read !== read || held.summary.head !== head) return;
    const stand = entries.filter(({ seq }) => !done.get(seq)?.deleted);
    const unread = Math.min(UNREAD_CAP, stand.filter((entry) => countsAsUnread(entry, user)).length);
    const mentioned = stand.findLast((entry) => calls(entry, user))?.seq ?? 0;
    this.#replica.save(id, { ...held, summary: { ...held.summary, unread }, mentioned, doubt: null });
  }
}

function isDoubtful(held: Held | undefined): held is Held {
  return held?.member === true && (held.doubt !== null || held.stale !== null);
}
