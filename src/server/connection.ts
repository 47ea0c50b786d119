/**
 * One connection, whatever carries it.
 *
 *   greeting ──hello──▶ live ◀──drained── lagging
 *      │                 │ ──outlet full──▶  │
 *      └───────────────▶ closed ◀────────────┘
 *
 * While it lags, events are left out (a `resync` follows the drain) and answers wait, up to a bound.
 */
import type { Clock } from '../core/clock.ts';
import { CLOSE } from '../protocol/errors.ts';
import type { Bucket } from './bucket.ts';
import type { Outlet } from './outlet.ts';
import type { Session } from './session.ts';

type Phase = 'greeting' | 'live' | 'lagging' | 'closed';

/** Answers that wait for a slow peer; one that asks for more than this without reading is closed. */
const HELD_MAX = { answers: 1_000, characters: 2 * 1024 * 1024 };
/** Frames of one turn leave in one text message, as long as it stays below this many characters. */
const JOINED_MAX = 256 * 1024;

export interface ConnectionHooks {
  /** A text message came, and the connection is not closed. */
  receive(connection: Connection, text: string): void;
  /** A ping of the carrier came, which it has answered. */
  pinged(connection: Connection): void;
  /** It can be written to again, and had been left without some events. */
  resume(connection: Connection): void;
  closed(connection: Connection): void;
}

/** `frames`: how fast a peer may speak. `refusals`: how often it may be told that it was too fast. */
export interface Buckets {
  readonly frames: Bucket;
  readonly refusals: Bucket;
}

export class Connection {
  session: Session | null = null;
  /** A `hello` has come; there is one for each connection. */
  greeting = false;
  /** Conversations on this device's screen. */
  shown: ReadonlySet<string> = new Set();
  /** Users, and what was last told of each, as JSON. */
  watched = new Map<string, string>();
  watchedUntil = 0;
  /** By the monotonic clock, as the next two. */
  readonly openedAt: number;
  heardAt: number;
  lagSince = 0;
  /** Commands that are under way. */
  readonly inFlight = { sends: 0, others: 0 };
  readonly buckets: Buckets;

  #phase: Phase = 'greeting';
  #queue: string[] = [];
  #queued = 0;
  #flushing = false;
  #missed = false;
  readonly #outlet: Outlet;
  readonly #clock: Clock;
  readonly #hooks: ConnectionHooks;

  constructor(outlet: Outlet, clock: Clock, buckets: Buckets, hooks: ConnectionHooks) {
    this.#outlet = outlet;
    this.#clock = clock;
    this.buckets = buckets;
    this.#hooks = hooks;
    this.openedAt = clock.monotonic();
    this.heardAt = this.openedAt;
  }

  get phase(): Phase {
    return this.#phase;
  }

  receive(text: string): void {
    if (this.#phase === 'closed') return;
    this.heardAt = this.#clock.monotonic();
    this.#hooks.receive(this, text);
  }

  pinged(): void {
    if (this.#phase !== 'closed') this.#hooks.pinged(this);
  }

  greeted(session: Session): void {
    this.session = session;
    if (this.#phase === 'greeting') this.#phase = 'live';
  }

  /** An event: left out while the connection lags. */
  push(text: string): void {
    if (this.#phase === 'live') this.#enqueue(text);
    else if (this.#phase === 'lagging') this.#missed = true;
  }

  /** The answer to a command: waits while the connection lags. */
  answer(text: string): void {
    if (this.#phase === 'closed') return;
    const held = this.#queue.length >= HELD_MAX.answers || this.#queued + text.length > HELD_MAX.characters;
    if (this.#phase === 'lagging' && held) this.close(CLOSE.slow, 'slow');
    else this.#enqueue(text);
  }

  #enqueue(text: string): void {
    this.#queue.push(text);
    this.#queued += text.length;
    if (this.#phase === 'lagging') return;
    // More than one message holds: at once, so that what the peer does not take is known before there is more.
    if (this.#queued >= JOINED_MAX) this.#flush();
    if (this.#flushing || this.#queue.length === 0) return;
    this.#flushing = true;
    this.#clock.soon(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#queue.length > 0 && this.#phase !== 'closed' && this.#phase !== 'lagging') {
      const outcome = this.#outlet.send(this.#takeMessage());
      if (outcome === 'closed') {
        this.closed();
      } else if (outcome === 'full') {
        this.#phase = 'lagging';
        this.lagSince = this.#clock.monotonic();
      }
    }
  }

  #takeMessage(): string {
    if (this.#queue.length === 1) {
      this.#queued = 0;
      return this.#queue.pop()!;
    }
    let count = 0;
    let characters = 0;
    while (count < this.#queue.length && (count === 0 || characters + this.#queue[count]!.length < JOINED_MAX)) {
      characters += this.#queue[count++]!.length;
    }
    this.#queued -= characters;
    const frames = this.#queue.splice(0, count);
    return frames.length === 1 ? frames[0]! : `[${frames.join(',')}]`;
  }

  drained(): void {
    if (this.#phase !== 'lagging') return;
    this.#phase = this.session ? 'live' : 'greeting';
    if (this.#missed) {
      this.#missed = false;
      this.#hooks.resume(this);
    }
    this.#flush();
  }

  /** Sends what waits, then closes. */
  close(code: number, reason: string): void {
    if (this.#phase === 'closed') return;
    this.#flush();
    this.#outlet.close(code, reason);
    this.closed();
  }

  /** The peer or the network closed it. */
  closed(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#queue = [];
    this.#hooks.closed(this);
  }
}
