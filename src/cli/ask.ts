/**
 * One command, one answer, over plain HTTP: no connection is opened, so a running `parley chat` of the same device is
 * left in peace. What may be repeated is repeated for a while, with the same key.
 */
import type { CommandName, Request, Result } from '../protocol/commands.ts';
import { ERRORS, type Failure } from '../protocol/errors.ts';
import type { Reply } from '../protocol/frames.ts';
import { EXIT, Failed, refused } from './failure.ts';
import type { SavedSession } from './profile.ts';

const GIVE_UP_MS = 20_000;
const PAUSE_MS = 300;

export type Ask = <N extends CommandName>(type: N, fields: Request<N>) => Promise<Result<N>>;

export function asker(session: SavedSession): Ask {
  return async (type, fields) => {
    const body = JSON.stringify([{ id: 1, type, ...fields }]);
    const began = Date.now();
    for (;;) {
      const failure = await post<Reply[]>(session.server, '/api/commands', body, session.token).then(([reply]) => {
        if (reply && 'result' in reply) return { result: reply.result };
        return reply?.error ?? { code: 'internal' as const };
      }, passing);
      if ('result' in failure) return failure.result as never;
      const retry = ERRORS[failure.code]?.retry === 'same' && Date.now() - began < GIVE_UP_MS;
      if (!retry) throw refused(failure);
      await new Promise((resolve) => setTimeout(resolve, failure.retryAfterMs ?? PAUSE_MS));
    }
  };
}

/** What the server refused with a status is as good as an error frame. */
function passing(error: unknown): Failure {
  if (error instanceof RefusedRequest) return error.failure;
  throw error;
}

export class RefusedRequest extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

export function get<T>(server: string, path: string): Promise<T> {
  return post(server, path, null, undefined, 'GET');
}

export async function post<T>(
  server: string,
  path: string,
  body: string | null,
  token?: string,
  method: 'POST' | 'DELETE' | 'GET' = 'POST',
): Promise<T> {
  let answer: Response;
  let text: string;
  try {
    const headers = new Headers({ 'content-type': 'application/json' });
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    answer = await fetch(new URL(path, server), { method, headers, ...(body === null ? {} : { body }) });
    text = await answer.text();
  } catch {
    throw new Failed(`Nothing answers at ${server}. Is the server running? (--server URL)`, EXIT.unreachable);
  }
  let read: unknown = null;
  try {
    if (text) read = JSON.parse(text);
  } catch {
    throw new Failed(`What answers at ${server} is no Parley server.`, EXIT.unreachable);
  }
  if (answer.ok) return read as T;
  const failure = (read as { error?: Failure } | null)?.error ?? (read as Failure | null);
  if (!failure?.code) throw new Failed(`${server} answered ${answer.status}.`, EXIT.unreachable);
  throw new RefusedRequest(failure);
}
