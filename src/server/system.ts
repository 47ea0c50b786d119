/** The world's clock and chance, for a server that runs for real. */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock, Random } from '../core/clock.ts';
import { idOf } from '../protocol/ids.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, run) => {
    // What is late already is due at once; a negative time is warned of.
    const timer = setTimeout(run, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
  soon: (run) => void setImmediate(run),
};

export const systemRandom: Random = {
  next: () => Math.random(),
  id: () => idOf(randomBytes(16)),
};

export function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
