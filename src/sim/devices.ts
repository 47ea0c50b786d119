/** Devices of people: each a messenger over storage that outlives it, leaving and coming back. */

import type { Operation } from '../check/history.ts';
import type { Messenger } from '../client/api.ts';
import { createMessenger } from '../client/index.ts';
import { memoryStorage } from '../client/storage/memory.ts';
import type { Storage, Write } from '../client/storage/storage.ts';
import type { Network } from './network.ts';
import { idFor } from './people.ts';
import { type EventQueue, ProcessClock, type SeededRandom } from './time.ts';

export class Device {
  readonly name: string;
  readonly user: string;
  messenger: Messenger | null = null;
  clock: ProcessClock;
  #runs = 0;
  readonly #storage = memoryStorage();
  readonly #queue: EventQueue;
  readonly #random: SeededRandom;
  readonly #network: Network;
  readonly #record: (operation: Operation) => void;
  readonly #membership: (conversation: string, user: string) => Promise<number>;
  readonly #onUnjust: (detail: string) => void;
  /** Keys written to the outbox and not answered. */
  readonly #open = new Map<string, { conversation: string; membership: number }>();

  constructor(
    name: string,
    user: string,
    world: {
      queue: EventQueue;
      random: SeededRandom;
      network: Network;
      record: (operation: Operation) => void;
      /** The seq of the entry that made the user a member; 0 for whoever is none. */
      membership: (conversation: string, user: string) => Promise<number>;
      /** A refusal without a reason. */
      onUnjust: (detail: string) => void;
    },
  ) {
    this.name = name;
    this.user = user;
    this.#queue = world.queue;
    this.#random = world.random;
    this.#network = world.network;
    this.#record = world.record;
    this.#membership = world.membership;
    this.#onUnjust = world.onUnjust;
    this.clock = new ProcessClock(world.queue);
  }

  async start(): Promise<void> {
    this.clock = new ProcessClock(this.#queue);
    const clock = this.clock;
    // What a run was shown and did not finish writing may be shown again to the next.
    const run = `${this.name}/${++this.#runs}`;
    const messenger = await createMessenger({
      transport: this.#network.transport(this.name, clock),
      storage: this.#fallible(clock),
      clock,
      random: this.#random,
      session: { user: this.user, device: idFor(this.name), token: this.name },
    });
    if (!clock.alive) return;
    this.messenger = messenger;
    messenger.on('sent', ({ conversation, key, seq }) => {
      if (clock.alive) this.#answered(conversation, key, 'ok', seq);
    });
    messenger.on('refused', ({ pending }) => {
      if (clock.alive) this.#answered(pending.conversation, pending.key, 'refused');
    });
    messenger.on('message', ({ conversation, entry }) => {
      if (!clock.alive) return;
      const entries = [[entry.seq, entry.key]] as const;
      this.#record({ t: this.#queue.now, proc: run, op: 'observe', phase: 'ok', conversation, entries });
    });
  }

  /** The process is gone at once; what it had not finished writing is lost. */
  crash(): void {
    this.clock.alive = false;
    this.messenger = null;
  }

  async send(conversation: string, text: string): Promise<void> {
    const { messenger, clock } = this;
    if (!messenger) return;
    const membership = await this.#membership(conversation, this.user);
    const began = this.#queue.now;
    const key = await messenger.send(conversation, text);
    if (!clock.alive) return;
    this.#open.set(key, { conversation, membership });
    this.#record({ t: began, proc: this.name, op: 'send', phase: 'start', conversation, key });
  }

  /** Messages that were safe on this device and have had no answer. */
  get unanswered(): string[] {
    return [...this.#open.keys()];
  }

  #answered(conversation: string, key: string, phase: 'ok' | 'refused', seq?: number): void {
    const open = this.#open.get(key);
    this.#open.delete(key);
    if (phase === 'refused' && open && open.membership > 0) void this.#judge(conversation, key, open.membership);
    this.#note({ op: 'send', phase, conversation, key, ...(seq === undefined ? {} : { seq }) });
  }

  /** Whoever was a member all the time is not refused. */
  async #judge(conversation: string, key: string, membership: number): Promise<void> {
    if ((await this.#membership(conversation, this.user)) !== membership) return;
    this.#onUnjust(`${this.name}: ${key} was refused in ${conversation}, though it was a member all the time`);
  }

  #note(operation: Omit<Operation, 't' | 'proc'>): void {
    this.#record({ t: this.#queue.now, proc: this.name, ...operation });
  }

  /** Writes take a while; one that the process does not outlive happened, or did not. */
  #fallible(clock: ProcessClock): Storage {
    const storage = this.#storage;
    return {
      get: (key) => storage.get(key),
      range: (from, to, limit, reverse) => storage.range(from, to, limit, reverse),
      write: async (writes: readonly Write[], guard?: string) => {
        await new Promise<void>((resolve) => {
          this.#queue.after(this.#random.next() * 5, resolve);
        });
        if (!clock.alive && this.#random.chance(0.5)) return new Promise<never>(() => {});
        const written = await storage.write(writes, guard);
        return clock.alive ? written : new Promise<never>(() => {});
      },
      close: async () => {},
    };
  }
}
