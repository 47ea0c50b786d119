/** Reports how far this device has received and its user has read: at most once a second each, until it is answered. */
import { type Clock, delay } from '../core/clock.ts';
import type { Request, Result } from '../protocol/commands.ts';
import { codeOf, mayRetry } from './failed.ts';

const PAUSE_MS = 1_000;
/** Of one round, so that a long absence does not end in a burst. */
const ROUND = 20;

interface Owed {
  delivered: number;
  read: number;
}

export class Marks {
  readonly #owed = new Map<string, Owed>();
  readonly #waiters = new Map<string, (() => void)[]>();
  #running = false;
  #stopped = false;
  readonly #clock: Clock;
  readonly #mark: (request: Request<'mark'>) => Promise<Result<'mark'>>;
  readonly #isOnline: () => boolean;
  readonly #answered: (conversation: string, answer: Result<'mark'>) => void;

  constructor(
    clock: Clock,
    isOnline: () => boolean,
    mark: (request: Request<'mark'>) => Promise<Result<'mark'>>,
    answered: (conversation: string, answer: Result<'mark'>) => void,
  ) {
    this.#clock = clock;
    this.#isOnline = isOnline;
    this.#mark = mark;
    this.#answered = answered;
  }

  owe(conversation: string, { delivered = 0, read = 0 }: { delivered?: number; read?: number }): void {
    const old = this.#owed.get(conversation) ?? { delivered: 0, read: 0 };
    this.#owed.set(conversation, { delivered: Math.max(old.delivered, delivered), read: Math.max(old.read, read) });
    this.wake();
  }

  /** Resolves when nothing of this conversation is owed any more, or never will be answered. */
  settled(conversation: string): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((done) => {
      this.#waiters.set(conversation, [...(this.#waiters.get(conversation) ?? []), done]);
    });
  }

  wake(): void {
    if (this.#running || this.#stopped || !this.#isOnline() || this.#owed.size === 0) return;
    this.#running = true;
    this.#run().finally(() => {
      this.#running = false;
    });
  }

  stop(): void {
    this.#stopped = true;
    for (const conversation of [...this.#waiters.keys()]) this.#settle(conversation);
  }

  async #run(): Promise<void> {
    // What comes in the same turn is one report.
    await new Promise<void>((resolve) => this.#clock.soon(resolve));
    while (this.#owed.size > 0 && this.#isOnline() && !this.#stopped) {
      await Promise.all([...this.#owed].slice(0, ROUND).map(([id, owed]) => this.#report(id, owed)));
      await delay(this.#clock, PAUSE_MS);
    }
  }

  async #report(conversation: string, owed: Owed): Promise<void> {
    const { delivered, read } = owed;
    // Behind the others, should it not be answered.
    this.#owed.delete(conversation);
    try {
      const answer = await this.#mark({
        conversation,
        ...(delivered > 0 ? { delivered } : {}),
        ...(read > 0 ? { read } : {}),
      });
      this.#answered(conversation, answer);
      if (!this.#owed.has(conversation)) this.#settle(conversation);
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'offline' && !mayRetry(code)) return this.#settle(conversation);
      const newer = this.#owed.get(conversation) ?? owed;
      this.#owed.set(conversation, {
        delivered: Math.max(newer.delivered, delivered),
        read: Math.max(newer.read, read),
      });
    }
  }

  #settle(conversation: string): void {
    const waiters = this.#waiters.get(conversation) ?? [];
    this.#waiters.delete(conversation);
    for (const done of waiters) done();
  }
}
