/** What an engine is told to clear of old bytes. */
import { expect, test } from 'bun:test';
import { openStore } from '../../src/store/adapter.ts';
import type { KeyValue } from '../../src/store/keyvalue.ts';
import { MemoryKeyValue } from '../../src/store/memory-keyvalue.ts';
import type { Store } from '../../src/store/store.ts';
import { row } from './contract.ts';

async function engine() {
  const kv = new MemoryKeyValue();
  const ranges: (readonly [Buffer, Buffer])[] = [];
  const written: Buffer[] = [];
  const watched: KeyValue = {
    get: (key) => kv.get(key),
    range: (from, to, limit, reverse) => kv.range(from, to, limit, reverse),
    close: () => kv.close(),
    batch: (operations) => {
      written.push(...operations.map(({ key }) => key));
      return kv.batch(operations);
    },
    compact: async (asked) => void ranges.push(...asked),
  };
  const store = await openStore(watched);
  /** Whether the key that this writes will be cleared. */
  const isCleared = async (write: (store: Store) => Promise<unknown>, holds: string) => {
    written.splice(0);
    await write(store);
    const key = written.find((one) => one.includes(holds))!;
    return ranges.some(([from, to]) => Buffer.compare(from, key) <= 0 && Buffer.compare(key, to) < 0);
  };
  return { store, isCleared };
}

test('all that has such a name is cleared, in logs, registers and records, and nothing else', async () => {
  const { store, isCleared } = await engine();
  await store.compact(['c/x', 'files/x', 'drafts/']);
  const record = (partition: string) =>
    isCleared((store) => store.putRecord(partition, 'one', 'word', 0), `${partition}\0one`);
  const register = (partition: string) =>
    isCleared((store) => store.raise(partition, [{ key: 'one', stamp: 1, value: 'word' }]), `${partition}\0one`);
  const log = (id: string) =>
    isCleared((store) => store.append(`c/${id}`, 0, [row('word')]), `c/${id}\0\0\0\0\0\0\0\0\x01`);
  expect([await log('x'), await record('files/x'), await register('files/x')]).toEqual([true, true, true]);
  expect([await register('drafts/a'), await record('drafts/\xff')]).toEqual([true, true]);
  expect([await log('y'), await record('files/y'), await register('drafts'), await register('c/x')]).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
