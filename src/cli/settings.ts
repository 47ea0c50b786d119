import type { Result } from '../protocol/commands.ts';
import { PAGE_MAX } from '../protocol/limits.ts';
import type { Ask } from './ask.ts';

/** The settings whose keys begin so and that are not empty, by the rest of the key. */
export async function settingsUnder(ask: Ask, prefix: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let after: string | null = prefix; after?.startsWith(prefix); ) {
    const page: Result<'settings'> = await ask('settings', { after, limit: PAGE_MAX });
    for (const { key, value } of page.settings) {
      if (key.startsWith(prefix) && value !== '') found.set(key.slice(prefix.length), value);
    }
    after = page.next;
  }
  return found;
}
