/** Bodies of requests: of a bound, and no slower than a phone in a bad place. */
import { Failed } from './failed.ts';

export interface Pace {
  /** Each time that this passes, at least `leastBytes` have come, or it is the end. */
  readonly everyMs: number;
  readonly leastBytes: number;
}

/** 0.8 kB a second: whoever sends a byte now and then holds nothing for long. */
const PACE: Pace = { everyMs: 20_000, leastBytes: 16 * 1024 };

/** Throws `too_large` for more than `most` bytes, and `too_slow` for what hardly comes. */
export async function readBytes(request: Request, most: number, pace = PACE): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > most) throw new Failed('too_large');
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const pieces: Uint8Array[] = [];
  let [bytes, before, isSlow] = [0, 0, false];
  const timer = setInterval(() => {
    isSlow = bytes - before < pace.leastBytes;
    before = bytes;
    if (isSlow) void reader.cancel().catch(() => {});
  }, pace.everyMs);
  try {
    for (;;) {
      // What does not come to its end is larger than Bun takes, or its sender has gone.
      const { done, value } = await reader.read().catch(() => {
        throw new Failed('too_large');
      });
      if (isSlow) throw new Failed('too_slow', { retryAfterMs: 1_000 });
      if (done) return new Uint8Array(Buffer.concat(pieces));
      bytes += value.length;
      if (bytes > most) throw new Failed('too_large');
      pieces.push(value);
    }
  } finally {
    clearInterval(timer);
  }
}
