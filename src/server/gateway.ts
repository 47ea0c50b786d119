/** WebSockets: each carries one connection of the node. */
import type { Server, ServerWebSocket, WebSocketHandler } from 'bun';
import { CLOSE } from '../protocol/errors.ts';
import type { Connection } from './connection.ts';
import { failureOf } from './failed.ts';
import { failureAnswer } from './http-answer.ts';
import { addressOf, isForeign, isLoopbackAddress, networkOf, tokenIn } from './http-origin.ts';
import type { Backend } from './http-route.ts';
import type { Outlet } from './outlet.ts';
import type { Session } from './session.ts';
import { systemClock } from './system.ts';
import { Tries } from './tries.ts';

/** What a socket carries; `connection` is there from its opening on. */
export interface SocketData {
  readonly session: Session | null;
  readonly network: string;
  connection: Pick<Connection, 'phase' | 'receive' | 'pinged' | 'drained' | 'closed'> | null;
  ending: ReturnType<typeof setTimeout> | null;
}

const UNSUPPORTED_DATA = 1003;
/** On a server that is asked over the network; its own machine has no such bound. */
const SOCKETS_PER_NETWORK = 500;
const HANDSHAKES_PER_MINUTE = 600;
/** A peer that does not answer a close is cut off. */
const CLOSING_MS = 5_000;

export class Gateway {
  readonly #backend: Backend;
  readonly #sockets = new Set<ServerWebSocket<SocketData>>();
  readonly #byNetwork = new Map<string, number>();
  readonly #handshakes = new Tries(systemClock, HANDSHAKES_PER_MINUTE, 'rate_limited');
  readonly #byUser = new Map<string, number>();
  readonly #stopRevoked: () => void;
  readonly handler: WebSocketHandler<SocketData>;

  constructor(backend: Backend, frameBytes: number) {
    this.#backend = backend;
    // The node tells and closes those that said hello; a socket may also wait with the session of its cookie.
    this.#stopRevoked = backend.accounts.onRevoked((device) => {
      for (const socket of this.#sockets) {
        const { session, connection } = socket.data;
        if (session?.device === device && connection?.phase === 'greeting') socket.close(CLOSE.revoked, 'revoked');
      }
    });
    this.handler = {
      maxPayloadLength: frameBytes,
      backpressureLimit: 1024 * 1024,
      closeOnBackpressureLimit: false,
      perMessageDeflate: false,
      sendPings: false,
      idleTimeout: 240,
      open: (socket) => this.#opened(socket),
      message: (socket, message) => {
        if (typeof message === 'string') socket.data.connection?.receive(message);
        else socket.close(UNSUPPORTED_DATA, 'text only');
      },
      ping: (socket) => socket.data.connection?.pinged(),
      drain: (socket) => socket.data.connection?.drained(),
      close: (socket) => this.#closed(socket),
    };
  }

  stop(): void {
    this.#stopRevoked();
  }

  /** Answers a request for a socket; nothing when it became one. */
  async upgrade(request: Request, server: Server<SocketData>, slot: number | null): Promise<Response | undefined> {
    try {
      return await this.#upgrade(request, server, slot);
    } catch (error) {
      return failureAnswer(failureOf(error) ?? { code: 'internal', id: this.#backend.report(error, 'a handshake') });
    }
  }

  async #upgrade(request: Request, server: Server<SocketData>, slot: number | null): Promise<Response | undefined> {
    const { accounts, site, connectionsPerUser } = this.#backend;
    if (request.method !== 'GET') return failureAnswer({ code: 'unknown_command' }, 405, { Allow: 'GET' });
    if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') {
      return failureAnswer({ code: 'bad_frame' }, 426, { Upgrade: 'websocket' });
    }
    if (!this.#backend.isServing()) return failureAnswer({ code: 'unavailable', retryAfterMs: 1_000 });
    const [named] = new URL(request.url).searchParams.keys();
    if (named !== undefined) return failureAnswer({ code: 'bad_frame', path: `/${named}` });
    if (isForeign(request, site, slot === null)) return failureAnswer({ code: 'wrong_origin' });
    const address = addressOf(request, server, site);
    const network = networkOf(address);
    if (!isLoopbackAddress(address)) {
      const isCrowded = (this.#byNetwork.get(network) ?? 0) >= SOCKETS_PER_NETWORK;
      if (isCrowded) return failureAnswer({ code: 'rate_limited', retryAfterMs: 30_000 });
      this.#handshakes.take(network);
    }
    const token = tokenIn(slot, request, site);
    // Without a session the socket opens all the same: a page cannot read why an upgrade failed, but can a close code.
    const session = token ? await accounts.authenticate(token) : null;
    if (session && (this.#byUser.get(session.user) ?? 0) >= connectionsPerUser) {
      return failureAnswer({ code: 'rate_limited', retryAfterMs: 30_000 });
    }
    const data: SocketData = { session, network, connection: null, ending: null };
    return server.upgrade(request, { data }) ? undefined : failureAnswer({ code: 'bad_frame' });
  }

  #opened(socket: ServerWebSocket<SocketData>): void {
    const { data } = socket;
    this.#sockets.add(socket);
    count(this.#byNetwork, data.network, 1);
    if (data.session) count(this.#byUser, data.session.user, 1);
    data.connection = this.#backend.node.accept(outletOf(socket), data.session);
  }

  #closed(socket: ServerWebSocket<SocketData>): void {
    const { data } = socket;
    if (!this.#sockets.delete(socket)) return;
    if (data.ending) clearTimeout(data.ending);
    count(this.#byNetwork, data.network, -1);
    if (data.session) count(this.#byUser, data.session.user, -1);
    data.connection?.closed();
  }
}

function outletOf(socket: ServerWebSocket<SocketData>): Outlet {
  return {
    send: (text) => {
      const sent = socket.send(text);
      if (sent > 0) return 'sent';
      return sent === 0 ? 'closed' : 'full';
    },
    close: (code, reason) => {
      socket.data.ending ??= setTimeout(() => socket.terminate(), CLOSING_MS);
      socket.close(code, reason);
    },
  };
}

function count(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const left = (counts.get(key) ?? 0) + by;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
