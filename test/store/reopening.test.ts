import { expect, test } from 'bun:test';
import { openStore } from '../../src/store/adapter.ts';
import { MemoryKeyValue } from '../../src/store/memory-keyvalue.ts';
import { ReopeningStore } from '../../src/store/reopening.ts';
import { Unavailable, Unknown } from '../../src/store/store.ts';
import { row, storeContract } from './contract.ts';

storeContract('reopening', () =>
  ReopeningStore.open(
    (onFailure) => openStore(new MemoryKeyValue(), { onFailure }),
    () => {},
  ),
);

/** On an engine whose next write fails when `broken` says so; told are the failures. */
async function failing() {
  const engine = { broken: false, opened: 0 };
  const keyvalue = new MemoryKeyValue(() => (engine.broken ? Promise.reject(new Error('EIO')) : Promise.resolve()));
  const told: boolean[] = [];
  const store = await ReopeningStore.open(
    (onFailure) => {
      engine.opened++;
      return openStore(keyvalue, { onFailure });
    },
    (_error, isLast) => told.push(isLast),
  );
  const fail = async (last: number) => {
    engine.broken = true;
    const outcome = await store.append('c/x', last, [row(`failed ${told.length}`)]).catch((error) => error);
    engine.broken = false;
    return outcome;
  };
  const untilOpen = async () => {
    while (!store.isOpen) await new Promise((resolve) => setImmediate(resolve));
  };
  return { store, engine, told, fail, untilOpen };
}

test('after a write error it is opened again, and goes on from what is durable', async () => {
  const { store, engine, told, fail, untilOpen } = await failing();
  await store.append('c/x', 0, [row('a')]);
  expect(await fail(1)).toBeInstanceOf(Unknown);
  expect(store.isOpen).toBe(false);
  expect(store.append('c/x', 1, [row('too soon')])).rejects.toBeInstanceOf(Unavailable);
  await untilOpen();
  expect([await store.head('c/x'), engine.opened, told]).toEqual([1, 2, [false]]);
  expect(await store.append('c/x', 1, [row('b')])).toEqual({ kind: 'applied', last: 2 });
  await store.close();
});

test('after the third it is not', async () => {
  const { store, engine, told, fail, untilOpen } = await failing();
  for (let i = 0; i < 2; i++) {
    await fail(0);
    await untilOpen();
  }
  await fail(0);
  expect([told, engine.opened, store.isOpen]).toEqual([[false, false, true], 3, false]);
  expect(store.append('c/x', 0, [row('a')])).rejects.toBeInstanceOf(Unavailable);
  await store.close();
});

test('what cannot be opened again is the last failure', async () => {
  const told: boolean[] = [];
  let broken = false;
  const keyvalue = new MemoryKeyValue(() => (broken ? Promise.reject(new Error('EIO')) : Promise.resolve()));
  const store = await ReopeningStore.open(
    (onFailure) => (broken ? Promise.reject(new Error('gone')) : openStore(keyvalue, { onFailure })),
    (_error, isLast) => told.push(isLast),
  );
  broken = true;
  await store.append('c/x', 0, [row('a')]).catch(() => {});
  while (told.length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect([told, store.isOpen]).toEqual([[false, true], false]);
  await store.close();
});
