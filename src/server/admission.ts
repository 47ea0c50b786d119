/** Who is let in, and how: on a fresh server its owner, then whoever has a link, or anybody where that is set. */
import type { Clock } from '../core/clock.ts';
import type { EnterByLink, MadeGuest, Rescue, SignUp } from '../protocol/accounts.ts';
import type { LinkView, ServerView } from '../protocol/community.ts';
import type { Store } from '../store/store.ts';
import { type Accounts, type Admitted, mustBeStrong, type Opened } from './accounts.ts';
import { makeSignInLink } from './administration.ts';
import type { Community } from './community.ts';
import { Failed, failureOf } from './failed.ts';
import type { Invitations } from './invitations.ts';
import { DEVICE_LINK_MS, type InvitationLink, type Links } from './links.ts';
import { displayNameOf } from './names.ts';
import type { Session } from './session.ts';
import { Tries } from './tries.ts';

const CODES_PER_ADDRESS = 60;
const GUEST_MS = 3_600_000;
const GONE = 'Somebody';

export interface AdmissionPorts {
  readonly serverId: string;
  /** Nobody makes an account before somebody owns the server. */
  readonly setUpFirst: boolean;
  /** Where other devices in the same network reach it, if they do. */
  readonly lan: () => string | null;
  readonly rescueSecret: string | null;
  readonly store: Store;
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly community: Community;
  readonly links: Links;
  readonly invitations: Invitations;
}

export class Admission {
  readonly #ports: AdmissionPorts;
  readonly #wrongCodes: Tries;

  constructor(ports: AdmissionPorts) {
    this.#ports = ports;
    this.#wrongCodes = new Tries(ports.clock, CODES_PER_ADDRESS);
  }

  /** The code of a new set-up link, or null when somebody owns the server. */
  async beginSetUp(): Promise<string | null> {
    const { community, links } = this.#ports;
    if ((await community.owner()) !== null) return null;
    const { code, id } = links.newCode();
    await community.beginSetUp(id);
    return code;
  }

  async server(overLoopback: boolean): Promise<ServerView> {
    const { serverId, community, accounts } = this.#ports;
    const [{ name, join }, owner] = await Promise.all([community.settings(), community.owner()]);
    const profile = owner === null ? null : await accounts.profile(owner);
    const mayOwn = owner === null && overLoopback;
    const lan = overLoopback ? this.#ports.lan() : null;
    return { id: serverId, name, owner: profile?.displayName ?? null, join, mayOwn, lan };
  }

  async look(code: string, address: string): Promise<LinkView> {
    const { links, community, accounts, invitations } = this.#ports;
    const server = (await community.settings()).name;
    const id = await this.#known(code, address);
    if (await community.isSetUp(id)) {
      return { kind: 'setup', server, ended: (await community.owner()) === null ? null : 'used' };
    }
    const link = await links.get(id);
    if (!link) throw new Failed('not_found');
    const { until } = link;
    const ended = links.ended(link);
    if (link.kind !== 'invitation') {
      const profile = await accounts.profile(link.user);
      if (!profile) throw new Failed('not_found');
      const { name, displayName } = profile;
      if (link.kind === 'device') return { kind: 'device', server, name, displayName, until, ended };
      const by = link.by === null ? null : ((await accounts.profile(link.by))?.displayName ?? GONE);
      return { kind: 'signin', server, name, displayName, by, until, ended };
    }
    return {
      kind: 'invitation',
      server,
      by: (await accounts.profile(link.by))?.displayName ?? GONE,
      role: link.role,
      group: await invitations.groupOf(link),
      until,
      left: Math.max(0, link.uses - link.users.length),
      ended: ended ?? ((await invitations.holds(link)) ? null : 'withdrawn'),
    };
  }

  /**
   * An account and its first device. The use of an invitation is counted before the account is made, and what it leads to
   * is joined after it: by the schedule, where this is cut off in between.
   */
  async signUp(
    request: SignUp,
    overLoopback: boolean,
    address: string,
  ): Promise<Opened & { conversation: string | null }> {
    const { community, accounts, links, invitations } = this.#ports;
    const isFresh = (await community.owner()) === null;
    const id = request.link === undefined ? null : await this.#known(request.link, address);
    const isSetUp = id !== null && (await community.isSetUp(id));
    if (isSetUp && !isFresh) throw new Failed('link_ended');
    const mayOwn = isFresh && (isSetUp || overLoopback);
    let admitted: Admitted = { mayOwn, isInvited: overLoopback, role: 'person' };
    let finished = async () => {};
    if (id !== null && !isSetUp) {
      const link = await this.#invitation(id);
      admitted = {
        ...admitted,
        role: link.role,
        isInvited: true,
        invitation: id,
        claim: async (user) => {
          finished = await invitations.claim(id, user);
        },
        release: (user) => links.release(id, user),
      };
    } else if (!mayOwn && ((isFresh && this.#ports.setUpFirst) || (await community.settings()).join === 'invited'))
      throw new Failed('closed_to_newcomers');
    const opened = await accounts.signUp(request, admitted, address);
    if (opened.user.role === 'owner' && request.community) {
      const { name, ...rest } = request.community;
      const called = name === undefined ? {} : { name: displayNameOf(name) ?? opened.user.displayName };
      await community.change({ ...rest, ...called });
    }
    if (id === null || isSetUp) return { ...opened, conversation: null };
    try {
      const conversation = await invitations.finish(id, opened.user.user);
      await finished();
      return { ...opened, conversation };
    } catch (error) {
      // There is an account by now, and the schedule comes back to the rest.
      if (failureOf(error) === null) throw error;
      return { ...opened, conversation: null };
    }
  }

  /** A sign-in link sets another password and ends all sessions; a device's link only opens one more. */
  async enter({ code, device, password }: EnterByLink, address: string): Promise<Opened> {
    const { links, accounts } = this.#ports;
    const id = await this.#known(code, address);
    const link = await links.get(id);
    if (!link || link.kind === 'invitation') throw new Failed('not_found');
    if (links.ended(link) !== null) throw new Failed('link_ended');
    if (link.kind === 'device') {
      if (!(await accounts.lives(link.by))) throw new Failed('link_ended');
      await links.spend(id);
      return accounts.open(link.user, device);
    }
    mustBeStrong(password ?? '');
    if ((await accounts.profile(link.user))?.deactivated) throw new Failed('deactivated');
    await links.spend(id);
    await accounts.setPassword(link.user, password ?? '');
    return accounts.open(link.user, device);
  }

  /** Somebody to try it with: the same one again within the hour. */
  async guest(session: Session, displayName: string): Promise<Omit<MadeGuest, 'conversation'>> {
    const { accounts, links, clock } = this.#ports;
    if ((await accounts.profile(session.user))?.guest) throw new Failed('not_allowed');
    const { user, until } = await this.#guestOf(session.user, displayName);
    const profile = await accounts.profile(user);
    if (!profile) throw new Failed('unavailable', { retryAfterMs: 500 });
    const soon = Math.min(until, clock.now() + DEVICE_LINK_MS);
    const { code } = await links.make({ kind: 'device', user, by: session, until: soon, used: false });
    return { user: profile, code, until };
  }

  /** Its end is in the schedule before the guest is there. */
  async #guestOf(user: string, displayName: string): Promise<{ user: string; until: number }> {
    const { store, accounts, clock } = this.#ports;
    const record = await store.getRecord('guests', user);
    if (record) {
      const guest = JSON.parse(record.value) as { user: string; until: number };
      if (guest.until > clock.now() && !(await accounts.profile(guest.user))?.deactivated) {
        if (!(await accounts.profile(guest.user))) await accounts.makeGuest(guest.user, displayName);
        return guest;
      }
    }
    const guest = { user: accounts.newId(), until: clock.now() + GUEST_MS };
    await store.schedule(guest.until, `guest ${guest.user}`);
    if (await store.putRecord('guests', user, JSON.stringify(guest), record?.version ?? 0)) {
      await accounts.makeGuest(guest.user, displayName);
    }
    return this.#guestOf(user, displayName);
  }

  /** A sign-in link, for whoever can read the secret of the machine's own user. */
  async rescue({ secret, name }: Rescue, address: string): Promise<{ code: string; until: number }> {
    const { accounts, links, clock, rescueSecret } = this.#ports;
    const takeBack = this.#wrongCodes.take(address);
    if (rescueSecret === null || secret !== rescueSecret) throw new Failed('not_allowed');
    takeBack();
    const user = await accounts.named(name);
    const profile = user === null ? null : await accounts.profile(user);
    if (user === null || !profile || profile.guest) throw new Failed('not_found');
    if (profile.deactivated) throw new Failed('deactivated');
    return makeSignInLink({ clock }, links, user, null);
  }

  async #invitation(id: string): Promise<InvitationLink> {
    const { links, invitations } = this.#ports;
    const link = await links.get(id);
    if (link?.kind !== 'invitation') throw new Failed('not_found');
    if (!(await invitations.holds(link))) throw new Failed('link_ended');
    return link;
  }

  /** The id of a link that there is; only codes of none are counted. */
  async #known(code: string, address: string): Promise<string> {
    const { links, community } = this.#ports;
    const takeBack = this.#wrongCodes.take(address);
    const id = links.idOf(code);
    if (id === null || !((await community.isSetUp(id)) || (await links.get(id)))) throw new Failed('not_found');
    takeBack();
    return id;
  }
}
