/** One message by its number, wherever it stands, as it is now: kept, and looked at again when something is done to it. */
import { useEffect, useState } from 'react';
import type { Acts, Messenger } from '../../client/index.ts';
import type { MessageEntry } from '../../protocol/entities.ts';
import { useMessenger } from '../messenger.tsx';

interface Found {
  readonly entry: MessageEntry | null;
  /** What was done to it; null for nothing. */
  readonly acts: Acts | null;
  /** It was looked for: without an entry there is none that one may see. */
  readonly asked: boolean;
}

const NOT_YET: Found = { entry: null, acts: null, asked: false };
const HELD_MAX = 500;

class Stored {
  readonly #messenger: Messenger;
  readonly #found = new Map<string, Found>();
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(messenger: Messenger) {
    this.#messenger = messenger;
    messenger.on('changed', ({ conversation, seqs }) => {
      for (const seq of seqs) if (this.#found.has(`${conversation}/${seq}`)) void this.#look(conversation, seq);
    });
  }

  get(conversation: string, seq: number): Found {
    return this.#found.get(`${conversation}/${seq}`) ?? NOT_YET;
  }

  watch(conversation: string, seq: number, run: () => void): () => void {
    const name = `${conversation}/${seq}`;
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(run));
    if (this.get(conversation, seq).entry === null) void this.#look(conversation, seq);
    return () => listeners.delete(run);
  }

  async #look(conversation: string, seq: number): Promise<void> {
    const name = `${conversation}/${seq}`;
    const found = await this.#messenger.message(conversation, seq).catch(() => null);
    if (this.#found.size >= HELD_MAX) this.#found.clear();
    this.#found.set(name, { entry: found?.entry ?? null, acts: found?.acts ?? null, asked: true });
    for (const run of this.#listeners.get(name) ?? []) run();
  }
}

const known = new WeakMap<Messenger, Stored>();

export function useStored(conversation: string, seq: number): Found {
  const messenger = useMessenger();
  const stored = known.get(messenger) ?? new Stored(messenger);
  known.set(messenger, stored);
  const [, setCount] = useState(0);
  useEffect(() => {
    setCount((count) => count + 1);
    return stored.watch(conversation, seq, () => setCount((count) => count + 1));
  }, [stored, conversation, seq]);
  return stored.get(conversation, seq);
}
