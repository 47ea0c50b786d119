/**
 * Time and chance, handed in. Nothing in `core`, `client`, or the deciding part of `server` reads a global clock, so
 * that the whole system can run on a stepped one under a seed.
 */
export interface Clock {
  /** Milliseconds since 1970, UTC; may jump. For people only: nothing is ordered by it. */
  now(): number;
  /** Milliseconds since some start; never goes back. For intervals. */
  monotonic(): number;
  /** Runs once, at the earliest after `delayMs`. Returns how to call it off. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs at the end of this turn, after what is already waiting. */
  soon(run: () => void): void;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** 16 bytes that nobody can guess (but in the simulator), as an id. */
  id(): string;
}

/** Waits as the clock tells. */
export function delay(clock: Pick<Clock, 'after'>, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

/** Full jitter: uniform below a bound that doubles with each try, from `firstMs` up to `mostMs`. */
export function backoff(random: Random, tries: number, firstMs: number, mostMs: number): number {
  return random.next() * Math.min(mostMs, firstMs * 2 ** Math.min(tries, 30));
}
