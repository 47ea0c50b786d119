/**
 * The one connection of a device.
 *
 *   connecting ──opened──▶ greeting ──welcome──▶ online
 *      ▲  ▲                   │                    │ closed, silent
 *      │  └──── wake ────┐    ▼                    ▼
 *      └── back-off ends ─── offline ◀─────────────┘
 *
 *   from everywhere: replaced | signedOut | wrongVersion (these end it) | stopped
 */
import { backoff, type Clock, type Random } from '../core/clock.ts';
import { utf8Bytes } from '../core/text.ts';
import type { CommandName, Request, Result } from '../protocol/commands.ts';
import { CLOSE, mayComeBack } from '../protocol/errors.ts';
import type { Event } from '../protocol/events.ts';
import { type CommandFrame, isReply, type ServerFrame } from '../protocol/frames.ts';
import { codeOf, RequestFailed } from './failed.ts';
import { BROKEN, type Link, type Transport } from './transport.ts';
import type { Status } from './views.ts';

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting'; readonly link: Link; readonly giveUp: () => void }
  | { readonly name: 'greeting'; readonly link: Link }
  | { readonly name: 'online'; readonly link: Link; readonly heartbeatMs: number; stopPing: () => void }
  | { readonly name: 'offline'; readonly retryAt: number; readonly cancel: () => void }
  | { readonly name: 'ended'; readonly status: Status };

export type Welcome = Result<'hello'>;

export interface ConnectionHooks {
  hello(): Request<'hello'>;
  online(welcome: Welcome): void;
  event(event: Event): void;
  ping(): Request<'ping'>;
  pong(pong: Result<'ping'>): void;
  status(status: Status): void;
}

interface Waiting {
  readonly frame: CommandFrame;
  readonly done: (result: unknown) => void;
  readonly failed: (error: RequestFailed) => void;
  readonly cancel: () => void;
}

const ANSWER_MS = 20_000;
const OPEN_MS = 15_000;
const DEAD_MS = 45_000;

/** Below what the server takes in one piece, which is 64 KiB. */
const MESSAGE_BYTES = 65_000;

interface Sized {
  readonly frame: CommandFrame;
  readonly bytes: number;
}

export class Connection {
  #state: State = { name: 'idle' };
  #status: Status = { state: 'connecting' };
  #lastId = 0;
  #heardAt = 0;
  #tries = 0;
  #dictatedMs: number | null = null;
  #revoked: { by: string | null; at: number | null } = { by: null, at: null };
  #out: Sized[] = [];
  readonly #waiting = new Map<number, Waiting>();
  /** Asked while the connection was being made. */
  #early: Waiting[] = [];
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #hooks: ConnectionHooks;

  constructor(transport: Transport, clock: Clock, random: Random, hooks: ConnectionHooks) {
    this.#transport = transport;
    this.#clock = clock;
    this.#random = random;
    this.#hooks = hooks;
  }

  /** It will not come back by itself. */
  get isOver(): boolean {
    return this.#state.name === 'ended';
  }

  get isOnline(): boolean {
    return this.#state.name === 'online';
  }

  /** Presence has to be asked for. */
  get pulls(): boolean {
    return 'link' in this.#state && this.#state.link.pulls === true;
  }

  status(): Status {
    return this.#status;
  }

  /** Connects now; where it is online, asks whether that is still so, and waits so long for a word. */
  wake(patienceMs = 5_000): void {
    const state = this.#state;
    if (state.name === 'online') {
      this.#ping(patienceMs);
    } else if (state.name === 'idle' || state.name === 'offline') {
      if (state.name === 'offline') state.cancel();
      this.#connect();
    }
  }

  stop(status: Status = { state: 'offline', retryAt: null }): void {
    this.#end(status);
  }

  request<N extends CommandName>(type: N, fields: Request<N>, answerMs = ANSWER_MS): Promise<Result<N>> {
    return new Promise((resolve, reject) => {
      const { name } = this.#state;
      if (name === 'offline' || name === 'ended') return reject(new RequestFailed({ code: 'offline' }));
      const id = ++this.#lastId;
      const cancel = this.#clock.after(answerMs, () => {
        this.#waiting.delete(id);
        this.#early = this.#early.filter(({ frame }) => frame.id !== id);
        reject(new RequestFailed({ code: 'offline', message: 'The server did not answer in time.' }));
      });
      const frame = { id, type, ...fields } as unknown as CommandFrame;
      const waiting: Waiting = { frame, done: resolve as (result: unknown) => void, failed: reject, cancel };
      if (name === 'online' || type === 'hello') this.#send(waiting);
      else this.#early.push(waiting);
    });
  }

  #send(waiting: Waiting): void {
    const { frame, cancel, failed } = waiting;
    const bytes = utf8Bytes(JSON.stringify(frame));
    if (bytes > MESSAGE_BYTES) {
      cancel();
      failed(new RequestFailed({ code: 'too_large' }));
      return;
    }
    this.#waiting.set(frame.id, waiting);
    if (this.#out.push({ frame, bytes }) > 1) return;
    this.#clock.soon(() => {
      const frames = this.#out;
      this.#out = [];
      if ((this.#state.name === 'online' || this.#state.name === 'greeting') && frames.length > 0) {
        for (const message of inMessages(frames)) this.#state.link.send(message);
      }
    });
  }

  #enter(state: State): void {
    this.#state = state;
    const next = statusOf(state);
    // Connecting and greeting are one to whoever looks.
    if (next.state !== 'connecting' || this.#status.state !== 'connecting') this.#status = next;
    this.#hooks.status(this.#status);
  }

  #connect(): void {
    this.#heardAt = this.#clock.monotonic();
    let link: Link | null = null;
    const current = () => link !== null && 'link' in this.#state && this.#state.link === link;
    const opened = this.#transport.open({
      opened: () => {
        if (current()) this.#greet(opened);
      },
      frame: (frame) => {
        if (current()) this.#take(frame);
      },
      closed: (code) => {
        if (current()) this.#closed(code);
      },
    });
    link = opened;
    const giveUp = this.#clock.after(OPEN_MS, () => {
      if (current() && this.#state.name === 'connecting') this.#closed(BROKEN);
    });
    this.#enter({ name: 'connecting', link: opened, giveUp });
  }

  #greet(link: Link): void {
    if (this.#state.name !== 'connecting') return;
    this.#state.giveUp();
    this.#enter({ name: 'greeting', link });
    this.request('hello', this.#hooks.hello(), OPEN_MS).then(
      (welcome) => {
        if (this.#state.name === 'greeting' && this.#state.link === link) this.#welcomed(link, welcome);
      },
      (error) => {
        if (this.#state.name !== 'greeting' || this.#state.link !== link) return;
        const code = codeOf(error);
        if (code === 'unauthenticated') this.#closed(CLOSE.unauthenticated);
        else if (code === 'wrong_version' || code === 'bad_frame') this.#closed(CLOSE.wrong_version);
        else this.#closed(BROKEN);
      },
    );
  }

  #welcomed(link: Link, welcome: Welcome): void {
    this.#tries = 0;
    this.#dictatedMs = null;
    this.#enter({ name: 'online', link, heartbeatMs: welcome.heartbeatMs, stopPing: () => {} });
    this.#hooks.online(welcome);
    const early = this.#early;
    this.#early = [];
    for (const waiting of early) this.#send(waiting);
    this.#beat();
  }

  #beat(): void {
    const state = this.#state;
    if (state.name !== 'online') return;
    state.stopPing = this.#clock.after(state.heartbeatMs, () => {
      if (this.#state !== state) return;
      if (this.#clock.monotonic() - this.#heardAt > DEAD_MS) return this.#closed(CLOSE.silent);
      this.#ping(DEAD_MS - state.heartbeatMs);
      this.#beat();
    });
  }

  /** A connection that says nothing at all for so long after a ping is taken for dead. */
  #ping(patienceMs: number): void {
    const state = this.#state;
    const askedAt = this.#clock.monotonic();
    this.request('ping', this.#hooks.ping(), patienceMs).then(
      (pong) => {
        if (this.#state === state) this.#hooks.pong(pong);
      },
      (error) => {
        const silent = this.#heardAt <= askedAt;
        if (this.#state === state && codeOf(error) === 'offline' && silent) this.#closed(CLOSE.silent);
      },
    );
  }

  #take(frame: ServerFrame): void {
    this.#heardAt = this.#clock.monotonic();
    if (isReply(frame)) {
      const waiting = frame.re === null ? undefined : this.#waiting.get(frame.re);
      if (!waiting) return;
      this.#waiting.delete(waiting.frame.id);
      waiting.cancel();
      if ('error' in frame) waiting.failed(new RequestFailed(frame.error));
      else waiting.done(frame.result);
      return;
    }
    if (frame.type === 'bye') this.#dictatedMs = frame.retryAfterMs;
    else if (frame.type === 'revoked') this.#revoked = { by: frame.by, at: frame.at };
    this.#hooks.event(frame);
  }

  #closed(code: number): void {
    if (code === CLOSE.replaced) this.#end({ state: 'replaced' });
    else if (code === CLOSE.revoked || code === CLOSE.unauthenticated) {
      this.#end({ state: 'signedOut', ...this.#revoked });
    } else if (!mayComeBack(code)) this.#end({ state: 'wrongVersion' });
    else this.#back();
  }

  #back(): void {
    this.#leave();
    const jitter = backoff(this.#random, this.#tries, this.#tries === 0 ? 5_000 : 2_500, 60_000);
    const waitMs = this.#dictatedMs === null ? jitter : this.#dictatedMs + this.#random.next() * 500;
    this.#tries++;
    this.#dictatedMs = null;
    const cancel = this.#clock.after(waitMs, () => this.#connect());
    this.#enter({ name: 'offline', retryAt: this.#clock.now() + waitMs, cancel });
    this.#forget();
  }

  #end(status: Status): void {
    if (this.#state.name === 'ended') return;
    if (this.#state.name === 'offline') this.#state.cancel();
    this.#leave();
    this.#enter({ name: 'ended', status });
    this.#forget();
  }

  #leave(): void {
    const state = this.#state;
    if (state.name === 'connecting') state.giveUp();
    if (state.name === 'online') state.stopPing();
    if ('link' in state) state.link.close();
  }

  #forget(): void {
    const left = [...this.#waiting.values(), ...this.#early];
    this.#waiting.clear();
    this.#early = [];
    this.#out = [];
    for (const { cancel, failed } of left) {
      cancel();
      failed(new RequestFailed({ code: 'offline' }));
    }
  }
}

function statusOf(state: State): Status {
  if (state.name === 'online') return { state: 'online' };
  if (state.name === 'offline') return { state: 'offline', retryAt: state.retryAt };
  return state.name === 'ended' ? state.status : { state: 'connecting' };
}

/** In their order, each message no larger than the server takes. */
function* inMessages(frames: readonly Sized[]): Generator<readonly CommandFrame[]> {
  let message: CommandFrame[] = [];
  let total = 0;
  for (const { frame, bytes } of frames) {
    if (message.length > 0 && total + bytes + 1 > MESSAGE_BYTES) {
      yield message;
      message = [];
      total = 0;
    }
    message.push(frame);
    total += bytes + 1;
  }
  yield message;
}
