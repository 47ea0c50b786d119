/** Finding people by the beginning of a name. */
import { foldAccents } from '../core/text.ts';
import type { Profile } from '../protocol/entities.ts';
import type { Store } from '../store/store.ts';
import { foldName } from './names.ts';

/** Names that one search looks at; `next` leads on from there. */
const SCAN_MAX = 2_000;
const SCAN_PAGE = 200;

export async function findPeople(
  store: Store,
  profileOf: (user: string) => Promise<Profile | null>,
  query: string,
  after: string | null,
  limit: number,
): Promise<{ people: Profile[]; next: string | null }> {
  const people: Profile[] = [];
  const isMeant = meantBy(query);
  let last = after ?? '';
  for (let scanned = 0; scanned < SCAN_MAX; scanned += SCAN_PAGE) {
    const page = await store.listRecords('names', last, SCAN_PAGE);
    const profiles = await Promise.all(page.map(({ value }) => profileOf(value)));
    for (const [i, { key }] of page.entries()) {
      const profile = profiles[i];
      last = key;
      if (!profile || !isMeant(key, profile)) continue;
      people.push(profile);
      if (people.length === limit) return { people, next: last };
    }
    if (page.length < SCAN_PAGE) return { people, next: null };
  }
  return { people, next: last };
}

/** Those of the users, who come in order, who are called so. */
export async function amongMembers(
  users: readonly string[],
  profilesOf: (users: readonly string[]) => Promise<readonly Profile[]>,
  query: string,
  limit: number,
): Promise<{ found: string[]; next: string | null }> {
  const isMeant = meantBy(query);
  const found: string[] = [];
  const looked = users.slice(0, SCAN_MAX);
  for (let i = 0; i < looked.length; i += SCAN_PAGE) {
    for (const profile of await profilesOf(looked.slice(i, i + SCAN_PAGE))) {
      if (!isMeant(foldName(profile.name), profile)) continue;
      found.push(profile.user);
      if (found.length === limit) return { found, next: profile.user === users.at(-1) ? null : profile.user };
    }
  }
  return { found, next: looked.length < users.length ? looked.at(-1)! : null };
}

/** By the beginning of a name as it is folded, or of a word of a display name. */
function meantBy(query: string): (name: string, profile: Profile) => boolean {
  const beginning = query.trim().replace(/^@/, '');
  const [name, word] = [foldName(beginning), foldAccents(beginning)];
  return (folded, { displayName }) => folded.startsWith(name) || hasWord(displayName, word);
}

function hasWord(displayName: string, beginning: string): boolean {
  const name = foldAccents(displayName);
  return name.startsWith(beginning) || name.split(/\s+/).some((word) => word.startsWith(beginning));
}
