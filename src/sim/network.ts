/** Connections between devices and servers: each in order, late, and cut at any frame. */
import type { Handlers, Link, Transport } from '../client/transport.ts';
import type { CommandFrame, ServerFrame } from '../protocol/frames.ts';
import type { Connection } from '../server/connection.ts';
import type { FaultCounter, Faults } from './faults.ts';
import type { Server, Servers } from './servers.ts';
import type { EventQueue, ProcessClock, SeededRandom } from './time.ts';

const BROKEN = 1006;

export class Network {
  readonly #queue: EventQueue;
  readonly #random: SeededRandom;
  readonly #servers: Servers;
  readonly #faults: () => Faults | null;
  readonly #counter: FaultCounter;
  /** Devices that reach nobody just now. */
  readonly cutOff = new Set<string>();

  constructor(
    queue: EventQueue,
    random: SeededRandom,
    servers: Servers,
    faults: () => Faults | null,
    counter: FaultCounter,
  ) {
    this.#queue = queue;
    this.#random = random;
    this.#servers = servers;
    this.#faults = faults;
    this.#counter = counter;
  }

  transport(device: string, clock: ProcessClock): Transport {
    return { open: (handlers) => this.#open(device, clock, handlers) };
  }

  #open(device: string, clock: ProcessClock, handlers: Handlers): Link {
    const wire = new Wire(this.#queue, this.#random, this.#faults);
    let connection: Connection | null = null;
    let open = true;
    let server: Server | undefined;
    const reaches = () => open && !this.cutOff.has(device) && (server?.clock.alive ?? false);
    const breakUp = (code: number, reason: string) => {
      if (!open) return;
      open = false;
      connection?.closed();
      this.#queue.after(this.#random.next() * 200, () => {
        if (clock.alive) handlers.closed(code, reason);
      });
    };
    const cut = () => {
      const faults = this.#faults();
      if (!reaches()) return true;
      if (!faults || !this.#random.chance(faults.cut)) return false;
      this.#counter.count('cut');
      return true;
    };
    wire.up(() => {
      server =
        this.#random.pick([...this.#servers.running.values(), undefined]) ?? [...this.#servers.running.values()][0];
      if (!reaches() || !server) return breakUp(BROKEN, 'unreachable');
      connection = server.node.accept(
        {
          send: (text) => {
            if (!open) return 'closed';
            wire.down(() => {
              if (cut()) return breakUp(BROKEN, 'cut');
              if (!clock.alive) return breakUp(BROKEN, 'gone');
              const frames = JSON.parse(text) as ServerFrame | ServerFrame[];
              for (const frame of Array.isArray(frames) ? frames : [frames]) if (open) handlers.frame(frame);
            });
            return this.#slow(() => connection?.drained());
          },
          close: (code, reason) => wire.down(() => breakUp(code, reason)),
        },
        null,
      );
      wire.down(() => {
        if (open && clock.alive) handlers.opened();
      });
    });
    return {
      send: (frames: readonly CommandFrame[]) => {
        const text = JSON.stringify(frames);
        wire.up(() => {
          if (cut()) return breakUp(BROKEN, 'cut');
          if (!open) return;
          connection?.receive(text);
          if (!text.includes('"send"') || !this.#random.chance(this.#faults()?.twice ?? 0)) return;
          this.#counter.count('frame twice');
          connection?.receive(text);
        });
      },
      close: () => {
        open = false;
        wire.up(() => connection?.closed());
      },
    };
  }

  #slow(drained: () => void): 'sent' | 'full' {
    const faults = this.#faults();
    if (!faults || !this.#random.chance(faults.slow)) return 'sent';
    this.#counter.count('slow');
    this.#queue.after(this.#random.next() * 2_000, drained);
    return 'full';
  }
}

/** Two directions, each of which keeps its order. */
class Wire {
  #upAt = 0;
  #downAt = 0;
  readonly #queue: EventQueue;
  readonly #random: SeededRandom;
  readonly #faults: () => Faults | null;

  constructor(queue: EventQueue, random: SeededRandom, faults: () => Faults | null) {
    this.#queue = queue;
    this.#random = random;
    this.#faults = faults;
  }

  up(run: () => void): void {
    this.#upAt = this.#arrival(this.#upAt);
    this.#queue.after(this.#upAt - this.#queue.now, run);
  }

  down(run: () => void): void {
    this.#downAt = this.#arrival(this.#downAt);
    this.#queue.after(this.#downAt - this.#queue.now, run);
  }

  #arrival(last: number): number {
    return Math.max(last, this.#queue.now + this.#random.next() * (this.#faults()?.networkDelayMs ?? 5));
  }
}
