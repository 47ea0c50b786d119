import { type Conversation, roleOf } from '../core/conversation.ts';
import type { Request, Result } from '../protocol/commands.ts';
import type { Invitation, InvitedRole } from '../protocol/community.ts';
import type { Profile } from '../protocol/entities.ts';
import type { Conversations } from './conversations.ts';
import { Failed } from './failed.ts';
import type { InvitationLink, Links } from './links.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

const HOUR_MS = 3_600_000;
/** Whoever was cut off while joining is let in after this. */
const FINISH_MS = 60_000;

/** Inviting people to the server and to groups, and using an invitation. */
export class Invitations {
  readonly #ports: NodePorts;
  readonly #links: Links;
  readonly #conversations: Conversations;

  constructor(ports: NodePorts, links: Links, conversations: Conversations) {
    this.#ports = ports;
    this.#links = links;
    this.#conversations = conversations;
  }

  async invite(session: Session, request: Request<'invite'>): Promise<Result<'invite'>> {
    const { conversation, role, uses, hours } = request;
    const inviter = await this.#ports.directory.profile(session.user);
    if (!inviter || !mayInvite(inviter, role)) throw new Failed('not_allowed');
    if (conversation !== null) {
      const state = await this.#conversations.stateFor(session, conversation);
      if (!mayAdd(state, session.user)) throw new Failed('not_allowed');
    }
    const at = this.#ports.clock.now();
    const link: InvitationLink = {
      kind: 'invitation',
      by: session.user,
      device: session.device,
      conversation,
      role,
      uses,
      users: [],
      at,
      until: at + hours * HOUR_MS,
      withdrawn: false,
    };
    const { code, id } = await this.#links.make(link);
    return { code, invitation: viewOf(id, link) };
  }

  async list(session: Session, { after, limit }: Request<'invitations'>): Promise<Result<'invitations'>> {
    const all = await this.#runs(session);
    const { found, next } = await this.#links.invitations(({ by }) => all || by === session.user, after ?? '', limit);
    return { invitations: found.map(([id, link]) => viewOf(id, link)), next };
  }

  async withdraw(session: Session, { invitation }: Request<'uninvite'>): Promise<Result<'uninvite'>> {
    const link = await this.#links.get(invitation);
    if (link?.kind !== 'invitation') throw new Failed('not_found');
    if (link.by !== session.user && !(await this.#runs(session))) throw new Failed('not_found');
    await this.#links.withdraw(invitation);
    return {};
  }

  /**
   * Counts the user in before there is an account. What it leads to is then joined by `finish`, which the schedule calls
   * again: so a crash leaves nobody outside. Returns how to take it off the schedule.
   */
  async claim(id: string, user: string): Promise<() => Promise<void>> {
    const { store, clock } = this.#ports;
    const item = `joined ${id} ${user}`;
    const at = clock.now() + FINISH_MS;
    await store.schedule(at, item);
    await this.#links.claim(id, user);
    return () => store.unschedule(at, item);
  }

  /** For whoever has made an account with it: the group, or the chat with the inviter; null where there is neither. */
  async finish(id: string, user: string): Promise<string | null> {
    const link = await this.#links.get(id);
    if (link?.kind !== 'invitation' || (await this.#ports.directory.invitationOf(user)) !== id) return null;
    const { conversation } = link;
    if (conversation === null) return this.#meet(link, user);
    const state = await this.#conversations.state(conversation);
    if (roleOf(state, user) !== null) return conversation;
    if (!(await this.holds(link))) throw new Failed('link_ended');
    await this.#add(link, conversation, state.head, user);
    return conversation;
  }

  /** For whoever has an account: an invitation to the server alone is used up by nobody who is here already. */
  async use(session: Session, { code }: Request<'useInvitation'>): Promise<Result<'useInvitation'>> {
    const id = this.#links.idOf(code);
    const link = id === null ? null : await this.#links.get(id);
    if (id === null || link?.kind !== 'invitation') throw new Failed('not_found');
    const { conversation } = link;
    if (conversation === null) return { conversation: await this.finish(id, session.user) };
    const state = await this.#conversations.state(conversation);
    if (roleOf(state, session.user) !== null) return { conversation };
    if (!(await this.holds(link))) throw new Failed('link_ended');
    await this.#links.claim(id, session.user);
    await this.#add(link, conversation, state.head, session.user);
    return { conversation };
  }

  /** Whether the inviter still may let people in there. */
  async holds({ by, role, conversation }: InvitationLink): Promise<boolean> {
    const inviter = await this.#ports.directory.profile(by);
    if (!inviter || inviter.deactivated || !mayInvite(inviter, role)) return false;
    return conversation === null || mayAdd(await this.#conversations.stateNow(conversation), by);
  }

  /** What a page says of the group before anybody has joined. */
  async groupOf({ conversation }: InvitationLink): Promise<{ title: string; memberCount: number } | null> {
    if (conversation === null) return null;
    const { title, memberCount } = await this.#conversations.state(conversation);
    return { title, memberCount };
  }

  async #runs({ user }: Session): Promise<boolean> {
    const profile = await this.#ports.directory.profile(user);
    return profile !== null && runs(profile);
  }

  /** The two know each other by it, also where strangers meet. */
  async #meet({ by, device }: InvitationLink, user: string): Promise<string | null> {
    const inviter = await this.#ports.directory.profile(by);
    if (!inviter || inviter.deactivated) return null;
    const id = this.#conversations.directId(by, user);
    if ((await this.#conversations.state(id)).head > 0) return id;
    const members = [by, user].sort().map((member) => ({ user: member, role: 'member' as const }));
    const founding = { key: id, conversation: 'direct' as const, title: '', history: 'all' as const, members };
    await this.#conversations.found({ user: by, device }, id, { ...founding, invitation: true });
    return id;
  }

  /** Repeated, it says that the user is a member already. */
  async #add(link: InvitationLink, conversation: string, baseSeq: number, user: string): Promise<void> {
    const inviter = { user: link.by, device: link.device };
    const draft = { kind: 'added' as const, key: this.#ports.random.id(), baseSeq, users: [user] };
    const [result] = await this.#conversations.send(inviter, conversation, [draft]);
    if (!result || 'seq' in result) return;
    if ('notUpTo' in result) throw new Failed('unknown_outcome', { retryAfterMs: 500 });
    const { code, retryAfterMs } = result;
    if (code === 'already_member') return;
    if (['not_allowed', 'not_member', 'not_found'].includes(code)) throw new Failed('link_ended');
    throw new Failed(code as never, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
}

function runs({ role }: Profile): boolean {
  return role === 'owner' || role === 'admin';
}

function mayInvite(inviter: Profile, role: InvitedRole): boolean {
  return !inviter.guest && (role === 'person' || runs(inviter));
}

function mayAdd(state: Conversation, user: string): boolean {
  const role = roleOf(state, user);
  return state.kind === 'group' && (role === 'owner' || role === 'admin');
}

function viewOf(id: string, { by, conversation, role, uses, users, at, until }: InvitationLink): Invitation {
  return { id, by, conversation, role, uses, used: users.length, at, until };
}
