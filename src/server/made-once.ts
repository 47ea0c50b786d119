import type { Store } from '../store/store.ts';

/** What the record of `server` with this key holds; where there is none, the first of those that are made at once. */
export async function madeOnce(store: Store, key: string, make: () => string): Promise<string> {
  const record = await store.getRecord('server', key);
  if (record) return record.value;
  const made = make();
  await store.putRecord('server', key, made, 0);
  return (await store.getRecord('server', key))?.value ?? made;
}
