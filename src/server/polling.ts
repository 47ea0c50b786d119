/** Commands and events over plain HTTP, for networks that break sockets: the same frames, held to the same limits. */
import type { Clock } from '../core/clock.ts';
import type { Position } from '../protocol/entities.ts';
import type { Limits } from '../protocol/limits.ts';
import { Buckets } from './bucket.ts';
import { Failed } from './failed.ts';
import type { ServerNode } from './node.ts';
import type { Session } from './session.ts';

const USERS_MAX = 20_000;

export class Polling {
  readonly #buckets: Buckets;
  readonly #polls = new Map<string, number>();

  readonly #node: Pick<ServerNode, 'execute' | 'poll'>;
  readonly #clock: Clock;
  readonly #limits: Limits;

  constructor(node: Pick<ServerNode, 'execute' | 'poll'>, clock: Clock, limits: Limits) {
    this.#node = node;
    this.#clock = clock;
    this.#limits = limits;
    this.#buckets = new Buckets(limits.commandsPerSecond, limits.commandsBurst, USERS_MAX);
  }

  /** Replies in the order of the frames, which begin in that order too. Sends have a bucket of their own. */
  async execute(session: Session, frames: readonly unknown[]): Promise<unknown[]> {
    const others = frames.filter((frame) => (frame as { type?: unknown } | null)?.type !== 'send').length;
    const waitMs = this.#buckets.take(session.user, others, this.#clock.monotonic());
    if (waitMs > 0) throw new Failed('rate_limited', { retryAfterMs: waitMs });
    return Promise.all(frames.map((frame) => this.#node.execute(session, frame)));
  }

  /** `gone`: nobody waits for the answer any more. */
  async poll(session: Session, position: Position, waitMs: number, gone: AbortSignal): Promise<string> {
    const waitingHere = this.#polls.get(session.user) ?? 0;
    if (waitingHere >= this.#limits.connectionsPerUser) throw new Failed('rate_limited', { retryAfterMs: 5_000 });
    this.#polls.set(session.user, waitingHere + 1);
    try {
      return await this.#node.poll(session, position, waitMs, gone);
    } finally {
      const left = this.#polls.get(session.user)! - 1;
      if (left > 0) this.#polls.set(session.user, left);
      else this.#polls.delete(session.user);
    }
  }
}
