/** One port for everything: the API, the socket, the web app, and what a supervisor asks. */
import type { BunRequest, Server } from 'bun';
import { ConfigError } from './config.ts';
import { Gateway, type SocketData } from './gateway.ts';
import { failureAnswer, jsonAnswer } from './http-answer.ts';
import { ROUTES } from './http-api.ts';
import { mediaRoutes } from './http-media.ts';
import { pathIn, SLOTS } from './http-origin.ts';
import type { Backend } from './http-route.ts';
import { framesSchema, openApi } from './openapi.ts';
import type { Web } from './web.ts';

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly frameBytes: number;
}

export interface Http {
  readonly port: number;
  /** What is under way may end within this time. */
  stop(graceMs: number): Promise<void>;
}

type Handler = (request: BunRequest, server: Server<SocketData>) => Response | Promise<Response | undefined>;

export function serveHttp(options: HttpOptions, backend: Backend, web: Web): Http {
  const gateway = new Gateway(backend, options.frameBytes);
  const server = listen(options, {
    // Only a backstop: each route says itself when a body is too large.
    maxRequestBodySize: 1024 * 1024,
    idleTimeout: 30,
    routes: { ...apiRoutes(backend), ...socketRoutes(gateway), ...mediaRoutes(backend), ...plainRoutes(backend) },
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      if (/^(\/\d)?\/api(\/|$)/.test(pathname)) return failureAnswer({ code: 'not_found' });
      if (request.method !== 'GET' && request.method !== 'HEAD') return notThis('GET, HEAD');
      return web.answer(pathname, request.headers.get('accept')?.includes('text/html'));
    },
    error: (error) => failureAnswer({ code: 'internal', id: backend.report(error, 'http') }),
    websocket: gateway.handler,
  });
  return {
    port: server.port ?? options.port,
    stop: async (graceMs) => {
      gateway.stop();
      const cut = setTimeout(() => void server.stop(true), graceMs);
      await server.stop();
      clearTimeout(cut);
    },
  };
}

function listen(
  { host, port }: HttpOptions,
  options: Omit<Bun.Serve.Options<SocketData, string>, 'hostname' | 'port'>,
): Server<SocketData> {
  try {
    return Bun.serve({ ...options, hostname: host, port } as Bun.Serve.Options<SocketData, string>);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EADDRINUSE') {
      throw new ConfigError(`Port ${port} on ${host} is taken. Choose another with --port.`);
    }
    throw new ConfigError(
      `Parley cannot listen on ${host}, port ${port} (${code ?? String(error)}). Choose others with --host and --port.`,
    );
  }
}

/** Each address of the API, plain and under every slot. */
function apiRoutes(backend: Backend): Record<string, Handler> {
  const paths = new Map<string, typeof ROUTES>();
  for (const route of ROUTES) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  const table: Record<string, Handler> = {};
  for (const [path, routes] of paths) {
    for (const slot of SLOTS) {
      table[pathIn(slot, path)] = (request, server) => {
        const route = routes.find(({ method }) => method === request.method);
        if (!route) return notThis(routes.map(({ method }) => method).join(', '));
        return route.answerTo(backend, request, server as Server<unknown>, slot);
      };
    }
  }
  return table;
}

function socketRoutes(gateway: Gateway): Record<string, Handler> {
  return Object.fromEntries(
    SLOTS.map((slot): [string, Handler] => [
      pathIn(slot, '/socket'),
      (request, server) => gateway.upgrade(request, server, slot),
    ]),
  );
}

function plainRoutes({ isReady }: Backend): Record<string, Handler> {
  const get =
    (answer: () => Response | Promise<Response>): Handler =>
    (request) =>
      request.method === 'GET' || request.method === 'HEAD' ? answer() : notThis('GET, HEAD');
  const documents = { '/openapi.json': JSON.stringify(openApi()), '/frames.json': JSON.stringify(framesSchema()) };
  return {
    '/livez': get(() => jsonAnswer('{"live":true}')),
    '/readyz': get(async () => ((await isReady()) ? jsonAnswer('{"ready":true}') : jsonAnswer('{"ready":false}', 503))),
    ...Object.fromEntries(Object.entries(documents).map(([path, text]) => [path, get(() => jsonAnswer(text))])),
  };
}

function notThis(allow: string): Response {
  return failureAnswer({ code: 'unknown_command' }, 405, { Allow: allow });
}
