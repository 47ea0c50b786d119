/** Files that somebody might send, made here: good ones, and what is meant to hurt. */
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { crc32 } from '../../src/core/crc32.ts';

const text = (content: string) => new TextEncoder().encode(content);

/** Left half red, right half blue. */
export const twoColours = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#ff0000' } }).composite([
    {
      input: { create: { width: Math.max(1, width >> 1), height, channels: 3, background: '#0000ff' } },
      left: Math.min(width - 1, width - (width >> 1)),
      top: 0,
    },
  ]);

const EXIF = {
  IFD0: { Copyright: 'SECRET-COPYRIGHT', Software: 'SECRET-SOFTWARE' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1', GPSLongitudeRef: 'E', GPSLongitude: '13/1 24/1 18/1' },
};

/** Says where it was taken, and lies on its side. */
export const withPlace = () => twoColours(120, 80).withExif(EXIF).withMetadata({ orientation: 6 }).jpeg().toBuffer();

export const jpeg = (width = 120, height = 80) => twoColours(width, height).jpeg().toBuffer();
export const png = () => twoColours(120, 80).png().toBuffer();

/** Frames of its own colour each. */
export async function gif(frames: number, side = 16): Promise<Buffer> {
  const pixels = Buffer.alloc(side * side * frames * 3);
  for (let frame = 0; frame < frames; frame++) pixels.fill((frame * 37) % 256, frame * side * side * 3);
  const raw = { width: side, height: side * frames, channels: 3 as const, pageHeight: side };
  return sharp(pixels, { raw }).gif().toBuffer();
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const named = Buffer.concat([text(type), content]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(content.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}

/** A PNG whose header says this size, whatever its pixels are. */
export function pngOf(width: number, height: number, pixels: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** 3.6 thousand million pixels in less than half a megabyte. */
export const bomb = () => pngOf(60_000, 60_000, Buffer.alloc(60_000 * 7_501));

export const svg = text(
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script><rect width="9" height="9"/></svg>',
);
export const html = text('<!doctype html><script>alert(document.cookie)</script>');
export const script = text('GIF89a=1;alert(1)//');
export const pdf = text('%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF');
export const mvg = text('push graphic-context\nimage over 0,0 0,0 "https://127.0.0.1/x"\npop graphic-context');
