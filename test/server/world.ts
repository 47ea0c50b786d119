/** A server without sockets, and people who speak to it in frames. Time stands still unless a test moves it. */
import { createHash } from 'node:crypto';
import { MemoryHub } from '../../src/bus/memory.ts';
import type { Clock, Random } from '../../src/core/clock.ts';
import type { Media, Pictures } from '../../src/media/media.ts';
import { memoryMedia } from '../../src/media/memory.ts';
import type { CommandName, Request, Result } from '../../src/protocol/commands.ts';
import type { People as Acquaintance } from '../../src/protocol/community.ts';
import type { Failure } from '../../src/protocol/errors.ts';
import { idOf } from '../../src/protocol/ids.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/protocol/limits.ts';
import type { Push } from '../../src/push/push.ts';
import { MemoryIndex } from '../../src/search/memory.ts';
import type { SearchIndex } from '../../src/search/search.ts';
import { Community } from '../../src/server/community.ts';
import type { Connection } from '../../src/server/connection.ts';
import { createNode, type ServerNode } from '../../src/server/node.ts';
import type { Outlet } from '../../src/server/outlet.ts';
import type { Session } from '../../src/server/session.ts';
import { People } from '../../src/sim/people.ts';
import { openMemoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';

export const hash = (text: string): Uint8Array => createHash('sha256').update(text).digest();
export const idFor = (name: string): string => idOf(hash(name));

export class StepClock implements Clock {
  #now = 1_000_000;
  readonly #timers: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + delayMs, run };
    this.#timers.push(timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }

  soon(run: () => void): void {
    queueMicrotask(run);
  }

  /** Runs what is due on the way, in order, and lets everything settle in between. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settle();
    }
    this.#now = end;
  }
}

/** Until nothing is left to do without time passing. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Sessions that end, too. */
class Residents extends People {
  readonly ended = new Set<string>();
  /** Devices that were said to be used. */
  readonly here: string[] = [];
  /** By which invitation each has come. */
  readonly came = new Map<string, string>();
  readonly #listeners = new Set<(device: string, user: string, by: string | null) => void>();

  override async lives({ device }: Session): Promise<boolean> {
    return !this.ended.has(device);
  }

  override used({ device }: Session): void {
    this.here.push(device);
  }

  override async invitationOf(user: string): Promise<string | null> {
    return this.came.get(user) ?? null;
  }

  override async revoke(session: Session, device: string): Promise<boolean> {
    this.ended.add(device);
    for (const run of this.#listeners) run(device, session.user, 'phone');
    return true;
  }

  override onRevoked(run: (device: string, user: string, by: string | null) => void): () => void {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  }
}

export interface Frame {
  readonly type?: string;
  readonly re?: number;
  readonly [field: string]: unknown;
}

/** One device of one person. */
export class Peer implements Outlet {
  readonly frames: Frame[] = [];
  closedWith: number | null = null;
  outcome: 'sent' | 'full' = 'sent';
  readonly user: string;
  readonly #connection: Connection;
  #last = 0;

  constructor(node: ServerNode, name: string) {
    this.user = idFor(name);
    this.#connection = node.accept(this, null);
  }

  get connection(): Connection {
    return this.#connection;
  }

  send(text: string): 'sent' | 'full' | 'closed' {
    const frames = JSON.parse(text) as Frame | Frame[];
    this.frames.push(...(Array.isArray(frames) ? frames : [frames]));
    return this.outcome;
  }

  close(code: number): void {
    this.closedWith = code;
  }

  say(frame: unknown): void {
    this.#connection.receive(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The answer, whatever it is. */
  async ask<N extends CommandName>(type: N, request: Request<N>): Promise<{ result?: Result<N>; error?: Failure }> {
    const id = ++this.#last;
    this.say({ id, type, ...request });
    for (let i = 0; i < 50; i++) {
      const reply = this.frames.find((frame) => frame.re === id);
      if (reply) return reply as never;
      await settle();
    }
    throw new Error(`No answer to ${type}.`);
  }

  async must<N extends CommandName>(type: N, request: Request<N>): Promise<Result<N>> {
    const { result, error } = await this.ask(type, request);
    if (error) throw new Error(`${type}: ${error.code}`);
    return result!;
  }

  async sends(conversation: string, text: string, key = idFor(`${this.user} ${text}`), baseSeq?: number) {
    const base = baseSeq === undefined ? {} : { baseSeq };
    const draft = { key, ...base, kind: 'message' as const, body: { v: 1 as const, text } };
    const { results } = await this.must('send', { conversation, drafts: [draft] });
    return results[0]!;
  }

  events<T = Frame>(type: string): T[] {
    return this.frames.filter((frame) => frame.type === type) as T[];
  }

  vanish(): void {
    this.#connection.closed();
  }
}

export class World {
  readonly clock = new StepClock();
  readonly people = new Residents(['mara', 'theo', 'ines', 'noor']);
  readonly hub = new MemoryHub();
  media: Media = memoryMedia();
  pictures: Pictures = { read: async () => null };
  push: Push | null = null;
  /** Of the server that was started last. */
  search = new MemoryIndex();
  store!: Store;
  node!: ServerNode;
  readonly limits: Limits = { ...DEFAULT_LIMITS, sendsPerSecond: 1e6, sendsBurst: 1e6, commandsBurst: 1e6 };
  readonly reports: unknown[] = [];
  #ids = 0;
  #acquaintance: Acquaintance = 'known';
  #mediaOrigin: string | undefined;
  #index: SearchIndex | undefined;

  static async open(
    options: Partial<Limits> & {
      feedKept?: number;
      store?: Store;
      people?: Acquaintance;
      mediaOrigin?: string;
      push?: Push;
      media?: Media;
      pictures?: Pictures;
      index?: SearchIndex;
    } = {},
  ): Promise<World> {
    const world = new World();
    const { feedKept, store, people = 'known', mediaOrigin, push = null, media, pictures, index, ...limits } = options;
    if (media) world.media = media;
    if (pictures) world.pictures = pictures;
    world.#index = index;
    world.#mediaOrigin = mediaOrigin;
    world.push = push;
    world.#acquaintance = people;
    Object.assign(world.limits, limits);
    world.store = store ?? (await openMemoryStore());
    world.node = await world.server(feedKept);
    return world;
  }

  /** One more server on the same store. */
  async server(feedKept?: number): Promise<ServerNode> {
    const random: Random = { next: () => 0.5, id: () => idFor(`id ${this.#ids++}`) };
    this.search = new MemoryIndex();
    const node = createNode({
      store: this.store,
      bus: this.hub.attach(),
      search: this.#index ?? this.search,
      clock: this.clock,
      random,
      hash,
      directory: this.people,
      limits: this.limits,
      mediaOrigin: this.#mediaOrigin,
      serverId: 'testtest',
      media: this.media,
      pictures: this.pictures,
      push: this.push,
      community: new Community(this.store, { name: 'Test', join: 'anyone', people: this.#acquaintance }),
      ...(feedKept === undefined ? {} : { feedKept }),
      report: (error) => {
        this.reports.push(error);
        return 'reported';
      },
    });
    await node.start();
    return node;
  }

  async join(name: string, device = 'phone', node = this.node): Promise<Peer> {
    const peer = new Peer(node, name);
    await peer.must('hello', { protocol: 1, token: `${name}/${device}`, position: null });
    return peer;
  }

  async direct(by: Peer, other: Peer): Promise<string> {
    return (await by.must('create', { create: { kind: 'direct', user: other.user } })).conversation.id;
  }

  async group(by: Peer, others: Peer[], history: 'joined' | 'all' = 'joined'): Promise<string> {
    const users = others.map((peer) => peer.user);
    const create = { kind: 'group' as const, key: idFor(`group ${this.#ids++}`), title: 'Choir', users, history };
    return (await by.must('create', { create })).conversation.id;
  }
}
