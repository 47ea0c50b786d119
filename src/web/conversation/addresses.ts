/** Where the files of messages can be fetched: asked for together, and kept for as long as they are good. */
import type { Messenger } from '../../client/index.ts';
import type { Result } from '../../protocol/commands.ts';
import { ADDRESSES_MAX } from '../../protocol/limits.ts';

export type Address = Result<'addresses'>['addresses'][number];

interface Waiting {
  done(address: Address | null): void;
  failed(error: unknown): void;
}

/** Before its end, so that what is begun is not cut off by it. */
const EARLY_MS = 60_000;
const KEPT_MAX = 2_000;

class Addresses {
  readonly #messenger: Messenger;
  readonly #known = new Map<string, { readonly address: Address; readonly until: number }>();
  /** By conversation and file: what the next command asks for. */
  readonly #wanted = new Map<string, Map<string, Waiting[]>>();

  constructor(messenger: Messenger) {
    this.#messenger = messenger;
  }

  known(id: string): Address | null {
    const held = this.#known.get(id);
    return held && held.until - EARLY_MS > Date.now() ? held.address : null;
  }

  /** Null for what is not there any more. */
  find(conversation: string, id: string): Promise<Address | null> {
    const held = this.known(id);
    if (held) return Promise.resolve(held);
    return new Promise((done, failed) => {
      const wanted = this.#wanted.get(conversation) ?? new Map<string, Waiting[]>();
      if (wanted.size === 0) {
        this.#wanted.set(conversation, wanted);
        queueMicrotask(() => this.#ask(conversation));
      }
      wanted.set(id, [...(wanted.get(id) ?? []), { done, failed }]);
    });
  }

  forget(id: string): void {
    this.#known.delete(id);
  }

  #ask(conversation: string): void {
    const wanted = [...(this.#wanted.get(conversation) ?? [])];
    this.#wanted.delete(conversation);
    for (let from = 0; from < wanted.length; from += ADDRESSES_MAX) {
      void this.#fetch(conversation, new Map(wanted.slice(from, from + ADDRESSES_MAX)));
    }
  }

  async #fetch(conversation: string, wanted: ReadonlyMap<string, readonly Waiting[]>): Promise<void> {
    try {
      const { addresses, until } = await this.#messenger.addresses(conversation, [...wanted.keys()]);
      const found = new Map(addresses.map((address) => [address.id, address]));
      if (this.#known.size > KEPT_MAX) this.#known.clear();
      for (const [id, waiting] of wanted) {
        const address = found.get(id) ?? null;
        if (address) this.#known.set(id, { address, until });
        for (const { done } of waiting) done(address);
      }
    } catch (error) {
      for (const waiting of wanted.values()) for (const { failed } of waiting) failed(error);
    }
  }
}

const books = new WeakMap<Messenger, Addresses>();

export function addressesOf(messenger: Messenger): Addresses {
  let book = books.get(messenger);
  if (!book) books.set(messenger, (book = new Addresses(messenger)));
  return book;
}
