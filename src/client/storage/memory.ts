import type { Blobs, Storage } from './storage.ts';

const WRITER = 'writer';

/** For tests, the simulator and bots without a folder: survives what holds it. */
export function memoryStorage(): Storage {
  const values = new Map<string, string>();
  const sorted: string[] = [];
  return {
    blobs: memoryBlobs(),
    async get(key) {
      const text = values.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async range(from, to, limit, reverse = false) {
      const start = firstAt(sorted, from);
      const end = Math.max(start, firstAt(sorted, to));
      const chosen = reverse
        ? sorted.slice(Math.max(start, end - limit), end).reverse()
        : sorted.slice(start, Math.min(end, start + limit));
      return chosen.map((key) => ({ key, value: JSON.parse(values.get(key)!) }));
    },
    async write(writes, guard) {
      if (guard !== undefined && values.get(WRITER) !== JSON.stringify(guard)) return false;
      for (const write of writes) {
        const place = firstAt(sorted, write.key);
        if (write.kind === 'delete') {
          if (values.delete(write.key)) sorted.splice(place, 1);
          continue;
        }
        if (!values.has(write.key)) sorted.splice(place, 0, write.key);
        values.set(write.key, JSON.stringify(write.value));
      }
      return true;
    },
    async close() {},
  };
}

function memoryBlobs(): Blobs {
  const contents = new Map<string, Blob>();
  return {
    put: async (key, content) => void contents.set(key, content),
    get: async (key) => contents.get(key) ?? null,
    keys: async () => [...contents.keys()],
    delete: async (key) => void contents.delete(key),
  };
}

/** The place of the first key that is at least this one. */
function firstAt(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
