/** What the few letters find that one writes to get somewhere. */
import { expect, test } from 'bun:test';
import { matches } from '../../src/web/palette/matches.ts';

test.each([
  ['Chloé Dubois', 'chloe'],
  ['Chloé Dubois', 'DUB chl'],
  ['Chloé Dubois', ''],
  ['Willow Lane 4–12', 'lane 12'],
  ['Ana-Maria', 'maria'],
  ['北京 office', '京'],
  ['Noa', '@noa'],
  ['مريم', 'مريم'],
])('%s is found by “%s”', (text, query) => expect(matches(text, query)).toBe(true));

test.each([
  ['Chloé Dubois', 'bois'],
  ['Chloé Dubois', 'chloe martin'],
  ['Noa', 'noah'],
])('%s is not found by “%s”', (text, query) => expect(matches(text, query)).toBe(false));
