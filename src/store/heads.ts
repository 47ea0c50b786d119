/** The heads of logs as this process knows them: the engine belongs to it alone. */
export interface Head {
  /** What the last queued append will make it. */
  pending: number;
  /** What is durable. */
  committed: number;
  floor: number;
  /** Settles with the last queued append. */
  tail: Promise<void>;
}

const HEADS_MAX = 200_000;

export class Heads {
  readonly #heads = new Map<string, Head>();

  get(log: string): Head | undefined {
    return this.#heads.get(log);
  }

  /** Keeps what is there already. */
  remember(log: string, committed: number, floor: number): Head {
    const known = this.#heads.get(log);
    if (known) return known;
    if (this.#heads.size >= HEADS_MAX) this.#forgetOldest();
    const head = { pending: committed, committed, floor, tail: Promise.resolve() };
    this.#heads.set(log, head);
    return head;
  }

  forgetAll(): void {
    this.#heads.clear();
  }

  #forgetOldest(): void {
    let left = HEADS_MAX / 10;
    for (const [log, head] of this.#heads) {
      if (left-- === 0) return;
      if (head.pending === head.committed) this.#heads.delete(log);
    }
  }
}
