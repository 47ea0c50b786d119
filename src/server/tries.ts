/** How often a password may be tried, for each account and each address. Only tries that fail are counted. */
import type { Clock } from '../core/clock.ts';
import { Bucket } from './bucket.ts';
import { Failed } from './failed.ts';

const KEPT_MAX = 10_000;

export class Tries {
  readonly #buckets = new Map<string, Bucket>();

  readonly #clock: Clock;
  readonly #perMinute: number;

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#perMinute = perMinute;
  }

  /** Counts a try, or throws `too_many_tries`. Returns how to take it back when it was right. */
  take(key: string): () => void {
    const now = this.#clock.monotonic();
    const bucket = this.#buckets.get(key) ?? new Bucket(this.#perMinute / 60, this.#perMinute, now);
    if (!this.#buckets.has(key)) {
      if (this.#buckets.size >= KEPT_MAX) this.#forget(now);
      this.#buckets.set(key, bucket);
    }
    const waitMs = bucket.take(1, now);
    if (waitMs > 0) throw new Failed('too_many_tries', { retryAfterMs: waitMs });
    return () => void bucket.take(-1, this.#clock.monotonic());
  }

  #forget(now: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key);
    // Somebody tries from very many addresses: the oldest go.
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size < KEPT_MAX) return;
      this.#buckets.delete(key);
    }
  }
}
