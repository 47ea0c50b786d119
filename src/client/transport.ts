/** What carries frames. Whoever opens a link hears `closed` at most once, and nothing after it. */
import type { CommandFrame, ServerFrame } from '../protocol/frames.ts';

export interface Handlers {
  frame(frame: ServerFrame): void;
  opened(): void;
  closed(code: number, reason: string): void;
}

export interface Link {
  send(frames: readonly CommandFrame[]): void;
  /** Calls no handler any more. */
  close(): void;
}

export interface Transport {
  open(handlers: Handlers): Link;
}

/** What a link without an orderly end closes with. */
export const BROKEN = 1006;

const TRIES = 2;

/** Uses `first`; after it could not be opened twice in a row, tries `second`, and stays there while frames come. */
export function withFallback(first: Transport, second: Transport): Transport {
  let failures = 0;
  return {
    open(handlers) {
      const fallen = failures >= TRIES;
      let worked = false;
      return (fallen ? second : first).open({
        opened: () => {
          if (!fallen) worked = true;
          if (!fallen) failures = 0;
          handlers.opened();
        },
        frame: (frame) => {
          worked = true;
          handlers.frame(frame);
        },
        closed: (code, reason) => {
          if (!worked) failures = fallen ? 0 : failures + 1;
          handlers.closed(code, reason);
        },
      });
    },
  };
}
