/** Puts the parts together: one device of one user. */
import { isAnnotation } from '../core/annotations.ts';
import { backoff, delay, type Random } from '../core/clock.ts';
import type { CommandName, Request, Result } from '../protocol/commands.ts';
import type { Community } from '../protocol/community.ts';
import type { Draft, Profile } from '../protocol/entities.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { Event } from '../protocol/events.ts';
import { DEFAULT_LIMITS } from '../protocol/limits.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Act } from './acting.ts';
import type { Messenger, MessengerEvents, SearchRequest, Timeline } from './api.ts';
import { Connection, type Welcome } from './connection.ts';
import { Contents } from './contents.ts';
import { Doubts } from './doubts.ts';
import { Drafts } from './drafts.ts';
import { Emitter } from './emitter.ts';
import { letGo } from './ending.ts';
import { Expiry } from './expiry.ts';
import { codeOf, type FailedCode, mayRetry, RequestFailed } from './failed.ts';
import { Look } from './look.ts';
import { Marks } from './marks.ts';
import { Outbox } from './outbox.ts';
import { People } from './people.ts';
import { Reading } from './reading.ts';
import type { Replica } from './replica.ts';
import { Searches } from './searches.ts';
import { Sending, type Writing } from './sending.ts';
import { Shown } from './shown.ts';
import { Staging } from './staging.ts';
import { Sync } from './sync.ts';
import { Window } from './timeline.ts';
import type { Timers } from './timers.ts';
import type { Transport } from './transport.ts';
import { type Carrier, Uploading } from './uploading.ts';

export interface Parts {
  readonly transport: Transport;
  readonly replica: Replica;
  readonly clock: Timers;
  readonly random: Random;
  readonly user: string;
  readonly device: string;
  readonly token: string | null;
  /** Without one, files that are not up yet stay where they are. */
  readonly carrier: Carrier | null;
}

const TRIES_MAX = 8;

export class Device extends Sending implements Messenger {
  readonly user: string;
  readonly device: string;
  readonly #clock: Timers;
  readonly #random: Random;
  readonly #replica: Replica;
  readonly #connection: Connection;
  readonly #sync: Sync;
  readonly #outbox: Outbox;
  readonly #marks: Marks;
  readonly #reading: Reading;
  readonly #doubts: Doubts;
  readonly #people: People;
  readonly #drafts: Drafts;
  protected readonly writing: Writing;
  readonly #shown: Shown;
  readonly #look: Look;
  readonly #expiry: Expiry;
  readonly #emitter: Emitter<MessengerEvents>;
  readonly #windows = new Set<Window>();
  readonly #searches: Searches;
  #waiters: (() => void)[] = [];
  #fileBytes = DEFAULT_LIMITS.fileBytes;

  constructor({ transport, replica, clock, random, user, device, token, carrier }: Parts) {
    super();
    this.user = user;
    this.device = device;
    this.#clock = clock;
    this.#random = random;
    this.#replica = replica;
    this.#emitter = new Emitter(clock);
    this.#connection = new Connection(transport, clock, random, {
      hello: () => ({
        protocol: PROTOCOL_VERSION,
        ...(token === null ? {} : { token }),
        position: replica.position,
      }),
      online: (welcome) => this.#online(welcome),
      event: (event) => this.#event(event),
      ping: () => this.#shown.ping(),
      pong: (pong) => {
        this.#expiry.told(pong.at);
        this.#shown.pong(pong);
      },
      status: (status) => {
        if (status.state !== 'online') this.#people.offline();
        if (this.#connection.isOver) this.#wake();
        this.#emitter.emit('status', status);
        this.#changed(null);
      },
    });
    const request: Connection['request'] = (type, fields, ms) => this.#connection.request(type, fields, ms);
    const isOnline = () => this.#connection.isOnline;
    const changed = (id: string | null) => this.#changed(id);
    this.#sync = new Sync(replica, clock, random, {
      isOnline,
      request,
      read: (id, seq) => this.#reading.readElsewhere(id, seq),
      moved: () => {
        this.#changed(null);
        this.#wake();
      },
    });
    const contents = new Contents(replica.storage.blobs);
    const uploading = new Uploading(carrier, contents, clock, random, {
      isOnline,
      moved: (key, held) => this.#outbox.uploadMoved(key, held),
      done: (...done) => void this.#outbox.uploaded(...done),
      refused: (...refused) => this.#outbox.uploadRefused(...refused),
    });
    this.#outbox = new Outbox(replica, clock, random, {
      isOnline,
      uploading,
      kept: (keys) => contents.kept(keys),
      send: (fields) => request('send', fields),
      changed: (id) => {
        this.#changed(id);
        this.#changedIn(id);
      },
      sent: (conversation, key, seq) => {
        this.#emitter.emit('sent', { conversation, key, seq });
        this.#sync.reachLog(conversation, seq);
      },
      refused: (pending) => {
        this.#emitter.emit('refused', { pending });
        this.#letGo(pending.conversation);
      },
      undone: (act) => this.#emitter.emit('undone', act),
    });
    this.#marks = new Marks(
      clock,
      isOnline,
      (fields) => request('mark', fields),
      (id, { delivered, read }) => {
        replica.applyMarks(id, [{ user, delivered, read: replica.conversations.get(id)?.marks.get(user)?.read ?? 0 }]);
        this.#reading.answered(id, read);
      },
    );
    this.#reading = new Reading(replica, this.#marks);
    this.#doubts = new Doubts(replica, clock, random, isOnline, {
      summary: (id) => this.#sync.summary(id),
      annotations: (fields) => request('annotations', fields),
    });
    this.#people = new People(replica, clock, request, changed);
    this.#drafts = new Drafts(replica, clock, device, (key, value) => this.set(key, value), changed);
    const staging = new Staging(replica, contents, random);
    this.writing = { outbox: this.#outbox, drafts: this.#drafts, staging, contents };
    this.#shown = new Shown(replica, this.#sync, this.#people, this.#connection);
    this.#look = new Look(replica, this.#outbox, this.#drafts, this.#people);
    this.#expiry = new Expiry(replica, clock, (id) => {
      this.#letGo(id);
      this.#changedIn(id);
    });
    this.#searches = new Searches(replica, (fields) => this.ask('search', fields));
    replica.user = user;
    replica.hooks = {
      changed: (id) => {
        if (id !== null) {
          this.#outbox.reached(id);
          this.#doubts.check(id);
          this.#expiry.noticed(id);
        }
        this.#changed(id);
        this.#changedIn(id);
      },
      stored: (id, entries) => {
        for (const entry of entries) {
          if (entry.sender === user) this.#outbox.seen(entry.key, entry.seq);
          else this.#people.stoppedTyping(id, entry.sender);
        }
        for (const window of this.#windows) if (window.conversation === id) window.stored(entries);
        void replica.flushed().then(() => this.#reading.delivered(id));
      },
      annotated: (id, annotations) => {
        for (const window of this.#windows) if (window.conversation === id) window.annotated(annotations);
        const seqs = [...new Set(annotations.map(({ target }) => target))];
        this.#emitter.emit('changed', { conversation: id, seqs });
      },
      news: (conversation, entries) => {
        for (const entry of entries) if (!isAnnotation(entry)) this.#emitter.emit('message', { conversation, entry });
      },
      restored: (id, head) => this.#outbox.restored(id, head),
      taken: () => {
        uploading.stop();
        this.#connection.stop({ state: 'replaced' });
      },
      keeps: () => this.#changed(null),
    };
  }

  async start(): Promise<void> {
    await this.#expiry.start();
    await this.#outbox.load();
    await this.#drafts.load();
    const { staging, contents } = this.writing;
    await staging.load();
    for (const id of this.#replica.conversations.keys()) this.#letGo(id);
    await contents.sweep(new Set([...this.#outbox.fileKeys(), ...staging.keys()]));
    this.#connection.wake();
  }

  #letGo(id: string): void {
    const { conversations } = this.#replica;
    if (conversations.get(id)?.summary.ended !== undefined) void letGo(this.writing, id, this.#replica.flushed());
  }

  #changed(id: string | null): void {
    this.#look.changed(id);
    this.#emitter.changed();
  }

  #changedIn(id: string | null): void {
    for (const window of this.#windows) if (window.conversation === id) window.changed();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #online(welcome: Welcome): void {
    this.#fileBytes = welcome.fileBytes;
    this.#expiry.told(welcome.at);
    this.#replica.applyProfile(welcome.user);
    this.#replica.setServerName(welcome.server.name);
    this.#sync.reach(welcome.epoch, welcome.feedHead);
    this.#outbox.wake();
    this.#reading.resume();
    this.#doubts.resume();
    this.#marks.wake();
    this.#people.online();
    this.#shown.online();
    for (const window of this.#windows) window.retry();
    this.#searches.retry();
    this.#wake();
  }

  #event(event: Event): void {
    this.#sync.event(event);
    if (event.type === 'receipts') this.#replica.applyMarks(event.conversation, event.marks);
    else if (event.type === 'typing') this.#people.heardTyping(event.conversation, event.user);
    else if (event.type === 'presence') this.#people.seen(event.presence);
  }

  protected ask<N extends CommandName>(type: N, fields: Request<N>): Promise<Result<N>> {
    return this.#connection.request(type, fields);
  }

  /** Repeats what may be repeated, because it carries a key or changes nothing the second time. */
  protected async insist<T>(run: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await run();
      } catch (error) {
        if (tries >= TRIES_MAX || codeOf(error) === 'offline' || !mayRetry(codeOf(error))) throw error;
        const leastMs = error instanceof RequestFailed ? error.retryAfterMs : 0;
        await delay(this.#clock, leastMs + backoff(this.#random, tries, 200, 5_000));
      }
    }
  }

  protected async act(conversation: string, act: Act): Promise<void> {
    const key = this.#random.id();
    let baseSeq = this.#replica.conversations.get(conversation)?.summary.head ?? 0;
    await this.insist(async () => {
      const draft = { ...act, key, baseSeq } as Draft;
      const [result] = (await this.ask('send', { conversation, drafts: [draft] })).results;
      if (!result) throw new RequestFailed({ code: 'internal' });
      if ('notUpTo' in result) {
        baseSeq = result.notUpTo;
        throw new RequestFailed({ code: 'unknown_outcome' });
      }
      if ('code' in result) {
        throw new RequestFailed({ code: result.code as ErrorCode, retryAfterMs: result.retryAfterMs ?? 0 });
      }
      this.#sync.reachLog(conversation, result.seq);
    });
  }

  protected newKey = () => this.#random.id();
  protected learn = (conversation: Result<'create'>['conversation']) => this.#sync.learn(conversation);

  subscribe = (run: () => void) => this.#emitter.subscribe(run);
  on: Messenger['on'] = (event, run) => this.#emitter.on(event, run);
  status = () => this.#connection.status();
  serverName = () => this.#replica.serverName;
  keeps = () => this.#replica.isKept;
  fileBytes = () => this.#fileBytes;
  inbox = () => this.#look.inbox();
  conversation = (id: string) => this.#look.conversation(id);
  loadMoreConversations = () => this.#sync.loadAll();

  async caughtUp(): Promise<void> {
    await this.#untilOnline();
    const pong = await this.ask('ping', this.#shown.ping());
    this.#shown.pong(pong);
    const behind = () => {
      const { position } = this.#replica;
      return (
        !position || position.epoch < pong.epoch || (position.epoch === pong.epoch && position.seq < pong.feedHead)
      );
    };
    // Nothing may come between the look and the wait.
    while (behind()) await (this.#connection.isOnline ? this.#change() : this.#untilOnline());
  }

  async #untilOnline(): Promise<void> {
    while (!this.#connection.isOnline) {
      if (this.#connection.isOver) throw new RequestFailed({ code: this.#overCode() });
      await this.#change();
    }
  }

  #overCode(): FailedCode {
    const { state } = this.#connection.status();
    if (state === 'signedOut') return 'unauthenticated';
    return state === 'wrongVersion' ? 'wrong_version' : 'offline';
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  profile = (user: string) => this.#people.profile(user);
  presence = (user: string) => this.#people.presence(user);
  watch = (users: readonly string[]) => this.#people.watch(users);
  show = (conversations: readonly string[]) => this.#shown.show(conversations);
  search = (request: SearchRequest) => this.#searches.open(request);

  timeline(conversation: string, { around, page }: { around?: number; page?: number } = {}): Timeline {
    const window = new Window(
      conversation,
      this.#replica,
      {
        history: (place, limit) => this.ask('history', { conversation, place, limit }),
        store: (slice) => this.#sync.store(slice),
        pending: () => this.#outbox.pending(conversation),
        acts: () => this.#outbox.acts(conversation),
        soon: (run) => this.#clock.soon(run),
        closed: (closed) => this.#windows.delete(closed),
      },
      page,
    );
    this.#windows.add(window);
    void window.jump(around === undefined ? 'newest' : { seq: around });
    return window;
  }

  protected held = (id: string, seq: number) => this.#replica.annals.message(id, seq);
  protected heardOf = ({ name }: Community) => this.#replica.setServerName(name);
  protected called = (id: string, text: string) => this.#people.called(id, text);

  protected async fetch(conversation: string, place: Request<'history'>['place'], limit: number): Promise<void> {
    await this.#sync.store(await this.ask('history', { conversation, place, limit }));
  }

  markRead = (conversation: string, seq: number) => this.#reading.read(conversation, seq);
  typing = (conversation: string) => this.#people.sayTyping(conversation);

  blocked = () => this.#replica.settings.blocked;
  setting = (key: string) => this.#replica.settings.get(key)?.value ?? '';

  async set(key: string, value: string): Promise<void> {
    const { seq } = await this.insist(() => this.ask('set', { key, value }));
    // The feed tells which of several that came at once is the last.
    this.#sync.reachFeed(seq);
    while (this.#connection.isOnline && this.#sync.isBehind) await this.#change();
  }

  people = (query: string, after: string | null = null, limit = 50) => this.ask('people', { query, after, limit });
  protected learnProfile = (profile: Profile) => this.#replica.applyProfile(profile);

  reconnect = (patienceMs?: number) => this.#connection.wake(patienceMs);

  async close(): Promise<void> {
    this.#connection.stop();
    this.#sync.stop();
    this.#doubts.stop();
    this.#outbox.stop();
    this.#marks.stop();
    this.#people.stop();
    this.#drafts.stop();
    this.#expiry.stop();
    await this.#replica.close();
    this.#clock.stop();
  }
}
