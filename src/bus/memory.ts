import type { Bus } from './bus.ts';

/** A bus within one process: one attachment for each server. `deliver` decides when, whether and how often. */
export class MemoryHub {
  readonly #attached = new Set<Map<string, Set<(hint: string) => void>>>();
  readonly #deliver: (run: () => void) => void;

  constructor(deliver: (run: () => void) => void = (run) => run()) {
    this.#deliver = deliver;
  }

  attach(): Bus {
    const own = new Map<string, Set<(hint: string) => void>>();
    this.#attached.add(own);
    return {
      publish: (subject, hint) => {
        for (const other of this.#attached) {
          if (other === own) continue;
          for (const run of other.get(subject) ?? []) this.#deliver(() => run(hint));
        }
      },
      subscribe: (subject, run) => {
        const subscribed = own.get(subject) ?? new Set();
        own.set(subject, subscribed.add(run));
        return () => subscribed.delete(run);
      },
      close: async () => {
        this.#attached.delete(own);
      },
    };
  }
}
