import type { Storage } from './storage.ts';

const WRITER = 'writer';

/** For tests, the simulator and bots without a folder: survives what holds it. */
export function memoryStorage(): Storage {
  const values = new Map<string, string>();
  let sorted: string[] | null = [];
  return {
    async get(key) {
      const text = values.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async range(from, to, limit, reverse = false) {
      sorted ??= [...values.keys()].sort();
      const keys = sorted.slice(firstAt(sorted, from), firstAt(sorted, to));
      const chosen = reverse ? keys.slice(Math.max(0, keys.length - limit)).reverse() : keys.slice(0, limit);
      return chosen.map((key) => ({ key, value: JSON.parse(values.get(key)!) }));
    },
    async write(writes, guard) {
      if (guard !== undefined && values.get(WRITER) !== JSON.stringify(guard)) return false;
      for (const write of writes) {
        if (write.kind === 'delete') {
          if (values.delete(write.key)) sorted = null;
          continue;
        }
        if (!values.has(write.key)) {
          if (sorted && (sorted.length === 0 || write.key > sorted.at(-1)!)) sorted.push(write.key);
          else sorted = null;
        }
        values.set(write.key, JSON.stringify(write.value));
      }
      return true;
    },
    async close() {},
  };
}

/** The place of the first key that is at least this one. */
export function firstAt(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
