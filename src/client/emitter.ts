import type { Clock } from '../core/clock.ts';

type Listener = (detail: never) => void;

export class Emitter<Events> {
  readonly #clock: Clock;
  readonly #subscribers = new Set<() => void>();
  readonly #listeners = new Map<keyof Events, Set<Listener>>();
  #announced = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  subscribe(run: () => void): () => void {
    this.#subscribers.add(run);
    return () => this.#subscribers.delete(run);
  }

  on<E extends keyof Events>(event: E, run: (detail: Events[E]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set<Listener>();
    this.#listeners.set(event, listeners.add(run as Listener));
    return () => listeners.delete(run as Listener);
  }

  emit<E extends keyof Events>(event: E, detail: Events[E]): void {
    for (const run of [...(this.#listeners.get(event) ?? [])]) this.#call(() => run(detail as never));
  }

  /** Tells subscribers once, at the end of the turn. */
  changed(): void {
    if (this.#announced) return;
    this.#announced = true;
    this.#clock.soon(() => {
      this.#announced = false;
      for (const run of [...this.#subscribers]) this.#call(run);
    });
  }

  /** What an application throws ends on its own, not in the middle of ours. */
  #call(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#clock.after(0, () => {
        throw error;
      });
    }
  }
}
