/** From what a page shows to a file in `docs/pictures`. */
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

export const PICTURES = join(import.meta.dir, '../docs/pictures');
const PICTURE_BYTES = 150_000;
const QUALITIES = [0.4, 0.3];
/** As little as possible that differs from one machine to another. */
const ARGS = ['--no-sandbox', '--font-render-hinting=none', '--force-color-profile=srgb'];

export function launch(...args: string[]): Promise<Browser> {
  const executablePath = Bun.which('chromium');
  if (!executablePath) throw new Error('There is no chromium here. On Debian: apt-get install chromium');
  return chromium.launch({ executablePath, args: [...ARGS, ...args] });
}

export const shoot = (page: Page) => page.screenshot({ animations: 'disabled', caret: 'hide' });

export class Darkroom {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async open(browser: Browser): Promise<Darkroom> {
    return new Darkroom(await (await browser.newContext()).newPage());
  }

  /** Writes `name`.webp, in the best quality that is small enough, and says so. */
  async take(name: string, page: Page): Promise<void> {
    const shot = await shoot(page);
    let picture = Buffer.alloc(0);
    for (const quality of QUALITIES) {
      picture = await this.#develop(shot, quality);
      if (picture.length <= PICTURE_BYTES) break;
    }
    if (picture.length > PICTURE_BYTES) throw new Error(`${name} has ${picture.length} bytes.`);
    await Bun.write(join(PICTURES, `${name}.webp`), picture);
    console.log(`${name.padEnd(32)} ${Math.ceil(picture.length / 1_000)} kB`);
  }

  async #develop(shot: Buffer, quality: number): Promise<Buffer<ArrayBuffer>> {
    const address = await this.#page.evaluate(
      async ([source, quality]) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        canvas.getContext('2d')!.drawImage(image, 0, 0);
        return canvas.toDataURL('image/webp', quality);
      },
      [`data:image/png;base64,${shot.toString('base64')}`, quality] as const,
    );
    return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64');
  }
}
