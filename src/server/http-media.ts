/** Files of messages, by the addresses that `addresses` gives: they need no header, so that a page can show them. */
import type { BunRequest } from 'bun';
import { isId } from '../protocol/ids.ts';
import { failureOf } from './failed.ts';
import type { Fetched } from './files.ts';
import { failureAnswer } from './http-answer.ts';
import { pathIn, SLOTS, tokenIn } from './http-origin.ts';
import type { Backend } from './http-route.ts';

/** What a file may do if a browser should take it for a page after all: nothing. */
const HARMLESS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; sandbox",
};

const KEPT_MS_MOST = 6 * 3_600_000;

type Handler = (request: BunRequest) => Promise<Response>;

export function mediaRoutes(backend: Backend): Record<string, Handler> {
  const answers =
    (fetch: typeof fetchFile): Handler =>
    async (request) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return failureAnswer({ code: 'unknown_command' }, 405, { Allow: 'GET, HEAD' });
      }
      try {
        return await fetch(backend, request);
      } catch (error) {
        return failureAnswer(failureOf(error) ?? { code: 'internal', id: backend.report(error, 'GET /media') });
      }
    };
  return {
    '/media/:conversation/:id/:form/:user/:until/:sign': answers(fetchFile),
    '/pictures/:user/:id': answers(fetchPortrait),
    ...Object.fromEntries(
      SLOTS.map((slot) => [
        pathIn(slot, '/pictures/group/:conversation/:id'),
        answers((from, request) => fetchGroupPicture(from, request, slot)),
      ]),
    ),
  };
}

async function fetchPortrait(backend: Backend, request: BunRequest): Promise<Response> {
  const { user = '', id = '' } = request.params as Record<string, string>;
  const picture = isId(user) && isId(id) ? await backend.node.portraits.fetch(user, id) : null;
  return answerPicture(request, id, picture, 'private, max-age=31536000, immutable');
}

/** A page shows it by the cookie of its slot. */
async function fetchGroupPicture(backend: Backend, request: BunRequest, slot: number | null): Promise<Response> {
  const { conversation = '', id = '' } = request.params as Record<string, string>;
  const token = tokenIn(slot, request, backend.site);
  const session = token ? await backend.accounts.authenticate(token) : null;
  if (!session) return failureAnswer({ code: 'unauthenticated' });
  if (!isId(conversation) || !isId(id)) return failureAnswer({ code: 'not_found' });
  const picture = await backend.node.portraits.groups.fetch(session, conversation, id);
  return answerPicture(request, id, picture, picture ? cachingOf(picture) : '');
}

async function answerPicture(
  request: BunRequest,
  id: string,
  picture: Pick<Fetched, 'bytes' | 'read'> | null,
  caching: string,
): Promise<Response> {
  if (!picture) return failureAnswer({ code: 'not_found' });
  const tag = `"${id}"`;
  const headers: Record<string, string> = {
    ...HARMLESS,
    'Content-Type': 'image/webp',
    'Content-Disposition': 'inline',
    'Cache-Control': caching,
    'Cross-Origin-Resource-Policy': 'same-origin',
    ETag: tag,
  };
  if (request.headers.get('if-none-match') === tag) return new Response(null, { status: 304, headers });
  headers['Content-Length'] = String(picture.bytes);
  const body = request.method === 'HEAD' ? null : await picture.read(0, picture.bytes);
  if (request.method === 'GET' && !body) return failureAnswer({ code: 'not_found' });
  return new Response(body, { headers });
}

async function fetchFile(backend: Backend, request: BunRequest): Promise<Response> {
  const {
    conversation = '',
    id = '',
    form = '',
    user = '',
    until = '',
    sign = '',
  } = request.params as Record<string, string>;
  const file = await backend.node.files.fetch({ conversation, id, form, user, until: Number(until), sign });
  if (!file) return failureAnswer({ code: 'not_found' });
  const tag = `"${id}-${form}"`;
  const headers: Record<string, string> = {
    ...HARMLESS,
    'Content-Type': file.isPicture ? 'image/webp' : 'application/octet-stream',
    'Content-Disposition': dispositionOf(file),
    'Cache-Control': cachingOf(file),
    'Accept-Ranges': 'bytes',
    // Elsewhere, pages of this server show them, too.
    'Cross-Origin-Resource-Policy': file.isShared ? 'cross-origin' : 'same-origin',
    ETag: tag,
  };
  if (request.headers.get('if-none-match') === tag) return new Response(null, { status: 304, headers });
  const range = rangeOf(request, file.bytes, tag);
  if (range === 'none') {
    return failureAnswer({ code: 'not_found' }, 416, { 'Content-Range': `bytes */${file.bytes}` });
  }
  const { from, to } = range ?? { from: 0, to: file.bytes };
  headers['Content-Length'] = String(to - from);
  if (range) headers['Content-Range'] = `bytes ${from}-${to - 1}/${file.bytes}`;
  const body = request.method === 'HEAD' ? null : await file.read(from, to);
  if (request.method === 'GET' && !body) return failureAnswer({ code: 'not_found' });
  return new Response(body, { status: range ? 206 : 200, headers });
}

/** What goes by itself is kept nowhere, so that no copy outlives it. */
function cachingOf({ keepMs, isShared }: Pick<Fetched, 'keepMs' | 'isShared'>): string {
  if (keepMs === 0) return 'private, no-store';
  const seconds = Math.floor(Math.min(keepMs, KEPT_MS_MOST) / 1_000);
  return `${isShared ? 'public' : 'private'}, max-age=${seconds}, immutable`;
}

/** As RFC 6266 and 8187 have it: once in ASCII, for what is old, and once as it is. */
function dispositionOf({ isPicture, name }: Fetched): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(name).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${isPicture ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${whole}`;
}

/** The one range that is asked for, end exclusive; null for all, also where several are; 'none' where there is nothing. */
function rangeOf(request: Request, bytes: number, tag: string): { from: number; to: number } | null | 'none' {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('range') ?? '') ?? [];
  const only = request.headers.get('if-range');
  if ((first === undefined && last === undefined) || (only !== null && only !== tag)) return null;
  if (first === '' && last === '') return null;
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  return from < to ? { from, to } : 'none';
}
