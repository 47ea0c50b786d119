/** A whole server in this process on a free port, over a store in memory, and programs that speak to it. */
import { Socket as TcpSocket } from 'node:net';
import { MemoryHub } from '../../src/bus/memory.ts';
import type { Pictures } from '../../src/media/media.ts';
import { memoryMedia } from '../../src/media/memory.ts';
import type { SignedIn } from '../../src/protocol/accounts.ts';
import type { CommandName, Request, Result } from '../../src/protocol/commands.ts';
import type { Join } from '../../src/protocol/community.ts';
import type { Failure } from '../../src/protocol/errors.ts';
import type { Event } from '../../src/protocol/events.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/protocol/limits.ts';
import type { Push } from '../../src/push/push.ts';
import { MemoryIndex } from '../../src/search/memory.ts';
import type { Passwords } from '../../src/server/accounts.ts';
import { startApp } from '../../src/server/app.ts';
import { sha256, systemClock, systemRandom } from '../../src/server/system.ts';
import { webOf } from '../../src/server/web.ts';
import { openMemoryStore } from '../../src/store/memory.ts';
import { atEnd } from '../endings.ts';

export const PASSWORD = 'correct horse';

/** As good as none, and quick. */
export const plainPasswords: Passwords = {
  hash: async (password) => `plain ${password}`,
  verify: async (password, hash) => hash === `plain ${password}`,
};

export interface Running {
  readonly url: string;
  readonly port: number;
  /** What was reported as a bug. */
  readonly reported: string[];
  /** The code of its set-up link, as it started. */
  readonly setUp: string | null;
  stop(): Promise<void>;
}

interface Options {
  readonly url?: string;
  readonly mediaUrl?: string;
  readonly limits?: Partial<Limits>;
  readonly web?: string;
  readonly lan?: boolean;
  /** Anyone unless said otherwise. */
  readonly join?: Join;
  readonly mayWrite?: () => Promise<boolean>;
  readonly pictures?: Pictures;
  readonly push?: Push;
  /** Whoever started it stops it. */
  readonly outlives?: boolean;
}

export async function running(options: Options = {}): Promise<Running> {
  const reported: string[] = [];
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const url = options.url ? new URL(options.url) : null;
  const app = await startApp(
    {
      port: 0,
      host: '127.0.0.1',
      data: '',
      url,
      mediaUrl: options.mediaUrl ? new URL(options.mediaUrl) : null,
      limits,
      join: options.join ?? 'anyone',
      push: 'off',
      lan: options.lan ?? false,
      reset: null,
      reindex: false,
      parts: false,
    },
    {
      store: await openMemoryStore(),
      bus: new MemoryHub().attach(),
      search: new MemoryIndex(),
      clock: systemClock,
      random: systemRandom,
      hash: sha256,
      passwords: plainPasswords,
      media: memoryMedia(),
      pictures: options.pictures ?? { read: async () => null },
      push: options.push ?? null,
      web: webOf(options.web ?? '/nowhere'),
      ...(options.mayWrite ? { mayWrite: options.mayWrite } : {}),
      report: (error, what) => `${reported.push(`${what}: ${String(error)}`)}`,
    },
  );
  let stopped: Promise<void> | null = null;
  const stop = () => (stopped ??= app.stop());
  if (!options.outlives) atEnd(stop);
  return { url: `http://127.0.0.1:${app.port}`, port: app.port, reported, setUp: app.setUp, stop };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a server says is not typed
  readonly body: any;
}

/** `body` undefined: a GET. `token` is sent as a bearer. */
export async function ask(
  server: Running,
  path: string,
  options: { method?: string; body?: unknown; token?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { body, token } = options;
  const answer = await fetch(server.url + path, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}

export async function signUp(server: Running, name: string): Promise<SignedIn & { token: string }> {
  const body = { name, displayName: name, password: PASSWORD, device: 'test' };
  const answer = await ask(server, '/api/accounts', { body });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

type Frame = { re?: number | null; result?: unknown; error?: Failure; type?: string };

/** A socket whose frames can be waited for. */
export class Socket {
  readonly #socket: WebSocket;
  readonly #frames: Frame[] = [];
  #look = () => {};
  #last = 0;
  readonly opened: Promise<boolean>;
  /** Its code. */
  readonly closed: Promise<number>;

  constructor(server: Running, path = '/socket', headers: Record<string, string> = {}, outlives = false) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers } as never);
    this.#socket.onmessage = ({ data }) => {
      const read = JSON.parse(data as string) as Frame | Frame[];
      this.#frames.push(...(Array.isArray(read) ? read : [read]));
      this.#look();
    };
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = ({ code }) => resolve(code);
    });
    this.#socket.onerror = () => {};
    this.opened = new Promise((resolve) => {
      this.#socket.onopen = () => resolve(true);
      void this.closed.then(() => resolve(false));
    });
    if (!outlives) atEnd(() => this.#socket.close());
  }

  static async signedIn(server: Running, token: string, outlives = false): Promise<Socket> {
    const socket = new Socket(server, '/socket', {}, outlives);
    await socket.opened;
    await socket.call('hello', { protocol: 1, token, position: null });
    return socket;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  /** A control frame, below the protocol. */
  ping(): void {
    (this.#socket as unknown as { ping(): void }).ping();
  }

  async call<N extends CommandName>(type: N, request: Request<N>): Promise<Result<N>> {
    const { result, error } = await this.ask({ type, ...request });
    if (error) throw new Error(JSON.stringify(error));
    return result as Result<N>;
  }

  /** Any frame, which gets an id; its reply. */
  ask(frame: Record<string, unknown>): Promise<Frame> {
    const id = ++this.#last;
    this.send(JSON.stringify({ id, ...frame }));
    return this.next((reply) => reply.re === id);
  }

  event<T extends Event['type']>(type: T): Promise<Extract<Event, { type: T }>> {
    return this.next((frame) => frame.type === type) as never;
  }

  /** Takes the first frame that fits, now or when it comes. */
  next(fits: (frame: Frame) => boolean): Promise<Frame> {
    return new Promise((resolve) => {
      this.#look = () => {
        const at = this.#frames.findIndex(fits);
        if (at < 0) return;
        this.#look = () => {};
        resolve(this.#frames.splice(at, 1)[0]!);
      };
      this.#look();
    });
  }
}

/** A socket that says what it likes and never reads. */
export class Deaf {
  readonly #socket = new TcpSocket();

  static async signedIn(server: Running, token: string): Promise<Deaf> {
    const deaf = new Deaf();
    const socket = deaf.#socket;
    atEnd(async () => void socket.destroy());
    socket.on('error', () => {});
    socket.connect(server.port, '127.0.0.1');
    const lines = ['GET /socket HTTP/1.1', 'Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade'];
    lines.push('Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${btoa('0123456789abcdef')}`, '', '');
    socket.write(lines.join('\r\n'));
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    deaf.say({ id: 1, type: 'hello', protocol: 1, token, position: null });
    return deaf;
  }

  /** Masked with zeros, which change nothing. */
  say(frame: unknown): void {
    const text = Buffer.from(JSON.stringify(frame));
    const length = Buffer.from([0x81, 0x80 | 126, text.length >> 8, text.length & 0xff, 0, 0, 0, 0]);
    this.#socket.write(Buffer.concat([length, text]));
  }
}
