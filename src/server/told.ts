/**
 * What stands on the screens of devices as far as this server, or one before it, has put it there; the oldest is forgotten
 * first. It is written behind, as records `told/<shard>`: what a crash takes with it stays on its screen until it is opened.
 */
import { SHARDS, type Store, shardOf } from '../store/store.ts';

interface Last {
  readonly seq: number;
  /** By the monotonic clock. */
  readonly at: number;
  readonly expires: number | null;
}

interface Place {
  readonly conversation: string;
  readonly user: string;
  readonly device: string;
}

const KEPT_MAX = 20_000;
const PAGE = 500;
const TRIES_MAX = 5;

export class Told {
  readonly #places = new Map<string, Place & Last>();
  readonly #byConversation = new Map<string, Set<string>>();
  readonly #store: Store;
  readonly #failed: (error: unknown) => void;
  #unwritten = new Set<string>();
  #writing: Promise<void> | null = null;

  constructor(store: Store, failed: (error: unknown) => void) {
    this.#store = store;
    this.#failed = failed;
  }

  /** What an earlier run has left, as told of `at`; of what is known already nothing changes. */
  async load(at: number): Promise<Place[]> {
    const loaded: Place[] = [];
    for (let shard = 0; shard < SHARDS; shard++) {
      for (let after = ''; ; ) {
        const page = await this.#store.listRecords(`told/${shard}`, after, PAGE);
        for (const { key, value } of page) {
          const [conversation = '', user = '', device = ''] = key.split(' ');
          const place = { conversation, user, device };
          if (!this.#places.has(key)) this.#hold(key, { ...place, ...(JSON.parse(value) as Omit<Last, 'at'>), at });
          loaded.push(place);
        }
        if (page.length < PAGE) break;
        after = page.at(-1)!.key;
      }
    }
    return loaded;
  }

  /** Resolves when all that was noted before is written, or could not be. */
  written(): Promise<void> {
    return this.#writing ?? Promise.resolve();
  }

  at(conversation: string, user: string, device: string): Last | null {
    return this.#places.get(keyOf(conversation, user, device)) ?? null;
  }

  of(conversation: string, user?: string): Place[] {
    const places = [...(this.#byConversation.get(conversation) ?? [])].map((key) => this.#places.get(key)!);
    return user === undefined ? places : places.filter((place) => place.user === user);
  }

  note(conversation: string, user: string, device: string, last: Last): void {
    this.forget(conversation, user, device);
    const key = keyOf(conversation, user, device);
    this.#hold(key, { conversation, user, device, ...last });
    this.#write(key);
  }

  #hold(key: string, place: Place & Last): void {
    const { conversation } = place;
    this.#places.set(key, place);
    const keys = this.#byConversation.get(conversation) ?? new Set();
    this.#byConversation.set(conversation, keys.add(key));
    const [oldest] = this.#places.values();
    if (oldest && this.#places.size > KEPT_MAX) this.forget(oldest.conversation, oldest.user, oldest.device);
  }

  forget(conversation: string, user: string, device: string): void {
    const key = keyOf(conversation, user, device);
    if (!this.#places.delete(key)) return;
    this.#write(key);
    const keys = this.#byConversation.get(conversation);
    keys?.delete(key);
    if (keys?.size === 0) this.#byConversation.delete(conversation);
  }

  #write(key: string): void {
    this.#unwritten.add(key);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
  }

  async #writeAll(): Promise<void> {
    // What is noted in one turn is written together.
    await Promise.resolve();
    while (this.#unwritten.size > 0) {
      const keys = [...this.#unwritten];
      this.#unwritten = new Set();
      await Promise.all(keys.map((key) => this.#writeOne(key))).catch(this.#failed);
    }
  }

  /** As it stands when it is written. */
  async #writeOne(key: string): Promise<void> {
    const [conversation = ''] = key.split(' ');
    const partition = `told/${shardOf(conversation)}`;
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const record = await this.#store.getRecord(partition, key);
      const place = this.#places.get(key);
      const value = place && JSON.stringify({ seq: place.seq, expires: place.expires });
      if (value === record?.value) return;
      const version = record?.version ?? 0;
      const isDone = value
        ? await this.#store.putRecord(partition, key, value, version)
        : await this.#store.deleteRecord(partition, key, version);
      if (isDone) return;
    }
  }

  /** Of messages that have gone by themselves. */
  expired(now: number): Place[] {
    return [...this.#places.values()].filter(({ expires }) => expires !== null && expires <= now);
  }
}

function keyOf(conversation: string, user: string, device: string): string {
  return `${conversation} ${user} ${device}`;
}
