import type { Request, Result } from '../protocol/commands.ts';
import type { Profile } from '../protocol/entities.ts';
import { Failed } from './failed.ts';
import type { Links } from './links.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

const SIGN_IN_LINK_MS = 3_600_000;
const RANK = { owner: 2, admin: 1, person: 0, bot: 0 } as const;

/** What the owner of the server and its admins may do with accounts: only with those that stand below them. */
export class Administration {
  readonly #ports: NodePorts;
  readonly #links: Links;

  constructor(ports: NodePorts, links: Links) {
    this.#ports = ports;
    this.#links = links;
  }

  async accounts(session: Session, { query, after, limit }: Request<'accounts'>): Promise<Result<'accounts'>> {
    await this.mustRun(session);
    return this.#ports.directory.accounts(query, after, limit);
  }

  async setRole(session: Session, { user, role }: Request<'setServerRole'>): Promise<Result<'setServerRole'>> {
    if ((await this.#rank(session)) < RANK.owner) throw new Failed('not_allowed');
    const { guest } = await this.#below(session, user);
    if (guest) throw new Failed('not_allowed');
    return { profile: await this.#ports.directory.change(user, { role }) };
  }

  /** Its sessions end within a second. */
  async deactivate(session: Session, { user }: Request<'deactivate'>): Promise<Result<'deactivate'>> {
    await this.#below(session, user);
    return { profile: await this.#ports.directory.change(user, { deactivated: true }) };
  }

  async reactivate(session: Session, { user }: Request<'reactivate'>): Promise<Result<'reactivate'>> {
    const { guest } = await this.#below(session, user);
    // A guest's hour is over.
    if (guest) throw new Failed('not_allowed');
    return { profile: await this.#ports.directory.change(user, { deactivated: false }) };
  }

  async signInLink(session: Session, { user }: Request<'signInLink'>): Promise<Result<'signInLink'>> {
    const { guest, deactivated } = await this.#below(session, user);
    if (guest) throw new Failed('not_allowed');
    if (deactivated) throw new Failed('deactivated');
    return makeSignInLink(this.#ports, this.#links, user, session.user);
  }

  async mustRun(session: Session): Promise<void> {
    if ((await this.#rank(session)) === 0) throw new Failed('not_allowed');
  }

  /** Whoever runs nothing learns nothing of who there is. */
  async #below(session: Session, user: string): Promise<Profile> {
    const rank = await this.#rank(session);
    if (rank === 0) throw new Failed('not_allowed');
    const profile = await this.#ports.directory.profile(user);
    if (!profile) throw new Failed('not_found');
    if (RANK[profile.role] >= rank) throw new Failed('not_allowed');
    return profile;
  }

  async #rank({ user }: Session): Promise<number> {
    const profile = await this.#ports.directory.profile(user);
    return profile ? RANK[profile.role] : 0;
  }
}

/** `by` null: whoever runs the machine. */
export async function makeSignInLink(
  { clock }: Pick<NodePorts, 'clock'>,
  links: Links,
  user: string,
  by: string | null,
): Promise<{ code: string; until: number }> {
  const until = clock.now() + SIGN_IN_LINK_MS;
  const { code } = await links.make({ kind: 'signin', user, by, until, used: false });
  return { code, until };
}
