/**
 * What keeps files, and what reads pictures. Objects are written once under a key and never changed; a key is parts of
 * letters, digits, `-`, `_` and inner dots, with slashes between them. Calls throw `MediaUnavailable` or bugs only.
 */

export interface Media {
  /**
   * Keeps these bytes under the key, all or nothing; durable when it returns. What was there before is replaced.
   * `bytes` is how many there will be; with more or fewer nothing is kept and the call rejects.
   */
  put(key: string, content: AsyncIterable<Uint8Array> | Uint8Array, bytes: number): Promise<void>;
  /** How many bytes it has; null when there is none. */
  size(key: string): Promise<number | null>;
  /** The bytes `from … to - 1`, in pieces; null when there is none. Once begun it comes to its end even if it is deleted. */
  read(key: string, from?: number, to?: number): Promise<ReadableStream<Uint8Array> | null>;
  /** The same bytes under one more key; false when there are none. Deleting one does not touch the other. */
  copy(from: string, to: string): Promise<boolean>;
  /** Nothing when there is none. */
  delete(key: string): Promise<void>;
  /** Keys that begin with `<folder>/`, in the order of their characters, after `after`; '' begins. */
  list(folder: string, after: string, limit: number): Promise<readonly string[]>;
}

/** Definite: nothing was kept. */
export class MediaUnavailable extends Error {
  override readonly name = 'MediaUnavailable';
  readonly reason: 'full' | 'failed';

  constructor(message: string, reason: 'full' | 'failed', cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

export const MEDIA_KEY = /^[\w-]+(\.[\w-]+)*(\/[\w-]+(\.[\w-]+)*)*$/;

export const SIZES = ['small', 'medium', 'large'] as const;
export type Size = (typeof SIZES)[number];
/** The longest side of each, in pixels; a smaller picture is not made larger. */
export const SIDES: Readonly<Record<Size, number>> = { small: 320, medium: 1_280, large: 2_560 };

/** A picture as it is sent: upright, WebP in three sizes, with nothing in it but what one sees. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Thumbhash as base64. */
  readonly placeholder: string;
  readonly sizes: Readonly<Record<Size, Uint8Array>>;
}

export interface Pictures {
  /** Null for what is none, is damaged, or is too much for the limits of time, memory and size. */
  read(content: AsyncIterable<Uint8Array>, bytes: number): Promise<Picture | null>;
}
