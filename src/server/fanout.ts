/**
 * What an append still owes: projections, then a pointer in each member's feed, then the mark that it was done. Every
 * step may be repeated; the obligation that rode in the append makes sure that somebody does.
 */
import { backoff, delay } from '../core/clock.ts';
import { type Conversation, currentMembers } from '../core/conversation.ts';
import { SHARDS } from '../store/store.ts';
import type { Conversations } from './conversations.ts';
import type { Feeds } from './feeds.ts';
import { projectConversation } from './load.ts';
import type { NodePorts } from './ports.ts';

/**
 * Appends of one conversation within this time share their pointers; nobody waits for them, because messages are pushed
 * before. Who joins or leaves learns it by the feed alone, so that goes at once.
 */
const GATHER_MS = { messages: 100, others: 5 };
const SWEEP_MS = 2_000;
/** Projections of a conversation whose members do not change are raised at least each so many entries. */
const PROJECT_EVERY = 256;

interface Task {
  running: boolean;
  again: boolean;
  fanned: number | null;
  projected: number | null;
}

export class Fanout {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;
  readonly #feeds: Feeds;
  readonly #tasks = new Map<string, Task>();
  #stopped = false;
  #cancelSweep = () => {};

  constructor(ports: NodePorts, conversations: Conversations, feeds: Feeds) {
    this.#ports = ports;
    this.#conversations = conversations;
    this.#feeds = feeds;
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

  /** Something was appended to this conversation. */
  owe(id: string, what: keyof typeof GATHER_MS = 'others'): void {
    const task = this.#task(id);
    task.again = true;
    if (task.running) return;
    task.running = true;
    this.#ports.clock.after(GATHER_MS[what], () => void this.#run(id, task));
  }

  #task(id: string): Task {
    let task = this.#tasks.get(id);
    if (!task) {
      task = { running: false, again: false, fanned: null, projected: null };
      this.#tasks.set(id, task);
    }
    return task;
  }

  async #run(id: string, task: Task): Promise<void> {
    let tries = 0;
    while (task.again && !this.#stopped) {
      task.again = false;
      try {
        await this.#fan(id, task);
        tries = 0;
      } catch (error) {
        if (tries === 0) this.#ports.report(error, `fan-out of ${id}`);
        task.fanned = null;
        task.projected = null;
        task.again = tries < 5;
        await delay(this.#ports.clock, backoff(this.#ports.random, tries++, 50, 2_000));
      }
    }
    task.running = false;
    if (this.#tasks.size > 20_000) this.#tasks.delete(id);
  }

  async #fan(id: string, task: Task): Promise<void> {
    const { store } = this.#ports;
    const state = await this.#conversations.stateAppended(id);
    const upTo = state.head;
    task.fanned ??= (await store.getRegister(`progress/${id}`, 'fanned'))?.stamp ?? 0;
    task.projected ??= (await store.getRegister(`progress/${id}`, 'projected'))?.stamp ?? 0;
    const since = task.fanned;
    if (upTo > since) {
      await this.#project(state, task);
      await this.#point(state, since);
      await store.raise(`progress/${id}`, [{ key: 'fanned', stamp: upTo, value: '' }]);
      task.fanned = upTo;
    }
    await store.discharge(id, upTo);
  }

  async #project(state: Conversation, task: Task): Promise<void> {
    const projected = task.projected ?? 0;
    const changed = state.titleStamp > projected || newestMembership(state) > projected;
    if (!changed && state.head - projected < PROJECT_EVERY) return;
    await projectConversation(this.#ports.store, state, projected);
    task.projected = state.head;
  }

  /** One feed entry for each member: that the log has grown, or that they came or went. */
  async #point(state: Conversation, since: number): Promise<void> {
    const owed: Promise<unknown>[] = [];
    const conversation = state.id;
    for (const [user, membership] of state.members) {
      if (membership.stamp <= since) continue;
      const gone = membership.role === null;
      if (gone) owed.push(this.#feeds.add(user, { kind: 'left', conversation, to: membership.stamp }));
      else owed.push(this.#feeds.add(user, { kind: 'joined', conversation, since: membership.stamp }));
    }
    if (!state.channel) {
      for (const user of currentMembers(state)) {
        owed.push(this.#feeds.add(user, { kind: 'advance', conversation, to: state.head }));
      }
    }
    await Promise.all(owed);
  }

  async #sweep(): Promise<void> {
    for (let shard = 0; shard < SHARDS; shard++) {
      try {
        let after = '';
        for (;;) {
          const page = await this.#ports.store.obligations(shard, after, 200);
          for (const { conversation } of page) {
            if (this.#tasks.get(conversation)?.running) continue;
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
