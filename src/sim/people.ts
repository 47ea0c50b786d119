import type { Device, Profile } from '../protocol/entities.ts';
import { idOf } from '../protocol/ids.ts';
import type { AccountChange, Directory } from '../server/directory.ts';
import type { Session } from '../server/session.ts';
import { hash } from './servers.ts';

export const idFor = (name: string): string => idOf(hash(name));

/** People with an account who never come: together with the others they are enough for a channel. */
export const CROWD: readonly string[] = Array.from({ length: 253 }, (_, i) => `crowd${i}`);

/** Who people are where nobody has a password: everybody has an account, and a device's name is its token. */
export class People implements Directory {
  readonly #profiles = new Map<string, Profile>();

  constructor(names: readonly string[]) {
    for (const name of names) this.add(name);
  }

  add(name: string): void {
    const user = idFor(name);
    this.#profiles.set(user, { user, name, displayName: name, role: 'person', version: 1 });
  }

  async authenticate(token: string): Promise<Session | null> {
    const user = idFor(token.split('/')[0] ?? '');
    return this.#profiles.has(user) ? { user, device: idFor(token) } : null;
  }

  async lives(_session: Session): Promise<boolean> {
    return true;
  }

  used(_session: Session): void {}

  async profile(user: string): Promise<Profile | null> {
    return this.#profiles.get(user) ?? null;
  }

  async profiles(users: readonly string[]): Promise<Profile[]> {
    return users.flatMap((user) => this.#profiles.get(user) ?? []);
  }

  async people(): Promise<{ people: Profile[]; next: string | null }> {
    return { people: [...this.#profiles.values()], next: null };
  }

  async personNamed(name: string): Promise<Profile | null> {
    return [...this.#profiles.values()].find((profile) => profile.name === name) ?? null;
  }

  async invitationOf(_user: string): Promise<string | null> {
    return null;
  }

  async accounts() {
    return { accounts: [...this.#profiles.values()].map((user) => ({ user, at: null })), next: null };
  }

  async change(user: string, { role, deactivated }: AccountChange): Promise<Profile> {
    const { deactivated: was, ...profile } = this.#profiles.get(user)!;
    const marks = (deactivated ?? was) ? { deactivated: true as const } : {};
    const next = { ...profile, role: role ?? profile.role, version: profile.version + 1, ...marks };
    this.#profiles.set(user, next);
    return next;
  }

  async setDisplayName(user: string, displayName: string): Promise<Profile> {
    const profile = this.#profiles.get(user)!;
    const next = { ...profile, displayName, version: profile.version + 1 };
    this.#profiles.set(user, next);
    return next;
  }

  async setPicture(user: string, picture: string | null): Promise<Profile> {
    const { picture: _, ...profile } = this.#profiles.get(user)!;
    const next = { ...profile, version: profile.version + 1, ...(picture === null ? {} : { picture }) };
    this.#profiles.set(user, next);
    return next;
  }

  async devices(): Promise<Device[]> {
    return [];
  }

  async revoke(_session: Session, _device: string): Promise<boolean> {
    return false;
  }

  onRevoked(_run: (device: string, user: string, by: string | null) => void): () => void {
    return () => {};
  }
}
