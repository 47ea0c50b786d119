/** Drafts, repeated with the same keys until each is answered for good. */
import { type Clock, delay } from '../core/clock.ts';
import type { SendResult } from '../protocol/commands.ts';
import type { Draft } from '../protocol/entities.ts';
import { ERRORS, type ErrorCode } from '../protocol/errors.ts';
import type { Ask } from './ask.ts';
import { Failed, sentenceOf } from './failure.ts';

/** For so long nothing more was stored. */
const GIVE_UP_MS = 20_000;
const PAUSE_MS = 300;

type Landed = Extract<SendResult, { seq: number }>;
type Time = Pick<Clock, 'monotonic' | 'after'>;

const time: Time = {
  monotonic: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Tells of each draft as soon as it is stored, and resolves when all are, with their answers in that order. Throws a
 * `Failed` at the first that is refused, or when the server has stored none for twenty seconds; what was stored stays.
 */
export async function deliver(
  ask: Ask,
  conversation: string,
  drafts: readonly Draft[],
  onLanded: (result: Landed) => void = () => {},
  clock: Time = time,
): Promise<Landed[]> {
  const landed: Landed[] = [];
  let waiting = drafts;
  let landedAt = clock.monotonic();
  while (waiting.length > 0) {
    const { results } = await ask('send', { conversation, drafts: [...waiting] });
    const answers = new Map(results.map((result) => [result.key, result]));
    let pauseMs = 0;
    let code = 'unknown_outcome';
    const left: Draft[] = [];
    // All that was stored is told before a refusal ends it.
    for (const draft of waiting) {
      const result = answers.get(draft.key);
      if (!result || !('seq' in result)) continue;
      landed.push(result);
      onLanded(result);
      landedAt = clock.monotonic();
    }
    for (const draft of waiting) {
      const result = answers.get(draft.key);
      if (result && 'seq' in result) continue;
      if (result && 'notUpTo' in result) {
        left.push({ ...draft, baseSeq: result.notUpTo });
      } else {
        if (result) code = result.code;
        if (ERRORS[code as ErrorCode]?.retry !== 'same') throw new Failed(sentenceOf(code));
        pauseMs = Math.max(pauseMs, result?.retryAfterMs ?? PAUSE_MS);
        left.push(draft);
      }
    }
    waiting = left;
    if (waiting.length === 0) break;
    if (clock.monotonic() + pauseMs - landedAt > GIVE_UP_MS) throw new Failed(sentenceOf(code));
    await delay(clock, pauseMs);
  }
  return landed;
}
