import { expect, test } from 'bun:test';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryIndex } from '../../src/search/memory.ts';
import { ThreadedIndex } from '../../src/search/threaded.ts';
import { folder } from '../endings.ts';
import { searchContract } from './contract.ts';

searchContract('memory', async () => new MemoryIndex());
searchContract('sqlite', async () => ThreadedIndex.open(folder()));

const at = Date.UTC(2026, 0, 1);
const choir = [{ conversation: 'choir', intervals: [{ from: 1, to: 0 }] }];
const bytesOf = (path: string) =>
  Buffer.concat(readdirSync(path).map((name) => readFileSync(join(path, name)))).toString('latin1');

test('words that are gone are in no byte of the folder', async () => {
  const path = folder();
  const index = await ThreadedIndex.open(path);
  const docs = Array.from({ length: 300 }, (_, i) => ({
    seq: i + 1,
    at: at + i,
    sender: 'mara',
    has: [],
    text: `${i} and`,
  }));
  await index.write('choir', 300, docs, []);
  await index.write('choir', 301, [{ seq: 301, at, sender: 'mara', has: [], text: 'zyxwvq rehearses' }], []);
  await index.write(
    'choir',
    600,
    docs.map((doc) => ({ ...doc, seq: doc.seq + 301 })),
    [],
  );
  expect(bytesOf(path)).toContain('zyxwvq');
  await index.write('choir', 601, [], [301]);
  expect(bytesOf(path)).not.toContain('zyx');
  expect(bytesOf(path)).not.toContain('xwv');
  await index.close();
});

test('an index survives its process, and one that is damaged is begun anew', async () => {
  const path = folder();
  const first = await ThreadedIndex.open(path);
  await first.write('choir', 1, [{ seq: 1, at, sender: 'mara', has: [], text: 'violin' }], []);
  await first.close();
  const second = await ThreadedIndex.open(path);
  expect(await second.reached(['choir'])).toEqual([1]);
  expect((await second.find({ query: 'viol', scopes: choir, after: null, limit: 9 })).hits).toHaveLength(1);
  await second.close();
  writeFileSync(join(path, 'index.sqlite'), 'this is no index at all, and never was one'.repeat(100));
  const third = await ThreadedIndex.open(path);
  expect(await third.reached(['choir'])).toEqual([0]);
  await third.close();
});

test('a text that is made to be costly is taken, and looked for, in bounded time', async () => {
  const index = await ThreadedIndex.open(folder());
  const hostile = ['ﷺ'.repeat(5_000), 'a\u0301'.repeat(8_000), '"'.repeat(16_000), '\0\ud800 OR NEAR('.repeat(1_000)];
  await index.write(
    'choir',
    4,
    hostile.map((text, i) => ({ seq: i + 1, at, sender: 'mara', has: [], text })),
    [],
  );
  const startedAt = performance.now();
  for (const query of [...hostile, '"', '" OR "', '*', 'NOT', 'c_1', "'; DROP TABLE docs; --", '\ud800']) {
    await index.find({ query, scopes: choir, after: null, limit: 50 });
  }
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  await index.close();
});
