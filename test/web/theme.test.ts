/** The colours of the theme can be told from what is behind them, light and dark; and no other file has measures. */
import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Glob } from 'bun';
import { ACCENTS } from '../../src/web/appearance.ts';

const WEB = join(import.meta.dir, '../../src/web');
const theme = readFileSync(join(WEB, 'theme.css'), 'utf8');

type Colour = readonly [lightness: number, chroma: number, hue: number];

/** Relative luminance as WCAG has it; what no screen can show is cut off. */
function luminance([l, c, h]: Colour): number {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const shown = (value: number) => Math.min(1, Math.max(0, value));
  const red = shown(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short);
  const green = shown(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short);
  const blue = shown(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Colour, b: Colour): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const number = String.raw`([\d.]+)`;
const oklch = String.raw`oklch\(${number} ${number} (${number}|var\(--hue\))\)`;
const accents = [...theme.matchAll(/\[data-accent="(\w+)"\] \{\s*--accent-hue: (\d+);(?:\s*--vivid: ([\d.]+);)?/g)].map(
  ([, name, hue, vivid]) => ({ name: name!, hue: hue!, vivid: Number(vivid ?? 1) }),
);

/** The theme's colours with that accent. */
function declaredWith({ hue, vivid }: (typeof accents)[number]) {
  const filled = theme
    .replace(/calc\(([\d.]+) \* var\(--vivid\)\)/g, (_, chroma: string) => String(Number(chroma) * vivid))
    .replaceAll('var(--accent-hue)', hue)
    .replace(/\s+/g, ' ');
  const pair = new RegExp(String.raw`--([\w-]+): light-dark\( ?${oklch}, ${oklch} ?\);`, 'g');
  return new Map(
    [...filled.matchAll(pair)].map((found) => {
      const colour = (from: number) =>
        found.slice(from, from + 3).map((text) => Number(text ?? 0)) as unknown as Colour;
      return [found[1]!, { light: colour(2), dark: colour(6) }] as const;
    }),
  );
}
const hues = [...theme.matchAll(/\[data-hue="\d+"\] \{\s*--hue: (\d+);/g)].map(([, hue]) => Number(hue));

const BUBBLES = ['theirs', 'own'];
const PANES = ['ground', 'side', 'raised'];
const MARKED = ['selected', 'hover'];
const LEAST: readonly (readonly [of: string, least: number, on: readonly string[]])[] = [
  ['text', 7, [...PANES, ...BUBBLES, ...MARKED, 'found']],
  ['second', 5.5, [...PANES, ...BUBBLES, ...MARKED]],
  ['read', 5, ['side', 'raised', 'selected', 'hover', 'own']],
  ['accent-text', 5.5, [...PANES, ...BUBBLES, ...MARKED]],
  ['danger', 4.5, [...PANES, ...MARKED, 'own']],
  ['warning', 4.5, PANES],
  ['on-accent', 4.5, ['accent']],
  ['control', 3.4, PANES],
  ['accent', 3, [...PANES, ...BUBBLES, ...MARKED]],
  ['online', 3, [...PANES, ...MARKED]],
];

test('contrast is measured as WCAG does', () => {
  expect(contrast([1, 0, 0], [0, 0, 0])).toBeCloseTo(21, 3);
  // #767676 on white, the textbook's 4.54.
  expect(contrast([0.5654, 0, 0], [1, 0, 0])).toBeCloseTo(4.54, 1);
});

test('there are six accents', () => expect(accents.map(({ name }) => name)).toEqual([...ACCENTS]));

const SCHEMES = ['light', 'dark'] as const;
const LOOKS = accents.flatMap((accent) => SCHEMES.map((scheme) => [accent.name, scheme, accent] as const));
describe.each(LOOKS)('%s %s', (_, scheme, accent) => {
  const declared = declaredWith(accent);
  const colour = (name: string): Colour => {
    const found = declared.get(name)?.[scheme];
    if (!found) throw new Error(`The theme has no colour ${name}.`);
    return found;
  };
  test.each(LEAST)('%s reaches %d:1', (name, least, grounds) => {
    const short = grounds
      .map((ground) => [ground, contrast(colour(name), colour(ground))] as const)
      .filter(([, ratio]) => ratio < least);
    expect(short).toEqual([]);
  });

  test('every name can be read in its hue, on a bubble, on its own ground and on the timeline', () => {
    expect(hues).toHaveLength(12);
    const inHue = (name: string, hue: number): Colour => [colour(name)[0], colour(name)[1], hue];
    const short = hues.flatMap((hue) =>
      [colour('theirs'), colour('ground'), inHue('person-ground', hue)]
        .map((ground) => [hue, contrast(inHue('person', hue), ground)] as const)
        .filter(([, ratio]) => ratio < 4.5),
    );
    expect(short).toEqual([]);
  });
});

test('only the theme has sizes and durations', () => {
  const measures = [...new Glob('**/*.css').scanSync(WEB)]
    .filter((path) => path !== 'theme.css')
    .flatMap((path) => {
      const css = readFileSync(join(WEB, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|@media[^{]*/g, '');
      return [...css.matchAll(/(?<![\w.-])\d*\.?\d+(?:px|r?em|ch|d?vh|d?vw|m?s)\b/g)].map(([found]) => [path, found]);
    });
  // The page is as high as the window.
  expect(measures).toEqual([['app.css', '100dvh']]);
});
