/** How often a minute something may be tried, for each of those who try. */
import type { Clock } from '../core/clock.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { Bucket } from './bucket.ts';
import { Failed } from './failed.ts';

const KEPT_MAX = 10_000;

export class Tries {
  readonly #buckets = new Map<string, Bucket>();

  readonly #clock: Clock;
  readonly #perMinute: number;
  readonly #code: ErrorCode;

  constructor(clock: Clock, perMinute: number, code: ErrorCode = 'too_many_tries') {
    this.#code = code;
    this.#clock = clock;
    this.#perMinute = perMinute;
  }

  /** Counts a try, or throws that there were too many. Returns how to take it back when it was right. */
  take(key: string): () => void {
    const now = this.#clock.monotonic();
    const bucket = this.#buckets.get(key) ?? new Bucket(this.#perMinute / 60, this.#perMinute, now);
    if (!this.#buckets.has(key)) {
      if (this.#buckets.size >= KEPT_MAX) this.#forget(now);
      this.#buckets.set(key, bucket);
    }
    const waitMs = bucket.take(1, now);
    if (waitMs > 0) throw new Failed(this.#code, { retryAfterMs: waitMs });
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
