import { openDB } from 'idb';
import type { Storage } from './storage.ts';

const ROWS = 'rows';
const WRITER = 'writer';
const BLOB = 'b/';

/** `name` is of one account: two accounts in one browser have a database each. */
export async function indexedDbStorage(name: string): Promise<Storage> {
  const db = await openDB(name, 1, { upgrade: (fresh) => void fresh.createObjectStore(ROWS) });
  // Another tab deletes or upgrades the database only once this one has let go.
  db.addEventListener('versionchange', () => db.close());
  return {
    // They stand among the rows, where nobody asks for a range.
    blobs: {
      put: async (key, content) => void (await db.put(ROWS, content, BLOB + key)),
      get: async (key) => ((await db.get(ROWS, BLOB + key)) as Blob | undefined) ?? null,
      async keys() {
        const keys = await db.getAllKeys(ROWS, IDBKeyRange.bound(BLOB, `${BLOB}\uffff`));
        return keys.map((key) => String(key).slice(BLOB.length));
      },
      delete: (key) => db.delete(ROWS, BLOB + key),
    },
    get: (key) => db.get(ROWS, key),
    async range(from, to, limit, reverse = false) {
      const span = IDBKeyRange.bound(from, to, false, true);
      if (!reverse) {
        const store = db.transaction(ROWS).store;
        const [keys, values] = await Promise.all([store.getAllKeys(span, limit), store.getAll(span, limit)]);
        return keys.map((key, i) => ({ key: String(key), value: values[i] as unknown }));
      }
      const rows: { key: string; value: unknown }[] = [];
      let cursor = await db.transaction(ROWS).store.openCursor(span, 'prev');
      while (cursor && rows.length < limit) {
        rows.push({ key: String(cursor.key), value: cursor.value as unknown });
        cursor = await cursor.continue();
      }
      return rows;
    },
    async write(writes, guard) {
      const transaction = db.transaction(ROWS, 'readwrite', { durability: 'strict' });
      if (guard !== undefined && (await transaction.store.get(WRITER)) !== guard) {
        await transaction.done;
        return false;
      }
      for (const write of writes) {
        if (write.kind === 'put') void transaction.store.put(write.value, write.key);
        else void transaction.store.delete(write.key);
      }
      await transaction.done;
      return true;
    },
    close: async () => db.close(),
  };
}
