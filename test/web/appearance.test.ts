import { expect, test } from 'bun:test';
import { type Appearance, readAppearance } from '../../src/web/appearance.ts';

const DEFAULT: Appearance = { scheme: 'system', accent: 'sea', scale: 100, enterSends: true };

test.each([
  [null, DEFAULT],
  ['', DEFAULT],
  ['null', DEFAULT],
  ['{"scheme":', DEFAULT],
  ['[1]', DEFAULT],
  ['{"scheme":"dark"}', { ...DEFAULT, scheme: 'dark' }],
  ['{"scheme":"sepia","accent":"plum"}', { ...DEFAULT, accent: 'plum' }],
  ['{"scale":150,"enterSends":false}', { ...DEFAULT, scale: 150, enterSends: false }],
  ['{"scale":400,"enterSends":0}', DEFAULT],
] as const)('%p is read as what makes sense of it', (kept, shown) => expect(readAppearance(kept)).toEqual(shown));
