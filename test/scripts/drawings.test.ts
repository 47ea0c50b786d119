import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DRAWINGS } from '../../scripts/drawings.ts';

test.each(Object.keys(DRAWINGS))('docs/charts/%s is what the script draws', (name) => {
  expect(readFileSync(join(import.meta.dir, '../../docs/charts', name), 'utf8')).toBe(DRAWINGS[name]!);
});
