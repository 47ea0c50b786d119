/** What is on screen now, gathered from the parts that show it: the server keeps just that fresh. */
import { useEffect } from 'react';
import type { Messenger } from '../client/index.ts';
import { useMessenger } from './messenger.tsx';

class Sight {
  readonly #messenger: Messenger;
  readonly #users = new Map<string, number>();
  readonly #conversations = new Map<string, number>();
  #told = true;

  constructor(messenger: Messenger) {
    this.#messenger = messenger;
    // Nobody looks at a page behind others: what comes there is to be notified.
    document.addEventListener('visibilitychange', () => this.#tell());
  }

  /** Returns how to take them off the screen. */
  see(users: readonly string[], conversations: readonly string[]): () => void {
    this.#count(users, conversations, 1);
    return () => this.#count(users, conversations, -1);
  }

  #count(users: readonly string[], conversations: readonly string[], by: number): void {
    for (const user of users) add(this.#users, user, by);
    for (const conversation of conversations) add(this.#conversations, conversation, by);
    if (!this.#told) return;
    this.#told = false;
    // Scrolling takes rows away and brings others in the same moment.
    setTimeout(() => {
      this.#told = true;
      this.#messenger.watch([...this.#users.keys()]);
      this.#tell();
    }, 50);
  }

  #tell(): void {
    this.#messenger.show(document.visibilityState === 'hidden' ? [] : [...this.#conversations.keys()]);
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

const sights = new WeakMap<Messenger, Sight>();

function sightOf(messenger: Messenger): Sight {
  let sight = sights.get(messenger);
  if (!sight) sights.set(messenger, (sight = new Sight(messenger)));
  return sight;
}

/** Presence of these users is kept fresh while the part is shown. */
export function useWatched(users: readonly string[]): void {
  const messenger = useMessenger();
  const joined = users.join();
  useEffect(() => sightOf(messenger).see(joined === '' ? [] : joined.split(','), []), [messenger, joined]);
}

/** Receipts of this conversation are kept fresh while the part is shown. */
export function useShown(conversation: string): void {
  const messenger = useMessenger();
  useEffect(() => sightOf(messenger).see([], [conversation]), [messenger, conversation]);
}
