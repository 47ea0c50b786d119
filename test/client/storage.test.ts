import { afterAll, expect, test } from 'bun:test';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage } from '../../src/client/storage/file.ts';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import type { Write } from '../../src/client/storage/storage.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-storage-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const fresh = () => join(folder, `${count++}.replica`);
const put = (key: string, value: unknown): Write => ({ kind: 'put', key, value });

for (const [name, open] of [
  ['memory', async () => memoryStorage()],
  ['file', () => fileStorage(fresh())],
] as const) {
  test(`${name}: ranges are ordered, half open, limited, and may be reversed`, async () => {
    const storage = await open();
    await storage.write(['c', 'a', 'b', 'd'].map((key) => put(key, key)));
    const keys = async (...range: [string, string, number, boolean?]) =>
      (await storage.range(...range)).map(({ key }) => key).join('');
    expect(await keys('a', 'd', 10)).toBe('abc');
    expect(await keys('a', 'd', 2)).toBe('ab');
    expect(await keys('a', 'd', 2, true)).toBe('cb');
    await storage.close();
  });

  test(`${name}: a guard that lost writes nothing`, async () => {
    const storage = await open();
    await storage.write([put('writer', 'me')]);
    expect(await storage.write([put('a', 1)], 'other')).toBe(false);
    expect(await storage.write([put('b', 1)], 'me')).toBe(true);
    expect([await storage.get('a'), await storage.get('b')]).toEqual([undefined, 1]);
    await storage.close();
  });

  test(`${name}: what is deleted is gone`, async () => {
    const storage = await open();
    await storage.write([put('a', 1), { kind: 'delete', key: 'a' }]);
    expect(await storage.get('a')).toBeUndefined();
    await storage.close();
  });
}

test('file: what was written is there after it is opened again', async () => {
  const path = fresh();
  const first = await fileStorage(path);
  await first.write([put('a', { n: 1 }), put('b', null)]);
  await first.write([{ kind: 'delete', key: 'b' }]);
  await first.close();
  const second = await fileStorage(path);
  expect(await second.get('a')).toEqual({ n: 1 });
  expect(await second.range('', 'z', 9)).toHaveLength(1);
  await second.close();
});

test('file: a torn last line is dropped', async () => {
  const path = fresh();
  writeFileSync(path, '[["a",1]]\n');
  appendFileSync(path, '[["b",');
  const storage = await fileStorage(path);
  expect([await storage.get('a'), await storage.get('b')]).toEqual([1, undefined]);
  await storage.close();
});

test('file: damage before the last line is told', async () => {
  const path = fresh();
  writeFileSync(path, '[["a",\n[["b",1]]\n');
  expect(fileStorage(path)).rejects.toThrow('line 1');
});

test('file: opening it leaves out what was overwritten', async () => {
  const path = fresh();
  const first = await fileStorage(path);
  for (let i = 0; i < 5; i++) await first.write([put('a', i)]);
  await first.close();
  await (await fileStorage(path)).close();
  expect(readFileSync(path, 'utf8')).toBe('[["a",4]]\n');
});
