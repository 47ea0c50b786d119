import type { Request, Result } from '../protocol/commands.ts';
import { Buckets } from './bucket.ts';
import type { Contacts } from './contacts.ts';
import type { Conversations } from './conversations.ts';
import { Failed } from './failed.ts';
import type { GroupPictures } from './group-pictures.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

const BUCKETS_MAX = 10_000;

/** Sending, within each user's rate. Being too fast is no refusal: the same key is tried again. */
export class Sends {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;
  readonly #contacts: Contacts;
  readonly #pictures: GroupPictures;
  readonly #buckets: Buckets;

  constructor(ports: NodePorts, conversations: Conversations, contacts: Contacts, pictures: GroupPictures) {
    this.#ports = ports;
    this.#conversations = conversations;
    this.#contacts = contacts;
    this.#pictures = pictures;
    const { sendsPerSecond, sendsBurst } = ports.limits;
    this.#buckets = new Buckets(sendsPerSecond, sendsBurst, BUCKETS_MAX);
  }

  /** Reaches the conversation's queue before it returns, so that sends keep the order in which they came. */
  send(session: Session, { conversation, drafts }: Request<'send'>): Promise<Result<'send'>> {
    const added = drafts.flatMap((draft) => (draft.kind === 'added' ? draft.users : []));
    const waitMs = this.#take(session, drafts.length + added.length);
    if (waitMs > 0) return Promise.reject(new Failed('rate_limited', { retryAfterMs: waitMs }));
    const send = () =>
      added.length > 0
        ? this.#withPeople(session, conversation, drafts, added)
        : this.#conversations.send(session, conversation, drafts).then((results) => ({ results }));
    const pictures = drafts.flatMap((draft) => (draft.kind === 'pictured' ? draft.picture : []));
    return pictures.length > 0 ? this.#pictures.change(session, conversation, pictures, send) : send();
  }

  /** Making a group costs as much as adding its people does. */
  mayMake(session: Session, { create }: Request<'create'>): void {
    const waitMs = this.#take(session, 1 + (create.kind === 'group' ? create.users.length : 0));
    if (waitMs > 0) throw new Failed('rate_limited', { retryAfterMs: waitMs });
  }

  #take({ user }: Session, count: number): number {
    return this.#buckets.take(user, Math.min(count, this.#ports.limits.sendsBurst), this.#ports.clock.monotonic());
  }

  async #withPeople(
    session: Session,
    conversation: string,
    drafts: Request<'send'>['drafts'],
    users: readonly string[],
  ): Promise<Result<'send'>> {
    await mustExist(this.#ports, users);
    const actor = { ...session, strangers: await this.#contacts.strangersTo(session.user, users) };
    return { results: await this.#conversations.send(actor, conversation, drafts) };
  }
}

/** Ends the command `not_found` unless each of them has an account. */
export async function mustExist(ports: NodePorts, users: readonly string[]): Promise<void> {
  const known = new Set((await ports.directory.profiles(users)).map((profile) => profile.user));
  if (users.some((user) => !known.has(user))) throw new Failed('not_found');
}
