import type { Entry } from '../protocol/entities.ts';
import type { Store } from '../store/store.ts';
import type { Conversations } from './conversations.ts';

/** Entries that one question looks at; the next one goes on from there. */
const SCAN_MAX = 1_000;
const KNOWN_MAX = 50_000;
const GROUPS_MAX = 1_000;

/** Who has to do with whom: to whom each user has written one to one, and who shares a group. Whoever writes to a user does not become the user's contact by that. */
export class Contacts {
  readonly #store: Store;
  readonly #conversations: Conversations;
  /** Up to which seq of their conversation the user has written nothing; infinite for a contact. */
  readonly #silentTo = new Map<string, number>();

  constructor(store: Store, conversations: Conversations) {
    this.#store = store;
    this.#conversations = conversations;
  }

  /** Whether both are members of some group. Groups of the first above `GROUPS_MAX` are not looked at. */
  async shareGroup(user: string, other: string): Promise<boolean> {
    const inbox = await this.#store.listRegisters(`inbox/${user}`, '', GROUPS_MAX);
    const direct = this.#conversations.directId(user, other);
    for (const { key, value } of inbox) {
      if (value !== 'member' || key === direct) continue;
      const membership = await this.#store.getRegister(`members/${key}`, other);
      if (membership && (JSON.parse(membership.value) as { role: string | null }).role !== null) return true;
    }
    return false;
  }

  async has(user: string, other: string): Promise<boolean> {
    const { id, head, lastMessage } = await this.#conversations.state(this.#conversations.directId(user, other));
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
