/**
 * Who blocks whom. A block is a setting of whoever blocks; its projection stands at both: `settings/<blocker>`
 * `block/<blocked>`, and `blockers/<blocked>` `<blocker>`. What is read here is as of all blocks that were answered before.
 */
import { settingKey } from '../protocol/settings.ts';
import type { Store } from '../store/store.ts';
import type { Feeds } from './feeds.ts';
import { listAll } from './load.ts';
import type { NodePorts } from './ports.ts';

const PAGE = 100;
/** What is only shown, or pushed, may be told by what was so this long ago. */
const FRESH_MS = 2_000;
const HELD_MAX = 10_000;
const PREFIX = settingKey.block('');

/** Whether `user` blocks `other`. */
export async function blocks(store: Store, user: string, other: string): Promise<boolean> {
  const register = await store.getRegister(`settings/${user}`, settingKey.block(other));
  return register !== null && register.value !== '';
}

/** Whether one of both blocks the other. */
export async function isBlockBetween(store: Store, user: string, other: string): Promise<boolean> {
  return (await Promise.all([blocks(store, user, other), blocks(store, other, user)])).includes(true);
}

/** Whom the user blocks, and since when. */
export async function blockedBy(store: Store, user: string): Promise<Map<string, number>> {
  const settings = await listAll(store, `settings/${user}`, PREFIX, PAGE);
  const standing = settings.filter(({ value }) => value !== '');
  return new Map(standing.map(({ key, value }) => [key.slice(PREFIX.length), Number(value)]));
}

/** All between whom and the user there is a block, and since when. */
export async function blocksAround(store: Store, user: string): Promise<Map<string, number>> {
  const [around, blockers] = await Promise.all([blockedBy(store, user), listAll(store, `blockers/${user}`)]);
  for (const { key, value } of blockers) {
    if (value !== '') around.set(key, Math.min(Number(value), around.get(key) ?? Number.POSITIVE_INFINITY));
  }
  return around;
}

export class Blocks {
  readonly #ports: NodePorts;
  readonly #feeds: Feeds;
  readonly #heldByUser = new Map<string, { readonly around: Promise<Map<string, number>>; readonly at: number }>();

  constructor(ports: NodePorts, feeds: Feeds) {
    this.#ports = ports;
    this.#feeds = feeds;
  }

  /** As `blocksAround`, at most `FRESH_MS` ago. */
  around(user: string): Promise<ReadonlyMap<string, number>> {
    const now = this.#ports.clock.monotonic();
    const held = this.#heldByUser.get(user);
    if (held && held.at > now - FRESH_MS) return held.around;
    if (this.#heldByUser.size >= HELD_MAX) this.#heldByUser.clear();
    const around = blocksAround(this.#ports.store, user);
    this.#heldByUser.set(user, { around, at: now });
    around.catch(() => this.#forget([user]));
    return around;
  }

  /** The user's feed says that they block these, or do so no more. Resolves with all for whom something is another now. */
  async changed(user: string, others: readonly string[]): Promise<readonly string[]> {
    const all = [user, ...others];
    // Should it fail: the server that was asked to block does the same before it answers.
    await this.#feeds.project(user).catch(() => {});
    this.#forget(all);
    return all;
  }

  #forget(users: readonly string[]): void {
    for (const user of users) this.#heldByUser.delete(user);
  }
}
