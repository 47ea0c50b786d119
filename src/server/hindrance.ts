import { filesOf } from '../core/attached.ts';
import { mayDespiteBlock } from '../core/block.ts';
import { type Conversation, peerOf } from '../core/conversation.ts';
import type { Entry } from '../protocol/entities.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { Recent } from './annotations.ts';
import { areSendable } from './attachments.ts';
import { isBlockBetween } from './blocks.ts';
import { isFounding, isOwn, type Wanted } from './fingerprint.ts';
import type { NodePorts } from './ports.ts';

/** What stands elsewhere than in the conversation and forbids that somebody's drafts are stored; for one batch of them. */
export class Hindrances {
  readonly #ports: NodePorts;
  readonly #recent: Recent;
  readonly #blockedByUser = new Map<string, boolean>();

  constructor(ports: NodePorts, recent: Recent) {
    this.#ports = ports;
    this.#recent = recent;
  }

  /** `planned` is what the batch holds already. */
  async of(
    user: string,
    draft: Wanted,
    state: Conversation,
    planned: readonly { readonly entry: Entry }[],
  ): Promise<{ readonly code: ErrorCode } | null> {
    if (isFounding(draft) || isOwn(draft)) return null;
    if (!mayDespiteBlock(draft) && (await this.#isBlocked(user, state))) return { code: 'cannot_message' };
    const ids = filesOf(draft);
    if (ids.length === 0) return null;
    const isTaken = planned.some(({ entry }) => filesOf(entry).some((id) => ids.includes(id)));
    const as = draft.kind === 'pictured' ? 'picture' : 'any';
    const may = !isTaken && (await areSendable(this.#ports, this.#recent, state.id, user, ids, as));
    return may ? null : { code: 'file_gone' };
  }

  async #isBlocked(user: string, state: Conversation): Promise<boolean> {
    const peer = peerOf(state, user);
    if (peer === null) return false;
    const known = this.#blockedByUser.get(user) ?? (await isBlockBetween(this.#ports.store, user, peer));
    this.#blockedByUser.set(user, known);
    return known;
  }
}
