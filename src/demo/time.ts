/** The demo's own time and chance: moved through the past while it is filled, the same for the same seed. */
import type { Clock, Random } from '../core/clock.ts';
import { systemClock, systemRandom } from '../server/system.ts';
import { SeededRandom } from '../sim/time.ts';

/** What the demo takes for the present: some past moment while it is filled, then the world's time, shifted by a constant. */
export class MovedClock implements Clock {
  readonly #shift: number;
  #moment: number | null = null;

  /** `today`: when it seems to be when it begins, in milliseconds since 1970. */
  constructor(today: number) {
    this.#shift = today - systemClock.now();
  }

  now(): number {
    return this.#moment ?? systemClock.now() + this.#shift;
  }

  /** Stands still there. */
  moveTo(moment: number): void {
    this.#moment = moment;
  }

  /** Back in the present, and running. */
  goOn(): void {
    this.#moment = null;
  }

  readonly monotonic = systemClock.monotonic;
  readonly after = systemClock.after;
  readonly soon = systemClock.soon;
}

/**
 * Ids that are seen, such as those that give people their colours, come from a seed; whatever opens something, such as
 * the token of a session, never does.
 */
export class DemoChance implements Random {
  readonly #seeded: SeededRandom;
  #guessable = false;

  constructor(seed: number) {
    this.#seeded = new SeededRandom(seed);
  }

  readonly next = systemRandom.next;

  id(): string {
    return this.#guessable ? this.#seeded.id() : systemRandom.id();
  }

  /** Ids that are asked for until it resolves come from the seed. */
  async repeatably<T>(run: () => Promise<T>): Promise<T> {
    this.#guessable = true;
    try {
      return await run();
    } finally {
      this.#guessable = false;
    }
  }
}
