/** What an engine must be able to do: a small ordered map from bytes to bytes. */
export type Operation =
  | { readonly type: 'put'; readonly key: Buffer; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: Buffer };

export interface KeyValue {
  get(key: Buffer): Promise<Buffer | undefined>;
  /** All or nothing; durable when it returns. */
  batch(operations: readonly Operation[]): Promise<void>;
  /** `[from, to)` in the order of bytes, the last ones first when `reverse`; at most `limit`. */
  range(from: Buffer, to: Buffer, limit: number, reverse?: boolean): Promise<[Buffer, Buffer][]>;
  close(): Promise<void>;
  /** Removes the bytes of what is deleted or overwritten in each `[from, to)`; left out where nothing stays behind anyway. */
  compact?(ranges: readonly (readonly [from: Buffer, to: Buffer])[]): Promise<void>;
}
