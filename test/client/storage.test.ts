import { expect, test } from 'bun:test';
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileInUse, fileStorage } from '../../src/client/storage/file.ts';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import type { Write } from '../../src/client/storage/storage.ts';
import { folder } from '../endings.ts';

const fresh = () => join(folder(), 'a.replica');
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

  test(`${name}: contents of files are as they were put, and nothing that rows know of`, async () => {
    const { blobs, ...storage } = await open();
    expect([await blobs.keys(), await blobs.get('a')]).toEqual([[], null]);
    const content = new Uint8Array(300_000).map((_, i) => i * 7);
    await blobs.put('a', new Blob([content]));
    await blobs.put('b', new Blob([]));
    expect((await blobs.keys()).toSorted()).toEqual(['a', 'b']);
    expect(new Uint8Array(await (await blobs.get('a'))!.arrayBuffer())).toEqual(content);
    expect((await blobs.get('b'))!.size).toBe(0);
    expect(await storage.range('', '\uffff', 9)).toEqual([]);
    await blobs.delete('a');
    await blobs.delete('a');
    expect([await blobs.keys(), await blobs.get('a')]).toEqual([['b'], null]);
    await storage.close();
  });

  test(`${name}: what is deleted is gone`, async () => {
    const storage = await open();
    await storage.write([put('a', 1), { kind: 'delete', key: 'a' }]);
    expect(await storage.get('a')).toBeUndefined();
    await storage.close();
  });
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
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

test('file: contents of files are there after it is opened again, but for what was cut short', async () => {
  const path = fresh();
  const first = await fileStorage(path);
  await first.blobs.put('a', new Blob(['kept']));
  await first.close();
  writeFileSync(`${path}.files/b.new`, 'ke');
  const { blobs, close } = await fileStorage(path);
  expect([await (await blobs.get('a'))!.text(), await blobs.get('b')]).toEqual(['kept', null]);
  // It is found, so that it can be taken away.
  expect((await blobs.keys()).toSorted()).toEqual(['a', 'b']);
  await blobs.delete('b');
  expect(existsSync(`${path}.files/b.new`)).toBe(false);
  await close();
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

test('file: a second opening is refused until the first lets go', async () => {
  const path = fresh();
  const first = await fileStorage(path);
  expect(fileStorage(path)).rejects.toThrow(`in use by process ${process.pid}. End it, or choose another file.`);
  await first.close();
  await (await fileStorage(path)).close();
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test('file: another process that has it open is named', async () => {
  const path = fresh();
  const code = `import { fileStorage } from ${JSON.stringify(join(import.meta.dir, '../../src/client/storage/file.ts'))};
    globalThis.held = await fileStorage(${JSON.stringify(path)}); console.log('open'); setInterval(() => {}, 1e6);`;
  const other = Bun.spawn([process.execPath, '--no-env-file', '-e', code], { stdout: 'pipe' });
  try {
    await other.stdout.getReader().read();
    const error = await fileStorage(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FileInUse);
    expect((error as FileInUse).holder).toBe(other.pid);
  } finally {
    other.kill('SIGKILL');
    await other.exited;
  }
  // The lock of a process that is gone holds nobody up.
  await (await fileStorage(path)).close();
});

test('file: it stays within twice of what it holds while it is open', async () => {
  const path = fresh();
  const storage = await fileStorage(path, { slackBytes: 10_000 });
  for (let i = 0; i < 500; i++) await storage.write([put('a', 'x'.repeat(200)), put(`b${i % 3}`, i)]);
  expect(statSync(path).size).toBeLessThan(11_500);
  await storage.write([put('last', true)]);
  await storage.close();
  const again = await fileStorage(path);
  expect(await Promise.all(['a', 'b0', 'b1', 'b2', 'last'].map((key) => again.get(key)))).toEqual([
    'x'.repeat(200),
    498,
    499,
    497,
    true,
  ]);
  await again.close();
});

test('file: what was deleted is in no byte of it soon after, and none once it is closed', async () => {
  const path = fresh();
  const held = () => ['first', 'second'].filter((word) => readFileSync(path, 'utf8').includes(`xyzzy ${word}`));
  const storage = await fileStorage(path, { erasedMs: 1 });
  await storage.write([put('a', 'xyzzy first'), put('b', 'kept')]);
  await storage.write([put('a', 'nothing')]);
  expect(held()).toEqual(['first']);
  await storage.write([{ kind: 'delete', key: 'x' }]);
  await until(() => held().length === 0);
  await storage.write([put('c', 'xyzzy second')]);
  await storage.write([{ kind: 'delete', key: 'c' }, put('d', 'new')]);
  await storage.close();
  expect(held()).toEqual([]);
  const again = await fileStorage(path);
  expect(await Promise.all(['a', 'b', 'c', 'd'].map((key) => again.get(key)))).toEqual([
    'nothing',
    'kept',
    undefined,
    'new',
  ]);
  await again.close();
});

test('file: what is written after a disk was full follows the last whole line', async () => {
  const path = fresh();
  const code = `import { fileStorage } from ${JSON.stringify(join(import.meta.dir, '../../src/client/storage/file.ts'))};
    const storage = await fileStorage(${JSON.stringify(path)});
    const put = (key, value) => storage.write([{ kind: 'put', key, value }]);
    await put('a', 1);
    const told = await put('b', 'x'.repeat(100_000)).then(() => 'written', () => 'refused');
    await put('c', 3);
    await storage.close();
    console.log(told);`;
  // No file may grow above 16 KiB: the long line is written in part.
  const limited = ['bash', '-c', `trap '' XFSZ; ulimit -f 16; exec "$0" --no-env-file -e "$1"`, process.execPath, code];
  const child = Bun.spawn(limited, { stdout: 'pipe' });
  expect(await new Response(child.stdout).text()).toBe('refused\n');
  const storage = await fileStorage(path);
  expect(await Promise.all(['a', 'b', 'c'].map((key) => storage.get(key)))).toEqual([1, undefined, 3]);
  await storage.close();
});

test('memory: keys stay in order whatever is put and deleted between', async () => {
  const storage = memoryStorage();
  const model = new Map<string, number>();
  for (let i = 0; i < 400; i++) {
    const key = `k${(i * 7919) % 101}`;
    if (i % 3 === 2) model.delete(key);
    else model.set(key, i);
    await storage.write([i % 3 === 2 ? { kind: 'delete', key } : put(key, i)]);
  }
  const rows = await storage.range('', '\uffff', 1_000);
  expect(rows.map(({ key, value }) => [key, value] as const)).toEqual(
    [...model].sort(([a], [b]) => (a < b ? -1 : 1)) as never,
  );
});
