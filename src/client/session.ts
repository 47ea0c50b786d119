/** Accounts and sessions, over plain HTTP: what comes before there is a connection. */
import type { MadeGuest, SignedIn, SignedUp } from '../protocol/accounts.ts';
import type { LinkView, ServerView, SetUp } from '../protocol/community.ts';
import type { Failure } from '../protocol/errors.ts';
import { codeOf, RequestFailed } from './failed.ts';
import { pageOrigin } from './platform.ts';
import type { Storage } from './storage/storage.ts';

export interface Place {
  /** The server's address, as `http://127.0.0.1:7275`; in a page the page's own when it is left out. */
  readonly server?: string;
  /** The account slot of a browser: the session is then a cookie, and no token is shown. */
  readonly slot?: number;
}

/** One device of one user, signed in. The token is as good as the password until the device is signed out. */
export interface Session {
  readonly user: string;
  readonly device: string;
  /** Null where a cookie holds it. */
  readonly token: string | null;
}

export interface Credentials extends Place {
  readonly name: string;
  readonly password: string;
  /** What the list of devices calls this one. */
  readonly device: string;
  /** Keeps the session, token and all, so that the next `signIn` with it comes back as the same device. */
  readonly storage?: Storage;
}

interface Kept extends Session {
  readonly server: string;
  readonly name: string;
}

const KEPT = 'session';
/** Passwords are slow to check, and others wait for theirs. */
const ANSWER_MS = 30_000;

/** What the server is and who may join it. */
export function lookAtServer(place: Place = {}): Promise<ServerView> {
  return call(place, 'GET', '/api/server', undefined, null);
}

/** What a link is, and whether it still lets somebody in; `not_found` when there never was one. */
export function lookAtLink(place: Place, code: string): Promise<LinkView> {
  return call(place, 'GET', `/api/links/${encodeURIComponent(code)}`, undefined, null);
}

export interface Newcomer extends Credentials {
  readonly displayName?: string;
  /** The code of a set-up link or of an invitation. */
  readonly link?: string;
  /** What the server begins with; counts only for who becomes its owner. */
  readonly community?: SetUp;
}

/**
 * Makes an account and a device of it; `conversation` is what the invitation led to: its group, or the chat with whoever
 * invited to the server. Rejects with
 * `name_taken`, `bad_name`, `weak_password`, `closed_to_newcomers`, `link_ended`; with `offline` it is not known
 * whether the account was made.
 */
export async function signUp(who: Newcomer): Promise<Session & { readonly conversation: string | null }> {
  const { name, password, device, displayName = name, link, community } = who;
  const body = { name, password, device, displayName, link, community };
  const { session, answer } = await enter<SignedUp>(who, '/api/accounts', body);
  return { ...session, conversation: answer.conversation };
}

/**
 * Signs a new device in with a link; a sign-in link also wants the new password. Rejects with `link_ended` when it was
 * used or is over.
 */
export async function enterByLink(
  who: Omit<Credentials, 'name' | 'password'> & { readonly code: string; readonly password?: string },
): Promise<Session> {
  const { code, device, password } = who;
  return (await enter(who, '/api/sessions/link', { code, device, password })).session;
}

/** Signs in with a recovery code and sets this password; the code and all other sessions end. Else `wrong_code`. */
export async function recover(who: Credentials & { readonly code: string }): Promise<Session> {
  const { name, code, password, device } = who;
  return (await enter(who, '/api/sessions/recovery', { name, code, password, device })).session;
}

type SignedInPlace = Place & { readonly token?: string | null };

/** All other devices are signed out. Rejects with `wrong_password`. */
export async function changePassword(who: SignedInPlace & { readonly old: string; readonly new: string }) {
  await call(who, 'POST', '/api/password', JSON.stringify({ old: who.old, new: who.new }), who.token ?? null);
}

/**
 * A code that is as good as the password, once; the one before is good no more. It is shown only now. The password may
 * be left out for the first code of an account that is not older than 10 minutes, else `wrong_password`.
 */
export async function makeRecoveryCode(who: SignedInPlace & { readonly password?: string }): Promise<string> {
  const body = JSON.stringify({ password: who.password });
  return (await call<{ code: string }>(who, 'POST', '/api/recovery', body, who.token ?? null)).code;
}

/** Somebody to try it with, in a conversation with oneself, for an hour; repeated, the same one with another link. */
export function makeGuest(who: SignedInPlace & { readonly displayName: string }): Promise<MadeGuest> {
  return call(who, 'POST', '/api/guests', JSON.stringify({ displayName: who.displayName }), who.token ?? null);
}

/**
 * The session that `storage` keeps of this name and server, as long as it holds or the server cannot be asked; else
 * makes another device. Rejects with `wrong_password`, `too_many_tries` or `offline`.
 */
export async function signIn(who: Credentials): Promise<Session> {
  const { name, password, device } = who;
  return (await comeBack(who)) ?? (await enter(who, '/api/sessions', { name, password, device })).session;
}

/** Ends the session on the server. What storage holds is the caller's to remove. */
export async function signOut({ token, ...place }: Place & { readonly token?: string | null }): Promise<void> {
  await call(place, 'DELETE', '/api/sessions/current', undefined, token ?? null);
}

/** The session that the slot's cookie, or the token, stands for; rejects with `unauthenticated` when there is none. */
export async function resume(place: Place & { readonly token?: string | null }): Promise<Session> {
  const { user, device } = await call<SignedIn>(place, 'GET', '/api/me', undefined, place.token ?? null);
  return { user: user.user, device, token: place.token ?? null };
}

/** Where requests go: the server's address, with the slot when there is one. */
export function baseOf({ server = pageOrigin(), slot }: Place): string {
  return server.replace(/\/+$/, '') + (slot === undefined ? '' : `/${slot}`);
}

async function enter<A extends SignedIn>(who: Place & { readonly storage?: Storage }, path: string, body: object) {
  const answer = await call<A>(who, 'POST', path, JSON.stringify(body), null);
  const { user, device, token } = answer;
  const session: Session = { user: user.user, device, token };
  if (who.storage && token !== null) {
    const kept: Kept = { ...session, server: baseOf(who), name: user.name };
    await who.storage.write([{ kind: 'put', key: KEPT, value: kept }]);
  }
  return { session, answer };
}

async function comeBack({ storage, ...who }: Credentials): Promise<Session | null> {
  const kept = (await storage?.get(KEPT)) as Kept | undefined;
  if (kept?.server !== baseOf(who) || kept.name !== who.name) return null;
  const { user, device, token } = kept;
  try {
    return await resume({ ...who, token });
  } catch (error) {
    if (codeOf(error) === 'unauthenticated') return null;
    return { user, device, token };
  }
}

async function call<T>(place: Place, method: string, path: string, body: string | undefined, token: string | null) {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const signal = AbortSignal.timeout(ANSWER_MS);
  const init = { method, headers, signal, ...(body === undefined ? {} : { body }) };
  const answer = await fetch(baseOf(place) + path, init).catch(() => {
    throw new RequestFailed({ code: 'offline' });
  });
  const result = (await answer.json().catch(() => ({}))) as T & { error?: Failure & { message?: string } };
  if (result.error) throw new RequestFailed(result.error);
  if (!answer.ok) throw new RequestFailed({ code: 'unavailable' });
  return result as T;
}
