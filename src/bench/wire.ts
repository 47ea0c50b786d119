/** The protocol by hand: raw frames over a WebSocket, so that figures and faults are the server's and not the SDK's. */
import { randomBytes } from 'node:crypto';
import type { CommandName, Request, Result } from '../protocol/commands.ts';
import type { Failure } from '../protocol/errors.ts';
import type { Event } from '../protocol/events.ts';
import { isReply, type ServerFrame } from '../protocol/frames.ts';
import { idOf } from '../protocol/ids.ts';

export interface Account {
  readonly user: string;
  readonly name: string;
  readonly password: string;
  readonly device: string;
  readonly token: string;
}

/** The connection ended before the answer came: whether the command was done is not known. */
export class Unanswered extends Error {}

export class Refused extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

type Done = (frame: { result?: unknown; error?: Failure } | null) => void;

export class Wire {
  onEvent: (event: Event) => void = () => {};
  onClose: () => void = () => {};
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Done>();
  #last = 0;
  #out: string[] = [];
  #pinging: ReturnType<typeof setInterval> | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Resolves when the server has answered `hello`. */
  static connect(url: string, token: string): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`);
      const wire = new Wire(socket);
      socket.onopen = () => {
        wire.call('hello', { protocol: 1, token, position: null }).then(({ heartbeatMs }) => {
          wire.#pinging = setInterval(() => wire.ask('ping', { shown: [], profiles: [] }, () => {}), heartbeatMs);
          resolve(wire);
        }, reject);
      };
      socket.onmessage = (message) => wire.#take(message.data as string);
      socket.onerror = () => {};
      socket.onclose = (event) => {
        clearInterval(wire.#pinging);
        reject(new Unanswered(`closed ${event.code}`));
        for (const done of wire.#waiting.values()) done(null);
        wire.#waiting.clear();
        wire.onClose();
      };
    });
  }

  /** `done` gets null when the connection ended first. Frames of one turn leave as one text message. */
  ask<N extends CommandName>(type: N, fields: Request<N>, done: Done): void {
    const id = ++this.#last;
    this.#waiting.set(id, done);
    if (this.#out.push(JSON.stringify({ id, type, ...fields })) === 1) queueMicrotask(() => this.#flush());
  }

  call<N extends CommandName>(type: N, fields: Request<N>): Promise<Result<N>> {
    return new Promise((resolve, reject) => {
      this.ask(type, fields, (frame) => {
        if (frame?.error) reject(new Refused(frame.error));
        else if (frame) resolve(frame.result as Result<N>);
        else reject(new Unanswered('closed'));
      });
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  close(): void {
    this.#socket.close();
  }

  #flush(): void {
    const out = this.#out;
    this.#out = [];
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(out.length === 1 ? out[0]! : `[${out.join(',')}]`);
  }

  #take(text: string): void {
    const read = JSON.parse(text) as ServerFrame | ServerFrame[];
    for (const frame of Array.isArray(read) ? read : [read]) {
      if (!isReply(frame)) this.onEvent(frame);
      else if (frame.re !== null) {
        const done = this.#waiting.get(frame.re);
        this.#waiting.delete(frame.re);
        done?.(frame);
      }
    }
  }
}

export const newKey = (): string => idOf(randomBytes(16));

export async function signUp(url: string, name: string, device = 'bench'): Promise<Account> {
  const password = 'correct horse battery';
  return account(password, await post(`${url}/api/accounts`, { name, displayName: name, password, device }));
}

/** Another device of the same account. */
export async function signIn(url: string, { name, password }: Account, device = 'bench'): Promise<Account> {
  return account(password, await post(`${url}/api/sessions`, { name, password, device }));
}

function account(password: string, body: { user: { user: string; name: string }; device: string; token: string }) {
  return { user: body.user.user, name: body.user.name, password, device: body.device, token: body.token };
}

// biome-ignore lint/suspicious/noExplicitAny: what a server says is not typed
async function post(url: string, body: unknown): Promise<any> {
  for (;;) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text);
    if (answer.status !== 429 && answer.status !== 503) throw new Error(`${url} answered ${answer.status}: ${text}`);
    await Bun.sleep(200);
  }
}

/** Runs at most `width` at a time; results in the order of `items`. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  run: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await run(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
