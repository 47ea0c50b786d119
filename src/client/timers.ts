import type { Clock } from '../core/clock.ts';

/** A clock whose timers end with what they were set for, so that a program that has closed it can end, too. */
export class Timers implements Clock {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now = () => this.#clock.now();
  monotonic = () => this.#clock.monotonic();
  soon = (run: () => void) => this.#clock.soon(run);

  after(delayMs: number, run: () => void): () => void {
    if (this.#stopped) return () => {};
    const callOff = this.#clock.after(delayMs, () => {
      this.#waiting.delete(callOff);
      run();
    });
    this.#waiting.add(callOff);
    return () => {
      this.#waiting.delete(callOff);
      callOff();
    };
  }

  /** Calls off all that is waiting; whatever is set from now on never comes. */
  stop(): void {
    this.#stopped = true;
    for (const callOff of this.#waiting) callOff();
    this.#waiting.clear();
  }
}
