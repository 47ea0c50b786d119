import { isUnanswered } from '../core/request.ts';
import type { Entry } from '../protocol/entities.ts';
import type { Store } from '../store/store.ts';
import { blocksAround } from './blocks.ts';
import type { Community } from './community.ts';
import type { Conversations } from './conversations.ts';
import type { NodePorts } from './ports.ts';

/** Entries that one question looks at; the next one goes on from there. */
const SCAN_MAX = 1_000;
const KNOWN_MAX = 50_000;
const GROUPS_MAX = 1_000;

/**
 * Who has to do with whom: whose request each user has answered, or to whom they have written one to one, and who shares
 * a group. Whoever writes to a user does not become the user's contact by that.
 */
export class Contacts {
  readonly #store: Store;
  readonly #community: Community;
  readonly #conversations: Conversations;
  /** Up to which seq of their conversation the user has written nothing; infinite for a contact. */
  readonly #silentTo = new Map<string, number>();

  constructor({ store, community }: NodePorts, conversations: Conversations) {
    this.#store = store;
    this.#community = community;
    this.#conversations = conversations;
  }

  /**
   * Whether both are members of some group; a chat of two is none, for anybody can begin one. Groups of the first above
   * `GROUPS_MAX` are not looked at.
   */
  async shareGroup(user: string, other: string): Promise<boolean> {
    const inbox = await this.#store.listRegisters(`inbox/${user}`, '', GROUPS_MAX);
    for (const { key, value } of inbox) {
      if (value !== 'member') continue;
      const membership = await this.#store.getRegister(`members/${key}`, other);
      if (!membership || (JSON.parse(membership.value) as { role: string | null }).role === null) continue;
      const meta = await this.#store.getRegister(`progress/${key}`, 'meta');
      if (meta && (JSON.parse(meta.value) as { kind: string }).kind === 'group') return true;
    }
    return false;
  }

  /** Whether those who are here know each other. */
  async know(): Promise<boolean> {
    return (await this.#community.settings()).people === 'known';
  }

  /** Those among the others with whom the user has no conversation that both want, where people are strangers, and those with whom there is a block. */
  async strangersTo(user: string, others: readonly string[]): Promise<ReadonlySet<string>> {
    const strangers = new Set(others);
    if (await this.know()) strangers.clear();
    strangers.delete(user);
    await Promise.all(
      [...strangers].map(async (other) => {
        const id = this.#conversations.directId(user, other);
        const state = await this.#conversations.stateNow(id);
        if (state.head > 0 && !isUnanswered(state.request)) strangers.delete(other);
      }),
    );
    for (const other of (await blocksAround(this.#store, user)).keys())
      if (others.includes(other)) strangers.add(other);
    return strangers;
  }

  async has(user: string, other: string): Promise<boolean> {
    const { id, head, lastMessage, request } = await this.#conversations.state(
      this.#conversations.directId(user, other),
    );
    if (request) return !isUnanswered(request);
    const name = `${user} ${other}`;
    const silentTo = this.#silentTo.get(name) ?? 0;
    if (silentTo === Number.POSITIVE_INFINITY) return true;
    if (lastMessage <= silentTo) return false;
    const { rows } = await this.#store.read(`c/${id}`, silentTo + 1, Math.min(SCAN_MAX, head - silentTo));
    const isContact = rows.some(({ header }) => {
      const { kind, sender } = JSON.parse(header) as Entry;
      return kind === 'message' && sender === user;
    });
    if (this.#silentTo.size >= KNOWN_MAX) this.#silentTo.clear();
    this.#silentTo.set(name, isContact ? Number.POSITIVE_INFINITY : (rows.at(-1)?.seq ?? silentTo));
    return isContact;
  }
}
