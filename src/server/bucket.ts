/** A token bucket: so many a second on average, so many at once. Time is monotonic milliseconds. */
export class Bucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** 0 when taken; otherwise nothing was taken, and this many milliseconds are to wait. */
  take(count: number, now: number): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) * this.#perSecond) / 1_000);
    this.#at = now;
    if (this.#tokens >= count) {
      this.#tokens -= count;
      return 0;
    }
    return Math.ceil(((count - this.#tokens) * 1_000) / this.#perSecond);
  }

  /** Whether nothing would be lost by forgetting it. */
  isFull(now: number): boolean {
    return this.#tokens + ((now - this.#at) * this.#perSecond) / 1_000 >= this.#burst;
  }
}

/** One for each key. Past `most` of them, those are forgotten by which nothing is lost. */
export class Buckets {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #most: number;
  readonly #all = new Map<string, Bucket>();

  constructor(perSecond: number, burst: number, most: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#most = most;
  }

  /** As of the bucket of this key. */
  take(key: string, count: number, now: number): number {
    let bucket = this.#all.get(key);
    if (!bucket) {
      if (this.#all.size >= this.#most) {
        for (const [other, held] of this.#all) if (held.isFull(now)) this.#all.delete(other);
      }
      bucket = new Bucket(this.#perSecond, this.#burst, now);
      this.#all.set(key, bucket);
    }
    return bucket.take(count, now);
  }
}
