/** Files of messages, by the addresses that `addresses` gives: they need no header, so that a page can show them. */
import type { BunRequest } from 'bun';
import { failureOf } from './failed.ts';
import { failureAnswer } from './http-answer.ts';
import type { Backend } from './http-route.ts';

/** What a file may do if a browser should take it for a page after all: nothing. */
const HARMLESS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
};

type Handler = (request: BunRequest) => Promise<Response>;

export function mediaRoutes(backend: Backend): Record<string, Handler> {
  const answer: Handler = async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return failureAnswer({ code: 'unknown_command' }, 405, { Allow: 'GET, HEAD' });
    }
    try {
      return await fetchFile(backend, request);
    } catch (error) {
      return failureAnswer(failureOf(error) ?? { code: 'internal', id: backend.report(error, 'GET /media') });
    }
  };
  return { '/media/:conversation/:id/:form/:user/:until/:sign': answer };
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
    'Content-Disposition': file.isPicture ? 'inline' : 'attachment',
    'Cache-Control': 'private, max-age=21600, immutable',
    'Accept-Ranges': 'bytes',
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
