/** Who waits to hear where a message is stored. */
import { type FailedCode, RequestFailed } from './failed.ts';

/** How many answers are kept. */
const KNOWN_MAX = 20_000;

export class Answers {
  readonly #known = new Map<string, number>();
  readonly #waiters = new Map<string, { done: (seq: number) => void; failed: (error: Error) => void }[]>();

  known(key: string): number | undefined {
    return this.#known.get(key);
  }

  wait(key: string): Promise<number> {
    return new Promise((done, failed) => {
      this.#waiters.set(key, [...(this.#waiters.get(key) ?? []), { done, failed }]);
    });
  }

  done(key: string, seq: number): void {
    this.#known.set(key, seq);
    if (this.#known.size > KNOWN_MAX)
      for (const old of [...this.#known.keys()].slice(0, 1_000)) this.#known.delete(old);
    for (const { done } of this.#take(key)) done(seq);
  }

  failed(key: string, code: FailedCode): void {
    for (const { failed } of this.#take(key)) failed(new RequestFailed({ code }));
  }

  stop(): void {
    for (const key of [...this.#waiters.keys()]) this.failed(key, 'offline');
  }

  #take(key: string) {
    const waiters = this.#waiters.get(key) ?? [];
    this.#waiters.delete(key);
    return waiters;
  }
}
