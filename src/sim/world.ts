/**
 * One seed. Act one: people chat while everything goes wrong, and every answer must be right. Act two: everything is
 * healed, and every device must come to hold what the store holds.
 */
import { drainMicrotasks } from 'bun:jsc';
import { checkHistory, type Violation } from '../check/checker.ts';
import type { FinalLog, FinalView, Operation } from '../check/history.ts';
import type { ConversationView } from '../client/views.ts';
import { apply, type Conversation, emptyConversation, joinedAt, maySee, roleOf } from '../core/conversation.ts';
import type { Entry } from '../protocol/entities.ts';
import { entryOf } from '../server/entries.ts';
import { openMemoryStore } from '../store/memory.ts';
import { SHARDS, type Store } from '../store/store.ts';
import { Device } from './devices.ts';
import { FaultCounter, type FaultCounts, mixFaults } from './faults.ts';
import { Network } from './network.ts';
import { idFor, People } from './people.ts';
import { Servers } from './servers.ts';
import { EventQueue, SeededRandom } from './time.ts';

const NAMES = ['mara', 'theo', 'ines', 'noor'];
const ACT_MS = 40_000;
const HEAL_MS = 150_000;

export interface Outcome {
  readonly seed: number;
  readonly steps: number;
  readonly acked: number;
  readonly faults: FaultCounts;
  readonly violations: readonly Violation[];
  readonly history: readonly Operation[];
}

export async function runSeed(seed: number): Promise<Outcome> {
  const world = new World(seed);
  return world.run();
}

class World {
  readonly #seed: number;
  readonly #random: SeededRandom;
  readonly #queue = new EventQueue();
  readonly #counter = new FaultCounter();
  readonly #history: Operation[] = [];
  readonly #violations: Violation[] = [];
  readonly #conversations = new Set<string>();
  #faults: ReturnType<typeof mixFaults> | null;
  #store!: Store;
  #servers!: Servers;
  #network!: Network;
  #devices: Device[] = [];
  #serverNames: string[] = [];
  #texts = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new SeededRandom(seed);
    this.#faults = mixFaults(this.#random);
  }

  async run(): Promise<Outcome> {
    await this.#set();
    this.#schedule();
    await this.#until(ACT_MS);
    await this.#heal();
    await this.#until(ACT_MS + HEAL_MS);
    const logs = await this.#logs();
    const views = await this.#views(logs);
    await this.#settledObligations();
    this.#checkMemberships(logs);
    this.#violations.push(
      ...checkHistory(
        this.#history,
        logs.map(({ log }) => log),
        views,
      ),
    );
    return {
      seed: this.#seed,
      steps: this.#queue.steps,
      acked: this.#history.filter(({ op, phase }) => op === 'send' && phase === 'ok').length,
      faults: this.#counter.counts,
      violations: this.#violations,
      history: this.#history,
    };
  }

  async #until(time: number): Promise<void> {
    await this.#queue.runUntil(time, drainMicrotasks);
  }

  async #set(): Promise<void> {
    this.#store = await openMemoryStore();
    const directory = new People(NAMES);
    const faults = () => this.#faults;
    this.#servers = new Servers({
      queue: this.#queue,
      random: this.#random,
      store: this.#store,
      directory,
      faults,
      counter: this.#counter,
      onReport: (error, what) => this.#reported(error, what),
    });
    this.#network = new Network(this.#queue, this.#random, this.#servers, faults, this.#counter);
    this.#serverNames = ['one', 'two', 'three'].slice(0, 1 + this.#random.below(3));
    for (const name of this.#serverNames) this.#servers.start(name);
    const record = (operation: Operation) => this.#history.push(operation);
    for (const name of NAMES) {
      for (const kind of ['phone', 'laptop'].slice(0, 1 + this.#random.below(2))) {
        const device = new Device(`${name}/${kind}`, idFor(name), {
          queue: this.#queue,
          random: this.#random,
          network: this.#network,
          record,
          membership: (conversation, user) => this.#membership(conversation, user),
          onUnjust: (detail) => this.#violations.push({ anomaly: 'lost', detail }),
        });
        this.#devices.push(device);
        void device.start();
      }
    }
  }

  async #state(conversation: string): Promise<Conversation> {
    const { rows } = await this.#store.read(`c/${conversation}`, 1, 100_000);
    return rows.map(entryOf).reduce(apply, emptyConversation(conversation));
  }

  async #membership(conversation: string, user: string): Promise<number> {
    const membership = (await this.#state(conversation)).members.get(user);
    return membership && membership.role !== null ? joinedAt(membership) : 0;
  }

  /** Nobody wrote while not a member, and nobody was shown what was written while they were none. */
  #checkMemberships(logs: readonly { log: FinalLog; entries: Entry[] }[]): void {
    const found = (detail: string) => this.#violations.push({ anomaly: 'resurrected', detail });
    const states = new Map<string, Conversation>();
    for (const { log, entries } of logs) {
      let state = emptyConversation(log.conversation);
      for (const entry of entries) {
        if (entry.kind !== 'created' && roleOf(state, entry.sender) === null) {
          found(`${log.conversation}: ${entry.seq} is of a sender who was no member`);
        }
        state = apply(state, entry);
      }
      states.set(log.conversation, state);
    }
    for (const { op, proc, conversation, entries = [] } of this.#history) {
      if (op !== 'observe') continue;
      const intervals = states.get(conversation)?.members.get(idFor(proc.split('/')[0]!))?.intervals ?? [];
      for (const [seq] of entries) {
        if (!intervals.some(({ from, to }) => seq >= from && (to === 0 || seq <= to))) {
          found(`${proc} was shown ${seq} of ${conversation}, written while it was no member`);
        }
      }
    }
  }

  /** Failures of engines are expected; whatever else is reported is a bug. */
  #reported(error: unknown, what: string): void {
    const { name, message } = error as Error;
    if (name === 'Unknown' || name === 'Unavailable') return;
    this.#violations.push({ anomaly: 'diverged', detail: `${what}: ${message}` });
  }

  #schedule(): void {
    for (let at = 500; at < ACT_MS; at += 50 + this.#random.next() * 150) this.#queue.after(at, () => this.#act());
    for (let at = 1_000; at < ACT_MS; at += 1_000) this.#queue.after(at, () => this.#harm());
  }

  #act(): void {
    const device = this.#random.pick(this.#devices);
    const { messenger } = device;
    if (!messenger) return;
    const view = this.#random.pick([...messenger.inbox().conversations, null]);
    const done = (work: Promise<unknown>) => void work.catch(() => {});
    const choice = this.#random.next();
    if (!view || choice < 0.04) {
      const other = this.#random.pick(NAMES.map(idFor).filter((user) => user !== device.user));
      const title = `g${this.#texts++}`;
      if (this.#random.chance(0.5)) done(messenger.openDirect(other));
      else if (messenger.inbox().conversations.length < 6) done(messenger.createGroup(title, [other]));
      return;
    }
    const { id } = view;
    const user = idFor(this.#random.pick(NAMES));
    if (choice < 0.6) this.#say(device, view);
    else if (choice < 0.75) messenger.markRead(id, view.head);
    else if (choice < 0.8) done(messenger.mute(id, this.#random.chance(0.5)));
    else if (choice < 0.85) this.#add(device, id, user);
    else if (choice < 0.88) done(messenger.removeMember(id, user));
    else if (choice < 0.9) done(messenger.leave(id));
    else if (choice < 0.93) done(messenger.rename(id, `t${this.#texts++}`));
    else if (choice < 0.96) messenger.show([id]);
    else messenger.draft(id, `d${this.#texts++}`);
  }

  /** Sends; now and then the sender is removed at about the same time, or says something while being removed. */
  #say(device: Device, { id, kind }: ConversationView): void {
    void device.send(id, `m${this.#texts++}`).catch(() => {});
    if (kind !== 'group' || !this.#random.chance(0.15)) return;
    for (const { messenger } of this.#devices) {
      const role = messenger?.conversation(id)?.role;
      if (!messenger || messenger.user === device.user || (role !== 'owner' && role !== 'admin')) continue;
      this.#queue.after(this.#random.next() * 400, () => void messenger.removeMember(id, device.user).catch(() => {}));
      for (let more = 0; more < 6; more++) {
        this.#queue.after(this.#random.next() * 600, () => void device.send(id, `m${this.#texts++}`).catch(() => {}));
      }
      return;
    }
  }

  /** Adds somebody, who often says something as soon as they know. */
  #add(device: Device, id: string, user: string): void {
    void device.messenger?.addMembers(id, [user]).catch(() => {});
    const added = this.#devices.find((other) => other.user === user);
    for (let after = 0; after < 1_500; after += 100) {
      this.#queue.after(after, () => {
        if (added?.messenger?.conversation(id)?.member && this.#random.chance(0.3)) {
          void added.send(id, `m${this.#texts++}`).catch(() => {});
        }
      });
    }
  }

  #harm(): void {
    const faults = this.#faults;
    if (!faults) return;
    const random = this.#random;
    if (random.chance(faults.serverCrash)) {
      const name = random.pick(this.#serverNames);
      this.#servers.crash(name);
      this.#queue.after(random.next() * 3_000, () => this.#restart(name));
    }
    if (random.chance(faults.deviceCrash)) {
      const device = random.pick(this.#devices);
      if (device.messenger) {
        this.#counter.count('device crash');
        device.crash();
        this.#queue.after(random.next() * 8_000, () => void (device.messenger ?? device.start()));
      }
    }
    if (random.chance(faults.partition)) {
      const { name } = random.pick(this.#devices);
      this.#counter.count('partition');
      this.#network.cutOff.add(name);
      this.#queue.after(random.next() * 6_000, () => this.#network.cutOff.delete(name));
    }
    if (random.chance(faults.clockJump)) {
      this.#counter.count('clock jump');
      const clocks = [...this.#servers.running.values(), ...this.#devices].map(({ clock }) => clock);
      random.pick(clocks).skewMs += (random.next() - 0.5) * 120_000;
    }
  }

  #restart(name: string): void {
    if (!this.#servers.running.has(name)) this.#servers.start(name);
  }

  async #heal(): Promise<void> {
    this.#faults = null;
    this.#network.cutOff.clear();
    for (const name of this.#serverNames) this.#restart(name);
    for (const device of this.#devices) if (!device.messenger) void device.start();
  }

  async #logs(): Promise<{ log: FinalLog; entries: Entry[] }[]> {
    for (const { conversation } of this.#history) this.#conversations.add(conversation);
    for (const device of this.#devices) {
      for (const { id } of device.messenger?.inbox().conversations ?? []) this.#conversations.add(id);
    }
    const logs: { log: FinalLog; entries: Entry[] }[] = [];
    for (const conversation of this.#conversations) {
      const { rows } = await this.#store.read(`c/${conversation}`, 1, 100_000);
      const entries = rows.map(entryOf);
      const log = entries.map(({ seq, key, sender, kind }) => ({ seq, key, sender, message: kind === 'message' }));
      logs.push({ log: { conversation, entries: log }, entries });
    }
    return logs;
  }

  /** What each device holds at the end, paged up to the first entry that its user may see. */
  async #views(logs: readonly { log: FinalLog; entries: Entry[] }[]): Promise<FinalView[]> {
    const views: FinalView[] = [];
    for (const { log, entries } of logs) {
      const state = entries.reduce(apply, emptyConversation(log.conversation));
      for (const device of this.#devices) {
        const proc = device.name;
        const shown = device.messenger?.conversation(log.conversation);
        if (roleOf(state, device.user) === null) {
          if (shown?.member)
            this.#violations.push({ anomaly: 'resurrected', detail: `${proc} is still in ${log.conversation}` });
          continue;
        }
        if (!device.messenger || !shown?.member) {
          this.#violations.push({ anomaly: 'diverged', detail: `${proc} does not know ${log.conversation}` });
          continue;
        }
        if (shown.title !== state.title || shown.memberCount !== state.memberCount) {
          const [held, there] = [shown, state].map(({ title, memberCount }) => `"${title}" of ${memberCount}`);
          this.#violations.push({
            anomaly: 'diverged',
            detail: `${proc}: ${log.conversation} is ${held}, not ${there}`,
          });
        }
        const { read, unread } = shown;
        const held = await this.#pageThrough(device, log.conversation);
        const visible = (seq: number) => maySee(state, device.user, seq);
        views.push({ proc, user: device.user, conversation: log.conversation, visible, entries: held, read, unread });
        if (read < joinedAt(state.members.get(device.user)!) - 1) {
          this.#violations.push({ anomaly: 'phantom unread', detail: `${proc} counts what was before it joined` });
        }
      }
    }
    this.#compareDevices();
    return views;
  }

  async #pageThrough(device: Device, conversation: string): Promise<(readonly [number, string])[]> {
    const timeline = device.messenger!.timeline(conversation, { page: 200 });
    let working = true;
    void (async () => {
      for (let pages = 0; pages < 40 && !timeline.view().atStart; pages++) await timeline.loadOlder();
      for (const item of timeline.view().items) if (item.kind === 'gap') await timeline.loadGap(item.from, item.to);
      working = false;
    })().catch(() => {
      working = false;
    });
    for (let i = 0; i < 200 && working; i++) await this.#until(this.#queue.now + 100);
    const held = timeline
      .view()
      .items.flatMap((item) => (item.kind === 'entry' ? [[item.entry.seq, item.entry.key] as const] : []));
    timeline.close();
    return held;
  }

  /** All devices of a user show the same, and nothing waits in an outbox. */
  #compareDevices(): void {
    const shown = new Map<string, string>();
    for (const device of this.#devices) {
      if (device.unanswered.length > 0) {
        this.#violations.push({
          anomaly: 'lost',
          detail: `${device.name}: ${device.unanswered.length} never answered`,
        });
      }
      const text = JSON.stringify(
        (device.messenger?.inbox().conversations ?? [])
          .filter(({ member }) => member)
          .map(({ id, head, read, unread, muted, draft }) => [id, head, read, unread, muted, draft]),
      );
      const other = shown.get(device.user);
      if (other !== undefined && other !== text) {
        this.#violations.push({
          anomaly: 'diverged',
          detail: `${device.name} shows ${text}, another of the user ${other}`,
        });
      }
      shown.set(device.user, text);
    }
  }

  async #settledObligations(): Promise<void> {
    for (let shard = 0; shard < SHARDS; shard++) {
      for (const { conversation } of await this.#store.obligations(shard, '', 1_000)) {
        this.#violations.push({ anomaly: 'diverged', detail: `fan-out of ${conversation} is still owed` });
      }
    }
  }
}
