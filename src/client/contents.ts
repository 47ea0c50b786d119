/** The bytes of files that are to be sent, kept until they are. */
import type { Blobs } from './storage/storage.ts';

export class Contents {
  readonly #blobs: Blobs;
  /** Not kept yet, or not to be kept at all, as where there is no room. */
  readonly #fresh = new Map<string, Blob>();
  readonly #keeping = new Map<string, Promise<void>>();

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /** Resolves when they are durable, or cannot be: then they are here as long as this process is. */
  keep(key: string, content: Blob): Promise<void> {
    this.#fresh.set(key, content);
    const keeping = this.#blobs.put(key, content).then(
      () => void this.#fresh.delete(key),
      () => {},
    );
    this.#keeping.set(
      key,
      keeping.then(() => void this.#keeping.delete(key)),
    );
    return this.kept([key]);
  }

  async kept(keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map((key) => this.#keeping.get(key)));
  }

  async get(key: string): Promise<Blob | null> {
    return this.#fresh.get(key) ?? (await this.#blobs.get(key).catch(() => null));
  }

  /** What cannot be taken away now is by the next `sweep`. */
  drop(keys: readonly string[]): void {
    for (const key of keys) {
      this.#fresh.delete(key);
      void this.kept([key])
        .then(() => this.#blobs.delete(key))
        .catch(() => {});
    }
  }

  /** Takes away what nothing refers to: a crash came in between. */
  async sweep(used: ReadonlySet<string>): Promise<void> {
    const keys = await this.#blobs.keys().catch(() => []);
    this.drop(keys.filter((key) => !used.has(key)));
  }
}
