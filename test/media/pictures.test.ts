/** What becomes of a picture, whoever made it. */
import { describe, expect, test } from 'bun:test';
import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { MediaUnavailable, type Pictures, SIZES } from '../../src/media/media.ts';
import { sharpPictures } from '../../src/media/sharp.ts';
import * as files from './hostile.ts';

const pictures = sharpPictures();
const read = (bytes: Uint8Array, by: Pictures = pictures) =>
  by.read(new Blob([new Uint8Array(bytes)]).stream(), bytes.length);

async function pixel(bytes: Uint8Array, x: number, y: number): Promise<string> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [red = 0, , blue = 0] = data.subarray((y * info.width + x) * info.channels);
  return red > 200 && blue < 60 ? 'red' : blue > 200 && red < 60 ? 'blue' : `${red} ${blue}`;
}

describe('a picture', () => {
  test('stands upright, in three sizes, without a word about where and when', async () => {
    const before = await files.withPlace();
    expect(before.toString('latin1')).toContain('SECRET-COPYRIGHT');
    expect((await sharp(before).metadata()).exif?.length).toBeGreaterThan(100);
    const picture = (await read(before))!;
    expect([picture.width, picture.height]).toEqual([80, 120]);
    for (const size of SIZES) {
      const bytes = picture.sizes[size];
      const { format, width, height, exif, xmp, iptc, icc, orientation } = await sharp(bytes).metadata();
      expect({ format, width, height }).toEqual({ format: 'webp', width: 80, height: 120 });
      expect([exif, xmp, iptc, icc, orientation].filter(Boolean)).toEqual([]);
      expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/SECRET|EXIF|GPS|XMP/);
    }
    // What lay at the left is at the top once it is turned.
    expect([await pixel(picture.sizes.large, 40, 5), await pixel(picture.sizes.large, 40, 114)]).toEqual([
      'red',
      'blue',
    ]);
  });

  test('is made smaller, never larger', async () => {
    const picture = (await read(await files.jpeg(3_000, 1_500)))!;
    const widths = await Promise.all(SIZES.map(async (size) => (await sharp(picture.sizes[size]).metadata()).width));
    expect([widths, picture.width, picture.height]).toEqual([[320, 1_280, 2_560], 2_560, 1_280]);
    expect(Buffer.from(picture.placeholder, 'base64').length).toBeLessThan(30);
  });

  test('that moves still moves, but for the small one', async () => {
    const picture = (await read(await files.gif(5)))!;
    expect([picture.width, picture.height]).toEqual([16, 16]);
    const pages = await Promise.all(
      SIZES.map(async (size) => (await sharp(picture.sizes[size]).metadata()).pages ?? 1),
    );
    expect(pages).toEqual([1, 5, 5]);
  });

  test('that moves too much stands still', async () => {
    const picture = (await read(await files.gif(1_000)))!;
    expect((await sharp(picture.sizes.large).metadata()).pages ?? 1).toBe(1);
  });

  test.each([
    ['PNG', () => files.png()],
    ['WebP', () => files.twoColours(120, 80).webp().toBuffer()],
    ['AVIF', () => files.twoColours(120, 80).avif().toBuffer()],
    ['16 bits', () => files.twoColours(120, 80).toColourspace('rgb16').png().toBuffer()],
    ['CMYK', () => files.twoColours(120, 80).toColourspace('cmyk').jpeg().toBuffer()],
    ['grey', () => files.twoColours(120, 80).greyscale().png().toBuffer()],
    ['one pixel', () => files.jpeg(1, 1)],
    ['see-through', () => files.twoColours(120, 80).ensureAlpha(0.5).png().toBuffer()],
  ])('of %s is read', async (_, make) => {
    expect(await read(await make())).not.toBeNull();
  });
});

describe('no picture is', () => {
  test.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ['nothing', () => new Uint8Array()],
    ['a small file of 3.6 thousand million pixels', files.bomb],
    ['a file that says it is 100,000 pixels wide', () => files.pngOf(100_000, 100_000, Buffer.alloc(9))],
    ['a JPEG cut in the middle', async () => (await files.jpeg(800, 600)).subarray(0, 2_000)],
    ['a PNG cut in the middle', async () => (await files.png()).subarray(0, 150)],
    ['SVG', () => files.svg],
    ['SVG behind a comment', () => Buffer.concat([Buffer.from('<!-- -->\n'), files.svg])],
    ['HTML', () => files.html],
    ['a script that begins like a GIF', () => files.script],
    ['PDF', () => files.pdf],
    ['a drawing for ImageMagick', () => files.mvg],
    ['a TIFF', () => files.twoColours(20, 20).tiff().toBuffer()],
    ['noise', () => new Uint8Array(5_000).map((_, i) => (i * 7919) % 251)],
  ])('%s', async (_, make) => {
    expect(await read(await make())).toBeNull();
  });

  test('one that takes too much of a processor, and it is told by that, not by the clock', async () => {
    const large = await files.jpeg(6_000, 6_000);
    expect(await read(large, sharpPictures({ cpuMs: 400 }))).toBeNull();
    // Others keep the machine busy, and its turns are few.
    const busy = Array.from({ length: 2 * availableParallelism() }, () =>
      Bun.spawn([process.execPath, '-e', 'for (;;);'], { stdio: ['ignore', 'ignore', 'ignore'] }),
    );
    try {
      expect(await read(await files.jpeg(), sharpPictures({ cpuMs: 3_000 }))).not.toBeNull();
    } finally {
      for (const child of busy) child.kill('SIGKILL');
    }
  }, 60_000);

  test('one that never comes to an end', async () => {
    expect(await read(await files.jpeg(), sharpPictures({ timeoutMs: 1 }))).toBeNull();
  });

  test('one that takes too much memory', async () => {
    expect(await read(await files.jpeg(4_000, 4_000), sharpPictures({ memoryBytes: 40_000_000 }))).toBeNull();
  });

  test('one of more than 50 MB', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      cancel() {
        cancelled = true;
      },
    });
    expect([await pictures.read(endless, 50_000_001), cancelled]).toEqual([null, true]);
  });
});

test('many at once are read a few at a time, and too many are sent away', async () => {
  const few = sharpPictures({ atOnce: 1, timeoutMs: 1 });
  const bytes = await files.jpeg(8, 8);
  const outcomes = await Promise.allSettled(Array.from({ length: 70 }, () => read(bytes, few)));
  const away = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  expect(away.map(({ reason }) => reason instanceof MediaUnavailable)).toEqual(Array(5).fill(true));
}, 30_000);
