/** What an engine must be able to do: a small ordered map from bytes to bytes. */
export type Operation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

export interface KeyValue {
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  /** All or nothing; durable when it returns. */
  batch(operations: readonly Operation[]): Promise<void>;
  /** `[from, to)` in the order of bytes, the last ones first when `reverse`; at most `limit`. */
  range(from: Uint8Array, to: Uint8Array, limit: number, reverse?: boolean): Promise<[Uint8Array, Uint8Array][]>;
  close(): Promise<void>;
}
