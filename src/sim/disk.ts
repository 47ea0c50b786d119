/**
 * A disk under one server at a time. What is written is durable when the write returns; of what was still being written
 * when the process died, the first batches survive and the others do not, as chance has it, each whole or not at all.
 */
import type { KeyValue, Operation } from '../store/keyvalue.ts';
import { MemoryKeyValue } from '../store/memory-keyvalue.ts';
import type { FaultCounter, Faults } from './faults.ts';
import type { EventQueue, SeededRandom } from './time.ts';

interface Writing {
  readonly operations: readonly Operation[];
  readonly settle: (error?: Error) => void;
}

export class Disk {
  readonly #durable = new MemoryKeyValue();
  readonly #queue: EventQueue;
  readonly #random: SeededRandom;
  readonly #faults: () => Faults | null;
  readonly #counter: FaultCounter;
  #writing: Writing[] = [];
  #onWrite: (() => void) | null = null;
  /** The process that has it open. */
  #opened = 0;

  constructor(queue: EventQueue, random: SeededRandom, faults: () => Faults | null, counter: FaultCounter) {
    this.#queue = queue;
    this.#random = random;
    this.#faults = faults;
    this.#counter = counter;
  }

  open(): KeyValue {
    const opened = ++this.#opened;
    const silence = new Promise<never>(() => {});
    const alive = () => this.#opened === opened;
    return {
      get: (key) => (alive() ? this.#durable.get(key) : silence),
      range: (from, to, limit, reverse) => (alive() ? this.#durable.range(from, to, limit, reverse) : silence),
      batch: (operations) => (alive() ? this.#write(operations, alive) : silence),
      close: async () => {},
    };
  }

  #write(operations: readonly Operation[], alive: () => boolean): Promise<void> {
    return new Promise((done, failed) => {
      this.#writing.push({ operations, settle: (error) => (error ? failed(error) : done()) });
      if (this.#onWrite) this.#queue.after(0, this.#onWrite);
      this.#onWrite = null;
      this.#queue.after(this.#random.next() * (this.#faults()?.diskSyncMs ?? 1), () => {
        if (alive()) void this.#sync();
      });
    });
  }

  /** The oldest that is being written is written, or the device says that it is not, which may be wrong. */
  async #sync(): Promise<void> {
    const writing = this.#writing.shift();
    if (!writing) return;
    const fails = this.#random.chance(this.#faults()?.diskWrite ?? 0);
    if (fails) this.#counter.count('disk write');
    if (!fails || this.#random.chance(0.5)) await this.#durable.batch(writing.operations);
    writing.settle(fails ? new Error('The device reports a fault.') : undefined);
  }

  /** Runs while the next write is under way. */
  duringWrite(run: () => void): void {
    this.#onWrite = run;
  }

  /** The process is gone. */
  crash(): void {
    this.#opened++;
    const survive = this.#random.below(this.#writing.length + 1);
    for (const { operations } of this.#writing.slice(0, survive)) void this.#durable.batch(operations);
    if (survive < this.#writing.length) this.#counter.count('unsynced write lost');
    this.#writing = [];
  }
}
