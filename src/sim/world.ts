/**
 * One seed. Act one: people chat while everything goes wrong, and every answer must be right. Act two: everything is
 * healed, and every device must come to hold what the store holds.
 */
import { drainMicrotasks } from 'bun:jsc';
import { checkHistory, type Found, type Violation } from '../check/checker.ts';
import type { Operation } from '../check/history.ts';
import { Acts } from './acts.ts';
import { BlockingActs } from './blocking-acts.ts';
import { type Carrier, Device } from './devices.ts';
import { Disk } from './disk.ts';
import { Ending } from './ending.ts';
import { diskEngine, type Engine, sharedEngine } from './engines.ts';
import { FaultCounter, type FaultCounts, mixFaults } from './faults.ts';
import { KeepingActs } from './keeping-acts.ts';
import { BEGINNING } from './known-keeping.ts';
import { Ledger } from './ledger.ts';
import { Network } from './network.ts';
import { CROWD, People } from './people.ts';
import { Servers } from './servers.ts';
import { EventQueue, SeededRandom } from './time.ts';
import { hearing } from './told.ts';
import { UploadingActs } from './uploading-acts.ts';

const NAMES = ['mara', 'theo', 'ines', 'noor'];
const CARRIERS: readonly Carrier[] = ['socket', 'socket', 'socket', 'polling', 'either'];
const ACT_MS = 40_000;
const HEAL_MS = 150_000;
/** Within this time watermarks are the same everywhere. */
const HEARTBEAT_MS = 25_000;
/** In each so many seeds people meet as strangers. */
const STRANGERS_EVERY = 3;
/** In one of so many seeds people choose how long things stay. */
const KEEPING_EVERY = 2;
/** In two of so many seeds people block others. */
const BLOCKING_EVERY = 5;
/** In one of so many seeds people send files. */
const UPLOADING_EVERY = 5;
/** Of a seed in which everything is wrong, the first tell enough. */
const VIOLATIONS_MAX = 100;

export interface Outcome {
  readonly seed: number;
  readonly steps: number;
  readonly acked: number;
  readonly faults: FaultCounts;
  /** What there was: conversations by kind, quiet ones, servers, devices by how they connect, positions too old. */
  readonly scene: Readonly<Record<string, number>>;
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
  readonly #ledger: Ledger;
  readonly #history: Operation[] = [];
  readonly #violations: Violation[] = [];
  #faults: ReturnType<typeof mixFaults> | null;
  #engine!: Engine;
  #disk: Disk | null = null;
  #crashes = 0;
  #servers!: Servers;
  #network!: Network;
  #acts!: Acts;
  #uploaders: UploadingActs | null = null;
  readonly #devices: Device[] = [];
  readonly #serverNames: string[];
  #snapshots = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new SeededRandom(seed);
    this.#ledger = new Ledger(seed % STRANGERS_EVERY === 0);
    this.#faults = mixFaults(this.#random);
    this.#serverNames = ['one', 'two', 'three'].slice(0, 1 + this.#random.below(3));
  }

  readonly #found: Found = (anomaly, detail) => {
    if (this.#violations.length < VIOLATIONS_MAX) this.#violations.push({ anomaly, detail });
  };

  async run(): Promise<Outcome> {
    await this.#set();
    this.#schedule();
    await this.#until(ACT_MS);
    this.#heal();
    await this.#until(ACT_MS + HEAL_MS);
    await this.#judge().catch((error) => {
      this.#found('diverged', `what is stored makes no sense: ${(error as Error).message}`);
    });
    return {
      seed: this.#seed,
      steps: this.#queue.steps,
      acked: this.#history.filter(({ op, phase }) => op === 'send' && phase === 'ok').length,
      faults: this.#counter.counts,
      scene: this.#scene(),
      violations: this.#violations,
      history: this.#history,
    };
  }

  async #until(time: number): Promise<void> {
    await this.#queue.runUntil(time, drainMicrotasks);
  }

  async #set(): Promise<void> {
    const faults = () => this.#faults;
    const [queue, random, counter, ledger] = [this.#queue, this.#random, this.#counter, this.#ledger];
    if (this.#serverNames.length === 1) this.#disk = new Disk(queue, random, faults, counter);
    this.#engine = this.#disk ? diskEngine(this.#disk, ledger, this.#found) : await sharedEngine(ledger, this.#found);
    this.#servers = new Servers({
      queue,
      random,
      engine: this.#engine,
      directory: new People([...NAMES, ...CROWD]),
      // A short feed, so that whoever was away comes from below its floor.
      feedKept: random.pick([15, 60, 1_000]),
      people: ledger.areStrangers ? 'strangers' : 'known',
      faults,
      counter,
      onReport: (error, what) => this.#reported(error, what),
    });
    const onSnapshot = () => void this.#snapshots++;
    const listener = hearing(
      ledger,
      () => this.#engine.store,
      () => queue.now,
      onSnapshot,
      this.#found,
    );
    this.#network = new Network(queue, random, this.#servers, faults, counter, listener);
    for (const name of this.#serverNames) void this.#servers.start(name);
    const record = (operation: Operation) => this.#history.push(operation);
    for (const name of NAMES) {
      for (const kind of ['phone', 'laptop'].slice(0, 1 + random.below(2))) {
        const parts = { network: this.#network, ledger, record, found: this.#found };
        const device = new Device(`${name}/${kind}`, random.pick(CARRIERS), parts);
        this.#devices.push(device);
        void device.start();
      }
    }
    this.#acts = new Acts(NAMES, this.#devices, this.#network, ledger, (detail) => this.#found('duplicated', detail));
  }

  /** Failures of engines are expected; whatever else is reported is a bug. */
  #reported(error: unknown, what: string): void {
    const { name, message } = error as Error;
    if (name === 'Unknown' || name === 'Unavailable' || name === 'MediaUnavailable') return;
    this.#found('diverged', `${what}: ${message}`);
  }

  #schedule(): void {
    const [queue, random] = [this.#queue, this.#random];
    for (let at = 500; at < ACT_MS; at += 50 + random.next() * 150) queue.after(at, () => this.#acts.act());
    for (let at = 1_000; at < ACT_MS; at += 1_000) queue.after(at, () => this.#harm());
    for (let at = 500; at < ACT_MS; at += 1_000) queue.after(at, () => void random.pick(this.#devices).check());
    if (this.#seed % KEEPING_EVERY === 1) {
      const keepers = new KeepingActs(NAMES, this.#devices, this.#network, new SeededRandom(~this.#seed));
      for (let at = 700; at < ACT_MS; at += 600) queue.after(at, () => keepers.act());
    }
    if (this.#seed % BLOCKING_EVERY < 2) {
      const chance = new SeededRandom(~this.#seed * 3);
      const intruded = (detail: string) => this.#found('intruded', `though blocked: ${detail}`);
      const blockers = new BlockingActs(NAMES, this.#devices, this.#network, this.#ledger, chance, intruded);
      for (let at = 900; at < ACT_MS; at += 1_500) queue.after(at, () => blockers.act());
    }
    if (this.#seed % UPLOADING_EVERY === 2) {
      const chance = new SeededRandom(~this.#seed * 5);
      const uploaders = new UploadingActs(NAMES, this.#network, this.#ledger, chance, this.#found);
      for (let at = 1_100; at < ACT_MS; at += 700) queue.after(at, () => uploaders.act());
      this.#uploaders = uploaders;
    }
    for (let whisper = 0; whisper < 5; whisper++) {
      queue.after(random.next() * ACT_MS, () => void this.#acts.whisper(random.pick(this.#devices)).catch(() => {}));
    }
    if (random.chance(0.3)) {
      queue.after(random.next() * 20_000, () => void this.#acts.revolve(random.pick(this.#devices)).catch(() => {}));
    }
    if (random.chance(0.1)) {
      queue.after(random.next() * 20_000, () => void this.#acts.gather(random.pick(this.#devices)).catch(() => {}));
    }
  }

  #harm(): void {
    const faults = this.#faults;
    if (!faults) return;
    const [queue, random, servers] = [this.#queue, this.#random, this.#servers];
    if (random.chance(faults.serverCrash)) this.#crash(random.pick(this.#serverNames));
    if (random.chance(faults.epochRaised)) {
      this.#counter.count('epoch raised');
      servers.restore();
      for (const name of this.#serverNames) queue.after(random.next() * 3_000, () => void servers.start(name));
    }
    if (random.chance(faults.deviceCrash)) this.#leave(random.pick(this.#devices));
    if (random.chance(faults.partition)) {
      this.#part('partition', this.#network.cutOff, random.pick(this.#devices).name, 6_000);
    }
    if (this.#serverNames.length > 1 && random.chance(faults.busPartition)) {
      this.#part('bus partition', servers.withoutBus, random.pick(this.#serverNames), 8_000);
    }
    if (random.chance(faults.storePartition)) {
      this.#part('store partition', servers.withoutStore, random.pick(this.#serverNames), 5_000);
    }
    if (random.chance(faults.clockJump)) {
      this.#counter.count('clock jump');
      const clocks = [...servers.running.values(), ...this.#devices].map(({ clock }) => clock);
      const clock = random.pick(clocks);
      clock.put(Math.max(-60_000, Math.min(60_000, clock.skewMs + random.below(120_000) - 60_000)));
    }
  }

  /** At once; every other time, where there is a disk, while something is being written to it. */
  #crash(name: string): void {
    const crash = () => {
      if (!this.#faults) return;
      this.#servers.crash(name);
      this.#queue.after(this.#random.next() * 3_000, () => void this.#servers.start(name));
    };
    if (this.#disk && this.#crashes++ % 2 === 1) this.#disk.duringWrite(crash);
    else crash();
  }

  /** A device's process ends; it comes back soon, or after so long that its feed has been trimmed. */
  #leave(device: Device): void {
    if (!device.messenger) return;
    const long = this.#random.chance(0.3);
    this.#counter.count(long ? 'device away' : 'device crash');
    device.crash();
    void device.check();
    this.#queue.after(10 + this.#random.next() * (long ? 40_000 : 8_000), () => void device.start());
  }

  #part(fault: string, parted: Set<string>, name: string, mostMs: number): void {
    this.#counter.count(fault);
    parted.add(name);
    this.#queue.after(this.#random.next() * mostMs, () => parted.delete(name));
  }

  #heal(): void {
    this.#faults = null;
    for (const { clock } of [...this.#servers.running.values(), ...this.#devices]) clock.put(0);
    for (const parted of [this.#network.cutOff, this.#servers.withoutBus, this.#servers.withoutStore]) parted.clear();
    for (const name of this.#serverNames) void this.#servers.start(name);
    for (const device of this.#devices) void device.start();
    // Everything is looked at in the end, so that every watermark must be right.
    this.#queue.after(HEAL_MS / 2, () => {
      for (const { messenger } of this.#devices) messenger?.show(messenger.inbox().conversations.map(({ id }) => id));
    });
  }

  async #judge(): Promise<void> {
    const now = () => BEGINNING + this.#queue.now;
    const ending = new Ending(this.#engine.store!, this.#ledger, this.#devices, now, this.#found);
    const logs = await ending.logs();
    ending.sameEverywhere();
    const views = await ending.views(logs, (device, conversation) => this.#readAll(device, conversation));
    await this.#until(this.#queue.now + HEARTBEAT_MS);
    await ending.watermarks(logs);
    await ending.nothingOwed();
    await ending.erased();
    // Of several servers one erases; what the others find is looked at before it is told.
    const indexes = [...this.#servers.running.values()].map(({ search }) => search);
    await ending.gone(indexes.length === 1 ? indexes : []);
    ending.memberships(this.#history, logs);
    await this.#judgeFiles(ending);
    for (const { anomaly, detail } of checkHistory(
      this.#history,
      logs.map(({ log }) => log),
      views,
    )) {
      this.#found(anomaly, detail);
    }
  }

  async #judgeFiles(ending: Ending): Promise<void> {
    if (!this.#uploaders) return;
    await ending.files(this.#servers.media, this.#uploaders.sent);
    let isDone = false;
    void this.#uploaders.standing([...this.#servers.running.values()]).then(() => {
      isDone = true;
    });
    for (let i = 0; i < 2_000 && !isDone; i++) await this.#until(this.#queue.now + 100);
    if (!isDone) this.#found('lost', 'files are asked for without an answer');
  }

  async #readAll(device: Device, conversation: string): Promise<(readonly [number, string])[] | null> {
    let entries: (readonly [number, string])[] | null | undefined;
    device.read(conversation, 40, 200).then(
      (read) => {
        entries = read;
      },
      () => {
        entries = null;
      },
    );
    for (let i = 0; i < 200 && entries === undefined; i++) await this.#until(this.#queue.now + 100);
    return entries ?? null;
  }

  #scene(): Record<string, number> {
    const scene: Record<string, number> = { servers: this.#serverNames.length };
    const count = (what: string) => {
      scene[what] = (scene[what] ?? 0) + 1;
    };
    if (this.#snapshots > 0) scene.snapshots = this.#snapshots;
    if (this.#uploaders) scene.files = this.#uploaders.sent.length;
    for (const { carrier } of this.#devices) count(carrier);
    for (const { entries, channelAt, writers, isRequest } of this.#ledger.logs.values()) {
      if (writers) count(isRequest ? 'request' : 'answered request');
      const first = entries[0];
      if (first?.kind !== 'created') continue;
      count(channelAt > 0 ? 'channel' : first.conversation);
      if (entries.filter(({ kind }) => kind === 'message').length === 1) count(`quiet ${first.conversation}`);
    }
    return scene;
  }
}
