/**
 * `npm run pictures [WORD …]`: photographs the web app with the people of the demo, at a fixed time, into
 * `docs/pictures`. With words, only the pictures whose names hold one of them.
 */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { willowLane } from '../src/demo/sample/sample.ts';
import { openStreet, type Street } from '../src/demo/street.ts';
import { Darkroom, launch, PICTURES, shoot } from './darkroom.ts';

process.env['TZ'] = 'UTC';
const TODAY = Date.UTC(2026, 4, 21, 15, 40);
const ALL_BYTES = 4_000_000;

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
const WINDOW = { width: 700, height: 760 };
/** Two windows, a phone, and what is between them. */
const TABLE = { width: 1800, height: 824 };
const SCHEMES = ['light', 'dark'] as const;
type Scheme = (typeof SCHEMES)[number];
type Size = 'wide' | 'narrow';

/** Of the six at the door, by their slots. */
const MARA = 0;
const NOA = 2;

interface Screen {
  readonly name: string;
  readonly slot: number;
  /** After the slot; what stands in braces is a talk: the title of a group, or the name of Mara's partner. */
  readonly path: string;
  readonly sizes: readonly Size[];
}

const BOTH = ['wide', 'narrow'] as const;

/** Each in light and in dark. */
const SCREENS: readonly Screen[] = [
  { name: 'inbox', slot: MARA, path: '', sizes: ['narrow'] },
  { name: 'direct', slot: MARA, path: 'c/{theo}', sizes: BOTH },
  { name: 'group', slot: MARA, path: 'c/{Choir: Evening Rise 🎶}', sizes: BOTH },
  { name: 'received-not-read', slot: MARA, path: 'c/{mei}', sizes: ['narrow'] },
  { name: 'sent-not-received', slot: MARA, path: 'c/{kwame}', sizes: ['narrow'] },
  { name: 'waiting', slot: MARA, path: 'c/{maximiliana}', sizes: ['narrow'] },
  { name: 'refused', slot: MARA, path: 'c/{Ladder committee}', sizes: ['narrow'] },
  { name: 'everybody', slot: MARA, path: 'c/{Everybody on Willow Lane}/details', sizes: BOTH },
  { name: 'right-to-left', slot: NOA, path: 'c/{Noa moves house 📦}', sizes: BOTH },
  { name: 'new-chat', slot: MARA, path: 'new', sizes: BOTH },
  { name: 'new-group', slot: MARA, path: 'new-group', sizes: ['narrow'] },
  { name: 'archived', slot: MARA, path: 'archived', sizes: ['narrow'] },
  { name: 'settings', slot: MARA, path: 'settings', sizes: BOTH },
  { name: 'server', slot: MARA, path: 'settings/server', sizes: BOTH },
  { name: 'sign-in', slot: 9, path: 'sign-in', sizes: BOTH },
  { name: 'sign-up', slot: 9, path: 'sign-up', sizes: ['narrow'] },
];

const words = process.argv.slice(2);
const wanted = (name: string) => words.length === 0 || words.some((word) => name.includes(word));

class Studio {
  readonly #street: Street;
  readonly #browser: Browser;
  readonly #darkroom: Darkroom;

  private constructor(street: Street, browser: Browser, darkroom: Darkroom) {
    this.#street = street;
    this.#browser = browser;
    this.#darkroom = darkroom;
  }

  /** Each begins with a demo of its own: to look at a chat is to read it. */
  static async open(): Promise<Studio> {
    console.log('Filling the demo …');
    const street = await openStreet({ port: 0, today: TODAY, sample: willowLane(), still: true });
    const browser = await launch();
    return new Studio(street, browser, await Darkroom.open(browser));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#street.stop();
  }

  /** A browser in which the people of the door are signed in. */
  async #profile(colorScheme: Scheme, size: Size): Promise<BrowserContext> {
    const narrow = size === 'narrow';
    const context = await this.#browser.newContext({
      viewport: narrow ? NARROW : WIDE,
      deviceScaleFactor: narrow ? 2 : 1,
      hasTouch: narrow,
      isMobile: narrow,
      colorScheme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'UTC',
    });
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
  async #screen(context: BrowserContext, { slot, path }: Pick<Screen, 'slot' | 'path'>): Promise<Page> {
    const page = await this.#newPage(context);
    const address = path.replace(/\{(.*)\}/, (_, talk: string) => this.#conversation(talk));
    await page.goto(`${this.#street.url}/${slot}/${address}`);
    await settled(page);
    return page;
  }

  #conversation(called: string): string {
    for (const [talk, id] of this.#street.conversations) {
      if (talk.kind === 'group' ? talk.title === called : talk.people.some((name) => name === called)) {
        if (talk.kind !== 'self') return id;
      }
    }
    throw new Error(`No talk is called ${called}.`);
  }

  async all(screens: readonly Screen[], scheme: Scheme, size: Size): Promise<void> {
    const context = await this.#profile(scheme, size);
    for (const screen of screens) {
      const page = await this.#screen(context, screen);
      await this.#darkroom.take(`${screen.name}-${size}-${scheme}`, page);
      await page.close();
    }
  }

  /** Two people's windows side by side, and a phone before them. */
  async together(scheme: Scheme): Promise<void> {
    const [wide, narrow] = [await this.#profile(scheme, 'wide'), await this.#profile(scheme, 'narrow')];
    const shots: Buffer[] = [];
    for (const slot of [MARA, NOA]) {
      const page = await this.#screen(wide, { slot, path: 'c/{Noa moves house 📦}' });
      await page.setViewportSize(WINDOW);
      await settled(page);
      shots.push(await shoot(page));
    }
    const phone = await this.#screen(narrow, { slot: MARA, path: '' });
    shots.push(await shoot(phone));
    const table = await (await this.#browser.newContext({ viewport: TABLE })).newPage();
    const sources = shots.map((shot) => `data:image/png;base64,${shot.toString('base64')}`);
    await table.setContent(arranged(sources, scheme), { waitUntil: 'load' });
    await this.#darkroom.take(`together-${scheme}`, table);
    for (const context of [wide, narrow, table.context()]) await context.close();
  }
}

/** Until the page's text has been the same for three looks in a row. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => {});
  await page.evaluate(async () => {
    let text = '';
    for (let same = 0; same < 3; ) {
      await new Promise((looked) => setTimeout(looked, 150));
      const now = document.body.innerText;
      same = now === text && now !== '' ? same + 1 : 0;
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

async function withStudio(run: (studio: Studio) => Promise<void>): Promise<void> {
  const studio = await Studio.open();
  try {
    await run(studio);
  } finally {
    await studio.close();
  }
}

async function main(): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  for (const scheme of SCHEMES) {
    if (wanted(`together-${scheme}`)) await withStudio((studio) => studio.together(scheme));
    for (const size of BOTH) {
      const screens = SCREENS.filter(({ name, sizes }) => sizes.includes(size) && wanted(`${name}-${size}-${scheme}`));
      if (screens.length > 0) await withStudio((studio) => studio.all(screens, scheme, size));
    }
  }
  const sizes = await Promise.all(
    (await readdir(PICTURES)).map(async (file) => (await stat(join(PICTURES, file))).size),
  );
  const sum = sizes.reduce((a, b) => a + b, 0);
  console.log(`${sizes.length} pictures, ${(sum / 1_000_000).toFixed(1)} MB`);
  if (sum > ALL_BYTES) throw new Error(`All pictures together have more than ${ALL_BYTES} bytes.`);
}

await main();
process.exit(0);
