/** Profiles, presence and typing: what passes and may be shed. */
import type { Clock } from '../core/clock.ts';
import { namesCalled } from '../core/mentions.ts';
import { foldCase } from '../core/text.ts';
import type { CommandName, Request, Result } from '../protocol/commands.ts';
import type { Presence, Profile } from '../protocol/entities.ts';
import { MENTIONS_MAX, TYPING_MS, WATCH_LEASE_MS, WATCHED_MAX } from '../protocol/limits.ts';
import type { Replica } from './replica.ts';

const RENEW_MS = (WATCH_LEASE_MS * 3) / 4;
const SAY_TYPING_MS = 3_000;
const PROFILES_MAX = 100;

type Ask = <N extends CommandName>(type: N, fields: Request<N>) => Promise<Result<N>>;

export class People {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #request: Ask;
  readonly #changed: (conversation: string | null) => void;
  readonly #wanted = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #presence = new Map<string, Presence>();
  readonly #typing = new Map<string, Map<string, () => void>>();
  readonly #saidTyping = new Map<string, number>();
  readonly #strangers = new WeakMap<Profile, Profile>();
  #watched: readonly string[] = [];
  #renew = () => {};

  constructor(replica: Replica, clock: Clock, request: Ask, changed: (conversation: string | null) => void) {
    this.#replica = replica;
    this.#clock = clock;
    this.#request = request;
    this.#changed = changed;
  }

  profile(user: string): Profile | null {
    const held = this.#replica.profiles.get(user);
    if (held) return this.#replica.isStranger(user) ? this.#nameless(held) : held;
    if (!this.#asked.has(user)) {
      this.#asked.add(user);
      if (this.#wanted.add(user).size === 1) this.#clock.soon(() => void this.#fetch());
    }
    return null;
  }

  /** The members whom a text calls by name, as far as they are known here. */
  called(conversation: string, text: string): string[] {
    const names = namesCalled(text);
    const held = this.#replica.conversations.get(conversation);
    if (names.size === 0 || !held) return [];
    const { marks, summary } = held;
    // Of many members, not all have their marks here.
    const mayBeMember = (user: string) => marks.has(user) || marks.size < summary.memberCount;
    return [...this.#replica.profiles.values()]
      .filter(({ user, name }) => names.has(foldCase(name)) && mayBeMember(user))
      .map(({ user }) => user)
      .slice(0, MENTIONS_MAX);
  }

  /** The same object each time. */
  #nameless(profile: Profile): Profile {
    const { picture: _, ...shown } = profile;
    const known = this.#strangers.get(profile) ?? { ...shown, displayName: '' };
    this.#strangers.set(profile, known);
    return known;
  }

  async #fetch(): Promise<void> {
    const all = [...this.#wanted];
    this.#wanted.clear();
    for (let i = 0; i < all.length; i += PROFILES_MAX) {
      const users = all.slice(i, i + PROFILES_MAX);
      try {
        for (const profile of (await this.#request('profiles', { users })).profiles)
          this.#replica.applyProfile(profile);
      } catch {
        for (const user of users) this.#asked.delete(user);
      }
    }
  }

  online(): void {
    this.#changed(null);
    this.look();
  }

  offline(): void {
    if (this.#presence.size > 0) this.#changed(null);
    this.#presence.clear();
  }

  presence(user: string): Presence | null {
    return this.#presence.get(user) ?? null;
  }

  watch(users: readonly string[]): void {
    const next = [...new Set(users)].slice(0, WATCHED_MAX).sort();
    if (next.join() === this.#watched.join()) return;
    this.#watched = next;
    for (const user of [...this.#presence.keys()]) if (!next.includes(user)) this.#presence.delete(user);
    this.look();
  }

  /** Asks for the presence of those watched, and keeps the watch alive. */
  look(): void {
    this.#renew();
    const users = [...this.#watched];
    this.#request('watch', { users }).then(
      ({ presence }) => this.seen(presence),
      () => {},
    );
    if (users.length > 0) this.#renew = this.#clock.after(RENEW_MS, () => this.look());
  }

  seen(presence: readonly Presence[]): void {
    for (const one of presence) if (this.#watched.includes(one.user)) this.#presence.set(one.user, one);
    if (presence.length > 0) this.#changed(null);
  }

  /** What a ping asks about: the profiles that are likely on screen. */
  versions(): Request<'ping'>['profiles'] {
    const users = [this.#replica.user, ...this.#watched].slice(0, WATCHED_MAX);
    return users.flatMap((user) => {
      const profile = this.#replica.profiles.get(user);
      return profile ? [{ user, version: profile.version }] : [];
    });
  }

  typing(conversation: string): readonly string[] {
    return [...(this.#typing.get(conversation)?.keys() ?? [])];
  }

  heardTyping(conversation: string, user: string): void {
    if (user === this.#replica.user) return;
    const users = this.#typing.get(conversation) ?? new Map<string, () => void>();
    this.#typing.set(conversation, users);
    users.get(user)?.();
    users.set(
      user,
      this.#clock.after(TYPING_MS, () => this.stoppedTyping(conversation, user)),
    );
    this.#changed(conversation);
  }

  stoppedTyping(conversation: string, user: string): void {
    const users = this.#typing.get(conversation);
    const cancel = users?.get(user);
    if (!users || !cancel) return;
    cancel();
    users.delete(user);
    if (users.size === 0) this.#typing.delete(conversation);
    this.#changed(conversation);
  }

  sayTyping(conversation: string): void {
    const now = this.#clock.monotonic();
    if (now - (this.#saidTyping.get(conversation) ?? Number.NEGATIVE_INFINITY) < SAY_TYPING_MS) return;
    if (this.#saidTyping.size > 1_000) this.#saidTyping.clear();
    this.#saidTyping.set(conversation, now);
    this.#request('typing', { conversation }).catch(() => {});
  }

  stop(): void {
    this.#renew();
    for (const users of this.#typing.values()) for (const cancel of users.values()) cancel();
  }
}
