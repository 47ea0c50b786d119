import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from '../../src/sim/planted.ts';

const ROOT = join(import.meta.dir, '../..');

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  'the bug “%s” has its place, once',
  (_name, { file, find, replace }) => {
    expect(readFileSync(join(ROOT, file), 'utf8').split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
  },
);
