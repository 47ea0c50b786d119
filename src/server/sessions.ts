/**
 * On which devices people are signed in, as records:
 *
 *   sessions        hash of the token → user and device
 *   devices/<user>  device → name, times, hash of its token
 */
import type { Bus } from '../bus/bus.ts';
import type { Clock, Random } from '../core/clock.ts';
import type { Device } from '../protocol/entities.ts';
import { idOf } from '../protocol/ids.ts';
import type { Store } from '../store/store.ts';
import { failureOf } from './failed.ts';
import { displayNameOf } from './names.ts';
import type { Session } from './session.ts';

export interface SessionPorts {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly hash: (text: string) => Uint8Array;
  readonly report: (error: unknown, what: string) => string;
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

export class Sessions {
  readonly #ports: SessionPorts;
  readonly #listeners = new Set<(device: string, user: string, by: string | null) => void>();
  readonly #touched = new Map<string, number>();
  readonly #unsubscribe: () => void;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.#unsubscribe = ports.bus.subscribe(SUBJECT, (hint) => this.#heard(JSON.parse(hint) as Revoked));
  }

  close(): void {
    this.#unsubscribe();
  }

  /** A new device of the user. It comes before its session, so that every session can be found and ended. */
  async open(user: string, deviceName: string): Promise<{ device: string; token: string }> {
    const { store, random, clock, hash } = this.#ports;
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
    // The device may have been ended before there was a session to end.
    if (!(await this.#device({ user, device }))) await store.deleteRecord('sessions', session, 1);
    return { device, token };
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
    if (!device || this.#isOver(device)) return false;
    return (await this.#ports.store.getRecord('sessions', device.session)) !== null;
  }

  async #device({ user, device }: Session): Promise<StoredDevice | null> {
    const record = await this.#ports.store.getRecord(`devices/${user}`, device);
    return record && (JSON.parse(record.value) as StoredDevice);
  }

  #isOver({ createdAt, usedAt }: StoredDevice): boolean {
    const now = this.#ports.clock.now();
    return now - usedAt > IDLE_MS || now - createdAt > MOST_MS;
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

  /** Ends all devices of the user but one; a device that is opened meanwhile may stay. */
  async endAll(user: string, by: string | null, but: string | null): Promise<void> {
    for (const { id } of await this.#devicesOf(user)) if (id !== but) await this.#end({ user, device: id }, by);
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
}
