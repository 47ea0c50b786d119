/**
 * The app itself, kept so that it opens without a connection: the page and all that it is made of, fetched together when
 * a worker is new, so that they belong to each other. A page comes from the server wherever that answers.
 */

/** Put in by the build: a name for just these, and their addresses without that of the page. */
declare const SHELL: { readonly name: string; readonly paths: readonly string[] };

const PREFIX = 'parley-shell-';
const mine = PREFIX + SHELL.name;
const kept = new Set(SHELL.paths);
/** What stands between a browser and a server that is not there. */
const GATEWAY = new Set([502, 503, 504]);

/** Rejects when the server is being replaced meanwhile; the browser then tries again later. */
export async function keepShell(scope: string): Promise<void> {
  const cache = await caches.open(mine);
  await cache.addAll([...kept]);
  const page = await fetch(scope);
  const text = await page.clone().text();
  if (!page.ok || !SHELL.paths.some((path) => path.endsWith('.js') && text.includes(path))) {
    throw new Error('The page is of another version.');
  }
  await cache.put(mine, page);
}

export async function dropOldShells(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== mine).map((name) => caches.delete(name)),
  );
}

/** Null: the browser asks by itself. */
export function answerFromShell(request: Request): Promise<Response> | null {
  if (request.method !== 'GET') return null;
  if (request.mode === 'navigate') return network(request, mine);
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || !kept.has(pathname)) return null;
  return pathname.startsWith('/assets/') ? unchanging(request, pathname) : network(request, pathname);
}

async function unchanging(request: Request, path: string): Promise<Response> {
  return (await caches.match(path)) ?? fetch(request);
}

async function network(request: Request, path: string): Promise<Response> {
  try {
    const answer = await fetch(request);
    return (GATEWAY.has(answer.status) && (await caches.match(path))) || answer;
  } catch (error) {
    const before = await caches.match(path);
    if (before) return before;
    throw error;
  }
}
