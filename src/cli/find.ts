/** From what people type to what the server calls it. */
import type { Profile, Summary } from '../protocol/entities.ts';
import { isId } from '../protocol/ids.ts';
import { PAGE_MAX } from '../protocol/limits.ts';
import type { Ask } from './ask.ts';
import { Failed } from './failure.ts';
import { oneLine } from './print.ts';

const PROFILES_AT_ONCE = 100;
const PEOPLE_MOST = 2_000;
/** Of those that may be meant. */
const SHOWN_MOST = 8;

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

/** What is left of a name when case, signs and pictures do not count. */
function fold(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

/** All whose user name, or a word of whose display name, begins so. */
async function peopleLike(ask: Ask, beginning: string): Promise<Profile[]> {
  const all: Profile[] = [];
  for (let after: string | null = null; ; ) {
    const page: { people: Profile[]; next: string | null } = await ask('people', {
      query: beginning.slice(0, 64),
      after,
      limit: PAGE_MAX,
    });
    all.push(...page.people);
    if (page.next === null || all.length >= PEOPLE_MOST) return all;
    after = page.next;
  }
}

/** A person by user name, with or without the @, or by the whole display name; else whoever may be meant. */
async function person(ask: Ask, name: string): Promise<{ found: Profile | null; like: readonly Profile[] }> {
  const wanted = name.replace(/^@/, '').toLowerCase();
  const like = await peopleLike(ask, wanted);
  const named = like.find((profile) => profile.name.toLowerCase() === wanted);
  if (named || name.startsWith('@')) return { found: named ?? null, like };
  const called = like.filter(({ displayName }) => fold(displayName) === fold(wanted));
  if (called.length > 1) throw new Failed(`More than one person is called that. Say which one:\n${listed(called)}`);
  return { found: called[0] ?? null, like };
}

export async function mustBePerson(ask: Ask, name: string): Promise<Profile> {
  const { found, like } = await person(ask, name);
  if (!found) throw new Failed(`There is nobody called ${oneLine(name)} here.${orOneOf(listed(like))}`);
  return found;
}

const listed = (people: readonly Profile[]) =>
  people
    .slice(0, SHOWN_MOST)
    .map(({ name, displayName }) => `  @${name}  ${oneLine(displayName)}`)
    .join('\n');

const orOneOf = (lines: string) => (lines === '' ? '' : ` Did you mean one of these?\n${lines}`);

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
  const groups = who.startsWith('@') ? [] : (await conversations(ask)).filter(({ kind }) => kind === 'group');
  const exact = groups.filter(({ title }) => title.toLowerCase() === who.toLowerCase());
  const titled = exact.length > 0 ? exact : groups.filter(({ title }) => fold(title) === (fold(who) || null));
  if (titled.length > 1) {
    const ids = titled.map(({ id, title }) => `  ${id}  ${oneLine(title)}`).join('\n');
    throw new Failed(`More than one group is called that. Say which one by its id:\n${ids}`);
  }
  if (titled[0]) return titled[0];
  const { found, like } = await person(ask, who);
  if (found) return (await ask('create', { create: { kind: 'direct', user: found.user } })).conversation;
  const near = groups.filter(({ title }) => fold(who) !== '' && fold(title).includes(fold(who)));
  const titles = near.slice(0, SHOWN_MOST).map(({ title }) => `  ${oneLine(title)}\n`);
  const others = orOneOf(`${titles.join('')}${listed(like)}`.trimEnd());
  throw new Failed(`There is no person and no group of yours called ${oneLine(who)}.${others}`);
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
