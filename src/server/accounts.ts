/**
 * Who people are, as records:
 *
 *   accounts        user → name, display name, role, password hash; the record's version is the profile's
 *   names           folded name → user. Reserved first; whoever then creates that user's account has the name, so a
 *                   reservation that a crash left behind is nobody's
 *   sessions        hash of the token → user and device
 *   devices/<user>  device → name, times, hash of its token
 *   server          `owner` → user
 */
import type { Bus } from '../bus/bus.ts';
import type { Clock, Random } from '../core/clock.ts';
import type { SignIn, SignUp } from '../protocol/accounts.ts';
import type { Device, Profile, ServerRole } from '../protocol/entities.ts';
import { idOf } from '../protocol/ids.ts';
import type { Store } from '../store/store.ts';
import type { Directory } from './directory.ts';
import { Failed, failureOf } from './failed.ts';
import { displayNameOf, foldCase, foldName, nameOf } from './names.ts';
import { findPeople } from './people.ts';
import type { Session } from './session.ts';
import { Tries } from './tries.ts';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** `hash` null: takes as long, and is false. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

export interface AccountPorts {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly hash: (text: string) => Uint8Array;
  readonly passwords: Passwords;
  readonly report: (error: unknown, what: string) => string;
}

interface Account {
  readonly name: string;
  readonly displayName: string;
  readonly role: ServerRole;
  readonly passwordHash: string;
}

interface StoredDevice {
  readonly name: string;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly session: string;
}

interface Revoked {
  readonly device: string;
  readonly user: string;
  readonly by: string | null;
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
  /** Called before the account is made; `release` when it was not. */
  readonly claim?: (user: string) => Promise<void>;
  readonly release?: (user: string) => Promise<void>;
}

const PASSWORD_CHARACTERS = 10;
const TRIES_PER_ACCOUNT = 5;
const TRIES_PER_ADDRESS = 30;
const ACCOUNTS_PER_ADDRESS = 30;
const TOKEN = /^[\w-]{44}$/;
const SUBJECT = 'revoked';
/** A session ends when its device was not here for so long, and in any case after `MOST_MS`. */
const IDLE_MS = 30 * 86_400_000;
const MOST_MS = 180 * 86_400_000;
/** Of one account; one more ends the one that was used longest ago. */
const DEVICES_MAX = 100;
/** A device's `usedAt` is brought up to date at most this often. */
const TOUCH_MS = 300_000;
const TOUCHED_MAX = 50_000;

export class Accounts implements Directory {
  readonly #ports: AccountPorts;
  readonly #byAccount: Tries;
  readonly #byAddress: Tries;
  readonly #newcomers: Tries;
  readonly #listeners = new Set<(device: string, user: string, by: string | null) => void>();
  readonly #touched = new Map<string, number>();
  readonly #unsubscribe: () => void;

  constructor(ports: AccountPorts) {
    this.#ports = ports;
    this.#byAccount = new Tries(ports.clock, TRIES_PER_ACCOUNT);
    this.#byAddress = new Tries(ports.clock, TRIES_PER_ADDRESS);
    this.#newcomers = new Tries(ports.clock, ACCOUNTS_PER_ADDRESS);
    this.#unsubscribe = ports.bus.subscribe(SUBJECT, (hint) => this.#heard(JSON.parse(hint) as Revoked));
  }

  close(): void {
    this.#unsubscribe();
  }

  async signUp(request: SignUp, admitted: Admitted, address: string): Promise<Opened> {
    const { store, random, passwords } = this.#ports;
    const name = nameOf(request.name);
    if (name === null) throw new Failed('bad_name');
    const displayName = displayNameOf(request.displayName) ?? name;
    if ([...request.password].length < PASSWORD_CHARACTERS) throw new Failed('weak_password');
    const folded = foldName(name);
    const reserved = await store.getRecord('names', folded);
    if (reserved && (await store.getRecord('accounts', reserved.value))) throw new Failed('name_taken');
    if (!admitted.isInvited) this.#newcomers.take(address);
    const passwordHash = await passwords.hash(request.password);
    const user = reserved?.value ?? random.id();
    if (!reserved && !(await store.putRecord('names', folded, user, 0))) throw new Failed('name_taken');
    const account: Account = { name, displayName, role: admitted.role, passwordHash };
    await admitted.claim?.(user);
    if (!(await store.putRecord('accounts', user, JSON.stringify(account), 0))) {
      await admitted.release?.(user);
      throw new Failed('name_taken');
    }
    if (admitted.mayOwn) await store.putRecord('server', 'owner', user, 0);
    return this.open(user, request.device);
  }

  async signIn(request: SignIn, address: string): Promise<Opened> {
    const folded = foldName(request.name);
    // Only tries that fail stay counted.
    const tookBack = [this.#byAddress.take(address), this.#byAccount.take(folded)];
    const name = await this.#ports.store.getRecord('names', folded);
    const account = name && (await this.#account(name.value));
    // A look-alike of a name is not that name.
    const hash = account && foldCase(account.name) === foldCase(request.name) ? account.passwordHash : null;
    const right = await this.#ports.passwords.verify(request.password, hash);
    if (!right || !name) throw new Failed('wrong_password');
    for (const takeBack of tookBack) takeBack();
    return this.open(name.value, request.device);
  }

  newId(): string {
    return this.#ports.random.id();
  }

  async signOut(session: Session): Promise<void> {
    await this.revoke(session, session.device);
  }

  /** A new device of the user. It comes before its session, so that every session can be found and ended. */
  async open(user: string, deviceName: string): Promise<Opened> {
    const { store, random, clock, hash } = this.#ports;
    await this.#promote(user);
    await this.#makeRoom(user);
    const token = random.id() + random.id();
    const device = random.id();
    const session = idOf(hash(token));
    const now = clock.now();
    const stored: StoredDevice = {
      name: displayNameOf(deviceName) ?? 'Unnamed device',
      createdAt: now,
      usedAt: now,
      session,
    };
    await store.putRecord(`devices/${user}`, device, JSON.stringify(stored), 0);
    await store.putRecord('sessions', session, JSON.stringify({ user, device }), 0);
    const profile = await this.profile(user);
    if (!profile) throw new Failed('wrong_password');
    return { user: profile, device, token };
  }

  /** Gives the owner the role, also when a crash came between. */
  async #promote(user: string): Promise<void> {
    const { store } = this.#ports;
    if ((await store.getRecord('server', 'owner'))?.value !== user) return;
    await this.#change(user, (account) => (account.role === 'person' ? { ...account, role: 'owner' } : account));
  }

  async authenticate(token: string): Promise<Session | null> {
    if (!TOKEN.test(token)) return null;
    const record = await this.#ports.store.getRecord('sessions', idOf(this.#ports.hash(token)));
    if (!record) return null;
    const session = JSON.parse(record.value) as Session;
    const device = await this.#device(session);
    if (!device) return null;
    if (this.#isOver(device)) {
      await this.#end(session, null);
      return null;
    }
    this.used(session);
    return session;
  }

  async lives(session: Session): Promise<boolean> {
    const device = await this.#device(session);
    return device !== null && (await this.#ports.store.getRecord('sessions', device.session)) !== null;
  }

  async #device({ user, device }: Session): Promise<StoredDevice | null> {
    const record = await this.#ports.store.getRecord(`devices/${user}`, device);
    return record && (JSON.parse(record.value) as StoredDevice);
  }

  #isOver({ createdAt, usedAt }: StoredDevice): boolean {
    const now = this.#ports.clock.now();
    return now - usedAt > IDLE_MS || now - createdAt > MOST_MS;
  }

  async profile(user: string): Promise<Profile | null> {
    const record = await this.#ports.store.getRecord('accounts', user);
    return record && profileOf(user, JSON.parse(record.value) as Account, record.version);
  }

  async profiles(users: readonly string[]): Promise<Profile[]> {
    const found = await Promise.all(users.map((user) => this.profile(user)));
    return found.filter((profile) => profile !== null);
  }

  people(query: string, after: string | null, limit: number): Promise<{ people: Profile[]; next: string | null }> {
    return findPeople(this.#ports.store, (user) => this.profile(user), query, after, limit);
  }

  async setDisplayName(user: string, displayName: string): Promise<Profile> {
    const name = displayNameOf(displayName);
    if (name === null) throw new Failed('empty');
    return this.#change(user, (account) => ({ ...account, displayName: name }));
  }

  async devices(session: Session): Promise<Device[]> {
    return (await this.#devicesOf(session.user))
      .filter(({ stored }) => !this.#isOver(stored))
      .map(({ id, stored: { name, createdAt, usedAt } }) => {
        return { id, name, createdAt, usedAt, online: false, current: id === session.device };
      });
  }

  /** Used last first. */
  async #devicesOf(user: string): Promise<{ id: string; stored: StoredDevice }[]> {
    const records = await this.#ports.store.listRecords(`devices/${user}`, '', 10 * DEVICES_MAX);
    return records
      .map(({ key, value }) => ({ id: key, stored: JSON.parse(value) as StoredDevice }))
      .sort((a, b) => b.stored.usedAt - a.stored.usedAt);
  }

  /** For one more device: ends those whose time is over, and those that are too many. */
  async #makeRoom(user: string): Promise<void> {
    const devices = await this.#devicesOf(user);
    for (const [i, { id, stored }] of devices.entries()) {
      if (i >= DEVICES_MAX - 1 || this.#isOver(stored)) await this.#end({ user, device: id }, null);
    }
  }

  revoke(session: Session, device: string): Promise<boolean> {
    return this.#end({ user: session.user, device }, session.device);
  }

  /** `by`: the device that asked for it. False when there is no such device. */
  async #end({ user, device }: Session, by: string | null): Promise<boolean> {
    const { store, bus } = this.#ports;
    const stored = await this.#device({ user, device });
    if (!stored) return false;
    // A session record is written once, so its version is 1.
    await store.deleteRecord('sessions', stored.session, 1);
    const actor = by === null ? null : await this.#device({ user, device: by });
    const revoked: Revoked = { device, user, by: actor?.name ?? null };
    this.#heard(revoked);
    bus.publish(SUBJECT, JSON.stringify(revoked));
    await this.#forgetDevice(`devices/${user}`, device);
    return true;
  }

  /** Its version moves when the device is used. */
  async #forgetDevice(partition: string, device: string): Promise<void> {
    for (;;) {
      const record = await this.#ports.store.getRecord(partition, device);
      if (!record || (await this.#ports.store.deleteRecord(partition, device, record.version))) return;
    }
  }

  onRevoked(run: (device: string, user: string, by: string | null) => void): () => void {
    this.#listeners.add(run);
    return () => void this.#listeners.delete(run);
  }

  #heard({ device, user, by }: Revoked): void {
    for (const run of this.#listeners) run(device, user, by);
  }

  used({ user, device }: Session): void {
    const now = this.#ports.clock.now();
    if (Math.abs(now - (this.#touched.get(device) ?? 0)) < TOUCH_MS) return;
    if (this.#touched.size >= TOUCHED_MAX) this.#touched.clear();
    this.#touched.set(device, now);
    this.#noteUse(user, device, now).catch((error) => {
      if (failureOf(error) === null) this.#ports.report(error, 'when a device was used');
    });
  }

  async #noteUse(user: string, device: string, now: number): Promise<void> {
    const { store } = this.#ports;
    const record = await store.getRecord(`devices/${user}`, device);
    if (!record) return;
    const stored = JSON.parse(record.value) as StoredDevice;
    if (now - stored.usedAt < TOUCH_MS) return;
    await store.putRecord(`devices/${user}`, device, JSON.stringify({ ...stored, usedAt: now }), record.version);
  }

  async #account(user: string): Promise<Account | null> {
    const record = await this.#ports.store.getRecord('accounts', user);
    return record && (JSON.parse(record.value) as Account);
  }

  async #change(user: string, change: (account: Account) => Account): Promise<Profile> {
    for (;;) {
      const record = await this.#ports.store.getRecord('accounts', user);
      if (!record) throw new Failed('not_found');
      const before = JSON.parse(record.value) as Account;
      const account = change(before);
      const value = JSON.stringify(account);
      if (value === record.value) return profileOf(user, account, record.version);
      if (await this.#ports.store.putRecord('accounts', user, value, record.version)) {
        return profileOf(user, account, record.version + 1);
      }
    }
  }
}

function profileOf(user: string, { name, displayName, role }: Account, version: number): Profile {
  return { user, name, displayName, role, version };
}
