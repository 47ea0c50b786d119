/** From what people type to what the server calls it. */
import type { Profile, Summary } from '../protocol/entities.ts';
import { isId } from '../protocol/ids.ts';
import { PAGE_MAX } from '../protocol/limits.ts';
import type { Ask } from './ask.ts';
import { Failed } from './failure.ts';
import { oneLine } from './print.ts';

const PROFILES_AT_ONCE = 100;

export async function conversations(ask: Ask): Promise<Summary[]> {
  const all: Summary[] = [];
  for (let after: string | null = null; ; ) {
    const page: { conversations: Summary[]; next: string | null } = await ask('conversations', {
      after,
      limit: PAGE_MAX,
    });
    all.push(...page.conversations);
    if (page.next === null) return all;
    after = page.next;
  }
}

/** A person by user name, with or without the @. */
export async function person(ask: Ask, name: string): Promise<Profile | null> {
  const wanted = name.replace(/^@/, '').toLowerCase();
  const { people } = await ask('people', { query: wanted.slice(0, 64), after: null, limit: PAGE_MAX });
  return people.find((profile) => profile.name.toLowerCase() === wanted) ?? null;
}

export async function mustBePerson(ask: Ask, name: string): Promise<Profile> {
  const found = await person(ask, name);
  if (!found) throw new Failed(`There is nobody called ${oneLine(name)} here.`);
  return found;
}

/**
 * `me` is "Saved messages", `@name` a person; anything else is a conversation's id, a group's title or a person's
 * name. A direct conversation is opened when there is none yet.
 */
export async function conversation(ask: Ask, who: string): Promise<Summary> {
  if (who === 'me') return (await ask('create', { create: { kind: 'self' } })).conversation;
  if (isId(who)) {
    const [found] = (await ask('summaries', { conversations: [who] })).conversations;
    if (found) return found;
  }
  if (!who.startsWith('@')) {
    const wanted = who.toLowerCase();
    const titled = (await conversations(ask)).filter(({ title }) => title.toLowerCase() === wanted);
    if (titled.length > 1) {
      const ids = titled.map(({ id }) => `  ${id}`).join('\n');
      throw new Failed(`More than one group is called that. Say which one by its id:\n${ids}`);
    }
    if (titled[0]) return titled[0];
  }
  const peer = await person(ask, who);
  if (!peer) throw new Failed(`There is no person and no group of yours called ${oneLine(who)}.`);
  return (await ask('create', { create: { kind: 'direct', user: peer.user } })).conversation;
}

/** User names of these users. */
export async function names(ask: Ask, users: Iterable<string>): Promise<Map<string, string>> {
  const all = [...new Set(users)];
  const found = new Map<string, string>();
  for (let at = 0; at < all.length; at += PROFILES_AT_ONCE) {
    const { profiles } = await ask('profiles', { users: all.slice(at, at + PROFILES_AT_ONCE) });
    for (const { user, name } of profiles) found.set(user, name);
  }
  return found;
}

export function titleOf(
  { kind, title, peer }: Pick<Summary, 'kind' | 'title' | 'peer'>,
  known: ReadonlyMap<string, string>,
) {
  if (kind === 'self') return 'Saved messages';
  return kind === 'group' ? oneLine(title) : (known.get(peer ?? '') ?? 'Somebody');
}
