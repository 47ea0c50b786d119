/**
 * One server, put together from its parts, without any socket or process: `gateway` gives it sockets, the simulator
 * gives it a network of its own.
 */

import { isAnnotation } from '../core/annotations.ts';
import type { Request } from '../protocol/commands.ts';
import type { Position } from '../protocol/entities.ts';
import { CLOSE, type Failure } from '../protocol/errors.ts';
import type { Reply } from '../protocol/frames.ts';
import { Administration } from './administration.ts';
import { Blocks } from './blocks.ts';
import { Bucket } from './bucket.ts';
import { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import { Contacts } from './contacts.ts';
import { Conversations } from './conversations.ts';
import { Creation } from './creation.ts';
import { type Asked, HANDLERS, understand } from './dispatch.ts';
import { Due } from './due.ts';
import { Erasure } from './erasure.ts';
import { Failed, failureOf, withSentence } from './failed.ts';
import { Fanout } from './fanout.ts';
import { Feeds } from './feeds.ts';
import { Files } from './files.ts';
import { Heartbeat } from './heartbeat.ts';
import { Hints } from './hints.ts';
import { Indexing } from './indexing.ts';
import { Invitations } from './invitations.ts';
import { Links } from './links.ts';
import type { Modules } from './modules.ts';
import { Notices } from './notices.ts';
import { Notifier } from './notifier.ts';
import type { Outlet } from './outlet.ts';
import { Pages } from './pages.ts';
import { Portraits } from './portraits.ts';
import type { NodePorts } from './ports.ts';
import { Presence } from './presence.ts';
import { Receipts } from './receipts.ts';
import { Reports } from './reports.ts';
import { Searches } from './searches.ts';
import { Sends } from './sends.ts';
import type { Session } from './session.ts';
import { Settings } from './settings.ts';
import { Sighted } from './sighted.ts';
import { Subscriptions } from './subscriptions.ts';
import { Uploads } from './uploads.ts';
import { Waits } from './waits.ts';
import { Welcome } from './welcome.ts';

/** Commands of one connection that may be under way at once; what is not a send may have a large answer. */
const IN_FLIGHT_MAX = { sends: 512, others: 64 };
/** How long a connection that spoke too fast stays away. */
const TOO_FAST_MS = 10_000;
/** In a feed entry as JSON. */
const JOINED = '"kind":"joined"';

export class ServerNode {
  readonly uploads: Uploads;
  readonly files: Files;
  readonly portraits: Portraits;
  readonly #modules: Modules;
  readonly #fanout: Fanout;
  readonly #indexing: Indexing;
  readonly #waits: Waits;
  readonly #due: Due;
  readonly #welcome: Welcome;
  #stopping = false;
  #stopRevoked = () => {};

  constructor(ports: NodePorts) {
    this.#waits = new Waits(ports.clock);
    const connections = new Connections();
    const feeds = new Feeds(ports, (fed) => {
      hints.fed(fed);
      if (fed.wires.some((wire) => wire.includes(JOINED))) heartbeat.joined(fed.user);
    });
    const blocks = new Blocks(ports, feeds);
    const conversations = new Conversations(ports, (appended) => {
      hints.appended(appended);
      if (appended.after.channel && !appended.before.channel) heartbeat.newChannel();
      const plain = appended.entries.every((entry) => entry.kind === 'message' || isAnnotation(entry));
      this.#fanout.owe(appended.after.id, plain ? 'messages' : 'others');
    });
    const hints = new Hints(ports, connections, conversations, blocks, {
      fed: (user) => this.#waits.moved(user),
      blocked: (user, others) =>
        void blocks.changed(user, others).then((all) => all.map((each) => presence.changed(each))),
      answered: (users) => {
        for (const user of users) presence.changed(user);
      },
    });
    const receipts = new Receipts(ports, conversations, feeds, blocks, (conversation, mark) =>
      hints.raised(conversation, mark),
    );
    hints.receipts = receipts;
    const heartbeat = new Heartbeat(ports, connections, conversations, receipts, feeds, blocks);
    const contacts = new Contacts(ports, conversations);
    const presence = new Presence(ports, contacts, feeds);
    const pages = new Pages(ports, conversations, receipts, feeds);
    this.#indexing = new Indexing(ports, conversations);
    const erasure = new Erasure(ports, conversations, this.#indexing, feeds);
    const notifications = {
      subscriptions: new Subscriptions(ports),
      notices: new Notices(ports, conversations, receipts, feeds),
      sighted: new Sighted(ports, connections),
      connections,
    };
    const notifier = new Notifier(ports, notifications);
    receipts.onRead = (user, conversation) => notifier.read(user, conversation);
    this.#fanout = new Fanout(ports, conversations, feeds, erasure, this.#indexing, notifier);
    this.#welcome = new Welcome(ports, feeds, hints);
    const links = new Links(ports);
    const invitations = new Invitations(ports, links, conversations);
    this.uploads = new Uploads(ports, conversations);
    this.files = new Files(ports, conversations, this.uploads);
    this.portraits = new Portraits(ports, conversations);
    const administration = new Administration(ports, links);
    const reports = new Reports(ports, conversations, administration);
    this.#due = new Due(ports, receipts, links, invitations, erasure, this.uploads, reports, this.portraits);
    this.#modules = {
      ports,
      connections,
      conversations,
      feeds,
      files: this.files,
      hints,
      receipts,
      pages,
      sends: new Sends(ports, conversations, contacts, this.portraits.groups),
      searches: new Searches(ports, conversations, feeds, this.#indexing),
      creation: new Creation(ports, conversations, pages, contacts),
      portraits: this.portraits,
      presence,
      settings: new Settings(ports, conversations, feeds, presence),
      heartbeat,
      community: ports.community,
      links,
      administration,
      reports,
      invitations,
      subscriptions: notifications.subscriptions,
      sighted: notifications.sighted,
      notifier,
    };
  }

  /** Finishes what an earlier run left, then serves. */
  async start(): Promise<void> {
    const { ports, hints, heartbeat, presence } = this.#modules;
    hints.start(await ports.store.epoch());
    heartbeat.start();
    presence.start();
    this.#stopRevoked = ports.directory.onRevoked((device, user, by) => this.#revoked(device, user, by));
    await this.#fanout.start();
    this.#due.start();
    this.#indexing.start();
    this.#modules.notifier.start();
  }

  /** Says bye to everybody; what is under way in the store ends with it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const { connections, hints, heartbeat, presence } = this.#modules;
    this.#stopRevoked();
    this.#due.stop();
    this.#indexing.stop();
    const told = this.#modules.notifier.stop();
    heartbeat.stop();
    const seen = presence.stop();
    hints.stop();
    this.#fanout.stop();
    for (const connection of [...connections.all()]) {
      connection.push(JSON.stringify({ type: 'bye', retryAfterMs: 1_000 }));
      connection.close(CLOSE.drain, 'server stops');
    }
    this.#waits.stop();
    await Promise.all([seen, told]);
  }

  get links(): Links {
    return this.#modules.links;
  }

  get invitations(): Invitations {
    return this.#modules.invitations;
  }

  connectionCount(): number {
    return this.#modules.connections.size;
  }

  /** A new connection. `session` is known when a cookie came with it; else `hello` must carry a token. */
  accept(outlet: Outlet, session: Session | null): Connection {
    const { ports, connections, presence } = this.#modules;
    const { clock, limits } = ports;
    const bucket = () => new Bucket(limits.commandsPerSecond, limits.commandsBurst, clock.monotonic());
    const connection = new Connection(
      outlet,
      clock,
      { frames: bucket(), refusals: bucket() },
      {
        receive: (from, text) => this.#receive(from, text, session),
        pinged: (from) => {
          if (from.buckets.frames.take(1, clock.monotonic()) > 0) this.#tooFast(from);
        },
        resume: (slow) => void this.#resync(slow),
        closed: (gone) => {
          connections.closed(gone);
          presence.forget(gone);
          if (gone.session) presence.left(gone.session.user);
        },
      },
    );
    connections.opened(connection);
    if (this.#stopping) connection.close(CLOSE.drain, 'server stops');
    return connection;
  }

  #receive(connection: Connection, text: string, session: Session | null): void {
    const frames = parse(text);
    for (const frame of Array.isArray(frames) ? frames : [frames]) {
      if (connection.phase === 'closed') return;
      this.#take(connection, frame, session);
    }
  }

  #take(connection: Connection, frame: unknown, session: Session | null): void {
    const asked = understand(frame);
    const fail = (failure: Failure) =>
      connection.answer(JSON.stringify({ re: asked.id, error: withSentence(failure) }));
    const isSend = 'type' in asked && asked.type === 'send';
    const waitMs = connection.buckets.frames.take(1, this.#modules.ports.clock.monotonic());
    // How fast messages may come is the sender's own bucket.
    if (waitMs > 0 && !isSend) {
      fail({ code: 'rate_limited', retryAfterMs: waitMs });
      this.#tooFast(connection);
      return;
    }
    if ('failure' in asked) {
      fail(asked.failure);
      if (asked.failure.code === 'wrong_version') connection.close(CLOSE.wrong_version, 'wrong version');
      return;
    }
    if (asked.type === 'hello') {
      void this.#hello(connection, asked.id, asked.request, session);
      return;
    }
    if (!connection.session) {
      fail({ code: 'unauthenticated' });
      if (!connection.greeting) connection.close(CLOSE.unauthenticated, 'no hello');
      return;
    }
    const kind = isSend ? 'sends' : 'others';
    if (connection.inFlight[kind] >= IN_FLIGHT_MAX[kind]) {
      fail({ code: 'overloaded', retryAfterMs: 500 });
      return;
    }
    connection.inFlight[kind]++;
    void this.#carryOut({ session: connection.session, connection }, asked).then((reply) => {
      connection.inFlight[kind]--;
      connection.answer(JSON.stringify(reply));
      if (waitMs > 0 && 'error' in reply && reply.error.code === 'rate_limited') this.#tooFast(connection);
    });
  }

  /** Being told to wait costs something, too: whoever goes on all the same is sent away for a while. */
  #tooFast(connection: Connection): void {
    if (connection.buckets.refusals.take(1, this.#modules.ports.clock.monotonic()) === 0) return;
    connection.push(JSON.stringify({ type: 'bye', retryAfterMs: TOO_FAST_MS }));
    connection.close(CLOSE.rate, 'too fast');
  }

  /** One command frame, as over HTTP. */
  async execute(session: Session, frame: unknown): Promise<Reply> {
    const asked = understand(frame);
    if ('failure' in asked) return { re: asked.id, error: withSentence(asked.failure) };
    if (asked.type === 'hello') {
      try {
        return { re: asked.id, result: await this.#welcome.of(session, asked.request) } as Reply;
      } catch (error) {
        return { re: asked.id, error: this.#failure(error, 'hello') };
      }
    }
    return this.#carryOut({ session, connection: null }, asked);
  }

  async #carryOut(by: { session: Session; connection: Connection | null }, asked: Asked): Promise<Reply> {
    try {
      const handler = HANDLERS[asked.type as Exclude<typeof asked.type, 'hello'>];
      return { re: asked.id, result: (await handler(this.#modules, by, asked.request)) as never };
    } catch (error) {
      return { re: asked.id, error: this.#failure(error, asked.type) };
    }
  }

  #failure(error: unknown, what: string): Failure & { message: string } {
    const failure = failureOf(error);
    if (failure) return withSentence(failure);
    return withSentence({ code: 'internal', id: this.#modules.ports.report(error, what) });
  }

  async #hello(connection: Connection, id: number, request: Request<'hello'>, known: Session | null): Promise<void> {
    const { ports, connections, presence } = this.#modules;
    if (connection.greeting) {
      connection.answer(JSON.stringify({ re: id, error: withSentence({ code: 'bad_frame', path: '/type' }) }));
      return;
    }
    connection.greeting = true;
    try {
      const session = request.token === undefined ? known : await ports.directory.authenticate(request.token);
      if (!session) {
        connection.answer(JSON.stringify({ re: id, error: withSentence({ code: 'unauthenticated' }) }));
        connection.close(CLOSE.unauthenticated, 'unauthenticated');
        return;
      }
      if (connection.phase === 'closed') return;
      const others = connections.count(session.user) - (connections.ofDevice(session.device) ? 1 : 0);
      if (others >= ports.limits.connectionsPerUser) throw new Failed('overloaded', { retryAfterMs: 30_000 });
      connection.greeted(session);
      const previous = connections.signedIn(connection, session.user, session.device);
      previous?.close(CLOSE.replaced, 'replaced');
      presence.arrived(session.user);
      const [welcome, lives] = await Promise.all([
        this.#welcome.of(session, request),
        // It may have ended between being looked up and being reachable here.
        ports.directory.lives(session),
      ]);
      if (lives) connection.answer(JSON.stringify({ re: id, result: welcome }));
      else connection.close(CLOSE.revoked, 'revoked');
    } catch (error) {
      connection.answer(JSON.stringify({ re: id, error: this.#failure(error, 'hello') }));
      connection.close(CLOSE.overload, 'no welcome');
    }
  }

  /**
   * The frames that a socket would have had since the position: at once, or as soon as there are any. Whoever waits is
   * online.
   */
  async poll(session: Session, position: Position, waitMs: number, gone?: AbortSignal): Promise<string> {
    const { ports, presence, feeds } = this.#modules;
    if (waitMs === 0) return (await feeds.framesSince(session.user, position)) ?? '[]';
    presence.arrived(session.user);
    const answered = new AbortController();
    const signal = AbortSignal.any(gone ? [gone, answered.signal] : [answered.signal]);
    // Begun before the feed is read, so that nothing slips in between.
    const woken = this.#waits.wait(session, waitMs, signal);
    try {
      const already = await feeds.framesSince(session.user, position);
      if (already !== null) return already;
      await woken;
      if (!(await ports.directory.lives(session))) throw new Failed('unauthenticated');
      return (await feeds.framesSince(session.user, position)) ?? '[]';
    } finally {
      answered.abort();
      presence.left(session.user);
    }
  }

  async #resync(connection: Connection): Promise<void> {
    if (!connection.session) return;
    try {
      const feedHead = await this.#modules.feeds.head(connection.session.user);
      connection.push(JSON.stringify({ type: 'resync', feedHead }));
    } catch {
      connection.close(CLOSE.overload, 'resync');
    }
  }

  #revoked(device: string, user: string, by: string | null): void {
    this.#waits.ended(user, device);
    const connection = this.#modules.connections.ofDevice(device);
    if (!connection) return;
    connection.push(JSON.stringify({ type: 'revoked', by, at: this.#modules.ports.clock.now() }));
    connection.close(CLOSE.revoked, 'revoked');
  }
}

/** undefined, which is no frame, for what is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function createNode(ports: NodePorts): ServerNode {
  return new ServerNode(ports);
}
