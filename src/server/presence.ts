/**
 * Who is online: in memory only, told to whoever looks at that user just now, first to be dropped under load. When
 * somebody last was here is written when they go.
 */
import { presenceFor } from '../core/presence.ts';
import type { Presence as Seen } from '../protocol/entities.ts';
import { WATCH_LEASE_MS } from '../protocol/limits.ts';
import { type Audience, DEFAULT_AUDIENCE, settingKey } from '../protocol/settings.ts';
import { isBlockBetween } from './blocks.ts';
import type { Connection } from './connection.ts';
import type { Contacts } from './contacts.ts';
import type { Feeds } from './feeds.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

/** A reload of a page is no absence. */
const GRACE_MS = 5_000;
/** What another server said of a user holds this long. */
const REMOTE_MS = 60_000;
const ANNOUNCE_MS = 20_000;
const SUBJECT = 'presence';

export class Presence {
  readonly #ports: NodePorts;
  readonly #feeds: Feeds;
  /** Connections and waiting polls of each user. */
  readonly #here = new Map<string, number>();
  readonly #watchers = new Map<string, Set<Connection>>();
  readonly #leaving = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  readonly #remoteUntil = new Map<string, number>();
  readonly #unsubscribe: () => void;
  #cancelAnnounce = () => {};
  #stopped = false;
  readonly #contacts: Contacts;

  constructor(ports: NodePorts, contacts: Contacts, feeds: Feeds) {
    this.#ports = ports;
    this.#contacts = contacts;
    this.#feeds = feeds;
    this.#unsubscribe = ports.bus.subscribe(SUBJECT, (hint) => this.#heard(hint));
  }

  start(): void {
    for (const user of this.#here.keys()) this.#announce(user, true);
    this.#cancelAnnounce = this.#ports.clock.after(ANNOUNCE_MS, () => this.start());
  }

  /** Whoever is here goes with the server. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelAnnounce();
    this.#unsubscribe();
    for (const { cancel } of this.#leaving.values()) cancel();
    const now = this.#ports.clock.now();
    const goneAt = new Map([...this.#leaving].map(([user, { at }]) => [user, at]));
    for (const user of this.#here.keys()) goneAt.set(user, now);
    await Promise.all([...goneAt].map(([user, at]) => this.#note(user, at))).catch(() => {});
  }

  isOnline(user: string): boolean {
    if (this.#here.has(user) || this.#leaving.has(user)) return true;
    return (this.#remoteUntil.get(user) ?? 0) > this.#ports.clock.monotonic();
  }

  /** A connection of the user is open, or a poll waits: `left` follows, once. */
  arrived(user: string): void {
    const already = this.#here.get(user) ?? 0;
    this.#here.set(user, already + 1);
    const leaving = this.#leaving.get(user);
    if (leaving) {
      leaving.cancel();
      this.#leaving.delete(user);
    } else if (already === 0) {
      this.#announce(user, true);
      void this.#tell(user);
    }
  }

  left(user: string): void {
    const others = this.#here.get(user)! - 1;
    if (others > 0) this.#here.set(user, others);
    else this.#here.delete(user);
    if (this.#stopped || others > 0) return;
    const at = this.#ports.clock.now();
    const cancel = this.#ports.clock.after(GRACE_MS, () => {
      this.#leaving.delete(user);
      void this.#gone(user, at);
    });
    this.#leaving.set(user, { at, cancel });
  }

  async #gone(user: string, at: number): Promise<void> {
    try {
      await this.#note(user, at);
      this.#announce(user, false);
      await this.#tell(user);
    } catch {
      // Last seen is not worth a retry: the next leave writes it.
    }
  }

  #note(user: string, at: number): Promise<void> {
    return this.#ports.store.raise(`seen/${user}`, [{ key: 'at', stamp: at, value: '' }]);
  }

  async watch(session: Session, connection: Connection | null, users: readonly string[]): Promise<Seen[]> {
    if (connection) {
      this.forget(connection);
      connection.watched = new Map(users.map((user) => [user, '']));
      connection.watchedUntil = this.#ports.clock.monotonic() + WATCH_LEASE_MS;
      for (const user of users) {
        const watchers = this.#watchers.get(user) ?? new Set();
        this.#watchers.set(user, watchers.add(connection));
      }
    }
    return Promise.all(
      users.map(async (user) => {
        const seen = await this.#seen(user, session.user);
        if (connection?.watched.has(user)) connection.watched.set(user, JSON.stringify(seen));
        return seen;
      }),
    );
  }

  /** Nothing is told to it any more. */
  forget(connection: Connection): void {
    for (const user of connection.watched.keys()) {
      const watchers = this.#watchers.get(user);
      watchers?.delete(connection);
      if (watchers?.size === 0) this.#watchers.delete(user);
    }
  }

  /** Who may know of the user has changed. */
  changed(user: string): void {
    void this.#tell(user);
  }

  async #seen(user: string, by: string): Promise<Seen> {
    if (!(await this.#mayKnow(user, by))) return { user, online: false, lastSeen: null, vague: null };
    const online = this.isOnline(user);
    const lastSeen = online ? null : ((await this.#ports.store.getRegister(`seen/${user}`, 'at'))?.stamp ?? null);
    const chosen = await this.#feeds.setting(user, settingKey.presence);
    const audience = chosen === '' ? DEFAULT_AUDIENCE : (chosen as Audience);
    const contact = audience === 'contacts' && (await this.#contacts.has(user, by));
    return presenceFor(
      { user, online, lastSeen },
      user === by ? 'everyone' : audience,
      contact,
      this.#ports.clock.now(),
    );
  }

  /** Nobody with whom there is a block; among strangers whoever shares a group with the user, or whom the user wants to know. */
  async #mayKnow(user: string, by: string): Promise<boolean> {
    if (user === by) return true;
    if (await isBlockBetween(this.#ports.store, user, by)) return false;
    if (await this.#contacts.know()) return true;
    return (await this.#contacts.has(user, by)) || (await this.#contacts.shareGroup(user, by));
  }

  async #tell(user: string): Promise<void> {
    const now = this.#ports.clock.monotonic();
    const watchers = [...(this.#watchers.get(user) ?? [])];
    await Promise.all(
      watchers.map(async (connection) => {
        if (!connection.session || connection.watchedUntil < now) return;
        const seen = await this.#seen(user, connection.session.user);
        const told = JSON.stringify(seen);
        // Where the same is to be seen as before, an event would tell that there was something to hide.
        if ((connection.watched.get(user) ?? told) === told) return;
        connection.watched.set(user, told);
        connection.push(JSON.stringify({ type: 'presence', presence: [seen] }));
      }),
    ).catch(() => {});
  }

  #announce(user: string, online: boolean): void {
    this.#ports.bus.publish(SUBJECT, JSON.stringify({ user, online }));
  }

  #heard(hint: string): void {
    const { user, online } = JSON.parse(hint) as { user: string; online: boolean };
    const before = this.isOnline(user);
    if (online) this.#remoteUntil.set(user, this.#ports.clock.monotonic() + REMOTE_MS);
    else this.#remoteUntil.delete(user);
    if (before !== this.isOnline(user)) void this.#tell(user);
  }
}
