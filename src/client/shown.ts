/** The conversations on screen: told to the server with each ping, and kept fresh by what the pong says. */
import { digestMarks } from '../core/receipts.ts';
import type { CommandName, Request, Result } from '../protocol/commands.ts';
import { SHOWN_MAX } from '../protocol/limits.ts';
import type { Connection } from './connection.ts';
import type { People } from './people.ts';
import type { Replica } from './replica.ts';
import type { Sync } from './sync.ts';

export class Shown {
  #conversations: readonly string[] = [];
  readonly #replica: Replica;
  readonly #sync: Sync;
  readonly #people: People;
  readonly #connection: Connection;

  constructor(replica: Replica, sync: Sync, people: People, connection: Connection) {
    this.#replica = replica;
    this.#sync = sync;
    this.#people = people;
    this.#connection = connection;
  }

  show(conversations: readonly string[]): void {
    const next = [...new Set(conversations)].slice(0, SHOWN_MAX);
    if (next.join() === this.#conversations.join()) return;
    this.#conversations = next;
    this.#tell();
  }

  /** A new connection knows nothing of what is on screen. */
  online(): void {
    if (this.#conversations.length > 0) this.#tell();
  }

  ping(): Request<'ping'> {
    const shown = this.#conversations.flatMap((conversation) => {
      const held = this.#replica.conversations.get(conversation);
      return held ? [{ conversation, digest: digestMarks(held.marks.values()) }] : [];
    });
    return { shown, profiles: this.#people.versions() };
  }

  pong(pong: Result<'ping'>): void {
    this.#sync.reach(pong.epoch, pong.feedHead);
    for (const { conversation, head } of pong.heads) this.#sync.reachLog(conversation, head);
    for (const profile of pong.profiles) this.#replica.applyProfile(profile);
    if (this.#connection.pulls) this.#people.look();
    for (const conversation of pong.stale) {
      this.#ask('marks', { conversation }).then(
        ({ marks }) => this.#replica.applyMarks(conversation, marks, true),
        () => {},
      );
    }
  }

  #tell(): void {
    if (!this.#connection.isOnline) return;
    this.#ask('ping', this.ping()).then(
      (pong) => this.pong(pong),
      () => {},
    );
  }

  #ask<N extends CommandName>(type: N, fields: Request<N>): Promise<Result<N>> {
    return this.#connection.request(type, fields);
  }
}
