/**
 * `npm run pictures [WORD …]`: photographs the web app with the people of the demo, at a fixed time, into
 * `docs/pictures`. With words, only the pictures whose names hold one of them. With `--compare` it writes none of them:
 * it takes each twice, each time with a demo of its own, and says which are not the same to the last pixel.
 */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { freePortFrom } from '../src/bench/host.ts';
import { willowLane } from '../src/demo/sample/sample.ts';
import { openStreet, type Street } from '../src/demo/street.ts';
import type { Talk } from '../src/demo/talk.ts';
import { openWeb } from '../src/server/web.ts';
import { Darkroom, launch, PICTURES, shoot } from './darkroom.ts';
import { SCREENS, type Screen, type Size } from './screens.ts';

process.env['TZ'] = 'UTC';
const TODAY = Date.UTC(2026, 4, 21, 15, 40);
/** It can be read in links. */
const PORT = 7275;
const ALL_BYTES = 4_000_000;

const VIEWPORTS = {
  wide: { width: 1280, height: 800 },
  narrow: { width: 390, height: 844 },
  medium: { width: 768, height: 1024 },
  large: { width: 1680, height: 1050 },
} as const satisfies Record<Size, object>;
const WINDOW = { width: 700, height: 760 };
/** Two windows, a phone, and what is between them. */
const TABLE = { width: 1800, height: 824 };
const SIZES = Object.keys(VIEWPORTS) as Size[];
const SCHEMES = ['light', 'dark'] as const;
type Scheme = (typeof SCHEMES)[number];

/** Of the six at the door, by their slots. */
const MARA = 0;
const NOA = 2;

const COMPARE = '--compare';
const words = process.argv.slice(2).filter((word) => word !== COMPARE);
const wanted = (name: string) => words.length === 0 || words.some((word) => name.includes(word));

/** What is done with a page of which a picture is wanted. */
type Take = (name: string, page: Page) => Promise<void>;

class Studio {
  readonly #street: Street;
  readonly #browser: Browser;
  readonly #take: Take;

  private constructor(street: Street, browser: Browser, take: Take) {
    this.#street = street;
    this.#browser = browser;
    this.#take = take;
  }

  /** Each begins with a demo of its own: to look at a chat is to read it. */
  static async open(take: Take | null): Promise<Studio> {
    console.log('Filling the demo …');
    const web = await openWeb({ url: null, mediaUrl: null }, console.log, new AbortController().signal, true);
    const street = await openStreet({
      port: await freePortFrom(PORT),
      today: TODAY,
      sample: willowLane(),
      still: true,
      web,
    });
    street.clock.moveTo(TODAY);
    const browser = await launch();
    if (take) return new Studio(street, browser, take);
    const darkroom = await Darkroom.open(browser);
    return new Studio(street, browser, (name, page) => darkroom.take(name, page));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#street.stop();
  }

  /** A browser in which the people of the door are signed in. */
  async #profile(colorScheme: Scheme, size: Size, pixels = 1): Promise<BrowserContext> {
    const narrow = size === 'narrow';
    const context = await this.#browser.newContext({
      viewport: VIEWPORTS[size],
      deviceScaleFactor: pixels,
      hasTouch: narrow,
      isMobile: narrow,
      colorScheme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'UTC',
    });
    context.setDefaultTimeout(15_000);
    const page = await this.#newPage(context);
    await page.goto(this.#street.url);
    await page.getByRole('link').first().waitFor();
    await page.close();
    return context;
  }

  async #newPage(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.clock.setFixedTime(TODAY);
    return page;
  }

  /** The page of a screen, when nothing on it moves any more. */
  async #open(context: BrowserContext, { slot, path, act }: Pick<Screen, 'slot' | 'path' | 'act'>): Promise<Page> {
    const street = this.#street;
    const page = await this.#newPage(context);
    const address = typeof path === 'string' ? path : await street.chance.repeatably(() => path({ context, street }));
    const filled = address.replace(/\{(.*)\}/, (_, talk: string) => this.#conversation(talk));
    await page.goto(filled.startsWith('/') ? street.url + filled : `${street.url}/${slot}/${filled}`);
    await settled(page);
    if (act) {
      await street.chance.repeatably(async () => act({ page, context, street }));
      await settled(page);
    }
    return page;
  }

  #conversation(called: string): string {
    const isIt = (talk: Talk) =>
      talk.kind === 'group' ? talk.title === called : talk.people[0] === called && talk.people.at(-1) === 'mara';
    const found = [...this.#street.conversations].find(([talk]) => isIt(talk));
    if (!found) throw new Error(`No talk is called ${called}.`);
    return found[1];
  }

  async all(screens: readonly Screen[], scheme: Scheme, size: Size): Promise<void> {
    const context = await this.#profile(scheme, size);
    for (const screen of screens) {
      const page = await this.#open(context, screen);
      await this.#take(`${screen.name}-${size}-${scheme}`, page);
      await page.close();
      await context.unrouteAll();
      await context.setOffline(false);
    }
  }

  /** Two people's windows side by side, and a phone before them. */
  async together(scheme: Scheme): Promise<void> {
    const [wide, narrow] = [await this.#profile(scheme, 'wide'), await this.#profile(scheme, 'narrow', 2)];
    const shots: Buffer[] = [];
    for (const slot of [MARA, NOA]) {
      const page = await this.#open(wide, { slot, path: 'c/{Noa moves house 📦}' });
      await page.setViewportSize(WINDOW);
      await settled(page);
      shots.push(await shoot(page));
    }
    const phone = await this.#open(narrow, { slot: MARA, path: '' });
    shots.push(await shoot(phone));
    const table = await (await this.#browser.newContext({ viewport: TABLE })).newPage();
    const sources = shots.map((shot) => `data:image/png;base64,${shot.toString('base64')}`);
    await table.setContent(arranged(sources, scheme), { waitUntil: 'load' });
    await this.#take(`together-${scheme}`, table);
    for (const context of [wide, narrow, table.context()]) await context.close();
  }
}

/** Until the page's text has been the same for three looks in a row, and its pictures and what was to come are there. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => {});
  await page.evaluate(async () => {
    let text = '';
    for (let same = 0, looks = 0; same < 3; looks++) {
      await new Promise((looked) => setTimeout(looked, 150));
      const now = document.body.innerText;
      // What never comes, as where it is cut off, is waited for no longer than this.
      const here = document.querySelector('.skeleton') === null || looks > 60;
      const drawn = here && [...document.images].every(({ complete }) => complete);
      same = now === text && now !== '' && drawn ? same + 1 : 0;
      text = now;
    }
    await document.fonts.ready;
  });
}

function arranged(sources: readonly string[], scheme: Scheme): string {
  const [ground, line] = scheme === 'light' ? ['#f1f2f4', '#c9ccd2'] : ['#0b0d10', '#343a42'];
  return `<!doctype html><style>
    body { margin: 0; padding: 32px; display: flex; gap: 16px; align-items: center; background: ${ground}; }
    img { display: block; box-sizing: border-box; border: 1px solid ${line}; border-radius: 10px; width: 700px; }
    img:last-child { width: 306px; border-radius: 30px; border-width: 5px; }
  </style>
  ${sources.map((source) => `<img src="${source}">`).join('')}`;
}

async function withStudio(take: Take | null, run: (studio: Studio) => Promise<void>): Promise<void> {
  const studio = await Studio.open(take);
  try {
    await run(studio);
  } finally {
    await studio.close();
  }
}

const sizesOf = ({ sizes, dark }: Pick<Screen, 'sizes' | 'dark'>, scheme: Scheme) => (scheme === 'dark' ? dark : sizes);

/** Of what is no longer photographed, no picture stays. */
async function clear(): Promise<void> {
  const names = SCHEMES.flatMap((scheme) => [
    `together-${scheme}.webp`,
    ...SCREENS.flatMap(({ name, ...screen }) =>
      sizesOf(screen, scheme).map((size) => `${name}-${size}-${scheme}.webp`),
    ),
  ]);
  for (const file of await readdir(PICTURES)) {
    if (!file.startsWith('walk-') && !names.includes(file)) await rm(join(PICTURES, file));
  }
}

/** Each size and theme with a demo of its own; without `take`, into `docs/pictures`. */
async function photograph(take: Take | null): Promise<void> {
  for (const scheme of SCHEMES) {
    if (wanted(`together-${scheme}`)) await withStudio(take, (studio) => studio.together(scheme));
    for (const size of SIZES) {
      const isTaken = (screen: Screen) =>
        sizesOf(screen, scheme).includes(size) && wanted(`${screen.name}-${size}-${scheme}`);
      const screens = SCREENS.filter(isTaken);
      if (screens.length > 0) await withStudio(take, (studio) => studio.all(screens, scheme, size));
    }
  }
}

/** Both takes of what differs are left in a folder, to be looked at. */
async function compare(): Promise<number> {
  const first = new Map<string, Buffer>();
  await photograph(async (name, page) => void first.set(name, await shoot(page)));
  const folder = await mkdtemp(join(tmpdir(), 'parley-pictures-'));
  let differing = 0;
  await photograph(async (name, page) => {
    const [one, other] = [first.get(name)!, await shoot(page)];
    const isSame = one.equals(other);
    console.log(`${name.padEnd(32)} ${isSame ? 'the same' : 'DIFFERS'}`);
    if (isSame) return;
    differing++;
    await Bun.write(join(folder, `${name}-1.png`), one);
    await Bun.write(join(folder, `${name}-2.png`), other);
  });
  console.log(`${first.size} taken twice, ${differing} differ`);
  if (differing === 0) await rm(folder, { recursive: true });
  else console.log(`Both takes are in ${folder}`);
  return differing === 0 ? 0 : 1;
}

async function renew(): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  await clear();
  await photograph(null);
  const sizes = await Promise.all(
    (await readdir(PICTURES)).map(async (file) => (await stat(join(PICTURES, file))).size),
  );
  const sum = sizes.reduce((a, b) => a + b, 0);
  console.log(`${sizes.length} pictures, ${(sum / 1_000_000).toFixed(1)} MB`);
  if (sum > ALL_BYTES) throw new Error(`All pictures together have more than ${ALL_BYTES} bytes.`);
}

if (process.argv.includes(COMPARE)) process.exit(await compare());
await renew();
process.exit(0);
