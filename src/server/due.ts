/**
 * What the schedule says is due, swept each minute: times of receipts thirty days old, links ended a week ago,
 * guests whose hour is over, whoever was cut off while joining by an invitation, uploads of a day
 * ago, pictures that are nobody's any more, reports of long ago, what has expired. Keys of hours that are over are
 * destroyed at each sweep.
 */
import { hourAfter } from '../core/lifetime.ts';
import { SHARDS } from '../store/store.ts';
import type { Erasure } from './erasure.ts';
import { failureOf } from './failed.ts';
import type { Invitations } from './invitations.ts';
import type { Links } from './links.ts';
import type { Portraits } from './portraits.ts';
import type { NodePorts } from './ports.ts';
import type { Receipts } from './receipts.ts';
import type { Reports } from './reports.ts';
import type { Uploads } from './uploads.ts';

const SWEEP_MS = 60_000;
const PAGE = 500;

export class Due {
  readonly #ports: NodePorts;
  readonly #receipts: Receipts;
  readonly #links: Links;
  readonly #invitations: Invitations;
  readonly #erasure: Erasure;
  readonly #uploads: Uploads;
  readonly #reports: Reports;
  readonly #portraits: Portraits;
  #stopping = false;
  #cancel = () => {};

  constructor(
    ports: NodePorts,
    receipts: Receipts,
    links: Links,
    invitations: Invitations,
    erasure: Erasure,
    uploads: Uploads,
    reports: Reports,
    portraits: Portraits,
  ) {
    this.#ports = ports;
    this.#receipts = receipts;
    this.#links = links;
    this.#invitations = invitations;
    this.#erasure = erasure;
    this.#uploads = uploads;
    this.#reports = reports;
    this.#portraits = portraits;
  }

  start(): void {
    this.#sweep()
      .catch((error) => {
        if (!this.#stopping) this.#ports.report(error, 'what is due');
      })
      .finally(() => {
        if (!this.#stopping) this.#cancel = this.#ports.clock.after(this.#pauseMs(), () => this.start());
      });
  }

  stop(): void {
    this.#stopping = true;
    this.#cancel();
  }

  /** Each minute, and as each hour begins: keys are destroyed then. */
  #pauseMs(): number {
    const now = this.#ports.clock.now();
    return Math.min(SWEEP_MS, hourAfter(now + 1) - now);
  }

  async #sweep(): Promise<void> {
    await this.#ports.store.destroyKeys(this.#ports.clock.now());
    for (let shard = 0; shard < SHARDS; shard++) while ((await this.#page(shard)) === PAGE);
  }

  /** One that was never made is nobody. */
  async #endGuest(user: string): Promise<void> {
    const { directory } = this.#ports;
    if (await directory.profile(user)) await directory.change(user, { deactivated: true });
  }

  async #finishJoining(item: string): Promise<void> {
    const [, link = '', user = ''] = item.split(' ');
    await this.#invitations.finish(link, user).catch((error) => {
      // Where the inviter may let nobody in by now, nobody comes in.
      if (failureOf(error)?.code !== 'link_ended') throw error;
    });
  }

  /** How many were due and are done, at most a page. */
  async #page(shard: number): Promise<number> {
    const { store, clock } = this.#ports;
    if (this.#stopping) return 0;
    const page = await store.due(shard, clock.now(), PAGE);
    const done = await Promise.all(
      page.map(async ({ at, item }) => {
        if (item.startsWith('receipt ')) await this.#receipts.expire(item);
        if (item.startsWith('link ')) await this.#links.erase(item.slice('link '.length));
        if (item.startsWith('joined ')) await this.#finishJoining(item);
        if (item.startsWith('upload ')) await this.#uploads.expire(item);
        if (item.startsWith('report ')) await this.#reports.expire(item);
        if (item.startsWith('picture ')) await this.#portraits.expire(item);
        if (item.startsWith('face ')) await this.#portraits.groups.expire(item);
        if (item.startsWith('guest ')) await this.#endGuest(item.slice('guest '.length));
        if (!(await this.#erasure.carryOut(item))) return false;
        await store.unschedule(at, item);
        return true;
      }),
    );
    return done.filter(Boolean).length;
  }
}
