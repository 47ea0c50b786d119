/** One to three servers over one store. A crash at any moment leaves what the store had, and nothing else. */
import { createHash } from 'node:crypto';
import { MemoryHub } from '../bus/memory.ts';
import { DEFAULT_LIMITS } from '../protocol/limits.ts';
import type { Directory } from '../server/directory.ts';
import { createNode, type ServerNode } from '../server/node.ts';
import { faultyStore } from '../store/faulty.ts';
import type { Store } from '../store/store.ts';
import type { FaultCounter, Faults } from './faults.ts';
import { type EventQueue, ProcessClock, type SeededRandom } from './time.ts';

export const hash = (text: string): Uint8Array => createHash('sha256').update(text).digest();

export interface Server {
  readonly name: string;
  readonly clock: ProcessClock;
  readonly node: ServerNode;
}

export interface ServersOptions {
  readonly queue: EventQueue;
  readonly random: SeededRandom;
  readonly store: Store;
  readonly directory: Directory;
  readonly faults: () => Faults | null;
  readonly counter: FaultCounter;
  readonly onReport: (error: unknown, what: string) => void;
}

export class Servers {
  readonly running = new Map<string, Server>();
  readonly #options: ServersOptions;
  readonly #hub: MemoryHub;
  readonly #random: SeededRandom;

  constructor(options: ServersOptions) {
    this.#options = options;
    this.#random = options.random;
    this.#hub = new MemoryHub((run) => this.#deliver(run));
  }

  #deliver(run: () => void): void {
    const { queue, faults, counter } = this.#options;
    const now = faults();
    if (!now) {
      queue.after(1, run);
      return;
    }
    if (this.#random.chance(now.hintLost)) {
      counter.count('hint lost');
      return;
    }
    queue.after(this.#random.next() * now.hintDelayMs, run);
    if (!this.#random.chance(now.hintTwice)) return;
    counter.count('hint twice');
    queue.after(this.#random.next() * now.hintDelayMs * 3, run);
  }

  start(name: string): void {
    const { queue, directory, onReport } = this.#options;
    const clock = new ProcessClock(queue);
    const node = createNode({
      store: this.#storeFor(clock),
      bus: this.#hub.attach(),
      clock,
      random: this.#random,
      hash,
      directory,
      limits: { ...DEFAULT_LIMITS, sendsPerSecond: 1e6, sendsBurst: 1e6, commandsPerSecond: 1e6, commandsBurst: 1e6 },
      server: { id: 'simsimsi', name },
      feedKept: 60,
      report: (error, what) => {
        onReport(error, what);
        return 'sim';
      },
    });
    this.running.set(name, { name, clock, node });
    void node.start().catch(() => {});
  }

  crash(name: string): void {
    const server = this.running.get(name);
    if (!server) return;
    this.#options.counter.count('crash');
    server.clock.alive = false;
    this.running.delete(name);
  }

  /** The store as this process reaches it: late, fallible, and silent once the process is dead. */
  #storeFor(clock: ProcessClock): Store {
    const { queue, store, faults, counter } = this.#options;
    const random = this.#random;
    const rates = {
      get before() {
        return (faults()?.storeUnknown ?? 0) / 2;
      },
      get after() {
        return (faults()?.storeUnknown ?? 0) / 2;
      },
      get late() {
        return faults()?.storeLate ?? 0;
      },
      get unavailable() {
        return faults()?.storeUnavailable ?? 0;
      },
    };
    const faulty = faultyStore(store, {
      random: () => random.next(),
      later: (run) => void queue.after(random.next() * 3_000, run),
      rates,
      onFault: (kind) => counter.count(`store ${kind}`),
    });
    const wait = () =>
      new Promise<void>((resolve) => {
        queue.after(random.next() * (faults()?.storeDelayMs ?? 1), resolve);
      });
    return new Proxy(faulty, {
      get: (target, name) => {
        const call = target[name as keyof Store] as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          const silence = new Promise<never>(() => {});
          if (!clock.alive) return silence;
          await wait();
          if (!clock.alive && random.chance(0.5)) return silence;
          try {
            return await call.apply(target, args);
          } finally {
            await wait();
            if (!clock.alive) await silence;
          }
        };
      },
    });
  }
}
