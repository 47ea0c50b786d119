/** What the people of the lane send besides words. */
import { type DrawingName, drawn } from '../drawings.ts';
import { pdfOf } from '../pdf.ts';
import type { SentFile } from '../talk.ts';

/** Drawn once, when it is first asked for. */
const picture = (name: DrawingName): SentFile => {
  let drawing: ReturnType<typeof drawn> | null = null;
  return { name: `${name}.jpg`, as: 'picture', content: () => (drawing ??= drawn(name)) };
};

const page = (name: string, ...lines: readonly string[]): SentFile => ({
  name: `${name}.pdf`,
  as: 'file',
  content: async () => pdfOf(lines),
});

export const LAKE = (
  ['lake at six', 'lake at ten', 'lake at noon', 'lake at four', 'lake at eight', 'lake at ten at night'] as const
).map(picture);
export const BREAD = [picture('bread')];
export const SATURDAY = [picture('rolls'), picture('oven'), picture('basket')];
export const CAT = [picture('cat')];
export const FLOWER = [picture('flower')];
export const POSTER = [picture('poster')];
export const MOVE = [
  picture('floor plan'),
  page(
    'Boxes',
    'Boxes',
    '1-9    books, to the living room',
    '10-14  kitchen: red dots',
    '15-22  upstairs: green dots',
    '23     "?" (ask Noa)',
    'The piano is no box.',
  ),
];
export const SCORE = [
  page(
    'Evening Rise, order of verses',
    'Evening Rise',
    'Verse 1: all',
    'Verse 2: altos alone up to bar 17, a little slower',
    'Verse 3: basses hold, sopranos answer',
    'Refrain twice; the last one without the piano',
  ),
];
