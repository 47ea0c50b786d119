/** Finding people by the beginning of a name. */
import { foldCase } from '../core/text.ts';
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
  const name = foldName(query.trim().replace(/^@/, ''));
  const word = foldCase(query.trim());
  let last = after ?? '';
  for (let scanned = 0; scanned < SCAN_MAX; scanned += SCAN_PAGE) {
    const page = await store.listRecords('names', last, SCAN_PAGE);
    const profiles = await Promise.all(page.map(({ value }) => profileOf(value)));
    for (const [i, { key }] of page.entries()) {
      const profile = profiles[i];
      last = key;
      if (!profile || !(key.startsWith(name) || hasWord(profile.displayName, word))) continue;
      people.push(profile);
      if (people.length === limit) return { people, next: last };
    }
    if (page.length < SCAN_PAGE) return { people, next: null };
  }
  return { people, next: last };
}

function hasWord(displayName: string, beginning: string): boolean {
  const name = foldCase(displayName);
  return name.startsWith(beginning) || name.split(/\s+/).some((word) => word.startsWith(beginning));
}
