/**
 * Where a replica survives restarts: a small ordered map from text keys to JSON values. `write` is atomic and durable
 * when it returns; a replica is written by one process (or tab) at a time, which `guard` makes sure of.
 */
export type Write =
  | { readonly kind: 'put'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'delete'; readonly key: string };

/** Contents of files, as they are, by key. */
export interface Blobs {
  /** Durable when it returns; the same key has the same content for ever. */
  put(key: string, content: Blob): Promise<void>;
  get(key: string): Promise<Blob | null>;
  keys(): Promise<readonly string[]>;
  delete(key: string): Promise<void>;
}

export interface Storage {
  readonly blobs: Blobs;
  get(key: string): Promise<unknown>;
  /** Keys in `[from, to)` in the order of their characters, the last ones first when `reverse`. */
  range(
    from: string,
    to: string,
    limit: number,
    reverse?: boolean,
  ): Promise<readonly { key: string; value: unknown }[]>;
  /**
   * All or nothing. With `guard`, nothing is written and false returned when the value at `writer` is no longer this
   * token: another tab has taken over.
   */
  write(writes: readonly Write[], guard?: string): Promise<boolean>;
  close(): Promise<void>;
}
