/** Delivered and read: two registers for each member, and for thirty days when each was raised. */
import { type Conversation, currentMembers, joinedAt, maySee, peerOf } from '../core/conversation.ts';
import { digestMarks, raiseMark } from '../core/receipts.ts';
import { isUnanswered } from '../core/request.ts';
import type { Request, Result } from '../protocol/commands.ts';
import type { Mark, Receipt } from '../protocol/entities.ts';
import { settingKey } from '../protocol/settings.ts';
import { type Blocks, isBlockBetween } from './blocks.ts';
import type { Conversations } from './conversations.ts';
import { Failed } from './failed.ts';
import type { Feeds } from './feeds.ts';
import { lastBefore, listAll, marksAt } from './load.ts';
import type { NodePorts } from './ports.ts';
import { startTimers } from './reading-timers.ts';
import type { Session } from './session.ts';

const KEPT_MS = 30 * 86_400_000;
const FRESH_MS = 2_000;
const HELD_MAX = 20_000;

interface Held {
  marks: Map<string, Mark>;
  at: number;
}

export class Receipts {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;
  readonly #feeds: Feeds;
  readonly #blocks: Blocks;
  readonly #onRaised: (conversation: Conversation, mark: Mark) => void;
  /** A user has read; whoever wants to hear of it sets this. */
  onRead: (user: string, conversation: string) => void = () => {};
  readonly #heldById = new Map<string, Held>();
  /** Own read marks that are known to stand in the user's feed; a repeated mark writes what is not. */
  readonly #fedByName = new Map<string, number>();

  constructor(
    ports: NodePorts,
    conversations: Conversations,
    feeds: Feeds,
    blocks: Blocks,
    onRaised: (conversation: Conversation, mark: Mark) => void,
  ) {
    this.#ports = ports;
    this.#conversations = conversations;
    this.#feeds = feeds;
    this.#blocks = blocks;
    this.#onRaised = onRaised;
  }

  /** A mark for each member of now, as `user` may know them: in a channel, the own one. */
  async marks(state: Conversation, user: string): Promise<Mark[]> {
    return state.channel ? [await this.mark(state, user)] : this.#marks(state, user);
  }

  /** One member's mark, as the others may know it. */
  async mark({ id, channel }: Conversation, user: string): Promise<Mark> {
    const none = { user, delivered: 0, read: 0 };
    if (!channel) return (await this.#held(id)).marks.get(user) ?? none;
    const [delivered, read] = await Promise.all(
      ['d', 'r'].map((kind) => this.#ports.store.getRegister(`marks/${id}`, `${user}/${kind}`)),
    );
    return raiseMark(none, delivered?.stamp ?? 0, read?.stamp ?? 0);
  }

  /** Of a conversation that is no channel, as `user` may know it. */
  async digest(state: Conversation, user: string): Promise<number> {
    return digestMarks(await this.#marks(state, user));
  }

  async #marks(state: Conversation, viewer: string): Promise<Mark[]> {
    const held = await this.#held(state.id);
    const around = await this.#blocks.around(viewer);
    const marks = currentMembers(state).map(async (user) => {
      const none = { user, delivered: 0, read: 0 };
      const mark = mayKnowMark(state, user, viewer) ? (held.marks.get(user) ?? none) : none;
      const since = around.get(user);
      return since === undefined ? mark : this.#cut(state, mark, since);
    });
    return Promise.all(marks);
  }

  /** Between whom there is a block, they learn nothing more of each other than about what was written before it. */
  async #cut({ id, head }: Conversation, { user, delivered, read }: Mark, since: number): Promise<Mark> {
    const most = await lastBefore(this.#ports.store, id, head, since);
    return { user, delivered: Math.min(delivered, most), read: Math.min(read, most) };
  }

  /** Some server raised this mark. */
  heard(conversation: string, mark: Mark): void {
    const held = this.#heldById.get(conversation);
    if (held) merge(held.marks, mark);
  }

  async #held(id: string): Promise<Held> {
    const now = this.#ports.clock.monotonic();
    const held = this.#heldById.get(id);
    if (held && held.at > now - FRESH_MS) return held;
    const marks = new Map<string, Mark>();
    for (const { key, stamp } of await listAll(this.#ports.store, `marks/${id}`)) {
      const [user = '', kind] = key.split('/');
      merge(marks, { user, delivered: kind === 'd' ? stamp : 0, read: kind === 'r' ? stamp : 0 });
    }
    const fresh = this.#heldById.get(id) ?? { marks, at: now };
    for (const mark of marks.values()) merge(fresh.marks, mark);
    fresh.at = now;
    if (this.#heldById.size >= HELD_MAX) {
      for (const old of [...this.#heldById.keys()].slice(0, HELD_MAX / 10)) this.#heldById.delete(old);
    }
    this.#heldById.set(id, fresh);
    return fresh;
  }

  /** Raises the user's own marks, never above what the log holds. */
  async raise(session: Session, request: Request<'mark'>): Promise<Result<'mark'>> {
    const { conversation, delivered = 0, read = 0 } = request;
    let state = await this.#conversations.stateFor(session, conversation);
    if (Math.max(delivered, read) > state.head) state = await this.#conversations.stateNow(conversation);
    const { user } = session;
    const { store, clock } = this.#ports;
    const old = await this.mark(state, user);
    const wanted = raiseMark(old, Math.min(delivered, state.head), Math.min(read, state.head));
    const ownRead = await this.ownRead(user, conversation);
    const name = `${user} ${conversation}`;
    const isFed = wanted.read <= (this.#fedByName.get(name) ?? 0);
    if (wanted === old && wanted.read <= ownRead && isFed) return { delivered: old.delivered, read: ownRead };
    if (wanted.read > ownRead) {
      await startTimers(this.#ports, this.#conversations, session, state, ownRead, wanted.read);
    }
    const peer = peerOf(state, user);
    const isBlocked = peer !== null && (await isBlockBetween(store, user, peer));
    const hidden = isBlocked || (await this.#feeds.setting(user, settingKey.receipts)) === 'hidden';
    // Hidden from the others, a read message is a delivered one; between two with a block it stays what it was.
    const raised = isBlocked ? old : hidden ? { ...wanted, read: old.read } : wanted;
    await store.raise(`marks/${conversation}`, marksAt(user, raised.delivered, raised.read));
    if (hidden) await store.raise(`reads/${user}`, [{ key: conversation, stamp: wanted.read, value: '' }]);
    const at = clock.now();
    await Promise.all([
      raised.delivered > old.delivered ? this.#note(conversation, user, 'd', raised.delivered, at) : null,
      raised.read > old.read ? this.#note(conversation, user, 'r', raised.read, at) : null,
      isFed ? null : this.#feeds.add(user, { kind: 'read', conversation, to: wanted.read }),
    ]);
    if (wanted.read > ownRead) this.onRead(user, conversation);
    if (this.#fedByName.size >= HELD_MAX) this.#fedByName.clear();
    this.#fedByName.set(name, Math.max(wanted.read, this.#fedByName.get(name) ?? 0));
    if (!state.channel) {
      this.heard(conversation, raised);
      this.#onRaised(state, raised);
    }
    return { delivered: raised.delivered, read: Math.max(ownRead, wanted.read) };
  }

  /** How far the user has read, also where it is hidden from others: at least what the user's feed says by now. */
  async ownRead(user: string, conversation: string): Promise<number> {
    const { store } = this.#ports;
    const [shown, hidden] = await Promise.all([
      store.getRegister(`marks/${conversation}`, `${user}/r`),
      store.getRegister(`reads/${user}`, conversation),
    ]);
    return Math.max(shown?.stamp ?? 0, hidden?.stamp ?? 0);
  }

  async #note(conversation: string, user: string, kind: 'd' | 'r', seq: number, at: number): Promise<void> {
    const partition = timesOf(conversation, user, kind);
    const key = String(seq).padStart(16, '0');
    if (await this.#ports.store.putRecord(partition, key, String(at), 0)) {
      await this.#ports.store.schedule(at + KEPT_MS, `receipt ${partition} ${key}`);
    }
  }

  async receipts(session: Session, request: Request<'receipts'>): Promise<Result<'receipts'>> {
    const state = await this.#conversations.stateFor(session, request.conversation);
    if (!maySee(state, session.user, request.seq)) throw new Failed('not_found');
    const around = await this.#blocks.around(session.user);
    const receipts: Receipt[] = [];
    for (const user of currentMembers(state).slice(0, 256)) {
      const membership = state.members.get(user);
      if (user === session.user || (membership && joinedAt(membership) > request.seq)) continue;
      const [deliveredAt, readAt] = await Promise.all([
        this.#first(state, user, 'd', request.seq),
        this.#first(state, user, 'r', request.seq),
      ]);
      const until = around.get(user) ?? Number.POSITIVE_INFINITY;
      const told = (at: number | null) => (at !== null && at < until ? at : null);
      receipts.push({ user, deliveredAt: told(deliveredAt), readAt: told(readAt) });
    }
    return { receipts };
  }

  /** The time of the first raise that covers the seq; what was before a request was accepted is of that time. */
  async #first({ id, request }: Conversation, user: string, kind: 'd' | 'r', seq: number): Promise<number | null> {
    if (isUnanswered(request)) return null;
    const after = String(seq - 1).padStart(16, '0');
    const [raise] = await this.#ports.store.listRecords(timesOf(id, user, kind), after, 1);
    return raise ? Math.max(Number(raise.value), request?.at ?? 0) : null;
  }

  /** Erases a time that is thirty days old. */
  async expire(item: string): Promise<void> {
    const [, partition, key] = item.split(' ');
    if (partition && key) await this.#ports.store.deleteRecord(partition, key, 1);
  }
}

/** While a request is not answered, each knows only the own marks. */
export function mayKnowMark({ request }: Conversation, user: string, viewer: string): boolean {
  return user === viewer || !isUnanswered(request);
}

function timesOf(conversation: string, user: string, kind: 'd' | 'r'): string {
  return `times/${conversation}/${user}/${kind}`;
}

function merge(marks: Map<string, Mark>, { user, delivered, read }: Mark): void {
  marks.set(user, raiseMark(marks.get(user) ?? { user, delivered: 0, read: 0 }, delivered, read));
}
