/** Whom one may have meant, of all who are there. */
import { expect, test } from 'bun:test';
import type { Profile } from '../../src/protocol/entities.ts';
import { mostAlike } from '../../src/web/people/alike.ts';

const people = [
  ['theo', 'Theo Berg'],
  ['chloe', 'Chloé Dubois'],
  ['mara.k', 'Mara'],
  ['al', ''],
].map(([name, displayName], i) => ({ user: String(i), name, displayName }) as Profile);

test.each([
  ['thoe', 'theo'],
  ['teo', 'theo'],
  ['Theoo', 'theo'],
  ['chole', 'chloe'],
  ['dubios', 'chloe'],
  ['Theo Breg', 'theo'],
  ['marra', 'mara.k'],
])('%s may be @%s', (written, name) => expect(mostAlike(people, written)?.name).toBe(name));

test.each(['', 'a', 'la', 'tom', 'tehodor', 'zzzz'])('“%s” may be nobody', (written) =>
  expect(mostAlike(people, written)).toBe(null),
);
