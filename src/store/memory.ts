import { openStore } from './adapter.ts';
import { MemoryKeyValue } from './memory-keyvalue.ts';
import type { Store } from './store.ts';

/** A store that forgets everything with the process. `gate` is waited for before each commit takes effect. */
export function openMemoryStore(gate?: () => Promise<void>): Promise<Store> {
  return openStore(new MemoryKeyValue(gate));
}
