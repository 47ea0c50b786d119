/** One to three servers. A crash at any moment leaves what the engine had, and nothing else. */
import { createHash } from 'node:crypto';
import type { Bus } from '../bus/bus.ts';
import { MemoryHub } from '../bus/memory.ts';
import { type Media, MediaUnavailable } from '../media/media.ts';
import { memoryMedia } from '../media/memory.ts';
import type { People } from '../protocol/community.ts';
import { DEFAULT_LIMITS, type Limits } from '../protocol/limits.ts';
import { MemoryIndex } from '../search/memory.ts';
import { Community } from '../server/community.ts';
import type { Directory } from '../server/directory.ts';
import { createNode, type ServerNode } from '../server/node.ts';
import { Polling } from '../server/polling.ts';
import { faultyStore } from '../store/faulty.ts';
import { type Store, Unavailable, Unknown } from '../store/store.ts';
import type { Engine } from './engines.ts';
import type { FaultCounter, Faults } from './faults.ts';
import { type EventQueue, ProcessClock, type SeededRandom } from './time.ts';

export const hash = (text: string): Uint8Array => createHash('sha256').update(text).digest();

const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  sendsPerSecond: 1e6,
  sendsBurst: 1e6,
  commandsPerSecond: 1e6,
  commandsBurst: 1e6,
};
const WRITES: ReadonlySet<string> = new Set([
  'append',
  'raise',
  'discharge',
  'putRecord',
  'deleteRecord',
  'schedule',
  'unschedule',
  'trim',
  'scrub',
  'raiseEpoch',
]);

export interface Server {
  readonly name: string;
  readonly clock: ProcessClock;
  readonly node: ServerNode;
  readonly polling: Polling;
  readonly search: MemoryIndex;
  /** Resolves when it crashes. */
  readonly gone: Promise<void>;
  readonly end: () => void;
}

export interface ServersOptions {
  readonly queue: EventQueue;
  readonly random: SeededRandom;
  readonly engine: Engine;
  readonly directory: Directory;
  readonly feedKept: number;
  /** Whether people know each other; when it is left out, they do. */
  readonly people?: People;
  readonly faults: () => Faults | null;
  readonly counter: FaultCounter;
  readonly onReport: (error: unknown, what: string) => void;
}

export class Servers {
  readonly running = new Map<string, Server>();
  /** Names of servers that reach no store, or no other server, just now. */
  readonly withoutStore = new Set<string>();
  readonly withoutBus = new Set<string>();
  readonly directory: Directory;
  /** What all of them keep files in. */
  readonly media = memoryMedia();
  readonly #options: ServersOptions;
  readonly #hub: MemoryHub;
  readonly #random: SeededRandom;
  readonly #starting = new Map<string, ProcessClock>();
  readonly #buses = new Map<string, Bus>();
  #restored = false;

  constructor(options: ServersOptions) {
    this.#options = options;
    this.#random = options.random;
    this.directory = options.directory;
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

  /** Starts it unless it runs; takes connections once it has swept what an earlier run left. */
  async start(name: string): Promise<void> {
    if (this.running.has(name) || this.#starting.has(name)) return;
    const { queue, engine, directory, feedKept, people = 'known', onReport } = this.#options;
    const clock = new ProcessClock(queue);
    this.#starting.set(name, clock);
    try {
      const fail = () => queue.after(0, () => clock.alive && this.#crashSoonBack(name));
      const store = await engine.open(fail);
      if (!clock.alive) return;
      if (this.#restored) await store.raiseEpoch((await store.epoch()) + 1);
      this.#restored = false;
      const reached = this.#storeFor(name, store, clock);
      const search = new MemoryIndex();
      const node = createNode({
        store: reached,
        bus: this.#busFor(name, clock),
        search,
        clock,
        random: this.#random,
        hash,
        directory,
        limits: LIMITS,
        serverId: 'simsimsi',
        media: this.#mediaFor(clock),
        pictures: { read: async () => null },
        push: null,
        community: new Community(reached, { name, join: 'anyone', people }),
        feedKept,
        report: (error, what) => {
          onReport(error, what);
          return 'sim';
        },
      });
      await node.start();
      if (!clock.alive) return;
      this.#starting.delete(name);
      const { promise: gone, resolve: end } = Promise.withResolvers<void>();
      this.running.set(name, { name, clock, node, search, polling: new Polling(node, clock, LIMITS), gone, end });
    } catch {
      if (clock.alive) this.#crashSoonBack(name);
    }
  }

  #crashSoonBack(name: string): void {
    this.crash(name);
    this.#options.queue.after(500, () => void this.start(name));
  }

  crash(name: string): void {
    const server = this.running.get(name);
    const clock = server?.clock ?? this.#starting.get(name);
    if (!clock) return;
    this.#options.counter.count(server ? 'crash' : 'crash while starting');
    clock.alive = false;
    this.running.delete(name);
    this.#starting.delete(name);
    void this.#buses.get(name)?.close();
    this.#options.engine.crashed();
    server?.end();
  }

  /** All of them end, and the first to start finds that the store was restored from a backup (that had everything). */
  restore(): void {
    for (const name of [...this.running.keys(), ...this.#starting.keys()]) this.crash(name);
    this.#restored = true;
  }

  #busFor(name: string, clock: ProcessClock): Bus {
    const bus = this.#hub.attach();
    this.#buses.set(name, bus);
    const reaches = () => clock.alive && !this.withoutBus.has(name);
    return {
      publish: (subject, hint) => {
        if (reaches()) bus.publish(subject, hint);
      },
      subscribe: (subject, on) =>
        bus.subscribe(subject, (hint) => {
          if (reaches()) on(hint);
        }),
      close: () => bus.close(),
    };
  }

  /** The media as this process reaches it: late, now and then not at all, and silent once the process is dead. */
  #mediaFor(clock: ProcessClock): Media {
    const { queue, faults } = this.#options;
    const random = this.#random;
    const wait = () => new Promise<void>((resolve) => void queue.after(random.next() * 20, resolve));
    return new Proxy(this.media, {
      get: (target, call: string) => {
        const method = target[call as keyof Media] as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          await wait();
          if (!clock.alive && random.chance(0.5)) return new Promise<never>(() => {});
          if (random.chance(faults()?.storeUnavailable ?? 0)) throw new MediaUnavailable('No answer.', 'failed');
          const result = await method.apply(target, args);
          await wait();
          return clock.alive ? result : new Promise<never>(() => {});
        };
      },
    });
  }

  /** The store as this process reaches it: late, fallible, and silent once the process is dead. */
  #storeFor(name: string, store: Store, clock: ProcessClock): Store {
    const { queue, faults, counter } = this.#options;
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
    const wait = (mostMs = faults()?.storeDelayMs ?? 1) =>
      new Promise<void>((resolve) => {
        queue.after(random.next() * mostMs, resolve);
      });
    const unreached = async (call: string): Promise<never> => {
      counter.count('store not reached');
      await wait(2_000);
      if (!clock.alive) return new Promise<never>(() => {});
      throw WRITES.has(call) ? new Unknown('No answer.') : new Unavailable('No answer.', 'no_quorum');
    };
    return new Proxy(faulty, {
      get: (target, call: string) => {
        const method = target[call as keyof Store] as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          const silence = new Promise<never>(() => {});
          if (!clock.alive) return silence;
          await wait();
          if (!clock.alive && random.chance(0.5)) return silence;
          if (this.withoutStore.has(name)) return unreached(call);
          try {
            return await method.apply(target, args);
          } finally {
            await wait();
            if (!clock.alive) await silence;
          }
        };
      },
    });
  }
}
