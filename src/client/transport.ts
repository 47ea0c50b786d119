/** What carries frames. Whoever opens a link hears `closed` at most once, and nothing after it. */
import type { CommandFrame, ServerFrame } from '../protocol/frames.ts';

export interface Handlers {
  frame(frame: ServerFrame): void;
  opened(): void;
  closed(code: number, reason: string): void;
}

export interface Link {
  send(frames: readonly CommandFrame[]): void;
  /** Only what is in the feed comes unasked. */
  readonly pulls?: boolean;
  /** Calls no handler any more. */
  close(): void;
}

export interface Transport {
  open(handlers: Handlers): Link;
}

/** What a link without an orderly end closes with. */
export const BROKEN = 1006;
