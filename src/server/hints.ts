/**
 * What is pushed to open connections, here and through the bus on other servers. Hints may be lost: whoever misses
 * one finds out by the numbers.
 */
import { type Conversation, currentMembers, maySee } from '../core/conversation.ts';
import { endOf, withoutExpired } from '../core/lifetime.ts';
import { isAnswer, isUnanswered } from '../core/request.ts';
import type { Entry, FeedEntry, Mark } from '../protocol/entities.ts';
import type { Blocks } from './blocks.ts';
import type { Connections } from './connections.ts';
import type { Conversations } from './conversations.ts';
import { holdsEdit } from './entries.ts';
import type { Fed } from './feeds.ts';
import type { Appended } from './lane.ts';
import type { NodePorts } from './ports.ts';
import { mayKnowMark, type Receipts } from './receipts.ts';
import type { Session } from './session.ts';

type Hint =
  | {
      readonly kind: 'appended';
      readonly conversation: string;
      readonly above: number;
      readonly to: number;
      readonly frame: string;
    }
  | { readonly kind: 'fed'; readonly user: string; readonly frame: string }
  | { readonly kind: 'receipts'; readonly conversation: string; readonly marks: readonly Mark[] }
  | { readonly kind: 'typing'; readonly conversation: string; readonly user: string };

const SUBJECT = 'hints';
/** Receipts of one conversation leave at most this often. */
const RECEIPTS_MS = 1_000;
/** Of one user in one conversation; clients say it each three seconds. */
const TYPING_EACH_MS = 2_000;
const TYPISTS_MAX = 10_000;
/** In a feed entry as JSON. */
const BLOCK = '"key":"block/';

/** What happened, on whichever server. */
interface HintHooks {
  /** The user's feed moved. */
  fed(user: string): void;
  /** The user blocks these, or does so no more. */
  blocked(user: string, others: readonly string[]): void;
  /** The request between these two was. */
  answered(users: readonly string[]): void;
}

export class Hints {
  readonly #ports: NodePorts;
  readonly #connections: Connections;
  readonly #conversations: Conversations;
  readonly #blocks: Blocks;
  readonly #hooks: HintHooks;
  /** Set once both exist: receipts are told here, and heard from here. */
  receipts: Receipts | null = null;
  readonly #raised = new Map<string, Map<string, Mark>>();
  readonly #typedAt = new Map<string, number>();
  readonly #unsubscribe: () => void;
  #epoch = 1;

  constructor(
    ports: NodePorts,
    connections: Connections,
    conversations: Conversations,
    blocks: Blocks,
    hooks: HintHooks,
  ) {
    this.#ports = ports;
    this.#connections = connections;
    this.#conversations = conversations;
    this.#blocks = blocks;
    this.#hooks = hooks;
    this.#unsubscribe = ports.bus.subscribe(SUBJECT, (hint) => this.#heard(JSON.parse(hint) as Hint));
  }

  start(epoch: number): void {
    this.#epoch = epoch;
  }

  stop(): void {
    this.#unsubscribe();
  }

  appended({ before, after, wires }: Appended): void {
    const frame = `{"type":"message","conversation":"${after.id}","entries":[${wires.join(',')}]}`;
    this.#pushEntries(after, before.head, frame);
    this.#pushAccepted(before, after);
    this.#publish({ kind: 'appended', conversation: after.id, above: before.head, to: after.head, frame });
  }

  /** To the members whose membership these entries did not touch; the others are told by their feeds. */
  #pushEntries(state: Conversation, above: number, frame: string): void {
    const edits = holdsEdit(frame) ? editsIn(frame) : [];
    for (const [user, membership] of state.members) {
      if (membership.role === null || membership.stamp > above) continue;
      const connections = [...this.#connections.of(user)];
      if (connections.length === 0) continue;
      // Words of a message that one may not see are left out by whoever reads them: the gap makes one read.
      if (edits.some(({ target }) => !maySee(state, user, target))) continue;
      for (const connection of connections) connection.push(frame);
    }
  }

  /** Once a request is answered, each may know what the other has received and read. */
  #pushAccepted(before: Conversation | null, after: Conversation): void {
    if (!before || !isAnswer(before.request, after.request)) return;
    this.#hooks.answered(currentMembers(after));
    const marks = this.receipts?.marks(after, '');
    marks?.then((known) => this.#gather(after.id, known)).catch(() => {});
  }

  fed({ user, from, to, wires }: Fed): void {
    const frame = `{"type":"feed","epoch":${this.#epoch},"from":${from},"to":${to},"entries":[${wires.join(',')}]}`;
    this.#pushFed(user, frame);
    this.#publish({ kind: 'fed', user, frame });
  }

  #pushFed(user: string, frame: string): void {
    for (const connection of this.#connections.of(user)) connection.push(frame);
    if (frame.includes(BLOCK)) this.#hooks.blocked(user, blockedIn(frame));
    this.#hooks.fed(user);
  }

  raised(conversation: Conversation, mark: Mark): void {
    this.#gather(conversation.id, [mark]);
    this.#publish({ kind: 'receipts', conversation: conversation.id, marks: [mark] });
  }

  #gather(conversation: string, marks: readonly Mark[]): void {
    const gathered = this.#raised.get(conversation);
    const byUser = gathered ?? new Map<string, Mark>();
    for (const mark of marks) byUser.set(mark.user, mark);
    if (gathered) return;
    this.#raised.set(conversation, byUser);
    this.#pushReceipts(conversation);
  }

  /** The first at once, what comes within the second after it together. */
  #pushReceipts(conversation: string): void {
    const byUser = this.#raised.get(conversation);
    if (!byUser || byUser.size === 0) {
      this.#raised.delete(conversation);
      return;
    }
    this.#raised.set(conversation, new Map());
    this.#pushMarks(conversation, [...byUser.values()]).catch(() => {});
    this.#ports.clock.after(RECEIPTS_MS, () => this.#pushReceipts(conversation));
  }

  async #pushMarks(conversation: string, raised: readonly Mark[]): Promise<void> {
    const around = new Map<string, ReadonlyMap<string, number>>();
    for (const { user } of raised) around.set(user, await this.#blocks.around(user));
    this.#pushToViewers(conversation, (viewer, state) => {
      const marks = raised.filter(({ user }) => mayKnowMark(state, user, viewer) && !around.get(user)?.has(viewer));
      return marks.length > 0 ? JSON.stringify({ type: 'receipts', conversation, marks }) : null;
    });
  }

  async typing(session: Session, conversation: string): Promise<void> {
    await this.#conversations.stateFor(session, conversation);
    const { user } = session;
    if (this.#hasJustTyped(`${user} ${conversation}`)) return;
    await this.#pushTyping(conversation, user);
    this.#publish({ kind: 'typing', conversation, user });
  }

  #hasJustTyped(name: string): boolean {
    const now = this.#ports.clock.monotonic();
    if (now - (this.#typedAt.get(name) ?? Number.NEGATIVE_INFINITY) < TYPING_EACH_MS) return true;
    if (this.#typedAt.size >= TYPISTS_MAX) this.#typedAt.clear();
    this.#typedAt.set(name, now);
    return false;
  }

  async #pushTyping(conversation: string, user: string): Promise<void> {
    const around = await this.#blocks.around(user);
    const frame = JSON.stringify({ type: 'typing', conversation, user });
    this.#pushToViewers(conversation, (viewer, { request }) =>
      viewer === user || isUnanswered(request) || around.has(viewer) ? null : frame,
    );
  }

  /** What each may know, to the connections that show the conversation. */
  #pushToViewers(conversation: string, frameFor: (viewer: string, state: Conversation) => string | null): void {
    const state = this.#conversations.held(conversation);
    if (!state) return;
    for (const user of currentMembers(state)) {
      const viewing = [...this.#connections.of(user)].filter(({ shown }) => shown.has(conversation));
      const frame = viewing.length > 0 ? frameFor(user, state) : null;
      if (frame !== null) for (const connection of viewing) connection.push(frame);
    }
  }

  #hasExpired({ keeping, expiring }: Conversation, frame: string): boolean {
    const now = this.#ports.clock.now();
    if (endOf(keeping, now) !== null) return true;
    if (expiring.seq === 0) return false;
    const { entries } = JSON.parse(frame) as { entries: Entry[] };
    return entries.some((entry) => withoutExpired(entry, now) !== entry);
  }

  #publish(hint: Hint): void {
    this.#ports.bus.publish(SUBJECT, JSON.stringify(hint));
  }

  #heard(hint: Hint): void {
    switch (hint.kind) {
      case 'appended': {
        this.#conversations.stale(hint.conversation);
        if (this.#connections.size === 0) return;
        const before = this.#conversations.held(hint.conversation);
        this.#conversations
          .state(hint.conversation)
          .then((state) => {
            // What came late may have been deleted since, or have expired: then it is read, not pushed.
            const isCurrent = this.#conversations.recent(state.id).newestErasure <= hint.to;
            if (isCurrent && !this.#hasExpired(state, hint.frame)) this.#pushEntries(state, hint.above, hint.frame);
            this.#pushAccepted(before, state);
          })
          .catch(() => {});
        break;
      }
      case 'fed':
        this.#pushFed(hint.user, hint.frame);
        break;
      case 'receipts':
        for (const mark of hint.marks) this.receipts?.heard(hint.conversation, mark);
        this.#gather(hint.conversation, hint.marks);
        break;
      case 'typing':
        this.#pushTyping(hint.conversation, hint.user).catch(() => {});
        break;
    }
  }
}

function blockedIn(frame: string): string[] {
  const { entries } = JSON.parse(frame) as { entries: FeedEntry[] };
  return entries.flatMap((entry) =>
    entry.kind === 'set' && entry.key.startsWith('block/') ? [entry.key.slice('block/'.length)] : [],
  );
}

function editsIn(frame: string): Extract<Entry, { kind: 'edited' }>[] {
  return (JSON.parse(frame) as { entries: Entry[] }).entries.filter((entry) => entry.kind === 'edited');
}
