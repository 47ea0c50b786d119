/** The web app: built when its sources are newer than what was built, then served from the folder of the build. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { failureAnswer, fileAnswer } from './http-answer.ts';

const ROOT = join(import.meta.dir, '../..');
const BUILT = join(ROOT, 'build/web');
const PARTS = join(ROOT, 'build/parts');
const SOURCES = ['src/web', 'src/client', 'src/core', 'src/protocol', 'vite.config.ts', 'package-lock.json'];
const FOREVER = 'public, max-age=31536000, immutable';

/** Addresses that the app itself makes sense of. */
const APP = /^\/(\d(\/.*)?|(setup|join|enter)\/[\w-]+)?$/;
const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Parley</title>' +
  '<p>The web app has not been built. The API works: see <a href="/openapi.json">/openapi.json</a>.';

/** Where people reach the server, and where files are fetched from, as far as that is somewhere else. */
type WebSite = Pick<Config, 'url' | 'mediaUrl'>;

export interface Web {
  /** `byPerson`: a browser asks for a page; one that there is not is told in words. */
  answer(path: string, byPerson?: boolean): Response;
}

/**
 * Builds if need be; `say` gets one line when it does. A build that fails is a rejection, one called off is none. With
 * `parts`, a page of all parts of the app is at `/parts`, which is no part of the app.
 */
export async function openWeb(
  site: WebSite,
  say: (line: string) => void,
  calledOff: AbortSignal,
  parts = false,
): Promise<Web> {
  const hasSources = existsSync(join(ROOT, 'src/web/index.html'));
  if (hasSources && isStale(join(BUILT, 'index.html'))) {
    say('Building the web app …');
    await build(calledOff);
  }
  const web = webOf(BUILT, site);
  if (!parts || !hasSources) return web;
  if (isStale(join(PARTS, 'index.html'))) await build(calledOff, '--mode', 'parts');
  const gallery = webOf(PARTS, site);
  return {
    answer: (path, byPerson) =>
      /^\/parts(\/|$)/.test(path) ? gallery.answer(path.slice('/parts'.length) || '/') : web.answer(path, byPerson),
  };
}

/** Serves that folder; its files are looked at once. */
export function webOf(folder: string, { url, mediaUrl }: WebSite = { url: null, mediaUrl: null }): Web {
  const headers = { ...pageHeaders(url), 'Content-Security-Policy': policyOf(mediaUrl) };
  const page = readPage(join(folder, 'index.html'));
  const files = new Map(
    page === null
      ? []
      : list(folder)
          .filter((path) => path !== 'index.html')
          .map((path) => [`/${path}`, path]),
  );
  return {
    answer: (path, byPerson = false) => {
      const file = files.get(path);
      if (file !== undefined) {
        const content = Bun.file(join(folder, file));
        return fileAnswer(content, content.type, file.startsWith('assets/') ? FOREVER : 'no-cache');
      }
      if (APP.test(path)) return pageAnswer(page ?? NOT_BUILT, headers);
      return byPerson && page !== null ? pageAnswer(page, headers, 404) : failureAnswer({ code: 'not_found' });
    },
  };
}

function readPage(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** What a browser is to hold to, as far as the way to it is known to be https; on plain http it would complain. */
function pageHeaders(url: URL | null): Record<string, string> {
  const always = { 'Permissions-Policy': 'geolocation=(), payment=(), usb=()' };
  if (url?.protocol !== 'https:') return always;
  const isName = /[a-z]/i.test(url.hostname) && !url.hostname.startsWith('[');
  return {
    ...always,
    'Cross-Origin-Opener-Policy': 'same-origin',
    ...(isName ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
}

const NONCE = '{{nonce}}';

/** What a page may load, and from where. */
function policyOf(mediaUrl: URL | null): string {
  const media = mediaUrl ? ` ${mediaUrl.origin}` : '';
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${NONCE}'`,
    `img-src 'self' blob: data:${media}`,
    `media-src 'self' blob:${media}`,
    "worker-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function pageAnswer(page: string, headers: Record<string, string>, status = 200): Response {
  const nonce = randomBytes(16).toString('base64url');
  const filled = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.replace(NONCE, nonce)]));
  return fileAnswer(page.replaceAll(NONCE, nonce), 'text/html; charset=utf-8', 'no-store', filled, status);
}

function isStale(page: string): boolean {
  const built = modified(page);
  return SOURCES.some((source) => newest(join(ROOT, source)) > built);
}

function newest(path: string): number {
  const own = modified(path);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return own;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), own);
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** In a process of its own, so that the bundler's memory goes with it. */
async function build(calledOff: AbortSignal, ...more: string[]): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const child = Bun.spawn([process.execPath, '--no-env-file', vite, 'build', '--logLevel', 'warn', ...more], {
    cwd: ROOT,
    // Whatever starts the server, the parts of the page are those for use, which are three times as fast.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: calledOff,
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0 && !calledOff.aborted) throw new Error(`The web app could not be built.\n${out}${err}`);
}

function list(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).filter((path) => statSync(join(folder, path)).isFile());
}
