/**
 * `npm run walk`: goes, as people would, from nothing to three who chat, takes pictures on the way, and says how long
 * it took: set-up by its link, an invitation opened beside it, another on a phone over plain http, a group, the ticks,
 * a draft that outlives a reload. Once in light and once in dark; with `--light` once only, and without pictures.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { Darkroom, launch, PICTURES } from './darkroom.ts';

const ROOT = join(import.meta.dir, '..');
const PASSWORD = 'correct horse battery';
const LAN_NAME = 'parley.test';
const LONGEST_S = 120;

const lightOnly = process.argv.includes('--light');

let began = performance.now();
const seconds = () => (performance.now() - began) / 1_000;
const step = (what: string) => console.log(`${seconds().toFixed(1).padStart(5)} s  ${what}`);

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });

/** What this page wrote last has got that far. */
const reaches = (page: Page, tick: 'delivered' | 'read') =>
  page.getByRole('log', { name: 'Messages' }).locator(`[data-tick=${tick}]`).last().waitFor();

/** As `npm start` says it. */
async function started(data: string) {
  const child = Bun.spawn(['npm', 'start', '--silent', '--', '--port', '0', '--data', data], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const decoder = new TextDecoder();
  let said = '';
  for await (const part of child.stdout) {
    said += decoder.decode(part);
    const setUp = /http:\S+\/setup\/\S+/.exec(said)?.[0];
    if (setUp) return { child, setUp };
  }
  throw new Error(`The server ended: ${said}`);
}

async function fillIn(page: Page, displayName: string, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(displayName);
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
}

async function opened(context: BrowserContext, address: string): Promise<Page> {
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

async function invitation(page: Page, server: string): Promise<string> {
  await page.goto(`${server}/0/settings/server`);
  await page.getByRole('button', { name: 'Invite people' }).click();
  await page.getByText('10 people', { exact: true }).click();
  await page.getByRole('button', { name: 'Make a link' }).click();
  return page.getByRole('textbox', { name: 'Link' }).inputValue();
}

interface Stage {
  readonly laptop: BrowserContext;
  readonly phone: BrowserContext;
  /** Takes a picture. */
  take(name: string, page: Page): Promise<void>;
}

async function walk(setUp: string, { laptop, phone, take }: Stage): Promise<void> {
  const server = new URL(setUp).origin;

  const mara = await opened(laptop, setUp);
  await mara.getByLabel('Name of the server').fill('Elm Street');
  await fillIn(mara, 'Mara', 'mara');
  await take('1-set-up', mara);
  await mara.getByRole('button', { name: 'Set up' }).click();
  await mara.getByRole('main').getByText('You are the first one here.').waitFor();
  step('Mara owns the server');
  await take('2-alone', mara);

  const link = await invitation(mara, server);
  await take('3-invite', mara);
  const theo = await opened(laptop, link);
  await theo.getByRole('link', { name: 'Make another account' }).click();
  await fillIn(theo, 'Theo', 'theo');
  await take('4-invited', theo);
  await theo.getByRole('button', { name: 'Join', exact: true }).click();
  await theo.getByRole('link', { name: /^Mara.*You joined by Mara’s invitation/ }).waitFor();
  step(`Theo joined beside her, at ${new URL(theo.url()).pathname}`);

  const noa = await opened(phone, link.replace('127.0.0.1', LAN_NAME));
  await fillIn(noa, 'Noa', 'noa');
  await take('5-invited-phone', noa);
  await noa.getByRole('button', { name: 'Join', exact: true }).click();
  await noa.getByText('You joined by Mara’s invitation').waitFor();
  await noa.getByRole('button', { name: 'Back', exact: true }).click();
  if (await noa.evaluate(() => isSecureContext)) throw new Error('The phone is on https.');
  step(`Noa joined on a phone, at ${new URL(noa.url()).host} over plain http`);

  // What lies behind another tab is drawn seldom.
  await mara.bringToFront();
  await mara.goto(`${server}/0/new-group`);
  await mara.getByLabel('Name of the group').fill('Garden');
  for (const name of ['Theo', 'Noa']) await mara.getByRole('option', { name }).click();
  await mara.getByRole('button', { name: 'Create group' }).click();
  await mara.getByRole('heading', { name: 'Garden' }).waitFor();
  await composer(mara).fill('Good morning! Who waters the beans today?');
  await mara.getByRole('button', { name: 'Send', exact: true }).click();
  await reaches(mara, 'delivered');
  step('what Mara wrote to the three is delivered');
  for (const page of [theo, noa]) await page.getByRole('link', { name: /^Garden/ }).click();
  await reaches(mara, 'read');
  step('and read by everyone');
  await composer(noa).fill('I do, after six.');
  await noa.getByRole('button', { name: 'Send', exact: true }).click();
  await reaches(noa, 'read');
  await take('6-read', mara);
  await take('7-read-phone', noa);

  const draft = 'Thank you! I bring the long';
  await composer(theo).fill(draft);
  await theo.reload();
  await composer(theo).waitFor();
  await theo.waitForFunction(
    (text) => [...document.querySelectorAll('textarea')].some(({ value }) => value === text),
    draft,
  );
  step('Theo reloaded, and his draft is there');
  await take('8-draft', theo);
}

/** With a server and a browser of its own. */
async function walkIn(colorScheme: 'light' | 'dark'): Promise<void> {
  began = performance.now();
  const data = await mkdtemp(join(tmpdir(), 'parley-walk-'));
  const { child, setUp } = await started(data);
  step(`the server is started; all in ${colorScheme}`);
  const browser = await launch(`--host-resolver-rules=MAP ${LAN_NAME} 127.0.0.1`);
  try {
    const darkroom = await Darkroom.open(browser);
    const look = { colorScheme, reducedMotion: 'reduce' } as const;
    await walk(setUp, {
      laptop: await browser.newContext({ ...look, viewport: { width: 1280, height: 800 } }),
      phone: await browser.newContext({
        ...look,
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        isMobile: true,
        hasTouch: true,
      }),
      take: async (name, page) => {
        if (!lightOnly) await darkroom.take(`walk-${name}-${colorScheme}`, page);
      },
    });
  } finally {
    await browser.close();
    child.kill();
    await child.exited;
    await rm(data, { recursive: true, force: true });
  }
  if (seconds() > LONGEST_S) throw new Error(`It took more than ${LONGEST_S} s.`);
}

await mkdir(PICTURES, { recursive: true });
await walkIn('light');
if (!lightOnly) await walkIn('dark');
process.exit(0);
