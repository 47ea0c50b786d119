/** What strangers write first: answering it. */
import { randomBytes } from 'node:crypto';
import type { Summary } from '../../protocol/entities.ts';
import { idOf } from '../../protocol/ids.ts';
import { PAGE_MAX } from '../../protocol/limits.ts';
import { settingKey } from '../../protocol/settings.ts';
import type { Ask } from '../ask.ts';
import { type Context, signedIn } from '../context.ts';
import { deliver } from '../deliver.ts';
import { Failed, sentenceOf } from '../failure.ts';
import { conversations, names } from '../find.ts';
import { printJson } from '../print.ts';

const DECLINE = settingKey.decline('');

/** The list without those that were declined, and without those in which nobody has written yet. */
export async function withoutDeclined(ask: Ask, all: readonly Summary[]): Promise<Summary[]> {
  const isAsked = all.some(({ request }) => request === 'received');
  const declined = isAsked ? await declinedIn(ask) : new Set();
  return all.filter(({ id, request }) => request !== 'open' && !(request === 'received' && declined.has(id)));
}

async function declinedIn(ask: Ask): Promise<Set<string>> {
  const declined = new Set<string>();
  for (let after: string | null = DECLINE; after?.startsWith(DECLINE); ) {
    const page: { settings: { key: string; value: string }[]; next: string | null } = await ask('settings', {
      after,
      limit: PAGE_MAX,
    });
    for (const { key, value } of page.settings) {
      if (key.startsWith(DECLINE) && value === '1') declined.add(key.slice(DECLINE.length));
    }
    after = page.next;
  }
  return declined;
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
