/** Where a request came from, as far as it can be believed, and the cookies of its account slot. */
import type { Server } from 'bun';

export interface Site {
  /** Where people reach the server, when a proxy stands before it. */
  readonly url: URL | null;
  /** Cookies ignore ports, so their names carry it. */
  readonly serverId: string;
}

const LOOPBACK_NAME = /^(localhost|[\w-]+(\.[\w-]+)*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;
const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/;
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];
const COOKIE_SECONDS = 180 * 24 * 60 * 60;

function hostName(request: Request): string {
  return (request.headers.get('host') ?? '').replace(/:\d+$/, '');
}

/** Asked for on the server's own machine, by all that can be seen. */
export function isOverLoopback(request: Request, address: string, site: Site): boolean {
  return (
    site.url === null &&
    isLoopbackAddress(address) &&
    LOOPBACK_NAME.test(hostName(request)) &&
    !FORWARDING.some((name) => request.headers.has(name))
  );
}

export function isLoopbackAddress(address: string): boolean {
  return LOOPBACK_ADDRESS.test(address);
}

/** The peer's address; a proxy on the same machine is believed when `PARLEY_URL` says that there is one. */
export function addressOf(request: Request, server: Server<unknown>, site: Site): string {
  const peer = server.requestIP(request)?.address ?? '';
  const forwarded = site.url && isLoopbackAddress(peer) ? request.headers.get('x-forwarded-for') : null;
  return forwarded?.split(',').at(-1)?.trim() || peer;
}

/** One household has a /64 of IPv6 addresses. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [front = '', back] = address.split('::');
  const groups = front.split(':').filter(Boolean);
  if (back !== undefined) {
    const tail = back.split(':').filter(Boolean);
    while (groups.length + tail.length < 8) groups.push('0');
    groups.push(...tail);
  }
  return groups.slice(0, 4).join(':');
}

/** What a page of another site is behind. A program sends neither header; `mayLack` says whether that will do. */
export function isForeign(request: Request, site: Site, mayLack: boolean): boolean {
  const fetchSite = request.headers.get('sec-fetch-site');
  if (fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') return true;
  const origin = request.headers.get('origin');
  if (origin === null) return !mayLack;
  if (site.url && origin === site.url.origin) return false;
  const host = URL.parse(origin)?.host;
  return !host || host !== URL.parse(`http://${request.headers.get('host')}`)?.host;
}

/**
 * Browsers drop Secure cookies from plain http without a word, so they get one that is not. Whether it came by https
 * only `PARLEY_URL` can tell: this server speaks http.
 */
function isSecure(request: Request, site: Site): boolean {
  return site.url ? site.url.protocol === 'https:' : LOOPBACK_NAME.test(hostName(request));
}

/** The account slots of a browser; null: none, as a program has it. */
export const SLOTS = [null, ...Array.from({ length: 10 }, (_, slot) => slot)];

/** Where this is in the slot. */
export function pathIn(slot: number | null, path: string): string {
  return slot === null ? path : `/${slot}${path}`;
}

function cookieName(request: Request, site: Site, slot: number): string {
  return `${isSecure(request, site) ? '__Host-' : ''}parley-${site.serverId}-${slot}`;
}

function cookieToken(request: Request, site: Site, slot: number): string | null {
  const name = cookieName(request, site, slot);
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

/** The `Set-Cookie` that keeps the token; null takes it away. */
export function setCookie(request: Request, site: Site, slot: number, token: string | null): string {
  const age = token === null ? 0 : COOKIE_SECONDS;
  const secure = isSecure(request, site) ? '; Secure' : '';
  return `${cookieName(request, site, slot)}=${token ?? ''}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`;
}

/** Of the session that the slot's cookie holds, or that a program names. */
export function tokenIn(slot: number | null, request: Request, site: Site): string | null {
  return slot === null ? bearerToken(request) : cookieToken(request, site, slot);
}

function bearerToken(request: Request): string | null {
  return /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}
