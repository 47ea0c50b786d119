/** What every answer of the server carries, and how it says no. */
import { ERRORS, type Failure } from '../protocol/errors.ts';

const EVERYWHERE = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };
const API = { ...EVERYWHERE, 'Cache-Control': 'private, no-store', 'Content-Type': 'application/json; charset=utf-8' };

/** `text` is JSON already. */
export function jsonAnswer(text: string, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { ...API, ...headers } });
}

export function failureAnswer(
  failure: Failure,
  status: number = ERRORS[failure.code].status,
  headers: Record<string, string> = {},
): Response {
  const { code, retryAfterMs, path, names, id } = failure;
  const retry: Record<string, string> =
    retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfterMs / 1_000)) };
  const error = { code, message: ERRORS[code].sentence, retryAfterMs, path, names, id };
  return jsonAnswer(JSON.stringify({ error }), status, { ...retry, ...headers });
}

export function fileAnswer(
  body: BodyInit,
  type: string,
  cache: string,
  headers: Record<string, string> = {},
  status = 200,
): Response {
  return new Response(body, {
    status,
    headers: { ...EVERYWHERE, 'Content-Type': type, 'Cache-Control': cache, ...headers },
  });
}
