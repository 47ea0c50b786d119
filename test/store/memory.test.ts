import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { SeededRandom } from '../../src/sim/time.ts';
import { faultyStore } from '../../src/store/faulty.ts';
import { openMemoryStore } from '../../src/store/memory.ts';
import { shardOf, Unavailable, Unknown } from '../../src/store/store.ts';
import { row, storeContract } from './contract.ts';

storeContract('memory', () => openMemoryStore());

const never = { before: 0, after: 0, late: 0, unavailable: 0 };
storeContract('faulty without faults', async () =>
  faultyStore(await openMemoryStore(), { random: () => 0.99, later: () => {}, rates: never }),
);

describe('a closed store', () => {
  test('is unavailable', async () => {
    const store = await openMemoryStore();
    await store.close();
    expect(store.append('c/x', 0, [row('a')])).rejects.toBeInstanceOf(Unavailable);
    expect(store.head('c/x')).rejects.toBeInstanceOf(Unavailable);
  });
});

describe('unknown outcomes', () => {
  async function faulty(kind: 'before' | 'after' | 'late' | 'unavailable', chance = 0) {
    const store = await openMemoryStore();
    const later: (() => void)[] = [];
    let faults = true;
    const wrapped = faultyStore(store, {
      random: () => (faults ? chance : 0.999),
      later: (run) => later.push(run),
      rates: { ...never, [kind]: 0.5 },
    });
    return { store, wrapped, later, heal: () => (faults = false) };
  }

  test('before the effect: nothing happened', async () => {
    const { store, wrapped } = await faulty('before');
    expect(wrapped.append('c/x', 0, [row('a')])).rejects.toBeInstanceOf(Unknown);
    expect(await store.head('c/x')).toBe(0);
  });
  test('after the effect: it happened', async () => {
    const { store, wrapped } = await faulty('after');
    expect(wrapped.append('c/x', 0, [row('a')])).rejects.toBeInstanceOf(Unknown);
    expect(await wrapped.head('c/x')).toBe(1);
    expect(await store.findKey('x', 'mara', 'a', 0, 1)).toBe(1);
  });
  test('long after: the next head decides it', async () => {
    const { store, wrapped, later } = await faulty('late');
    await wrapped.append('c/x', 0, [row('a')]).catch(() => {});
    expect(await store.head('c/x')).toBe(0);
    expect(await wrapped.head('c/x')).toBe(1);
    for (const run of later) run();
    expect(await store.head('c/x')).toBe(1);
  });
  test('long after, behind another append: it does not apply', async () => {
    const { store, wrapped, later } = await faulty('late');
    await wrapped.append('c/x', 0, [row('a')]).catch(() => {});
    await store.append('c/x', 0, [row('b')]);
    for (const run of later) run();
    expect(await wrapped.head('c/x')).toBe(1);
    expect(await store.findKey('x', 'mara', 'a', 0, 9)).toBeNull();
  });
  test('unavailable: nothing happened, for certain', async () => {
    const { store, wrapped } = await faulty('unavailable');
    expect(wrapped.raise('p', [{ key: 'k', stamp: 1, value: '' }])).rejects.toBeInstanceOf(Unavailable);
    expect(await store.getRegister('p', 'k')).toBeNull();
  });
});

describe('whoever goes by the contract', () => {
  const seeded = (seed: number) => {
    const random = new SeededRandom(seed);
    return { next: () => random.next() };
  };
  const rates = { before: 0.2, after: 0.2, late: 0.2, unavailable: 0.1 };

  test('gets each key in once, in a dense log, whatever is lost on the way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const memory = await openMemoryStore();
        const { next: random } = seeded(seed);
        const store = faultyStore(memory, { random, later: (run) => void setTimeout(run, 0), rates });
        const insert = async (key: string) => {
          for (;;) {
            const head = await store.head('c/x');
            if ((await store.findKey('x', 'mara', key, 0, head)) !== null) return;
            await store.append('c/x', head, [row(key)]).catch(() => null);
          }
        };
        const keys = ['a', 'b', 'c', 'd'];
        await Promise.all([...keys, ...keys].map(insert));
        const { rows } = await memory.read('c/x', 1, 99);
        expect(rows.map(({ header }) => header).sort()).toEqual(keys.map((key) => row(key).header));
      }),
      { numRuns: 40 },
    );
  });

  test('raises, discharges and deletes again until it is answered, and that does no harm', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const memory = await openMemoryStore();
        const later: (() => void)[] = [];
        const { next: random } = seeded(seed);
        const store = faultyStore(memory, { random, later: (run) => later.push(run), rates });
        const done = async (run: () => Promise<unknown>) => {
          while (
            (await run().then(
              () => true,
              () => false,
            )) === false
          );
        };
        await memory.append('c/x', 0, [row('a')]);
        await done(() => store.raise('p', [{ key: 'k', stamp: 2, value: 'new' }]));
        await done(() => store.raise('p', [{ key: 'k', stamp: 1, value: 'old' }]));
        await done(() => store.discharge('x', 1));
        await memory.append('c/x', 1, [row('b')]);
        await done(() => store.schedule(5, 'x'));
        for (const run of later) run();
        expect(await memory.getRegister('p', 'k')).toEqual({ stamp: 2, value: 'new' });
        await memory.head('c/x');
        expect(await memory.obligations(shardOf('x'), '', 9)).toEqual([{ conversation: 'x', seq: 2 }]);
        expect(await memory.due(shardOf('x'), 5, 9)).toEqual([{ at: 5, item: 'x' }]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a memory that loses what was not durable', () => {
  test('keeps every append that returned', async () => {
    let dead = false;
    const store = await openMemoryStore(() => (dead ? new Promise(() => {}) : Promise.resolve()));
    await store.append('c/x', 0, [row('a')]);
    dead = true;
    let returned = false;
    void store.append('c/x', 1, [row('b')]).then(() => {
      returned = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(returned).toBe(false);
    expect((await store.read('c/x', 1, 9)).rows).toHaveLength(1);
  });
});
