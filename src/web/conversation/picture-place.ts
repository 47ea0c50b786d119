/** How large pictures of a message are, from what it says of them: so that they have their place before they are there. */
import type { FileInfo } from '../../protocol/entities.ts';

export interface PictureInfo extends FileInfo {
  readonly width: number;
  readonly height: number;
}

/** In CSS pixels: the widest and the highest that a message's pictures are, and the smallest that can be pressed. */
const WIDE = 360;
const HIGH = 400;
const LEAST = 120;
/** One that is much longer than wide, or wider than long, is cut at its ends; full screen shows all of it. */
const RATIO_LEAST = 0.5;
const RATIO_MOST = 2.5;
/** Pictures that are shown; above that, how many more there are. */
export const SHOWN_MAX = 4;
/** Width to height of the whole, by how many are shown. */
const GRIDS = [1, 1, 2, 1.5, 1] as const;

export interface PicturePlace {
  readonly width: number;
  readonly ratio: number;
}

export const isPicture = (file: FileInfo): file is PictureInfo =>
  file.width !== undefined && file.height !== undefined && file.width > 0 && file.height > 0;

export function placeOfPictures(pictures: readonly PictureInfo[]): PicturePlace {
  const [first] = pictures;
  if (!first || pictures.length > 1) return { width: WIDE, ratio: GRIDS[Math.min(pictures.length, SHOWN_MAX)]! };
  const ratio = Math.min(RATIO_MOST, Math.max(RATIO_LEAST, first.width / first.height));
  return { width: Math.round(Math.max(LEAST, Math.min(WIDE, HIGH * ratio, first.width))), ratio };
}

/** The sides of the sizes that the server makes, each at most as large as the picture. */
const SIDES = { small: 320, medium: 1_280, large: 2_560 } as const;

/** For the browser to choose by the pixels that the screen really has. */
export function sourcesOf(
  { width, height }: PictureInfo,
  at: { readonly [size in keyof typeof SIDES]?: string },
): string {
  const seen = new Set<number>();
  return (Object.keys(SIDES) as (keyof typeof SIDES)[])
    .flatMap((size) => {
      const wide = Math.max(1, Math.round(width * Math.min(1, SIDES[size] / Math.max(width, height))));
      const path = at[size];
      if (path === undefined || seen.has(wide)) return [];
      seen.add(wide);
      return [`${path} ${wide}w`];
    })
    .join(', ');
}
