import type { SendResult } from '../../protocol/commands.ts';
import type { Draft } from '../../protocol/entities.ts';
import type { Ask } from '../ask.ts';
import { Failed, sentenceOf } from '../failure.ts';

type Landed = Extract<SendResult, { seq: number }>;

/** Sends until all of it is stored; throws at the first that is refused. Tells of each as soon as it is. */
export async function deliver(
  ask: Ask,
  conversation: string,
  drafts: readonly Draft[],
  onLanded: (result: Landed) => void = () => {},
): Promise<Landed[]> {
  const landed: Landed[] = [];
  let waiting = [...drafts];
  while (waiting.length > 0) {
    const { results } = await ask('send', { conversation, drafts: waiting });
    let retryMs = 0;
    for (const result of results) {
      if ('seq' in result) {
        waiting = waiting.filter(({ key }) => key !== result.key);
        landed.push(result);
        onLanded(result);
      } else if ('code' in result && !/^(rate_limited|overloaded|unavailable|unknown_outcome)$/.test(result.code)) {
        throw new Failed(sentenceOf(result.code));
      } else retryMs = Math.max(50, ('code' in result && result.retryAfterMs) || 0);
    }
    if (waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
  return landed;
}
