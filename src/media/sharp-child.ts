/** Reads one picture from stdin and answers with three on stdout. Ends with 1 for what is none or too much. */
import sharp from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { SIDES, SIZES } from './media.ts';
import type { Head } from './sharp.ts';

const PIXELS_MAX = 50_000_000;
/** A moving picture with more frames, or more pixels in all of them, is sent as its first frame. */
const FRAMES_MAX = 200;
const MOVING_PIXELS_MAX = 40_000_000;
const MOVING_SIDE = 640;
const HASH_SIDE = 100;
const QUALITY = { small: 75, medium: 80, large: 82 } as const;
const WATCH_MS = 20;

const [memoryBytes = 0, cpuMs = 0] = process.argv.slice(2).map(Number);
// Threads of the decoder count, too; this one waits for them.
setInterval(() => {
  const { user, system } = process.cpuUsage();
  if (process.memoryUsage.rss() > memoryBytes || user + system > cpuMs * 1_000) process.exit(1);
}, WATCH_MS).unref();

sharp.concurrency(1);
sharp.cache(false);
// What is not named here is not read, whatever this build could read.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}`),
});

const content = Buffer.from(await Bun.stdin.bytes());
const open = (animated = false) =>
  sharp(content, { limitInputPixels: PIXELS_MAX, failOn: 'error', animated }).autoOrient();

async function isMoving(): Promise<boolean> {
  const { pages = 1, width, height, pageHeight = height } = await open().metadata();
  return pages > 1 && pages <= FRAMES_MAX && width * pageHeight * pages <= MOVING_PIXELS_MAX;
}

async function answer(): Promise<void> {
  const moves = await isMoving();
  const sizes = [];
  // One after another, each of them anew from the file: no two are in memory at once.
  for (const size of SIZES) {
    const animated = moves && size !== 'small';
    const side = animated ? Math.min(MOVING_SIDE, SIDES[size]) : SIDES[size];
    const resized = open(animated).resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
    sizes.push(await resized.webp({ quality: QUALITY[size], effort: 3 }).toBuffer({ resolveWithObject: true }));
  }
  const { width, pageHeight, height } = sizes.at(-1)!.info as { width: number; height: number; pageHeight?: number };
  const tiny = await open()
    .resize({ width: HASH_SIDE, height: HASH_SIDE, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const hash = rgbaToThumbHash(tiny.info.width, tiny.info.height, tiny.data);
  const head: Head = {
    width,
    height: pageHeight ?? height,
    placeholder: Buffer.from(hash).toString('base64'),
    bytes: sizes.map(({ data }) => data.length),
  };
  const stdout = Bun.stdout.writer();
  stdout.write(`${JSON.stringify(head)}\n`);
  for (const { data } of sizes) stdout.write(data);
  await stdout.end();
}

await answer().then(
  () => process.exit(0),
  () => process.exit(1),
);
