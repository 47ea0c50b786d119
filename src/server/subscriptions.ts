/** Where each device is notified, as records `push/<user>`: device → subscription. They end with the session. */
import type { Request, Result } from '../protocol/commands.ts';
import type { Subscription } from '../push/push.ts';
import { Failed } from './failed.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

interface Stored extends Subscription {
  /** Of this server, for which it was made. */
  readonly key: string;
}

/** More than an account has devices. */
const DEVICES_MAX = 200;
/** That a user has none is believed for so long: another server may have taken one. */
const NONE_MS = 30_000;
const NONE_MAX = 50_000;

export class Subscriptions {
  readonly #ports: NodePorts;
  /** Users who have none, and until when that is believed. */
  readonly #none = new Map<string, number>();
  /** The newest look at the devices of each user that is under way. */
  readonly #looks = new Map<string, symbol>();

  constructor(ports: NodePorts) {
    this.#ports = ports;
  }

  async state({ user, device }: Session): Promise<Result<'notifications'>> {
    const { push } = this.#ports;
    const subscription = await this.at(user, device);
    return { key: push?.key ?? null, endpoint: subscription?.endpoint ?? null };
  }

  async subscribe(session: Session, subscription: Request<'subscribe'>): Promise<void> {
    const { push, store, directory } = this.#ports;
    if (!push) throw new Failed('not_found');
    if (!push.mayReach(subscription.endpoint)) throw new Failed('bad_frame', { path: '/endpoint' });
    const { user, device } = session;
    const value = JSON.stringify({ ...subscription, key: push.key } satisfies Stored);
    for (;;) {
      const record = await store.getRecord(partitionOf(user), device);
      if (record?.value === value || (await store.putRecord(partitionOf(user), device, value, record?.version ?? 0))) {
        break;
      }
    }
    this.#none.delete(user);
    this.#looks.delete(user);
    // It may have ended meanwhile, and taken away what was not there yet.
    if (!(await directory.lives(session))) await this.drop(user, device);
  }

  /** Nothing when there is none; with `endpoint`, only that one. */
  async drop(user: string, device: string, endpoint?: string): Promise<void> {
    const { store } = this.#ports;
    for (;;) {
      const record = await store.getRecord(partitionOf(user), device);
      if (!record) return;
      if (endpoint !== undefined && (JSON.parse(record.value) as Stored).endpoint !== endpoint) return;
      if (await store.deleteRecord(partitionOf(user), device, record.version)) return;
    }
  }

  /** The devices of this user that can be notified. */
  async devices(user: string): Promise<string[]> {
    const now = this.#ports.clock.monotonic();
    if (now < (this.#none.get(user) ?? Number.NEGATIVE_INFINITY)) return [];
    const look = Symbol();
    this.#looks.set(user, look);
    try {
      const records = await this.#ports.store.listRecords(partitionOf(user), '', DEVICES_MAX);
      // Nothing is believed while it is looked up, nor when one came meanwhile.
      if (records.length === 0 && this.#looks.get(user) === look) this.#believe(user, now + NONE_MS);
      return records.map(({ key }) => key);
    } finally {
      if (this.#looks.get(user) === look) this.#looks.delete(user);
    }
  }

  #believe(user: string, until: number): void {
    if (this.#none.size >= NONE_MAX) this.#none.clear();
    this.#none.set(user, until);
  }

  /** Null where there is none for the key that this server has now. */
  async at(user: string, device: string): Promise<Subscription | null> {
    const { store, push } = this.#ports;
    const record = await store.getRecord(partitionOf(user), device);
    if (!record) return null;
    const { key, ...subscription } = JSON.parse(record.value) as Stored;
    return key === push?.key ? subscription : null;
  }
}

function partitionOf(user: string): string {
  return `push/${user}`;
}
