/** Devices of people: each a messenger over storage that outlives it, leaving and coming back. */

import type { Found } from '../check/checker.ts';
import type { Operation, ShownMessage } from '../check/history.ts';
import type { Messenger, Timeline } from '../client/api.ts';
import { createMessenger } from '../client/index.ts';
import { memoryStorage } from '../client/storage/memory.ts';
import type { Storage, Write } from '../client/storage/storage.ts';
import type { Transport } from '../client/transport.ts';
import type { PendingMessage } from '../client/views.ts';
import { BEGINNING } from './known-keeping.ts';
import type { Ledger } from './ledger.ts';
import type { Network } from './network.ts';
import { idFor } from './people.ts';
import { simulatedPolling } from './polling.ts';
import { checkReplica } from './replicas.ts';
import { ProcessClock } from './time.ts';

export type Carrier = 'socket' | 'polling' | 'either';

export class Device {
  readonly name: string;
  readonly user: string;
  readonly carrier: Carrier;
  readonly storage = memoryStorage();
  messenger: Messenger | null = null;
  /** What the last `read` was shown of messages. */
  messages: readonly ShownMessage[] = [];
  clock: ProcessClock;
  #count = 0;
  #isRunning = false;
  readonly #network: Network;
  readonly #ledger: Ledger;
  readonly #record: (operation: Operation) => void;
  readonly #found: Found;
  /** Keys that were safe in the outbox and have had no answer, with the seq since which the user was a member then. */
  readonly #open = new Map<string, number>();
  /** The key of each item of the outbox, by that of storage. */
  readonly #keys = new Map<string, string>();
  /** Keys handed to storage. */
  readonly #begun = new Set<string>();

  constructor(
    name: string,
    carrier: Carrier,
    world: { network: Network; ledger: Ledger; record: (operation: Operation) => void; found: Found },
  ) {
    this.name = name;
    this.user = idFor(name.split('/')[0]!);
    this.carrier = carrier;
    this.#network = world.network;
    this.#ledger = world.ledger;
    this.#record = world.record;
    this.#found = world.found;
    this.clock = new ProcessClock(world.network.queue);
  }

  async start(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const { queue, random } = this.#network;
    this.clock = new ProcessClock(queue);
    const clock = this.clock;
    // What a run was shown and did not finish writing may be shown again to the next.
    const run = `${this.name}/${++this.#count}`;
    const messenger = await createMessenger({
      transport: this.#transport(clock),
      storage: this.#fallible(clock),
      clock,
      random,
      session: { user: this.user, device: idFor(this.name), token: this.name },
    });
    if (!clock.alive) return;
    this.messenger = messenger;
    messenger.on('sent', ({ conversation, key, seq }) => {
      if (clock.alive) this.#answered(conversation, key, 'ok', seq);
    });
    messenger.on('refused', ({ pending }) => {
      if (!clock.alive) return;
      if (pending.code === 'not_answered') this.#unanswered(pending);
      else if (pending.code === 'conversation_ended') this.#ended(pending);
      else if (pending.code === 'cannot_message') this.#blocked(pending);
      else this.#answered(pending.conversation, pending.key, 'refused');
    });
    messenger.on('undone', ({ conversation, key }) => {
      if (!clock.alive) return;
      this.#open.delete(key);
      this.#record({ t: queue.now, proc: this.name, op: 'send', phase: 'refused', conversation, key });
    });
    messenger.on('message', ({ conversation, entry }) => {
      if (!clock.alive) return;
      const entries = [[entry.seq, entry.key]] as const;
      this.#record({ t: queue.now, proc: run, op: 'observe', phase: 'ok', conversation, entries });
    });
  }

  #transport(clock: ProcessClock): Transport {
    const socket = this.#network.transport(this.name, clock);
    const polling = simulatedPolling(this.#network, this.name, clock);
    if (this.carrier !== 'either') return this.carrier === 'socket' ? socket : polling;
    return { open: (handlers) => this.#network.random.pick([socket, polling]).open(handlers) };
  }

  /** The process is gone at once; what it had not finished writing is lost. */
  crash(): void {
    this.clock.alive = false;
    this.#isRunning = false;
    this.messenger = null;
  }

  async send(conversation: string, text: string, mentions: readonly string[] = []): Promise<void> {
    await this.messenger?.send(conversation, text, { mentions });
  }

  /** Reads a page of what this device shows of a conversation, older and older up to `pages`. */
  async read(conversation: string, pages: number, size: number): Promise<(readonly [number, string])[] | null> {
    const { messenger, clock } = this;
    if (!messenger) return null;
    const line = { proc: this.name, op: 'read', conversation } as const;
    this.#record({ t: this.#network.queue.now, ...line, phase: 'start' });
    const timeline = messenger.timeline(conversation, { page: size });
    for (let page = 0; page < pages && !timeline.view().atStart; page++) {
      await timeline.loadOlder();
      if (!clock.alive) return null;
    }
    for (const item of timeline.view().items) {
      if (item.kind === 'gap') await timeline.loadGap(item.from, item.to);
    }
    if (!clock.alive) return null;
    const entries = shownIn(timeline);
    this.messages = messagesIn(timeline);
    this.#checkGone(conversation);
    timeline.close();
    this.#record({ t: this.#network.queue.now, ...line, phase: 'ok', entries });
    return entries;
  }

  /** What says itself when it goes is not shown after that, as far as clocks may differ. */
  #checkGone(conversation: string): void {
    const { goes } = this.#ledger.log(conversation).keeping;
    const now = BEGINNING + this.#network.queue.now - this.#network.clocksDifferMs();
    for (const { seq, text } of this.messages) {
      const going = goes.get(seq);
      if (text === null || !going || going.learnt !== null || going.at > now) continue;
      this.#found('resurrected', `${this.name} shows ${seq} of ${conversation}, gone ${now - going.at} ms before`);
    }
  }

  /** Messages that were safe on this device and have had no answer. */
  get unanswered(): string[] {
    return [...this.#open.keys()];
  }

  /** What is on this device's storage right now is a state that it may be in. */
  check(): Promise<void> {
    return checkReplica(this.name, this.user, this.storage, this.#ledger, this.#found);
  }

  /** Refused because it is one more message of one's own request. */
  #unanswered({ conversation, key }: PendingMessage): void {
    const [asker] = this.#ledger.log(conversation).writers ?? [];
    if (asker !== this.user)
      this.#found('lost', `${this.name}: ${key} was refused in ${conversation}, which is no request`);
    this.#open.delete(key);
    this.#record({ t: this.#network.queue.now, proc: this.name, op: 'send', phase: 'refused', conversation, key });
  }

  /**
   * Refused because one of the two blocks the other. It may stand all the same: a block is not in the log, so a try before
   * the block, whose outcome nobody knows, may land after the refusal.
   */
  #blocked({ conversation, key }: PendingMessage): void {
    if (!this.#ledger.wereBlockedIn(conversation))
      this.#found('lost', `${this.name}: ${key} was refused in ${conversation}, where nobody blocks`);
    this.#open.delete(key);
  }

  /** Refused because its conversation is over. */
  #ended({ conversation, key }: PendingMessage): void {
    const { keeping } = this.#ledger.log(conversation);
    if (keeping.lifetime.kind !== 'whole')
      this.#found('lost', `${this.name}: ${key} was refused in ${conversation}, which does not end`);
    this.#open.delete(key);
    this.#record({ t: this.#network.queue.now, proc: this.name, op: 'send', phase: 'refused', conversation, key });
  }

  #answered(conversation: string, key: string, phase: 'ok' | 'refused', seq?: number): void {
    const membership = this.#open.get(key) ?? 0;
    this.#open.delete(key);
    if (phase === 'refused' && membership > 0 && this.#membership(conversation) === membership) {
      this.#found('lost', `${this.name}: ${key} was refused in ${conversation}, though it was a member all the time`);
    }
    const answer = { op: 'send', phase, conversation, key, ...(seq === undefined ? {} : { seq }) } as const;
    this.#record({ t: this.#network.queue.now, proc: this.name, ...answer });
  }

  /** Outbox items that are about to be written for the first time: each is begun, should it survive. */
  #newItems(writes: readonly Write[]): { key: string; conversation: string }[] {
    const items = writes.flatMap((write) => {
      if (write.kind !== 'put' || !write.key.startsWith('o/')) return [];
      const item = write.value as { key: string; conversation: string };
      this.#keys.set(write.key, item.key);
      return [item];
    });
    const fresh = items.filter(({ key }) => !this.#begun.has(key));
    for (const { key, conversation } of fresh) {
      this.#begun.add(key);
      this.#record({ t: this.#network.queue.now, proc: this.name, op: 'send', phase: 'start', conversation, key });
    }
    return fresh;
  }

  /** What left the outbox in the last moment of a process: nobody is left to tell why. */
  #forget(writes: readonly Write[]): void {
    for (const { kind, key } of writes) if (kind === 'delete') this.#open.delete(this.#keys.get(key) ?? '');
  }

  #membership(conversation: string): number {
    const turn = this.#ledger.log(conversation).lastTurn(this.user);
    return turn?.member ? turn.seq : 0;
  }

  /** Writes take a while; one that the process does not outlive happened, or did not; some find no room. */
  #fallible(clock: ProcessClock): Storage {
    const { storage } = this;
    const { queue, random, faults, counter } = this.#network;
    return {
      blobs: storage.blobs,
      get: (key) => storage.get(key),
      range: (from, to, limit, reverse) => storage.range(from, to, limit, reverse),
      write: async (writes: readonly Write[], guard?: string) => {
        const fresh = this.#newItems(writes);
        await new Promise<void>((resolve) => {
          queue.after(random.next() * 5, resolve);
        });
        if (!clock.alive && random.chance(0.5)) return new Promise<never>(() => {});
        if (guard !== undefined && random.chance(faults()?.deviceFull ?? 0)) {
          counter.count('device full');
          throw new Error('No room.');
        }
        const written = await storage.write(writes, guard);
        if (!clock.alive) {
          this.#forget(writes);
          return new Promise<never>(() => {});
        }
        for (const { key, conversation } of fresh) this.#open.set(key, this.#membership(conversation));
        return written;
      },
      close: async () => {},
    };
  }
}

function shownIn(timeline: Timeline): (readonly [number, string])[] {
  return timeline
    .view()
    .items.flatMap((item) => (item.kind === 'entry' ? [[item.entry.seq, item.entry.key] as const] : []));
}

function messagesIn(timeline: Timeline): ShownMessage[] {
  return timeline.view().items.flatMap((item): ShownMessage[] => {
    if (item.kind !== 'entry' || item.entry.kind !== 'message') return [];
    const { entry, acts } = item;
    const { deletedBy = null, editedAt = null, reactions = [] } = acts ?? {};
    const chosen = reactions.flatMap(({ emoji, users }) => users.map((user) => `${user} ${emoji}`));
    const text = entry.body?.text ?? null;
    // Of words that are gone nobody asks whether they were others before.
    const edited = text !== null && editedAt !== null;
    return [{ seq: entry.seq, text, deletedBy, edited, reactions: chosen.sort() }];
  });
}
