import type { Clock } from '../core/clock.ts';
import type { Session } from './session.ts';

interface Wait {
  readonly device: string;
  readonly wake: () => void;
}

/** Long polls that wait for the feed of their user to move. */
export class Waits {
  readonly #clock: Clock;
  readonly #byUser = new Map<string, Set<Wait>>();
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Until the feed moves, the session ends, the server stops, whoever waits is gone, or after `waitMs`. */
  async wait({ user, device }: Session, waitMs: number, gone?: AbortSignal): Promise<void> {
    if (this.#stopped || gone?.aborted) return;
    await new Promise<void>((resolve) => {
      const waiting = this.#byUser.get(user) ?? new Set();
      this.#byUser.set(user, waiting);
      const wake = () => {
        cancel();
        gone?.removeEventListener('abort', wake);
        waiting.delete(wait);
        if (waiting.size === 0 && this.#byUser.get(user) === waiting) this.#byUser.delete(user);
        resolve();
      };
      const wait = { device, wake };
      const cancel = this.#clock.after(waitMs, wake);
      gone?.addEventListener('abort', wake);
      waiting.add(wait);
    });
  }

  moved(user: string): void {
    for (const { wake } of [...(this.#byUser.get(user) ?? [])]) wake();
  }

  ended(user: string, device: string): void {
    for (const wait of [...(this.#byUser.get(user) ?? [])]) if (wait.device === device) wait.wake();
  }

  stop(): void {
    this.#stopped = true;
    for (const user of [...this.#byUser.keys()]) this.moved(user);
  }
}
