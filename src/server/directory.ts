import type { ServerAccount } from '../protocol/community.ts';
import type { Device, Profile, ServerRole } from '../protocol/entities.ts';
import type { Session } from './session.ts';

export interface AccountChange {
  readonly role?: ServerRole;
  /** All sessions of the account end with it. */
  readonly deactivated?: boolean;
}

/** Who people are, and on which devices; what the messenger asks of accounts. */
export interface Directory {
  /** The session of this token, or null when there is none or it has ended. */
  authenticate(token: string): Promise<Session | null>;
  /** Whether the session has not ended since it was looked up. */
  lives(session: Session): Promise<boolean>;
  /** The device is here: called now and then while it is. */
  used(session: Session): void;
  profile(user: string): Promise<Profile | null>;
  /** In the order asked; unknown users are left out. */
  profiles(users: readonly string[]): Promise<Profile[]>;
  /** Without guests and those who are deactivated. By folded name, after `after`; `query` is the beginning of a name or of a word of a display name. */
  people(query: string, after: string | null, limit: number): Promise<{ people: Profile[]; next: string | null }>;
  /** The one of exactly this name, if there is such a person. */
  personNamed(name: string): Promise<Profile | null>;
  /** The id of the invitation by which this user came, or null. */
  invitationOf(user: string): Promise<string | null>;
  /** The same as `people`, with everybody. */
  accounts(
    query: string,
    after: string | null,
    limit: number,
  ): Promise<{ accounts: ServerAccount[]; next: string | null }>;
  change(user: string, change: AccountChange): Promise<Profile>;
  setDisplayName(user: string, displayName: string): Promise<Profile>;
  /** Null: none. */
  setPicture(user: string, picture: string | null): Promise<Profile>;
  /** `online` is left false; whoever holds the connections fills it in. */
  devices(session: Session): Promise<Device[]>;
  /** Ends a device of the same user; false when there is no such device. */
  revoke(session: Session, device: string): Promise<boolean>;
  /** Called on this server for each device that was ended here or elsewhere, within 2 s. Returns how to stop. */
  onRevoked(run: (device: string, user: string, by: string | null) => void): () => void;
}
