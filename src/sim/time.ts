/** Virtual time: a queue of what will happen, run in the order of its times under one seed. */
import type { Clock, Random } from '../core/clock.ts';
import { idOf } from '../protocol/ids.ts';
import { BEGINNING } from './known-keeping.ts';

/** Mulberry32: 32 bits of state, the same numbers for the same seed everywhere. */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  id(): string {
    return idOf(Uint8Array.from({ length: 16 }, () => this.below(256)));
  }
}

interface Event {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

export class EventQueue {
  now = 0;
  steps = 0;
  readonly #heap: Event[] = [];
  #order = 0;

  after(delayMs: number, run: () => void): () => void {
    const event: Event = { at: this.now + Math.max(0, delayMs), order: this.#order++, run };
    this.#push(event);
    return () => {
      event.run = null;
    };
  }

  /** Runs everything up to `until`; `settle` lets promises finish after each step. */
  async runUntil(until: number, settle: () => void | Promise<void>): Promise<void> {
    for (;;) {
      const event = this.#heap[0];
      if (!event || event.at > until) break;
      this.#pop();
      if (!event.run) continue;
      this.now = event.at;
      this.steps++;
      event.run();
      await settle();
    }
    this.now = Math.max(this.now, until);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** One process's clock: its wall may jump, its timers die with it. */
export class ProcessClock implements Clock {
  alive = true;
  skewMs = 0;
  /** How often it was put, and when last. */
  jumps = 0;
  jumpedAt = Number.NEGATIVE_INFINITY;
  readonly #queue: EventQueue;

  constructor(queue: EventQueue) {
    this.#queue = queue;
  }

  now(): number {
    return Math.max(0, BEGINNING + Math.round(this.#queue.now) + this.skewMs);
  }

  put(skewMs: number): void {
    this.skewMs = skewMs;
    this.jumps++;
    this.jumpedAt = this.#queue.now;
  }

  monotonic(): number {
    return this.#queue.now;
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#queue.after(delayMs, () => {
      if (this.alive) run();
    });
  }

  soon(run: () => void): void {
    this.after(0, run);
  }
}
