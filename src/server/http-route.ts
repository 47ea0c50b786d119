/** One address of the API: its schemas are what is checked and what `/openapi.json` says. */
import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox';
import Compile from 'typebox/compile';
import { PART_BYTES_MAX } from '../protocol/limits.ts';
import type { Accounts } from './accounts.ts';
import type { Admission } from './admission.ts';
import { departureFrom } from './departure.ts';
import { Failed, failureOf } from './failed.ts';
import { failureAnswer, jsonAnswer } from './http-answer.ts';
import { readBytes } from './http-body.ts';
import { addressOf, isForeign, isOverLoopback, networkOf, type Site, setCookie, tokenIn } from './http-origin.ts';
import type { ServerNode } from './node.ts';
import type { Polling } from './polling.ts';
import type { Session } from './session.ts';

/** What the API stands on. */
export interface Backend {
  readonly accounts: Accounts;
  readonly admission: Admission;
  readonly node: Pick<
    ServerNode,
    'execute' | 'poll' | 'accept' | 'connectionCount' | 'uploads' | 'files' | 'portraits'
  >;
  readonly polling: Polling;
  readonly site: Site;
  readonly connectionsPerUser: number;
  /** False while it starts or stops. */
  readonly isServing: () => boolean;
  /** Whether it serves and can store. */
  readonly isReady: () => Promise<boolean>;
  readonly report: (error: unknown, what: string) => string;
}

export interface Call<B, Q> {
  readonly backend: Backend;
  readonly session: Session;
  readonly body: B;
  readonly query: Q;
  readonly params: Readonly<Record<string, string>>;
  readonly slot: number | null;
  readonly network: string;
  readonly overLoopback: boolean;
  /** Keeps this token (null: none) as the slot's cookie. */
  keep(token: string | null): void;
  /** Lets the answer take its time; tells when nobody waits for it any more. */
  patient(): AbortSignal;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly needsSession: boolean;
  /** 'bytes': what comes is taken as it is. */
  readonly body: TSchema | 'bytes' | null;
  readonly query: TObject;
  readonly answer: TSchema;
  answerTo(
    backend: Backend,
    request: Bun.BunRequest,
    server: Bun.Server<unknown>,
    slot: number | null,
  ): Promise<Response>;
}

const BODY_BYTES = 64 * 1024;
const NO_QUERY = Type.Object({}, { additionalProperties: false });

interface Definition<B extends TSchema, P extends TProperties> {
  readonly method: Route['method'];
  readonly path: Route['path'];
  readonly summary: string;
  /** True unless said otherwise. */
  readonly needsSession?: boolean;
  readonly body?: B | 'bytes';
  readonly query?: TObject<P>;
  readonly answer: TSchema;
  /** The answer; a string is JSON already. */
  run(call: Call<Static<B>, Static<TObject<P>>>): Promise<unknown>;
}

export function defineRoute<B extends TSchema, P extends TProperties = TProperties>(
  definition: Definition<B, P>,
): Route {
  const { method, path, summary, needsSession = true, body, answer, run } = definition;
  const query: TObject = definition.query ?? NO_QUERY;
  const checkQuery = checker(query);
  const checkBody = body && body !== 'bytes' ? checker(body) : null;

  const answerTo: Route['answerTo'] = async (backend, request, server, slot) => {
    try {
      const { site } = backend;
      if (!backend.isServing()) throw new Failed('unavailable', { retryAfterMs: 1_000 });
      if (method !== 'GET' && isForeign(request, site, slot === null)) throw new Failed('wrong_origin');
      const asked = readQuery(new URL(request.url).searchParams, query);
      checkQuery(asked);
      const token = tokenIn(slot, request, site);
      const session = needsSession && token ? await backend.accounts.authenticate(token) : null;
      if (needsSession && !session) throw new Failed('unauthenticated');
      const read =
        body === 'bytes' ? await readBytes(request, PART_BYTES_MAX) : checkBody ? await readBody(request) : null;
      checkBody?.(read);
      const address = addressOf(request, server, site);
      const headers: Record<string, string> = {};
      const result = await run({
        backend,
        session: session as Session,
        body: read as Static<B>,
        query: asked as Static<TObject<P>>,
        params: request.params as Readonly<Record<string, string>>,
        slot,
        network: networkOf(address),
        overLoopback: isOverLoopback(request, address, site),
        keep: (kept) => {
          if (slot !== null) headers['Set-Cookie'] = setCookie(request, site, slot, kept);
        },
        patient: () => {
          server.timeout(request, 90);
          return request.signal;
        },
      });
      return jsonAnswer(typeof result === 'string' ? result : JSON.stringify(result), 200, headers);
    } catch (error) {
      if (error instanceof NotJson) return failureAnswer({ code: 'bad_frame', path: '' }, 415);
      const failure = failureOf(error) ?? { code: 'internal', id: backend.report(error, `${method} ${path}`) };
      // The rest of it is not waited for.
      return failureAnswer(failure, undefined, failure.code === 'too_slow' ? { Connection: 'close' } : {});
    }
  };
  return { method, path, summary, needsSession, body: body ?? null, query, answer, answerTo };
}

/** Throws `bad_frame` with the place of what is wrong. */
function checker(schema: TSchema): (value: unknown) => void {
  const validator = Compile(schema);
  return (value) => {
    if (!validator.Check(value)) throw new Failed('bad_frame', { path: departureFrom(schema, value) });
  };
}

/** Numbers become numbers where the schema has them; what is given twice is wrong. */
function readQuery(params: URLSearchParams, schema: TObject): Record<string, unknown> {
  const asked: Record<string, unknown> = {};
  for (const [name, text] of params) {
    if (Object.hasOwn(asked, name)) throw new Failed('bad_frame', { path: `/${name}` });
    const { type } = (schema.properties[name] ?? {}) as { type?: string };
    asked[name] = type === 'integer' && /^\d{1,16}$/.test(text) ? Number(text) : text;
  }
  return asked;
}

class NotJson extends Error {}

async function readBody(request: Request): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) throw new NotJson();
  const bytes = await readBytes(request, BODY_BYTES);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Failed('bad_frame', { path: '' });
  }
}
