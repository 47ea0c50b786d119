/**
 * Secrets that let somebody in. Of a code only its hash is stored, which is the link's id:
 *
 *   links   id → what the link is; erased by the schedule a week after it has ended by time
 */
import type { Clock, Random } from '../core/clock.ts';
import type { InvitedRole } from '../protocol/community.ts';
import { idOf, isId } from '../protocol/ids.ts';
import type { Store } from '../store/store.ts';
import { Failed } from './failed.ts';
import type { Session } from './session.ts';

interface Use {
  readonly user: string;
  readonly at: number;
}

export interface InvitationLink {
  readonly kind: 'invitation';
  readonly by: string;
  /** Of the inviter: in its name people are added to a group. */
  readonly device: string;
  readonly conversation: string | null;
  readonly role: InvitedRole;
  readonly uses: number;
  readonly users: readonly Use[];
  readonly at: number;
  readonly until: number;
  readonly withdrawn: boolean;
}

export interface DeviceLink {
  readonly kind: 'device';
  readonly user: string;
  /** Who made it: it ends with that session. */
  readonly by: Session;
  readonly until: number;
  readonly used: boolean;
}

/** For somebody who forgot the password. */
export interface SignInLink {
  readonly kind: 'signin';
  readonly user: string;
  /** Null: whoever runs the machine. */
  readonly by: string | null;
  readonly until: number;
  readonly used: boolean;
}

export type Link = InvitationLink | DeviceLink | SignInLink;

export interface LinkPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly hash: (text: string) => Uint8Array;
}

/** How long a link waits for the new device. */
export const DEVICE_LINK_MS = 120_000;
const KEPT_MS = 7 * 86_400_000;
/** A use whose account was never made, because the server ended in between, counts no longer than this. */
const UNFINISHED_MS = 600_000;
const SCAN_PAGE = 200;
const SCAN_MAX = 2_000;

export class Links {
  readonly #ports: LinkPorts;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
  }

  /** Null for what cannot be a code. */
  idOf(code: string): string | null {
    return isId(code) ? idOf(this.#ports.hash(`link ${code}`)) : null;
  }

  newCode(): { code: string; id: string } {
    const code = this.#ports.random.id();
    return { code, id: idOf(this.#ports.hash(`link ${code}`)) };
  }

  async make(link: Link): Promise<{ code: string; id: string }> {
    const { store } = this.#ports;
    const made = this.newCode();
    await store.schedule(link.until + KEPT_MS, `link ${made.id}`);
    await store.putRecord('links', made.id, JSON.stringify(link), 0);
    return made;
  }

  async get(id: string): Promise<Link | null> {
    const record = await this.#ports.store.getRecord('links', id);
    return record && (JSON.parse(record.value) as Link);
  }

  /** Pages of invitations that have not ended, by id. */
  async invitations(
    of: (link: InvitationLink) => boolean,
    after: string,
    limit: number,
  ): Promise<{ found: [string, InvitationLink][]; next: string | null }> {
    const found: [string, InvitationLink][] = [];
    let last = after;
    for (let scanned = 0; scanned < SCAN_MAX; scanned += SCAN_PAGE) {
      const page = await this.#ports.store.listRecords('links', last, SCAN_PAGE);
      for (const { key, value } of page) {
        last = key;
        const link = JSON.parse(value) as Link;
        if (link.kind !== 'invitation' || this.ended(link) !== null || !of(link)) continue;
        found.push([key, link]);
        if (found.length === limit) return { found, next: last };
      }
      if (page.length < SCAN_PAGE) return { found, next: null };
    }
    return { found, next: last };
  }

  ended(link: Link): 'used' | 'expired' | 'withdrawn' | null {
    if (link.kind === 'invitation') {
      if (link.withdrawn) return 'withdrawn';
      if (link.users.length >= link.uses) return 'used';
    } else if (link.used) return 'used';
    return this.#ports.clock.now() >= link.until ? 'expired' : null;
  }

  /** Counts the user as let in, once however often it is repeated; `link_ended` when nobody is let in any more. */
  async claim(id: string, user: string): Promise<void> {
    await this.#change(id, async (link) => {
      if (link.kind !== 'invitation') throw new Failed('not_found');
      if (link.users.some((use) => use.user === user)) return link;
      const users = link.users.length < link.uses ? link.users : await this.#finished(link.users);
      if (this.ended({ ...link, users }) !== null) throw new Failed('link_ended');
      return { ...link, users: [...users, { user, at: this.#ports.clock.now() }] };
    });
  }

  /** Takes a claim back, of a user whose account was not made. */
  async release(id: string, user: string): Promise<void> {
    await this.#change(id, async (link) =>
      link.kind === 'invitation' ? { ...link, users: link.users.filter((use) => use.user !== user) } : link,
    );
  }

  /** Ends a link that is good once, for whoever comes first; for others `link_ended`. */
  async spend(id: string): Promise<void> {
    await this.#change(id, async (link) => {
      if (link.kind === 'invitation') throw new Failed('not_found');
      if (this.ended(link) !== null) throw new Failed('link_ended');
      return { ...link, used: true };
    });
  }

  async withdraw(id: string): Promise<void> {
    await this.#change(id, async (link) => (link.kind === 'invitation' ? { ...link, withdrawn: true } : link));
  }

  /** The schedule says that it ended long ago. */
  async erase(id: string): Promise<void> {
    const record = await this.#ports.store.getRecord('links', id);
    if (record) await this.#ports.store.deleteRecord('links', id, record.version);
  }

  async #finished(uses: readonly Use[]): Promise<readonly Use[]> {
    const { store, clock } = this.#ports;
    const old = clock.now() - UNFINISHED_MS;
    const stays = await Promise.all(
      uses.map(async ({ user, at }) => at > old || (await store.getRecord('accounts', user)) !== null),
    );
    return uses.filter((_, i) => stays[i]);
  }

  async #change(id: string, change: (link: Link) => Promise<Link>): Promise<Link> {
    const { store } = this.#ports;
    for (;;) {
      const record = await store.getRecord('links', id);
      if (!record) throw new Failed('not_found');
      const before = JSON.parse(record.value) as Link;
      const after = await change(before);
      if (after === before || (await store.putRecord('links', id, JSON.stringify(after), record.version))) return after;
    }
  }
}
