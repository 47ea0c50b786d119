/** How long what is said in a conversation stays: reading and choosing it. */
import { randomBytes } from 'node:crypto';
import type { Lifetime } from '../../protocol/entities.ts';
import { idOf } from '../../protocol/ids.ts';
import { LIFETIME_SECONDS_MAX, LIFETIME_SECONDS_MIN } from '../../protocol/limits.ts';
import { type Context, signedIn } from '../context.ts';
import { deliver } from '../deliver.ts';
import { EXIT, Failed } from '../failure.ts';
import { conversation } from '../find.ts';
import { keeping, print, printJson } from '../print.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** "45s", "90m", "12h", "7d" as seconds. */
export function secondsOf(text: string): number {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (seconds >= LIFETIME_SECONDS_MIN && seconds <= LIFETIME_SECONDS_MAX) return seconds;
  throw new Failed('Say how long as in 45s, 90m, 12h or 7d: from 5 seconds up to a year.', EXIT.usage);
}

/** Goes as a whole that long from now, or with its last member. */
export function wholeFor(text: string): Lifetime {
  return text === 'last' ? { kind: 'whole' } : { kind: 'whole', until: Date.now() + secondsOf(text) * 1_000 };
}

export async function lifetime(
  context: Context,
  who: string,
  time: string | undefined,
  { whole = false, reading = false }: { whole?: boolean; reading?: boolean },
): Promise<void> {
  const { ask } = await signedIn(context);
  const { id, head, lifetime = { kind: 'always' as const } } = await conversation(ask, who);
  let chosen: Lifetime = lifetime;
  if (time !== undefined) {
    if (whole && reading) throw new Failed('Say --whole or --reading, not both.', EXIT.usage);
    const after = reading ? { after: 'reading' as const } : {};
    if (whole) chosen = wholeFor(time);
    else chosen = time === 'always' ? { kind: 'always' } : { kind: 'timer', seconds: secondsOf(time), ...after };
    await deliver(ask, id, [{ kind: 'lifetime', lifetime: chosen, key: idOf(randomBytes(16)), baseSeq: head }]);
  }
  if (context.json) printJson({ conversation: id, lifetime: chosen });
  else print(`It ${keeping(chosen)}.`);
}
