import { describe, expect, test } from 'bun:test';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEASH } from '../../src/bench/host.ts';
import { openStore } from '../../src/store/adapter.ts';
import { encodeValue, keyOf, TABLE } from '../../src/store/codec.ts';
import { FolderError, openLevelStore } from '../../src/store/leveldb.ts';
import { MemoryKeyValue } from '../../src/store/memory-keyvalue.ts';
import { Corrupt, Unavailable, Unknown } from '../../src/store/store.ts';
import { atEnd, folder } from '../endings.ts';
import { row, storeContract } from './contract.ts';

storeContract('LevelDB', () => openLevelStore({ folder: folder() }));

describe('LevelDB', () => {
  test('opens again on what it wrote', async () => {
    const at = folder();
    const store = await openLevelStore({ folder: at });
    await store.append('c/x', 0, [row('a')]);
    await store.close();
    const again = await openLevelStore({ folder: at });
    expect([await again.head('c/x'), await again.findKey('x', 'mara', 'a', 0, 1)]).toEqual([1, 1]);
    expect(await again.obligations(0, '', 9).then((list) => list.length)).toBeLessThan(2);
    await again.close();
  });

  test('says so when another uses the folder', async () => {
    const at = folder();
    const store = await openLevelStore({ folder: at });
    expect(openLevelStore({ folder: at })).rejects.toThrow('Another Parley uses the data folder');
    await store.close();
  });

  test('refuses writes and goes on reading when the disk is nearly full', async () => {
    let free = 1e12;
    const store = await openLevelStore({ folder: folder(), freeBytes: async () => free });
    await store.append('c/x', 0, [row('a')]);
    free = 0;
    // The figure is a second old at most: write until it is looked at again.
    let refused: unknown = null;
    for (let last = 1; refused === null && last < 100_000; last++) {
      await store.append('c/x', last, [row(`k${last}`)]).catch((error) => {
        refused = error;
      });
    }
    expect(refused).toBeInstanceOf(Unavailable);
    expect((refused as Unavailable).reason).toBe('full');
    expect((await store.read('c/x', 1, 1)).rows).toHaveLength(1);
    free = 1e12;
    const head = await store.head('c/x');
    expect(await store.append('c/x', head, [row('again')])).toMatchObject({ kind: 'applied' });
    await store.close();
  });

  test('keeps what it reported when the process is killed', async () => {
    const at = folder();
    const script = `
      import { openLevelStore } from ${JSON.stringify(join(import.meta.dir, '../../src/store/leveldb.ts'))};
      const store = await openLevelStore({ folder: ${JSON.stringify(at)} });
      let last = await store.head('c/x');
      for (;;) {
        await store.append('c/x', last++, [{ header: '{}', body: null, sender: 'u', key: String(last) }]);
        process.stdout.write(last + '\\n');
      }`;
    for (let round = 0; round < 3; round++) {
      const child = Bun.spawn([process.execPath, '--preload', LEASH, '-e', script], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      atEnd(() => child.kill('SIGKILL'));
      let printed = '';
      for await (const chunk of child.stdout) {
        printed += new TextDecoder().decode(chunk);
        if (printed.split('\n').length > 200) child.kill('SIGKILL');
      }
      await child.exited;
      const reported = Number(printed.trimEnd().split('\n').at(-1));
      const store = await openLevelStore({ folder: at });
      expect(await store.head('c/x')).toBeGreaterThanOrEqual(reported);
      await store.close();
    }
  });

  /** Twenty commits, closed, and the path of the log that holds them. */
  async function written() {
    const at = folder();
    const store = await openLevelStore({ folder: at });
    for (let last = 0; last < 19; last++) await store.append('c/x', last, [row(`k${last}`)]);
    await store.close();
    const [log] = readdirSync(join(at, 'store')).filter((name) => name.endsWith('.log'));
    return { at, log: join(at, 'store', log!) };
  }

  test('a flipped byte anywhere in its log or its manifest is noticed', async () => {
    const { at } = await written();
    const files = readdirSync(join(at, 'store')).filter((name) => /log$|^MANIFEST|^CURRENT/.test(name));
    expect(files).toHaveLength(3);
    for (const name of files) {
      const bytes = readFileSync(join(at, 'store', name));
      for (let i = 0; i < 8; i++) {
        const copy = folder();
        cpSync(at, copy, { recursive: true });
        const flipped = Buffer.from(bytes);
        flipped[Math.floor((bytes.length * i) / 8)]! ^= 1 << i;
        writeFileSync(join(copy, 'store', name), flipped);
        const outcome = await openLevelStore({ folder: copy }).catch((error) => error);
        expect([Corrupt, FolderError]).toContain(outcome.constructor);
      }
    }
  });

  test('what a kill left half written of the last commit does not stop it', async () => {
    const { at, log } = await written();
    const bytes = readFileSync(log);
    writeFileSync(log, bytes.subarray(0, bytes.length - 3));
    writeFileSync(join(at, 'commits'), new Uint8Array([0, 0, 0, 0, 0, 0, 0, 19]));
    const store = await openLevelStore({ folder: at });
    expect(await store.head('c/x')).toBe(18);
    expect(await store.append('c/x', 18, [row('again')])).toEqual({ kind: 'applied', last: 19 });
    await store.close();
    await (await openLevelStore({ folder: at })).close();
  });

  test('a count that fell behind is brought up to date', async () => {
    const { at } = await written();
    writeFileSync(join(at, 'commits'), new Uint8Array(8));
    await (await openLevelStore({ folder: at })).close();
    expect([...readFileSync(join(at, 'commits'))]).toEqual([0, 0, 0, 0, 0, 0, 0, 20]);
  });

  test('notices that the end of its log is gone', async () => {
    const at = folder();
    const store = await openLevelStore({ folder: at });
    for (let last = 0; last < 20; last++) await store.append('c/x', last, [row(`k${last}`)]);
    await store.close();
    const files = readdirSync(join(at, 'store')).filter((name) => name.endsWith('.log'));
    for (const name of files) {
      const bytes = readFileSync(join(at, 'store', name));
      writeFileSync(join(at, 'store', name), bytes.subarray(0, bytes.length >> 1));
    }
    expect(openLevelStore({ folder: at })).rejects.toBeInstanceOf(Corrupt);
  });
});

describe('what an engine lost or changed', () => {
  test('a missing commit row is found at open', async () => {
    const keyvalue = new MemoryKeyValue();
    const store = await openStore(keyvalue);
    for (let last = 0; last < 5; last++) await store.append('c/x', last, [row(`k${last}`)]);
    await keyvalue.batch([{ type: 'del', key: keyOf(TABLE.commits, 3) }]);
    expect(openStore(keyvalue)).rejects.toThrow('lost commit 3');
  });
  test('a flipped bit is found at read', async () => {
    const keyvalue = new MemoryKeyValue();
    const store = await openStore(keyvalue);
    await store.append('c/x', 0, [row('a')]);
    const key = keyOf(TABLE.rows, 'c/x', 1);
    const value = (await keyvalue.get(key))!.slice();
    value[12]! ^= 1;
    await keyvalue.batch([{ type: 'put', key, value }]);
    expect(store.read('c/x', 1, 1)).rejects.toThrow('checksum');
  });
  test('a hole below the head is never a short page', async () => {
    const keyvalue = new MemoryKeyValue();
    const store = await openStore(keyvalue);
    await store.append(
      'c/x',
      0,
      ['a', 'b', 'c'].map((key) => row(key)),
    );
    await keyvalue.batch([{ type: 'del', key: keyOf(TABLE.rows, 'c/x', 2) }]);
    expect(store.read('c/x', 1, 9)).rejects.toThrow('Row 2 of c/x is missing');
  });
  test('a newer format is refused with a sentence', async () => {
    const keyvalue = new MemoryKeyValue();
    await openStore(keyvalue);
    const value = encodeValue({ format: 99, shards: 16 });
    await keyvalue.batch([{ type: 'put', key: keyOf(TABLE.meta, 'format'), value }]);
    expect(openStore(keyvalue)).rejects.toThrow('Run a newer version');
  });
  test('what follows an append that was refused is refused, too, and leaves no hole', async () => {
    let full = false;
    const admit = async () => {
      const refused = full ? new Unavailable('The disk is full.', 'full') : null;
      full = false;
      return refused;
    };
    const store = await openStore(new MemoryKeyValue(), { admit });
    await store.append('c/x', 0, [row('a')]);
    full = true;
    const appends = Array.from({ length: 600 }, (_, i) => store.append('c/x', 1 + i, [row(`k${i}`)]));
    const outcomes = await Promise.allSettled(appends);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect([await store.head('c/x'), (await store.read('c/x', 1, 9)).rows.length]).toEqual([1, 1]);
    expect(await store.append('c/x', 1, [row('b')])).toEqual({ kind: 'applied', last: 2 });
  });
  test('of two appends that come while a head is forgotten, one is applied', async () => {
    let full = false;
    const admit = async () => (full ? new Unavailable('The disk is full.', 'full') : null);
    const store = await openStore(new MemoryKeyValue(), { admit });
    for (let round = 0; round < 50; round++) {
      full = true;
      const refused = store.append('c/other', 0, [row('x')]).catch(() => {
        full = false;
      });
      const outcomes: Promise<unknown>[] = [];
      for (let i = 0; i < 20; i++) {
        outcomes.push(store.append(`c/${round}`, 0, [row(`k${i}`)]).catch(() => null));
        await Promise.resolve();
      }
      await refused;
      const applied = (await Promise.all(outcomes)).filter((o) => (o as { kind: string } | null)?.kind === 'applied');
      expect(applied.length).toBe(await store.head(`c/${round}`));
    }
  });
  test('after a write error nothing is acked any more', async () => {
    let broken = false;
    const keyvalue = new MemoryKeyValue(() => (broken ? Promise.reject(new Error('EIO')) : Promise.resolve()));
    const failures: unknown[] = [];
    const store = await openStore(keyvalue, { onFailure: (error) => failures.push(error) });
    await store.append('c/x', 0, [row('a')]);
    broken = true;
    expect(store.append('c/x', 1, [row('b')])).rejects.toBeInstanceOf(Unknown);
    await store.head('c/x');
    broken = false;
    expect(store.append('c/x', 1, [row('c')])).rejects.toBeInstanceOf(Unavailable);
    expect(failures).toHaveLength(1);
  });
});
