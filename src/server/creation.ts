import type { Founding } from '../core/founding.ts';
import { checkReader } from '../core/lifetime.ts';
import { utf8Bytes } from '../core/text.ts';
import type { Request, Result } from '../protocol/commands.ts';
import { isBlockBetween } from './blocks.ts';
import type { Contacts } from './contacts.ts';
import type { Conversations } from './conversations.ts';
import { Failed } from './failed.ts';
import type { Pages } from './pages.ts';
import type { NodePorts } from './ports.ts';
import { mustExist } from './sends.ts';
import type { Session } from './session.ts';

/** Making conversations. Ids are derived, so that a repeated command, or two people at once, make one. */
export class Creation {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;
  readonly #pages: Pages;
  readonly #contacts: Contacts;

  constructor(ports: NodePorts, conversations: Conversations, pages: Pages, contacts: Contacts) {
    this.#ports = ports;
    this.#contacts = contacts;
    this.#conversations = conversations;
    this.#pages = pages;
  }

  async create(session: Session, { create }: Request<'create'>): Promise<Result<'create'>> {
    const id = await this.#found(session, create);
    return { conversation: await this.#pages.mustSummarize(session, id) };
  }

  async #found(session: Session, create: Request<'create'>['create']): Promise<string> {
    const { user } = session;
    const owner = { user, role: 'owner' as const };
    if (create.kind === 'self' || (create.kind === 'direct' && create.user === user)) {
      const id = this.#conversations.selfId(user);
      return this.#once(session, id, { key: id, conversation: 'self', title: '', history: 'all', members: [owner] });
    }
    if (create.kind === 'direct') {
      await mustExist(this.#ports, [create.user]);
      const { key: own, lifetime } = create;
      // What stays does not end; what ends is one of its own.
      if ((own !== undefined) !== (lifetime?.kind === 'whole')) throw new Failed('not_allowed');
      const id =
        own === undefined
          ? this.#conversations.directId(user, create.user)
          : this.#conversations.temporaryId(user, own);
      if (
        (await isBlockBetween(this.#ports.store, user, create.user)) &&
        (await this.#conversations.stateNow(id)).head === 0
      )
        throw new Failed('cannot_message');
      const key = own ?? id;
      const members = [user, create.user].sort().map((member) => ({ user: member, role: 'member' as const }));
      const request = await this.#isRequest(create.user);
      const founding = { key, conversation: 'direct' as const, title: '', history: 'all' as const, members, request };
      return this.#once(session, id, { ...founding, lifetime });
    }
    const { limits } = this.#ports;
    const others = create.users.filter((member) => member !== user);
    if (create.title.trim() === '') throw new Failed('empty');
    if (utf8Bytes(create.title) > limits.titleBytes) throw new Failed('too_long');
    if (others.length + 1 > limits.groupMembers) throw new Failed('too_many_members');
    await mustExist(this.#ports, others);
    const members = [owner, ...others.map((member) => ({ user: member, role: 'member' as const }))];
    const { key, title, history, lifetime } = create;
    const refusal = lifetime && checkReader('group', lifetime);
    if (refusal) throw new Failed(refusal.code);
    const id = this.#conversations.groupId(user, key);
    await this.#mustKnow(id, user, others);
    return this.#once(session, id, { key, conversation: 'group', title, history, members, lifetime });
  }

  /** Whoever made a guest knows it. */
  async #isRequest(user: string): Promise<boolean> {
    if (await this.#contacts.know()) return false;
    return !(await this.#ports.directory.profile(user))?.guest;
  }

  /** For a group that there is, being made again changes nothing. */
  async #mustKnow(id: string, user: string, others: readonly string[]): Promise<void> {
    const strangers = await this.#contacts.strangersTo(user, others);
    if (strangers.size > 0 && (await this.#conversations.stateNow(id)).head === 0) throw new Failed('not_acquainted');
  }

  async #once(session: Session, id: string, founding: Founding): Promise<string> {
    const state = await this.#conversations.state(id);
    if (state.head === 0) await this.#conversations.found(session, id, founding);
    return id;
  }
}
