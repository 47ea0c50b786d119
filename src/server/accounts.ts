/**
 * Who people are, as records:
 *
 *   accounts   user → name, display name, role, password hash; the record's version is the profile's
 *   names      folded name → user. Reserved first; whoever then creates that user's account has the name, so a
 *              reservation that a crash left behind is nobody's. A guest's is erased when its hour is over
 *   server     `owner` → user
 */
import { isStrong, userNameOf } from '../core/credentials.ts';
import { foldCase } from '../core/text.ts';
import type { ChangePassword, Recover, SignIn, SignUp } from '../protocol/accounts.ts';
import type { ServerAccount } from '../protocol/community.ts';
import type { Device, Profile, ServerRole } from '../protocol/entities.ts';
import { idOf } from '../protocol/ids.ts';
import { FRESH_ACCOUNT_MS } from '../protocol/limits.ts';
import type { AccountChange, Directory } from './directory.ts';
import { Failed } from './failed.ts';
import { displayNameOf, foldName, namesLike } from './names.ts';
import { findPeople } from './people.ts';
import { newRecoveryCode, plainCode } from './recovery.ts';
import type { Session } from './session.ts';
import { type SessionPorts, Sessions } from './sessions.ts';
import { Tries } from './tries.ts';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** `hash` null: takes as long, and is false. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

export interface AccountPorts extends SessionPorts {
  readonly passwords: Passwords;
}

interface Account {
  readonly name: string;
  readonly displayName: string;
  readonly role: ServerRole;
  /** Null for a guest, who signs in by a link only. */
  readonly passwordHash: string | null;
  readonly at?: number;
  /** The id of the invitation by which it came. */
  readonly invitation?: string;
  readonly guest?: true;
  readonly deactivated?: true;
  readonly picture?: string;
  /** Of the recovery code. */
  readonly recovery?: string;
}

/** A new session; the token is known only here and to its device. */
export interface Opened {
  readonly user: Profile;
  readonly device: string;
  readonly token: string;
}

/** How somebody came to make an account. */
export interface Admitted {
  /** The account becomes the owner's when nobody else owns the server. */
  readonly mayOwn: boolean;
  /** None of these is too many. */
  readonly isInvited: boolean;
  readonly role: ServerRole;
  readonly invitation?: string;
  /** Called before the account is made; `release` when it was not. */
  readonly claim?: (user: string) => Promise<void>;
  readonly release?: (user: string) => Promise<void>;
}

/** Free names, for whoever wanted one that is taken. */
const SUGGESTED = 2;
const TRIES_PER_ACCOUNT = 5;
const TRIES_PER_ADDRESS = 30;
const ACCOUNTS_PER_ADDRESS = 30;

export class Accounts implements Directory {
  readonly #ports: AccountPorts;
  readonly #sessions: Sessions;
  readonly #byAccount: Tries;
  readonly #byAddress: Tries;
  readonly #newcomers: Tries;

  constructor(ports: AccountPorts) {
    this.#ports = ports;
    this.#sessions = new Sessions(ports);
    this.#byAccount = new Tries(ports.clock, TRIES_PER_ACCOUNT);
    this.#byAddress = new Tries(ports.clock, TRIES_PER_ADDRESS);
    this.#newcomers = new Tries(ports.clock, ACCOUNTS_PER_ADDRESS);
  }

  close(): void {
    this.#sessions.close();
  }

  authenticate = (token: string): Promise<Session | null> => this.#sessions.authenticate(token);
  lives = (session: Session): Promise<boolean> => this.#sessions.lives(session);
  used = (session: Session): void => this.#sessions.used(session);
  devices = (session: Session): Promise<Device[]> => this.#sessions.devices(session);
  revoke = (session: Session, device: string): Promise<boolean> => this.#sessions.revoke(session, device);
  onRevoked: Directory['onRevoked'] = (run) => this.#sessions.onRevoked(run);

  async signUp(request: SignUp, admitted: Admitted, address: string): Promise<Opened> {
    const { store, random, passwords, clock } = this.#ports;
    const name = userNameOf(request.name);
    if (name === null) throw new Failed('bad_name');
    const displayName = displayNameOf(request.displayName) ?? name;
    mustBeStrong(request.password);
    const folded = foldName(name);
    const reserved = await store.getRecord('names', folded);
    if (!admitted.isInvited) this.#newcomers.take(address);
    const taken = async () => new Failed('name_taken', { names: await this.#freeLike(name, displayName) });
    if (reserved && (await this.#account(reserved.value))) throw await taken();
    const passwordHash = await passwords.hash(request.password);
    const user = reserved?.value ?? random.id();
    if (!reserved && !(await store.putRecord('names', folded, user, 0))) throw await taken();
    const { role, invitation } = admitted;
    const came = invitation === undefined ? {} : { invitation };
    const account: Account = { name, displayName, role, passwordHash, at: clock.now(), ...came };
    await admitted.claim?.(user);
    if (!(await store.putRecord('accounts', user, JSON.stringify(account), 0))) {
      await admitted.release?.(user);
      throw await taken();
    }
    if (admitted.mayOwn) await store.putRecord('server', 'owner', user, 0);
    return this.open(user, request.device);
  }

  async #freeLike(name: string, displayName: string): Promise<string[]> {
    const free: string[] = [];
    for (const one of namesLike(name, displayName)) {
      const record = await this.#ports.store.getRecord('names', foldName(one));
      if (record === null || (await this.#account(record.value)) === null) free.push(one);
      if (free.length === SUGGESTED) break;
    }
    return free;
  }

  /** Somebody to try it with, without a password. */
  async makeGuest(user: string, displayName: string): Promise<void> {
    const { store, random, clock } = this.#ports;
    for (;;) {
      const name = `guest-${idOf(this.#ports.hash(random.id()))
        .toLowerCase()
        .replace(/[^a-z0-9]/g, '')
        .slice(0, 8)}`;
      if (!(await store.putRecord('names', foldName(name), user, 0))) continue;
      const shown = displayNameOf(displayName) ?? name;
      const account: Account = {
        name,
        displayName: shown,
        role: 'person',
        passwordHash: null,
        at: clock.now(),
        guest: true,
      };
      await store.putRecord('accounts', user, JSON.stringify(account), 0);
      return;
    }
  }

  async signIn(request: SignIn, address: string): Promise<Opened> {
    const folded = foldName(request.name);
    // Only tries that fail stay counted.
    const tookBack = [this.#byAddress.take(address), this.#byAccount.take(folded)];
    const found = await this.#named(request.name);
    const right = await this.#ports.passwords.verify(request.password, found?.account.passwordHash ?? null);
    if (!right || !found) throw new Failed('wrong_password');
    for (const takeBack of tookBack) takeBack();
    return this.open(found.user, request.device);
  }

  /** With the code that was kept for this: it and all sessions end. Nobody is told whether the name or the code was wrong. */
  async recover({ name, code, password, device }: Recover, address: string): Promise<Opened> {
    mustBeStrong(password);
    const tookBack = [this.#byAddress.take(address), this.#byAccount.take(foldName(name))];
    const found = await this.#named(name);
    if (!found?.account.recovery || found.account.recovery !== this.#hashOf(code)) throw new Failed('wrong_code');
    for (const takeBack of tookBack) takeBack();
    const passwordHash = await this.#ports.passwords.hash(password);
    await this.#change(found.user, ({ recovery, ...account }) => {
      if (recovery !== found.account.recovery) throw new Failed('wrong_code');
      return { ...account, passwordHash };
    });
    await this.#sessions.endAll(found.user, null, null);
    return this.open(found.user, device);
  }

  /** Another password for the user; all sessions end. */
  async setPassword(user: string, password: string): Promise<void> {
    mustBeStrong(password);
    const passwordHash = await this.#ports.passwords.hash(password);
    await this.#change(user, (account) => ({ ...account, passwordHash }));
    await this.#sessions.endAll(user, null, null);
  }

  /** All other devices are signed out. */
  async changePassword({ user, device }: Session, request: ChangePassword): Promise<void> {
    mustBeStrong(request.new);
    await this.#mustKnow(user, request.old);
    const passwordHash = await this.#ports.passwords.hash(request.new);
    await this.#change(user, (account) => ({ ...account, passwordHash }));
    await this.#sessions.endAll(user, device, device);
  }

  /** A new recovery code, in place of the one before; whoever just made the account need not say the password again. */
  async makeRecoveryCode({ user }: Session, password?: string): Promise<string> {
    if (password !== undefined) await this.#mustKnow(user, password);
    const code = newRecoveryCode(this.#ports.hash(this.#ports.random.id()));
    const recovery = this.#hashOf(code);
    const freshFrom = this.#ports.clock.now() - FRESH_ACCOUNT_MS;
    await this.#change(user, (account) => {
      const isFresh = account.passwordHash !== null && !account.recovery && (account.at ?? 0) > freshFrom;
      if (password === undefined && !isFresh) throw new Failed('wrong_password');
      return { ...account, recovery };
    });
    return code;
  }

  async #mustKnow(user: string, password: string): Promise<void> {
    const account = await this.#account(user);
    if (!account) throw new Failed('unauthenticated');
    const takeBack = this.#byAccount.take(foldName(account.name));
    if (!(await this.#ports.passwords.verify(password, account.passwordHash))) throw new Failed('wrong_password');
    takeBack();
  }

  newId(): string {
    return this.#ports.random.id();
  }

  async signOut(session: Session): Promise<void> {
    await this.revoke(session, session.device);
  }

  async open(user: string, deviceName: string): Promise<Opened> {
    await this.#promote(user);
    if ((await this.#account(user))?.deactivated) throw new Failed('deactivated');
    const opened = await this.#sessions.open(user, deviceName);
    // A deactivation ends those that it finds; this one may have come too late to be found.
    const profile = await this.profile(user);
    if (profile && !profile.deactivated) return { user: profile, ...opened };
    await this.#sessions.endAll(user, null, null);
    throw new Failed(profile ? 'deactivated' : 'wrong_password');
  }

  /** Gives the owner the role, also when a crash came between. */
  async #promote(user: string): Promise<void> {
    const { store } = this.#ports;
    if ((await store.getRecord('server', 'owner'))?.value !== user) return;
    await this.#change(user, (account) => (account.role === 'owner' ? account : { ...account, role: 'owner' }));
  }

  async profile(user: string): Promise<Profile | null> {
    const record = await this.#ports.store.getRecord('accounts', user);
    return record && profileOf(user, JSON.parse(record.value) as Account, record.version);
  }

  async profiles(users: readonly string[]): Promise<Profile[]> {
    const found = await Promise.all(users.map((user) => this.profile(user)));
    return found.filter((profile) => profile !== null);
  }

  async invitationOf(user: string): Promise<string | null> {
    return (await this.#account(user))?.invitation ?? null;
  }

  /** The user of this name, however it is written. */
  async named(name: string): Promise<string | null> {
    return (await this.#named(name))?.user ?? null;
  }

  /** A look-alike of a name is not that name. */
  async #named(name: string): Promise<{ user: string; account: Account } | null> {
    const record = await this.#ports.store.getRecord('names', foldName(name));
    const account = record && (await this.#account(record.value));
    return account && foldCase(account.name) === foldCase(name) ? { user: record.value, account } : null;
  }

  async personNamed(name: string): Promise<Profile | null> {
    const found = await this.#named(name);
    const profile = found && (await this.profile(found.user));
    return profile?.deactivated || profile?.guest ? null : profile;
  }

  async people(query: string, after: string | null, limit: number) {
    const here = async (user: string) => {
      const profile = await this.profile(user);
      return profile?.deactivated || profile?.guest ? null : profile;
    };
    return findPeople(this.#ports.store, here, query, after, limit);
  }

  async accounts(query: string, after: string | null, limit: number) {
    const { people, next } = await findPeople(this.#ports.store, (user) => this.profile(user), query, after, limit);
    const accounts = await Promise.all(
      people.map(async (user): Promise<ServerAccount> => ({ user, at: (await this.#account(user.user))?.at ?? null })),
    );
    return { accounts, next };
  }

  async setDisplayName(user: string, displayName: string): Promise<Profile> {
    const name = displayNameOf(displayName);
    if (name === null) throw new Failed('empty');
    return this.#change(user, (account) => ({ ...account, displayName: name }));
  }

  async setPicture(user: string, picture: string | null): Promise<Profile> {
    return this.#change(user, ({ picture: _, ...account }) => ({
      ...account,
      ...(picture === null ? {} : { picture }),
    }));
  }

  async change(user: string, { role, deactivated }: AccountChange): Promise<Profile> {
    const profile = await this.#change(user, ({ deactivated: was, ...account }) => {
      const isNow = deactivated ?? was ?? false;
      return { ...account, role: role ?? account.role, ...(isNow ? { deactivated: true } : {}) };
    });
    if (deactivated) await this.#sessions.endAll(user, null, null);
    if (deactivated && profile.guest) await this.#release(profile);
    return profile;
  }

  /** Nobody is called so any more. */
  async #release({ user, name }: Profile): Promise<void> {
    const { store } = this.#ports;
    const record = await store.getRecord('names', foldName(name));
    if (record?.value === user) await store.deleteRecord('names', foldName(name), record.version);
  }

  async #account(user: string): Promise<Account | null> {
    const record = await this.#ports.store.getRecord('accounts', user);
    return record && (JSON.parse(record.value) as Account);
  }

  async #change(user: string, change: (account: Account) => Account): Promise<Profile> {
    for (;;) {
      const record = await this.#ports.store.getRecord('accounts', user);
      if (!record) throw new Failed('not_found');
      const account = change(JSON.parse(record.value) as Account);
      const value = JSON.stringify(account);
      if (value === record.value) return profileOf(user, account, record.version);
      if (await this.#ports.store.putRecord('accounts', user, value, record.version)) {
        return profileOf(user, account, record.version + 1);
      }
    }
  }

  #hashOf(code: string): string {
    return idOf(this.#ports.hash(`recovery ${plainCode(code)}`));
  }
}

export function mustBeStrong(password: string): void {
  if (!isStrong(password)) throw new Failed('weak_password');
}

function profileOf(user: string, account: Account, version: number): Profile {
  const { name, displayName, role, picture, guest, deactivated } = account;
  const marks = { ...(guest ? { guest } : {}), ...(deactivated ? { deactivated } : {}) };
  return { user, name, displayName, role, version, ...(picture === undefined ? {} : { picture }), ...marks };
}
