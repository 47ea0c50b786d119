/**
 * A conversation is a fold over its log. `check` says whether a draft may be appended to a state, `enter` makes the
 * entry, `apply` folds it in. All are pure; states are never changed in place, and share what did not change.
 */
import type { ConversationKind, Draft, Entry, HistoryRule, Role } from '../protocol/entities.ts';
import { FEED_MEMBERS_MAX, type Limits } from '../protocol/limits.ts';
import { checkAct, isAct, type Target } from './acts.ts';
import { isAnnotation } from './annotations.ts';
import { checkLifetime, endOf, expiryOf, followKeeping, KEPT, type Keeping, lastsFor } from './lifetime.ts';
import { followPins } from './pins.ts';
import { followRequest, isUnanswered, type Request, stageFor } from './request.ts';
import { assert, type Refusal, refuse, unreachable } from './result.ts';
import { utf8Bytes } from './text.ts';

/** Seqs `from … to` that a member may see; `to` 0 while the membership lasts. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface Membership {
  /** null for a former member. */
  readonly role: Role | null;
  /** The seq of the entry that last changed this membership. */
  readonly stamp: number;
  /** The seq of the entry by which this membership began; what may be seen can begin earlier. */
  readonly joined: number;
  readonly intervals: readonly Interval[];
}

export interface Conversation {
  readonly id: string;
  readonly kind: ConversationKind;
  readonly title: string;
  /** The seq of the entry that last changed the title. */
  readonly titleStamp: number;
  /** A group's, as the id of its file, and the seq of the entry that last changed it. */
  readonly picture: string | null;
  readonly pictureStamp: number;
  readonly history: HistoryRule;
  readonly members: ReadonlyMap<string, Membership>;
  /** Null where it never was one. */
  readonly request: Request | null;
  readonly memberCount: number;
  /** Had more than `FEED_MEMBERS_MAX` members at some time. */
  readonly channel: boolean;
  readonly head: number;
  readonly ordinal: number;
  readonly lastMessage: number;
  readonly at: number;
  /** The newest entry that is not about one of before: its seq, and its time. */
  readonly active: { readonly seq: number; readonly at: number };
  /** The pinned messages, in the order of pinning, and the seq of the entry that last changed them. */
  readonly pins: readonly number[];
  readonly pinsStamp: number;
  readonly keeping: Keeping;
  /** The newest message that goes by itself, and when; both 0 when there was none. */
  readonly expiring: { readonly seq: number; readonly at: number };
}

export interface Actor {
  readonly user: string;
  readonly device: string;
  /** Whom the actor may not add to anything, because they have not accepted the actor; nobody when left out. */
  readonly strangers?: ReadonlySet<string>;
}

export function emptyConversation(id: string): Conversation {
  return {
    id,
    kind: 'group',
    title: '',
    titleStamp: 0,
    picture: null,
    pictureStamp: 0,
    history: 'joined',
    members: new Map(),
    request: null,
    memberCount: 0,
    channel: false,
    head: 0,
    ordinal: 0,
    lastMessage: 0,
    at: 0,
    active: { seq: 0, at: 0 },
    pins: [],
    pinsStamp: 0,
    keeping: KEPT,
    expiring: { seq: 0, at: 0 },
  };
}

export function roleOf(state: Conversation, user: string): Role | null {
  return state.members.get(user)?.role ?? null;
}

/** Whether the user may see the entry at this seq now: a former member sees nothing. */
export function maySee(state: Conversation, user: string, seq: number): boolean {
  const membership = state.members.get(user);
  if (!membership || membership.role === null) return false;
  return membership.intervals.some((interval) => seq >= interval.from && (interval.to === 0 || seq <= interval.to));
}

/** The members of now, in no particular order. */
export function currentMembers(state: Conversation): string[] {
  const users: string[] = [];
  for (const [user, membership] of state.members) if (membership.role !== null) users.push(user);
  return users;
}

/** The other one of a direct conversation; null elsewhere. */
export function peerOf(state: Conversation, user: string): string | null {
  if (state.kind !== 'direct') return null;
  for (const member of state.members.keys()) if (member !== user) return member;
  return null;
}

/**
 * Why this draft may not be appended now, or null. Whoever is not a member is told that there is nothing here. `target` is
 * the message that an act is about, at the state's head; null where there is none. `now` is when, in the log's time.
 */
export function check(
  state: Conversation,
  actor: Actor,
  draft: Draft,
  limits: Limits,
  target: Target | null = null,
  now: number = state.at,
): Refusal | null {
  const membership = state.members.get(actor.user);
  if (state.head === 0 || !membership) return refuse('not_found');
  if (membership.role === null) return refuse('not_member');
  if (endOf(state.keeping, now) !== null) return refuse('conversation_ended');
  if (draft.kind === 'message') return checkMessage(state, actor, draft, limits);
  if (draft.kind === 'accepted') return checkAccepted(state, actor);
  if (isAct(draft)) {
    if (!target || !maySee(state, actor.user, draft.target)) return refuse('not_found');
    const { kind, request, pins } = state;
    const place = { kind, request, pins, role: membership.role, authorRole: roleOf(state, target.sender) };
    return checkAct(place, actor.user, draft, target, limits, now);
  }
  if (draft.kind === 'lifetime' && isUnanswered(state.request)) return refuse('not_answered');
  if (draft.kind === 'lifetime') return checkLifetime(state, membership.role, draft.lifetime);
  if (draft.kind === 'left' && state.kind === 'direct' && state.keeping.lifetime.kind === 'whole') return null;
  if (state.kind !== 'group') return refuse('not_allowed');
  const role = membership.role;
  switch (draft.kind) {
    case 'added': {
      if (role === 'member') return refuse('not_allowed');
      const added = draft.users.filter((user) => roleOf(state, user) === null);
      if (added.length === 0) return refuse('already_member');
      if (added.some((user) => actor.strangers?.has(user))) return refuse('not_acquainted');
      return state.memberCount + added.length > limits.groupMembers ? refuse('too_many_members') : null;
    }
    case 'removed': {
      const target = roleOf(state, draft.user);
      if (target === null) return refuse('not_found');
      if (draft.user === actor.user || !outranks(role, target)) return refuse('not_allowed');
      return null;
    }
    case 'left':
      return role === 'owner' && owners(state) === 1 && state.memberCount > 1 ? refuse('last_owner') : null;
    case 'role': {
      const target = roleOf(state, draft.user);
      if (target === null) return refuse('not_found');
      if (role !== 'owner') return refuse('not_allowed');
      return target === 'owner' && draft.role !== 'owner' && owners(state) === 1 ? refuse('last_owner') : null;
    }
    case 'renamed':
      if (role === 'member') return refuse('not_allowed');
      if (draft.title.trim() === '') return refuse('empty');
      return utf8Bytes(draft.title) > limits.titleBytes ? refuse('too_long') : null;
    case 'pictured':
      return role === 'member' ? refuse('not_allowed') : null;
    default:
      return unreachable(draft);
  }
}

function checkMessage(
  state: Conversation,
  { user }: Actor,
  draft: Extract<Draft, { kind: 'message' }>,
  limits: Limits,
): Refusal | null {
  if (stageFor(state.request, user) === 'sent') return refuse('not_answered');
  const { attachments, ref } = draft;
  if (draft.body.text.trim() === '' && attachments === undefined) return refuse('empty');
  if (utf8Bytes(draft.body.text) > limits.textBytes) return refuse('too_long');
  // Of somebody whom one has not accepted one sees a name and words.
  if (attachments !== undefined && isUnanswered(state.request)) return refuse('not_answered');
  return ref !== undefined && (ref > state.head || !maySee(state, user, ref)) ? refuse('not_found') : null;
}

/** Only the one who was asked answers. */
function checkAccepted({ request }: Conversation, { user }: Actor): Refusal | null {
  return stageFor(request, user) === 'received' ? null : refuse('not_asked');
}

function outranks(role: Role, target: Role): boolean {
  return role === 'owner' ? target !== 'owner' : role === 'admin' && target === 'member';
}

function owners(state: Conversation): number {
  let count = 0;
  for (const membership of state.members.values()) if (membership.role === 'owner') count++;
  return count;
}

/** The entry that follows this state. Log time never goes back, whatever the clock says. */
export function enter(
  state: Conversation,
  actor: Actor,
  draft: Draft,
  now: number,
  target: Target | null = null,
): Entry {
  const seq = state.head + 1;
  const message = draft.kind === 'message';
  const header = {
    v: 1 as const,
    seq,
    at: Math.max(now, state.at),
    sender: actor.user,
    device: actor.device,
    key: draft.key,
    ordinal: state.ordinal + (message ? 1 : 0),
    lastMessage: message ? seq : state.lastMessage,
  };
  const expires = message ? expiryOf(state.keeping.lifetime, header.at) : (target?.expires ?? null);
  const expiring = expires === null ? {} : { expires };
  const lasts = lastsFor(state.keeping.lifetime);
  switch (draft.kind) {
    case 'message':
      return {
        ...header,
        kind: 'message',
        ...(draft.ref === undefined ? {} : { ref: draft.ref }),
        ...(draft.mentions === undefined ? {} : { mentions: draft.mentions }),
        ...(draft.attachments === undefined ? {} : { attachments: draft.attachments }),
        ...expiring,
        ...(lasts === null ? {} : { lasts }),
        body: draft.body,
      };
    case 'added':
      return { ...header, kind: 'added', users: draft.users.filter((user) => roleOf(state, user) === null) };
    case 'removed':
      return { ...header, kind: 'removed', user: draft.user };
    case 'left':
      return { ...header, kind: 'left' };
    case 'accepted':
      return { ...header, kind: 'accepted' };
    case 'role':
      return { ...header, kind: 'role', user: draft.user, role: draft.role };
    case 'renamed':
      return { ...header, kind: 'renamed', title: draft.title.trim() };
    case 'pictured':
      return { ...header, kind: 'pictured', picture: draft.picture };
    case 'edited':
      return {
        ...header,
        kind: 'edited',
        target: draft.target,
        ...(draft.mentions === undefined ? {} : { mentions: draft.mentions }),
        ...expiring,
        body: draft.body,
      };
    case 'deleted':
      return { ...header, kind: 'deleted', target: draft.target };
    case 'reacted':
      return { ...header, kind: 'reacted', target: draft.target, emoji: draft.emoji };
    case 'pinned':
      return { ...header, kind: 'pinned', target: draft.target, pinned: draft.pinned };
    case 'lifetime':
      return { ...header, kind: 'lifetime', lifetime: draft.lifetime };
    default:
      return unreachable(draft);
  }
}

export function apply(state: Conversation, entry: Entry): Conversation {
  assert(entry.seq === state.head + 1, `entry ${entry.seq} follows ${state.head}`);
  const { seq, ordinal, lastMessage, at } = entry;
  const active = isAnnotation(entry) ? state.active : { seq, at };
  const request = followRequest(state.request, entry);
  const keeping = followKeeping(state.keeping, entry);
  const next = { ...state, head: seq, ordinal, lastMessage, at, active, request, keeping };
  switch (entry.kind) {
    case 'message':
      return entry.expires === undefined ? next : { ...next, expiring: { seq, at: entry.expires } };
    case 'ended':
      return { ...next, title: '', titleStamp: seq, picture: null, pictureStamp: seq, pins: [], pinsStamp: seq };
    case 'created': {
      const members = new Map<string, Membership>();
      for (const [user, membership] of state.members) members.set(user, membership);
      for (const { user, role } of entry.members) {
        if (isNews(state, user, entry.seq))
          members.set(user, { role, stamp: entry.seq, joined: entry.seq, intervals: [{ from: 1, to: 0 }] });
      }
      return withMembers(
        { ...next, kind: entry.conversation, title: entry.title, titleStamp: entry.seq, history: entry.history },
        members,
      );
    }
    case 'added': {
      const members = new Map(state.members);
      for (const user of entry.users) {
        if (isNews(state, user, entry.seq)) members.set(user, joined(state, user, entry.seq));
      }
      return withMembers(next, members);
    }
    case 'removed':
      return withMembers(next, without(state, entry.user, entry.seq));
    case 'left':
      return withMembers(next, without(state, entry.sender, entry.seq));
    case 'role': {
      const membership = state.members.get(entry.user);
      if (!membership || !isNews(state, entry.user, entry.seq)) return next;
      return withMembers(
        next,
        new Map(state.members).set(entry.user, { ...membership, role: entry.role, stamp: entry.seq }),
      );
    }
    case 'renamed':
      return entry.seq > state.titleStamp ? { ...next, title: entry.title, titleStamp: entry.seq } : next;
    case 'pictured':
      return seq > state.pictureStamp ? { ...next, picture: entry.picture, pictureStamp: seq } : next;
    case 'pinned':
    case 'deleted': {
      const pins = entry.seq > state.pinsStamp ? followPins(state.pins, entry) : state.pins;
      return pins === state.pins ? next : { ...next, pins, pinsStamp: entry.seq };
    }
    default:
      return next;
  }
}

/** A projection may be ahead of the fold that starts from it: what it already holds is not folded in twice. */
function isNews(state: Conversation, user: string, seq: number): boolean {
  return (state.members.get(user)?.stamp ?? 0) < seq;
}

function joined(state: Conversation, user: string, seq: number): Membership {
  const past = state.members.get(user)?.intervals ?? [];
  const intervals = state.history === 'all' ? [{ from: 1, to: 0 }] : [...past, { from: seq, to: 0 }];
  return { role: 'member', stamp: seq, joined: seq, intervals };
}

function without(state: Conversation, user: string, seq: number): ReadonlyMap<string, Membership> {
  const membership = state.members.get(user);
  if (!membership || !isNews(state, user, seq)) return state.members;
  const intervals = membership.intervals.map((interval) => (interval.to === 0 ? { ...interval, to: seq } : interval));
  return new Map(state.members).set(user, { ...membership, role: null, stamp: seq, intervals });
}

function withMembers(state: Conversation, members: ReadonlyMap<string, Membership>): Conversation {
  let memberCount = 0;
  for (const membership of members.values()) if (membership.role !== null) memberCount++;
  return { ...state, members, memberCount, channel: state.channel || memberCount > FEED_MEMBERS_MAX };
}

/** The seq since which the user is a member without interruption; 0 for whoever is not. */
export function joinedAt(membership: Membership): number {
  return membership.role === null ? 0 : membership.joined;
}
