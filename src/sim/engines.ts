/** Where servers keep what is durable: one store for several of them, or a disk that crashes with its only server. */
import type { Found } from '../check/checker.ts';
import { openStore } from '../store/adapter.ts';
import { Keyring } from '../store/keyring.ts';
import { openMemoryStore } from '../store/memory.ts';
import type { Store } from '../store/store.ts';
import type { Disk } from './disk.ts';
import type { Ledger } from './ledger.ts';
import { checkReopened, observe } from './observed.ts';

export interface Engine {
  /** The store as a server finds it that starts now; `onFailure` when it has to stop. */
  open(onFailure: () => void): Promise<Store>;
  /** A server is gone. */
  crashed(): void;
  /** What is there, read directly; null while nobody has it open. */
  readonly store: Store | null;
}

/** Survives every server, as a cluster does. */
export async function sharedEngine(ledger: Ledger, found: Found): Promise<Engine> {
  const store = await openMemoryStore();
  const observed = observe(store, ledger, found);
  return { store, open: async () => observed, crashed: () => {} };
}

export function diskEngine(disk: Disk, ledger: Ledger, found: Found): Engine {
  // Its file is flushed before anything that it opens is written.
  const keyring = new Keyring();
  const engine = {
    store: null as Store | null,
    async open(onFailure: () => void): Promise<Store> {
      const store = await openStore(disk.open(), { onFailure, keyring });
      await checkReopened(store, ledger, found);
      engine.store = store;
      return observe(store, ledger, found);
    },
    crashed(): void {
      engine.store = null;
      disk.crash();
    },
  };
  return engine;
}
