import { roleOf } from '../core/conversation.ts';
import type { Request, Result } from '../protocol/commands.ts';
import { CLOSE } from '../protocol/errors.ts';
import type { Asker } from './asker.ts';
import type { Blocks } from './blocks.ts';
import type { Connections } from './connections.ts';
import type { Conversations } from './conversations.ts';
import type { Feeds } from './feeds.ts';
import { listAll } from './load.ts';
import type { NodePorts } from './ports.ts';
import type { Receipts } from './receipts.ts';

const SWEEP_MS = 5_000;
/** A connection that does not sign in, or does not drain, is closed after this long. */
const PATIENCE_MS = { greeting: 10_000, lagging: 30_000 };
/** Which conversations of a user are channels changes rarely, and other servers do not tell. */
const CHANNELS_MS = 60_000;

/** Pings, pongs, and the closing of connections that have gone silent. */
export class Heartbeat {
  readonly #ports: NodePorts;
  readonly #connections: Connections;
  readonly #conversations: Conversations;
  readonly #receipts: Receipts;
  readonly #feeds: Feeds;
  readonly #blocks: Blocks;
  readonly #channelsByUser = new Map<string, { readonly ids: string[]; readonly at: number }>();
  #cancel = () => {};

  constructor(
    ports: NodePorts,
    connections: Connections,
    conversations: Conversations,
    receipts: Receipts,
    feeds: Feeds,
    blocks: Blocks,
  ) {
    this.#ports = ports;
    this.#connections = connections;
    this.#conversations = conversations;
    this.#receipts = receipts;
    this.#feeds = feeds;
    this.#blocks = blocks;
  }

  start(): void {
    this.#sweep();
    this.#cancel = this.#ports.clock.after(SWEEP_MS, () => this.start());
  }

  stop(): void {
    this.#cancel();
  }

  #sweep(): void {
    const now = this.#ports.clock.monotonic();
    for (const connection of [...this.#connections.all()]) {
      const silent = now - connection.heardAt;
      if (connection.phase === 'greeting' && now - connection.openedAt > PATIENCE_MS.greeting) {
        connection.close(CLOSE.silent, 'no hello');
      } else if (connection.phase === 'lagging' && now - connection.lagSince > PATIENCE_MS.lagging) {
        connection.close(CLOSE.slow, 'slow');
      } else if (silent > this.#ports.limits.deadAfterMs) {
        connection.close(CLOSE.silent, 'silent');
      }
    }
    if (this.#channelsByUser.size > 10_000) this.#channelsByUser.clear();
  }

  /** What has changed of what the client shows, and how far its feed has come: the lost last event is found here. */
  async pong(by: Asker, request: Request<'ping'>): Promise<Result<'ping'>> {
    const { user } = by.session;
    this.#ports.directory.used(by.session);
    if (by.connection) by.connection.shown = new Set(request.shown.map(({ conversation }) => conversation));
    const feedHead = await this.#feeds.head(user);
    const stale: string[] = [];
    const heads = new Map<string, number>();
    for (const { conversation, digest } of request.shown) {
      const state = await this.#conversations.state(conversation);
      if (roleOf(state, user) === null) continue;
      heads.set(conversation, state.head);
      if (!state.channel && (await this.#receipts.digest(state, user)) !== digest) stale.push(conversation);
    }
    for (const conversation of await this.#channels(user)) {
      const state = await this.#conversations.state(conversation);
      if (roleOf(state, user) !== null) heads.set(conversation, state.head);
    }
    const profiles = await this.#ports.directory.profiles(request.profiles.map((profile) => profile.user));
    const around = await this.#blocks.around(user);
    const versions = new Map(request.profiles.map((profile) => [profile.user, profile.version]));
    return {
      at: this.#ports.clock.now(),
      epoch: await this.#ports.store.epoch(),
      feedHead,
      stale,
      heads: [...heads].map(([conversation, head]) => ({ conversation, head })),
      profiles: profiles.filter(
        (profile) => !around.has(profile.user) && versions.get(profile.user) !== profile.version,
      ),
    };
  }

  /** The user has come to be a member of something. */
  joined(user: string): void {
    this.#channelsByUser.delete(user);
  }

  /** A conversation has become a channel. */
  newChannel(): void {
    this.#channelsByUser.clear();
  }

  async #channels(user: string): Promise<string[]> {
    const now = this.#ports.clock.monotonic();
    const known = this.#channelsByUser.get(user);
    if (known && known.at > now - CHANNELS_MS) return known.ids;
    const ids: string[] = [];
    for (const { key, value } of await listAll(this.#ports.store, `inbox/${user}`)) {
      if (value !== '' && (await this.#ports.store.getRegister(`progress/${key}`, 'channel'))) ids.push(key);
    }
    this.#channelsByUser.set(user, { ids, at: now });
    return ids;
  }
}
