/**
 * What an append still owes: annotations and projections, then a pointer in each member's feed, then the mark that it was done. Every
 * step may be repeated; the obligation that rode in the append makes sure that somebody does.
 */
import { backoff } from '../core/clock.ts';
import { type Conversation, currentMembers } from '../core/conversation.ts';
import { PAGE_MAX } from '../protocol/limits.ts';
import { SHARDS } from '../store/store.ts';
import { raiseAnnotations } from './annotations.ts';
import { eraseFilesAt, raiseFiles } from './attachments.ts';
import type { Conversations } from './conversations.ts';
import { entryOf } from './entries.ts';
import type { Erasure } from './erasure.ts';
import { failureOf } from './failed.ts';
import type { Feeds } from './feeds.ts';
import type { Indexing } from './indexing.ts';
import { projectConversation } from './load.ts';
import type { Notifier } from './notifier.ts';
import type { NodePorts } from './ports.ts';

/**
 * Pointers of one conversation's messages are written at most this often: nobody waits for them, because messages are
 * pushed before. Who joins or leaves learns it by the feed alone, so that goes at once.
 */
const POINTERS_MS = 100;
/** Appends that come this close together share their pointers. */
const GATHER_MS = 5;
const TRIES_MAX = 5;
const TASKS_MAX = 20_000;
const SWEEP_MS = 2_000;
/** Projections of a conversation whose members do not change are raised at least each so many entries. */
const PROJECT_EVERY = 256;

interface Task {
  /** By the monotonic clock, when the next run begins; null when nothing is owed. */
  dueAt: number | null;
  running: boolean;
  beganAt: number;
  tries: number;
  fanned: number | null;
  projected: number | null;
  cancel: () => void;
}

export class Fanout {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;
  readonly #feeds: Feeds;
  readonly #erasure: Erasure;
  readonly #indexing: Indexing;
  readonly #notifier: Notifier;
  readonly #tasks = new Map<string, Task>();
  #stopped = false;
  #cancelSweep = () => {};

  constructor(
    ports: NodePorts,
    conversations: Conversations,
    feeds: Feeds,
    erasure: Erasure,
    indexing: Indexing,
    notifier: Notifier,
  ) {
    this.#ports = ports;
    this.#conversations = conversations;
    this.#feeds = feeds;
    this.#erasure = erasure;
    this.#indexing = indexing;
    this.#notifier = notifier;
  }

  /** Finishes what any server left, now and every two seconds. */
  async start(): Promise<void> {
    await this.#sweep();
    this.#cancelSweep = this.#ports.clock.after(SWEEP_MS, () => {
      if (!this.#stopped) void this.start();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelSweep();
  }

  /** Something was appended to this conversation: `messages` only, or also what nobody is told by a push. */
  owe(id: string, what: 'messages' | 'others' = 'others'): void {
    const task = this.#task(id);
    const soon = this.#ports.clock.monotonic() + GATHER_MS;
    this.#due(id, task, what === 'messages' ? Math.max(soon, task.beganAt + POINTERS_MS) : soon);
  }

  #due(id: string, task: Task, at: number): void {
    if (task.dueAt !== null && task.dueAt <= at) return;
    task.dueAt = at;
    if (!task.running) this.#arm(id, task);
  }

  #arm(id: string, task: Task): void {
    task.cancel();
    const { clock } = this.#ports;
    task.cancel = clock.after((task.dueAt ?? 0) - clock.monotonic(), () => void this.#run(id, task));
  }

  #task(id: string): Task {
    let task = this.#tasks.get(id);
    if (!task) {
      const beganAt = Number.NEGATIVE_INFINITY;
      task = { dueAt: null, running: false, beganAt, tries: 0, fanned: null, projected: null, cancel: () => {} };
      this.#tasks.set(id, task);
    }
    return task;
  }

  async #run(id: string, task: Task): Promise<void> {
    const { clock, random, report } = this.#ports;
    if (this.#stopped) return;
    task.running = true;
    task.dueAt = null;
    task.beganAt = clock.monotonic();
    try {
      await this.#fan(id, task);
      task.tries = 0;
    } catch (error) {
      // That the store takes nothing just now has been told; the sweep comes back to it.
      if (task.tries === 0 && failureOf(error) === null) report(error, `fan-out of ${id}`);
      task.fanned = null;
      task.projected = null;
      if (task.tries < TRIES_MAX) this.#due(id, task, clock.monotonic() + backoff(random, task.tries, 50, 2_000));
      // The sweep finds what is left.
      task.tries = task.tries < TRIES_MAX ? task.tries + 1 : 0;
    }
    task.running = false;
    if (task.dueAt !== null) this.#arm(id, task);
    else if (this.#tasks.size > TASKS_MAX) this.#tasks.delete(id);
  }

  async #fan(id: string, task: Task): Promise<void> {
    const { store, media } = this.#ports;
    const state = await this.#conversations.stateAppended(id);
    const upTo = state.head;
    task.fanned ??= (await store.getRegister(`progress/${id}`, 'fanned'))?.stamp ?? 0;
    task.projected ??= (await store.getRegister(`progress/${id}`, 'projected'))?.stamp ?? 0;
    const since = task.fanned;
    if (upTo > since) {
      const known = this.#conversations.recent(id);
      const above = Math.max(since, task.projected);
      const recent = known.above(above);
      await raiseFiles(store, id, known.filesAbove(above));
      for (const { what, target } of recent) if (what === 'deleted') await eraseFilesAt(store, media, id, target);
      await raiseAnnotations(store, id, recent);
      const deleted = recent.some(({ what }) => what === 'deleted');
      await this.#erasure.plan(state, since, known.hoursAbove(above), deleted);
      await this.#project(state, task);
      await this.#point(state, since);
      await store.raise(`progress/${id}`, [{ key: 'fanned', stamp: upTo, value: '' }]);
      task.fanned = upTo;
      this.#conversations.recent(id).forget(upTo);
      this.#indexing.owe(id);
      const newest = Math.max(state.lastMessage, state.keeping.stamp, newestMembership(state));
      if (newest > since || deleted) this.#notifier.owe(id, since);
    }
    await store.discharge(id, upTo);
  }

  async #project(state: Conversation, task: Task): Promise<void> {
    const projected = task.projected ?? 0;
    const stamps = [
      state.keeping.stamp,
      state.titleStamp,
      state.pictureStamp,
      state.pinsStamp,
      state.request?.stamp ?? 0,
      newestMembership(state),
    ];
    const changed = stamps.some((stamp) => stamp > projected);
    if (!changed && state.head - projected < PROJECT_EVERY) return;
    await projectConversation(this.#ports.store, state, projected);
    task.projected = state.head;
  }

  /** One feed entry for each member: that the log has grown, or that they came or went. */
  async #point(state: Conversation, since: number): Promise<void> {
    const conversation = state.id;
    const changed = [...state.members].filter(([, { stamp }]) => stamp > since);
    const removers = await this.#removers(
      conversation,
      changed.flatMap(([, { role, stamp }]) => (role === null ? stamp : [])),
    );
    const owed = changed.map(([user, { role, stamp }]) => {
      if (role !== null) return this.#feeds.add(user, { kind: 'joined', conversation, since: stamp });
      const left = { kind: 'left', conversation, to: stamp, ...removers.get(stamp) } as const;
      return this.#feeds.add(user, left);
    });
    // A pointer to where one is no member, as far as one has heard, would be passed over.
    await Promise.all(owed);
    if (state.channel) return;
    const advance = { kind: 'advance', conversation, to: state.head } as const;
    await Promise.all([...currentMembers(state)].map((user) => this.#feeds.add(user, advance)));
  }

  /** By the seqs at which people were put out, who did it: whoever is out cannot read it. */
  async #removers(conversation: string, seqs: readonly number[]): Promise<Map<number, { by: string }>> {
    const removers = new Map<number, { by: string }>();
    const now = this.#ports.clock.now();
    const wanted = [...seqs].sort((a, b) => a - b);
    for (let from = 0; from < wanted.length; ) {
      const first = wanted[from]!;
      // All that are near one another come with one read.
      let after = from;
      while (after < wanted.length && wanted[after]! < first + PAGE_MAX) after++;
      const { rows } = await this.#ports.store.read(`c/${conversation}`, first, wanted[after - 1]! - first + 1);
      for (const row of rows) {
        const entry = entryOf(row, now);
        if (entry.kind === 'removed') removers.set(row.seq, { by: entry.sender });
      }
      from = after;
    }
    return removers;
  }

  #isUnderWay(id: string): boolean {
    const task = this.#tasks.get(id);
    return task !== undefined && (task.running || task.dueAt !== null);
  }

  async #sweep(): Promise<void> {
    for (let shard = 0; shard < SHARDS; shard++) {
      try {
        let after = '';
        for (;;) {
          const page = await this.#ports.store.obligations(shard, after, 200);
          for (const { conversation } of page) {
            if (this.#isUnderWay(conversation)) continue;
            this.#conversations.stale(conversation);
            this.owe(conversation);
          }
          after = page.at(-1)?.conversation ?? '';
          if (page.length < 200) break;
        }
      } catch (error) {
        this.#ports.report(error, `sweep of shard ${shard}`);
        return;
      }
    }
  }
}

function newestMembership(state: Conversation): number {
  let newest = 0;
  for (const membership of state.members.values()) if (membership.stamp > newest) newest = membership.stamp;
  return newest;
}
