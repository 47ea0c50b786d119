/**
 * Pictures of groups. One is uploaded to the group like any picture; the entry that gives it to the group owns the file,
 * as a message owns what it carries. Only who is a member now can fetch it, and nobody once the group has another one.
 */
import { roleOf } from '../core/conversation.ts';
import { endOf } from '../core/lifetime.ts';
import type { Entry } from '../protocol/entities.ts';
import { eraseFile, keyOf, messageOf } from './attachments.ts';
import type { Conversations } from './conversations.ts';
import type { Fetched } from './files.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

/** What a crash has left of a picture goes after this. */
const LATE_MS = 600_000;
const KEPT_MS = 6 * 3_600_000;

export class GroupPictures {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;

  constructor(ports: NodePorts, conversations: Conversations) {
    this.#ports = ports;
    this.#conversations = conversations;
  }

  /** Sends what gives a group these pictures, and takes away the bytes of the one before. */
  async change<T>(
    { user }: Session,
    conversation: string,
    pictures: readonly (string | null)[],
    send: () => Promise<T>,
  ): Promise<T> {
    const { store, clock } = this.#ports;
    const state = await this.#conversations.stateNow(conversation);
    if (roleOf(state, user) === null) return send();
    const held = state.picture;
    const at = clock.now() + LATE_MS;
    // Before there is anything to be taken away.
    for (const id of new Set([held, ...pictures])) {
      if (id !== null) await store.schedule(at, `face ${conversation} ${id}`);
    }
    const sent = await send();
    if (held !== null) await this.#dropUnlessKept(conversation, held);
    return sent;
  }

  /** Rejects with `not_found` for whoever is not a member; null when it is not, or not any more, the group's picture. */
  async fetch(session: Session, conversation: string, id: string): Promise<Omit<Fetched, 'isPicture' | 'name'> | null> {
    const { media, clock } = this.#ports;
    let state = await this.#conversations.stateFor(session, conversation);
    if (state.picture !== id) state = await this.#conversations.stateNow(conversation);
    if (state.picture !== id || endOf(state.keeping, clock.now()) !== null) return null;
    const key = keyOf(conversation, id, 'small');
    const bytes = await media.size(key);
    const keepMs = state.keeping.lifetime.kind === 'whole' ? 0 : KEPT_MS;
    return bytes === null ? null : { bytes, keepMs, isShared: false, read: (from, to) => media.read(key, from, to) };
  }

  /** What is due of a picture some time after a group was given it, or another one. */
  async expire(item: string): Promise<void> {
    const [, conversation = '', id = ''] = item.split(' ');
    await this.#dropUnlessKept(conversation, id);
  }

  /** What a message carries, or nothing owns, is not for this to take away. */
  async #dropUnlessKept(conversation: string, id: string): Promise<void> {
    const { store, media } = this.#ports;
    const state = await this.#conversations.stateNow(conversation);
    if (state.picture === id) return;
    const seq = await messageOf(store, this.#conversations.recent(conversation), conversation, id);
    const row = seq === null ? undefined : (await store.read(`c/${conversation}`, seq, 1)).rows[0];
    if (row?.seq !== seq || (JSON.parse(row.header) as Entry).kind !== 'pictured') return;
    await eraseFile(store, media, conversation, id);
  }
}
