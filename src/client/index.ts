/** The SDK's door: sign up or in, then make a messenger of the session. */
import type { Clock, Random } from '../core/clock.ts';
import type { SignedIn } from '../protocol/accounts.ts';
import type { Failure } from '../protocol/errors.ts';
import type { Messenger } from './api.ts';
import { RequestFailed } from './failed.ts';
import { withFallback } from './fallback.ts';
import { createMessenger as create } from './messenger.ts';
import { hasWebSocket, onReturn, pageOrigin, systemClock, systemRandom } from './platform.ts';
import { pollingTransport } from './polling.ts';
import { memoryStorage } from './storage/memory.ts';
import type { Storage } from './storage/storage.ts';
import type { Transport } from './transport.ts';
import { webSocketTransport } from './websocket.ts';

export type { Messenger, MessengerEvents, Timeline } from './api.ts';
export { RequestFailed } from './failed.ts';
export { memoryStorage } from './storage/memory.ts';

export interface Place {
  /** The server's address; in a page the page's own when it is left out. */
  readonly server?: string;
  /** The account slot of a browser: the session is then a cookie, and no token is shown. */
  readonly slot?: number;
}

/** What a program keeps to come back as the same device. */
export interface Session {
  readonly user: string;
  readonly device: string;
  readonly token: string | null;
}

export interface Credentials extends Place {
  readonly name: string;
  readonly password: string;
  /** What the list of devices calls this one. */
  readonly device: string;
}

export async function signUp({
  displayName,
  ...who
}: Credentials & { readonly displayName?: string }): Promise<Session> {
  const { name, password, device } = who;
  return sessionOf(await post(who, '/api/accounts', { name, password, device, displayName: displayName ?? name }));
}

export async function signIn({ name, password, device, ...place }: Credentials): Promise<Session> {
  return sessionOf(await post(place, '/api/sessions', { name, password, device }));
}

export async function signOut({ token, ...place }: Place & { readonly token?: string | null }): Promise<void> {
  await call(place, 'DELETE', '/api/sessions/current', undefined, token ?? null);
}

/** The session that the slot's cookie stands for; fails `unauthenticated` when there is none. */
export async function resume(place: Place & { readonly token?: string | null }): Promise<Session> {
  const me = await call<Omit<SignedIn, 'token'>>(place, 'GET', '/api/me', undefined, place.token ?? null);
  return sessionOf({ ...me, token: place.token ?? null });
}

export interface Options extends Place {
  readonly session: Session;
  /** Memory when it is left out: a restart then begins with an empty replica and outbox. */
  readonly storage?: Storage;
  readonly transport?: Transport;
  readonly clock?: Clock;
  readonly random?: Random;
}

export async function createMessenger(options: Options): Promise<Messenger> {
  const { session, storage = memoryStorage(), clock = systemClock(), random = systemRandom() } = options;
  const { token, ...self } = session;
  const transport = options.transport ?? transportTo(baseOf(options), token, clock);
  const messenger = await create({ transport, storage, clock, random, token, self });
  if (options.transport) return messenger;
  const forget = onReturn(() => messenger.reconnect());
  const close = messenger.close.bind(messenger);
  messenger.close = async () => {
    forget();
    await close();
  };
  return messenger;
}

function transportTo(base: string, token: string | null, clock: Clock): Transport {
  const polling = pollingTransport(base, token, clock);
  return hasWebSocket() ? withFallback(webSocketTransport(base), polling, clock) : polling;
}

function baseOf({ server = pageOrigin(), slot }: Place): string {
  return server.replace(/\/+$/, '') + (slot === undefined ? '' : `/${slot}`);
}

function sessionOf({ user, device, token }: SignedIn): Session {
  return { user: user.user, device, token };
}

function post(place: Place, path: string, body: object): Promise<SignedIn> {
  return call<SignedIn>(place, 'POST', path, JSON.stringify(body), null);
}

async function call<T>(place: Place, method: string, path: string, body: string | undefined, token: string | null) {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const answer = await fetch(baseOf(place) + path, { method, headers, ...(body === undefined ? {} : { body }) }).catch(
    () => {
      throw new RequestFailed({ code: 'offline' });
    },
  );
  const result = (await answer.json().catch(() => ({}))) as T & { error?: Failure & { message?: string } };
  if (result.error) throw new RequestFailed(result.error);
  if (!answer.ok) throw new RequestFailed({ code: 'unavailable' });
  return result as T;
}
