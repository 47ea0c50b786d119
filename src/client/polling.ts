/** The protocol over plain requests, for where there is no WebSocket. The server keeps nothing between two polls. */
import { type Clock, delay } from '../core/clock.ts';
import type { Position } from '../protocol/entities.ts';
import { CLOSE, type Failure } from '../protocol/errors.ts';
import { type CommandFrame, isReply, type ServerFrame } from '../protocol/frames.ts';
import { BROKEN, type Handlers, type Link, type Transport } from './transport.ts';

const WAIT_MS = 20_000;
const FIRST_PAUSE_MS = 10;
/** Of one `POST`; the server takes no larger body in one piece. */
const FRAMES_MAX = 50;

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

// A browser's `fetch` may only be called as a function of its window.
const plainFetch: Fetch = (url, init) => fetch(url, init);

export function pollingTransport(base: string, token: string | null, clock: Clock, request = plainFetch): Transport {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return { open: (handlers) => new PollingLink(base, headers, clock, request, handlers) };
}

class PollingLink implements Link {
  readonly pulls = true;
  #position: Position | null = null;
  #over = false;
  #hello = 0;
  readonly #stop = new AbortController();
  readonly #base: string;
  readonly #headers: Record<string, string>;
  readonly #clock: Clock;
  readonly #request: Fetch;
  readonly #handlers: Handlers;

  constructor(base: string, headers: Record<string, string>, clock: Clock, request: Fetch, handlers: Handlers) {
    this.#base = base;
    this.#headers = headers;
    this.#clock = clock;
    this.#request = request;
    this.#handlers = handlers;
    clock.soon(() => {
      if (!this.#over) handlers.opened();
    });
  }

  send(frames: readonly CommandFrame[]): void {
    for (let i = 0; i < frames.length; i += FRAMES_MAX) void this.#post(frames.slice(i, i + FRAMES_MAX));
  }

  close(): void {
    this.#over = true;
    this.#stop.abort();
  }

  async #post(frames: readonly CommandFrame[]): Promise<void> {
    const hello = frames.find((frame) => frame.type === 'hello');
    if (hello) this.#hello = hello.id;
    const headers = { ...this.#headers, 'content-type': 'application/json' };
    await this.#exchange('/api/commands', { method: 'POST', headers, body: JSON.stringify(frames) }, frames);
  }

  async #poll(): Promise<void> {
    // A server that answers nothing at once is asked with pauses that grow.
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#over && this.#position) {
      const { epoch, seq } = this.#position;
      const before = this.#clock.monotonic();
      const path = `/api/poll?epoch=${epoch}&seq=${seq}&wait=${WAIT_MS}`;
      const count = await this.#exchange(path, { headers: this.#headers });
      if (count > 0 || this.#clock.monotonic() - before > 1_000) pauseMs = FIRST_PAUSE_MS;
      else await delay(this.#clock, (pauseMs = Math.min(2 * pauseMs, 2_000)));
    }
  }

  async #exchange(path: string, init: RequestInit, asked: readonly CommandFrame[] = []): Promise<number> {
    try {
      const answer = await this.#request(this.#base + path, { ...init, signal: this.#stop.signal });
      if (this.#over) return 0;
      if (answer.status === 401) {
        this.#end(CLOSE.unauthenticated, 'unauthenticated');
        return 0;
      }
      const body = (await answer.json()) as ServerFrame[] | { error?: Failure };
      if (!Array.isArray(body) && !body.error) throw new Error(`status ${answer.status}`);
      const frames = Array.isArray(body) ? body : asked.map(({ id }) => ({ re: id, error: body.error! }));
      for (const frame of frames) this.#take(frame);
      return frames.length;
    } catch (error) {
      this.#end(BROKEN, String(error));
      return 0;
    }
  }

  #take(frame: ServerFrame): void {
    if (this.#over) return;
    if (isReply(frame)) {
      if (frame.re === this.#hello && 'result' in frame) {
        const { epoch, feedHead } = frame.result as { epoch: number; feedHead: number };
        const first = this.#position === null;
        this.#position = { epoch, seq: feedHead };
        if (first) void this.#poll();
      }
    } else if (frame.type === 'feed') this.#reach(frame.epoch, frame.to);
    else if (frame.type === 'resync') this.#reach(this.#position?.epoch ?? 1, frame.feedHead);
    this.#handlers.frame(frame);
  }

  #reach(epoch: number, seq: number): void {
    if (!this.#position || epoch !== this.#position.epoch || seq > this.#position.seq) this.#position = { epoch, seq };
  }

  #end(code: number, reason: string): void {
    if (this.#over) return;
    this.close();
    this.#handlers.closed(code, reason);
  }
}
