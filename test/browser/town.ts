/** A server as people start it, a Chromium, and people in it. What goes wrong in any page fails the test. */
import { expect } from 'bun:test';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { LEASH } from '../../src/bench/host.ts';
import { atEnd, atLast, folder, stop } from '../endings.ts';

export const PASSWORD = 'correct horse battery';
const ROOT = join(import.meta.dir, '../..');
const MAIN = join(ROOT, 'src/server/main.ts');
const DEMO = join(ROOT, 'src/demo/main.ts');
const { PORT: _, HOST: __, PARLEY_DATA: ___, PARLEY_URL: ____, ...env } = process.env;

export interface ServerOptions {
  readonly limits?: Readonly<Record<string, number>>;
  readonly url?: string;
  readonly mediaUrl?: string;
  /** Who may make an account. */
  readonly join?: 'invited' | 'anyone';
  /** As in development: with the page of all parts. */
  readonly parts?: boolean;
}

export async function startServer(options: ServerOptions = {}): Promise<string> {
  return (await startFresh(options)).server;
}

/** A server over LevelDB in a folder of its own: its address, and the link that sets it up. */
export async function startFresh({
  limits = {},
  url,
  mediaUrl,
  join: who = 'anyone',
  parts = false,
}: ServerOptions = {}): Promise<{
  server: string;
  setUp: string;
}> {
  const [server, setUp] = await running(
    [MAIN, '--port', '0', '--data', folder(), ...(parts ? ['--parts'] : [])],
    {
      PARLEY_JOIN: who,
      PARLEY_LIMITS: JSON.stringify(limits),
      ...(url === undefined ? {} : { PARLEY_URL: url }),
      ...(mediaUrl === undefined ? {} : { PARLEY_MEDIA_URL: mediaUrl }),
    },
    /Parley is at (\S+)[\s\S]*?(\S+\/setup\/[\w-]{22})/,
  );
  return { server, setUp };
}

/** The address of a demo in which nobody writes. */
export async function startDemo(): Promise<string> {
  const [server] = await running([DEMO, '--port', '0', '--still'], {}, /Willow Lane is at (\S+)()/);
  return server;
}

/** Two things that a program says once it is ready; it ends with the test. */
async function running(
  program: readonly string[],
  more: Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<[string, string]> {
  const child = Bun.spawn([process.execPath, '--no-env-file', '--preload', LEASH, ...program], {
    env: { ...env, ...more },
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  atEnd(() => stop(child));
  let said = '';
  const decoder = new TextDecoder();
  for await (const part of child.stdout) {
    said += decoder.decode(part);
    const [, first, second] = ready.exec(said) ?? [];
    if (first !== undefined && second !== undefined) return [first, second];
  }
  throw new Error(`It ended: ${said}`);
}

type Kind = 'chromium' | 'chromium-headless-shell';
const shared = new Map<Kind, Promise<Browser>>();

async function sharedBrowser(kind: Kind): Promise<Browser> {
  const there = shared.get(kind);
  // Bun ends what a test that takes too long has started, and that may be the browser.
  if (there && (await there).isConnected()) return there;
  const launching = launchOne(kind);
  shared.set(kind, launching);
  atLast(async () => (await launching).close());
  return launching;
}

/** For what the shell has not, such as notifications. */
export const wholeBrowser = (): Promise<Browser> => sharedBrowser('chromium');

/** Whoever launches it closes it. */
export const launch = (...args: string[]): Promise<Browser> => launchOne('chromium-headless-shell', args);

/** The shell is Chromium without the windows that nobody sees, and takes half the time; the whole one stands in for it. */
function launchOne(kind: Kind, args: readonly string[] = []): Promise<Browser> {
  const executablePath = Bun.which(kind) ?? Bun.which('chromium');
  if (!executablePath) throw new Error('There is no chromium here. On Debian: apt-get install chromium');
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
}

/** A browser profile of its own: cookies and local databases start empty. */
export async function profile(options: BrowserContextOptions = {}, from?: Browser): Promise<BrowserContext> {
  const context = await (from ?? (await sharedBrowser('chromium-headless-shell'))).newContext({
    viewport: { width: 1280, height: 800 },
    // What a worker fetches no test can break; those about workers allow them.
    serviceWorkers: 'block',
    ...options,
  });
  context.setDefaultTimeout(15_000);
  atEnd(() => context.close());
  return context;
}

/** `forgives` names what the test itself causes, such as the words for a pulled cable. */
export async function openPage(context: BrowserContext, address: string, forgives?: RegExp): Promise<Page> {
  const page = await context.newPage();
  const complaints: string[] = [];
  atEnd(() => expect(complaints).toEqual([]));
  const complain = (text: string) => {
    if (text.includes('Service Worker registration blocked by Playwright')) return;
    if (!forgives?.test(text)) complaints.push(text);
  };
  page.on('console', (message) => complain(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complain(`thrown: ${error.message}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(address);
  return page;
}

export interface Person {
  readonly name: string;
  readonly slot?: number;
  readonly forgives?: RegExp;
}

/** Opens a page in which the person has just made an account at the door, as people do. */
export async function signUpAtDoor(context: BrowserContext, server: string, person: Person): Promise<Page> {
  const { name, slot = 0, forgives } = person;
  const page = await openPage(context, `${server}/${slot}/sign-up`, forgives);
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByLabel('Your name').fill(displayName(name));
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'Chats' }).waitFor();
  return page;
}

/** As at the door, but that nobody fills in its form: the door has tests of its own, and would be half the time of all others. */
export async function signUp(context: BrowserContext, server: string, person: Person): Promise<Page> {
  return enter(context, server, person, 'accounts');
}

export async function signIn(context: BrowserContext, server: string, person: Person): Promise<Page> {
  return enter(context, server, person, 'sessions');
}

async function enter(
  context: BrowserContext,
  server: string,
  { name, slot = 0, forgives }: Person,
  where: 'accounts' | 'sessions',
): Promise<Page> {
  const empty = `${server}/empty`;
  await context.route(empty, (route) => {
    return route.fulfill({ contentType: 'text/html', body: '<link rel="icon" href="data:,">' });
  });
  const page = await openPage(context, empty, forgives);
  // For as long as there is a route, the browser does without its cache.
  await context.unroute(empty);
  const fresh = where === 'accounts' ? { displayName: displayName(name) } : {};
  const who = { name, password: PASSWORD, device: 'Chrome on Linux', ...fresh };
  await page.evaluate(
    async ({ slot, where, who }) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`/${slot}/api/${where}`, { method: 'POST', headers, body: JSON.stringify(who) });
      if (!answer.ok) throw new Error(await answer.text());
      const { user: account, device } = (await answer.json()) as { user: { user: string }; device: string };
      const { user } = account;
      localStorage.setItem(`parley-account-${slot}`, JSON.stringify({ user, device, name: who.name }));
      if (where === 'accounts') localStorage.setItem(`parley-made-${user}`, String(Date.now()));
    },
    { slot, where, who },
  );
  await page.goto(`${server}/${slot}/`);
  await page.getByRole('heading', { name: 'Chats' }).waitFor();
  return page;
}

export function displayName(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}
