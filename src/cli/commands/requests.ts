/** What strangers write first: answering it. */
import { randomBytes } from 'node:crypto';
import type { Summary } from '../../protocol/entities.ts';
import { idOf } from '../../protocol/ids.ts';
import { settingKey } from '../../protocol/settings.ts';
import type { Ask } from '../ask.ts';
import { type Context, signedIn } from '../context.ts';
import { deliver } from '../deliver.ts';
import { Failed, sentenceOf } from '../failure.ts';
import { conversations, names } from '../find.ts';
import { printJson } from '../print.ts';
import { settingsUnder } from '../settings.ts';

/** The list without requests that were declined, or come from somebody blocked, and without those in which nobody has written yet. */
export async function withoutDeclined(
  ask: Ask,
  all: readonly Summary[],
  blocked: ReadonlyMap<string, number>,
): Promise<Summary[]> {
  const isAsked = all.some(({ request }) => request === 'received');
  const declined = isAsked ? await settingsUnder(ask, settingKey.decline('')) : new Map();
  const isHidden = ({ id, peer }: Summary) => declined.has(id) || blocked.has(peer ?? '');
  return all.filter((one) => one.request !== 'open' && !(one.request === 'received' && isHidden(one)));
}

export async function accept(context: Context, who: string): Promise<void> {
  const { ask } = await signedIn(context);
  const { id, head } = await requestOf(ask, who);
  const draft = { kind: 'accepted' as const, key: idOf(randomBytes(16)), baseSeq: head };
  await deliver(ask, id, [draft]);
  if (context.json) printJson({ conversation: id });
}

export async function decline(context: Context, who: string): Promise<void> {
  const { ask } = await signedIn(context);
  const { id } = await requestOf(ask, who);
  await ask('set', { key: settingKey.decline(id), value: '1' });
  if (context.json) printJson({ conversation: id });
}

/** By user name or the conversation's id; also one that was declined before. */
async function requestOf(ask: Ask, who: string): Promise<Summary> {
  const requests = (await conversations(ask)).filter(({ request }) => request === 'received');
  const known = await names(
    ask,
    requests.flatMap(({ peer }) => peer ?? []),
  );
  const wanted = who.replace(/^@/, '').toLowerCase();
  const found = requests.find(({ id, peer }) => id === who || known.get(peer ?? '')?.toLowerCase() === wanted);
  if (!found) throw new Failed(sentenceOf('not_asked'));
  return found;
}
