import type { Community as Settings } from '../protocol/community.ts';
import type { Store } from '../store/store.ts';

/** What whoever runs the server has set, and who owns it: records of `server`, read afresh each time. */
export class Community {
  readonly #store: Store;
  readonly #initial: Settings;

  constructor(store: Store, initial: Settings) {
    this.#store = store;
    this.#initial = initial;
  }

  async settings(): Promise<Settings> {
    const record = await this.#store.getRecord('server', 'community');
    return record ? { ...this.#initial, ...(JSON.parse(record.value) as Partial<Settings>) } : this.#initial;
  }

  async change(change: Partial<Settings>): Promise<Settings> {
    for (;;) {
      const record = await this.#store.getRecord('server', 'community');
      const before = record ? (JSON.parse(record.value) as Partial<Settings>) : {};
      const after = { ...before, ...change };
      if (await this.#store.putRecord('server', 'community', JSON.stringify(after), record?.version ?? 0)) {
        return { ...this.#initial, ...after };
      }
    }
  }

  /** The user who owns the server, or null. */
  async owner(): Promise<string | null> {
    return (await this.#store.getRecord('server', 'owner'))?.value ?? null;
  }

  /** From now on this is the set-up link, and no earlier one. */
  async beginSetUp(link: string): Promise<void> {
    for (;;) {
      const record = await this.#store.getRecord('server', 'setup');
      if (await this.#store.putRecord('server', 'setup', link, record?.version ?? 0)) return;
    }
  }

  /** Whether this is, or while nobody owned the server was, its set-up link. */
  async isSetUp(link: string): Promise<boolean> {
    return (await this.#store.getRecord('server', 'setup'))?.value === link;
  }
}
