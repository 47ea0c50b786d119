/** Between devices and servers: frames late, connections that break at any frame or fall silent, and moves. */
import type { Handlers, Link, Transport } from '../client/transport.ts';
import type { CommandFrame, ServerFrame } from '../protocol/frames.ts';
import type { Connection } from '../server/connection.ts';
import type { FaultCounter, Faults } from './faults.ts';
import type { Server, Servers } from './servers.ts';
import type { EventQueue, ProcessClock, SeededRandom } from './time.ts';
import { type Hearing, NOBODY_LISTENS, Told } from './told.ts';

const BROKEN = 1006;

export class Network {
  readonly queue: EventQueue;
  readonly random: SeededRandom;
  readonly faults: () => Faults | null;
  readonly counter: FaultCounter;
  readonly servers: Servers;
  readonly hearing: Hearing;
  /** Devices that reach nobody just now. */
  readonly cutOff = new Set<string>();

  constructor(
    queue: EventQueue,
    random: SeededRandom,
    servers: Servers,
    faults: () => Faults | null,
    counter: FaultCounter,
    listener: Hearing = NOBODY_LISTENS,
  ) {
    this.queue = queue;
    this.random = random;
    this.servers = servers;
    this.faults = faults;
    this.counter = counter;
    this.hearing = listener;
  }

  /** Sockets. */
  transport(device: string, clock: ProcessClock): Transport {
    return { open: (handlers) => this.#open(device, clock, handlers) };
  }

  /** Whoever balances the load knows of a crash only after a while. */
  anyServer(): Server | undefined {
    const running = [...this.servers.running.values()];
    return this.random.pick([...running, undefined]) ?? running[0];
  }

  /** By how much two clocks may differ, or what one knows of the other. */
  clocksDifferMs(): number {
    return (this.faults()?.clockJump ?? 0) > 0 ? 125_000 : 5_000;
  }

  /** Whether this frame is the one that breaks the connection. */
  cuts(): boolean {
    const faults = this.faults();
    if (!faults || !this.random.chance(faults.cut)) return false;
    this.counter.count('cut');
    return true;
  }

  #open(device: string, clock: ProcessClock, handlers: Handlers): Link {
    const up = new Direction(this);
    const down = new Direction(this);
    const told = new Told(device, this.hearing);
    let connection: Connection | null = null;
    let open = true;
    let server: Server | undefined;
    const reaches = () => open && !this.cutOff.has(device) && (server?.clock.alive ?? false);
    const breakUp = (code: number, reason: string) => {
      if (!open) return;
      open = false;
      connection?.closed();
      this.queue.after(this.random.next() * 200, () => {
        if (clock.alive) handlers.closed(code, reason);
      });
    };
    const breaks = () => !reaches() || this.cuts();
    up.carry(() => {
      server = this.anyServer();
      if (!reaches() || !server) return breakUp(BROKEN, 'unreachable');
      told.clock = server.clock;
      connection = server.node.accept(
        {
          send: (text) => {
            if (!open) return 'closed';
            const parsed = JSON.parse(text) as ServerFrame | ServerFrame[];
            const frames = Array.isArray(parsed) ? parsed : [parsed];
            told.said(frames);
            down.carry(() => {
              if (breaks()) return breakUp(BROKEN, 'cut');
              if (!clock.alive) return breakUp(BROKEN, 'gone');
              for (const frame of frames) if (open) handlers.frame(frame);
            });
            return this.#slow(() => connection?.drained());
          },
          close: (code, reason) => down.carry(() => breakUp(code, reason)),
        },
        null,
      );
      down.carry(() => {
        if (open && clock.alive) handlers.opened();
      });
    });
    return {
      send: (frames: readonly CommandFrame[]) => {
        const text = JSON.stringify(frames);
        up.carry(() => {
          if (breaks()) return breakUp(BROKEN, 'cut');
          told.asked(frames);
          connection?.receive(text);
          if (!text.includes('"send"') || !this.random.chance(this.faults()?.twice ?? 0)) return;
          this.counter.count('frame twice');
          connection?.receive(text);
        });
      },
      close: () => {
        open = false;
        up.carry(() => connection?.closed());
      },
    };
  }

  #slow(drained: () => void): 'sent' | 'full' {
    const faults = this.faults();
    if (!faults || !this.random.chance(faults.slow)) return 'sent';
    this.counter.count('slow');
    this.queue.after(this.random.next() * 2_000, drained);
    return 'full';
  }
}

/** One way of a connection. It keeps its order, until it swallows what it is given. */
class Direction {
  #lastAt = 0;
  #swallows = false;
  readonly #network: Network;

  constructor(network: Network) {
    this.#network = network;
  }

  carry(run: () => void): void {
    const { queue, random, faults, counter } = this.#network;
    const now = faults();
    if (now && !this.#swallows && random.chance(now.blackHole)) {
      counter.count('black hole');
      this.#swallows = true;
    }
    if (this.#swallows) return;
    this.#lastAt = Math.max(this.#lastAt, queue.now + random.next() * (now?.networkDelayMs ?? 5));
    queue.after(this.#lastAt - queue.now, run);
  }
}
