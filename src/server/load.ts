/** A conversation's state from its projections: what fan-out has raised, so that nobody folds a whole log. */
import { type Conversation, emptyConversation, joinedAt, type Membership } from '../core/conversation.ts';
import { KEPT, type Keeping } from '../core/lifetime.ts';
import type { Request } from '../core/request.ts';
import type { ConversationKind, Entry, HistoryRule } from '../protocol/entities.ts';
import type { KeyedRegister, Store } from '../store/store.ts';

interface Meta {
  readonly kind: ConversationKind;
  readonly title: string;
  readonly history: HistoryRule;
}

const PAGE = 1_000;

/** The state as of the seq up to which the projections were raised; memberships may be newer (`core` allows for it). */
export async function loadConversation(store: Store, id: string): Promise<Conversation> {
  const empty = emptyConversation(id);
  const projected = (await store.getRegister(`progress/${id}`, 'projected'))?.stamp ?? 0;
  if (projected === 0) return empty;
  const meta = await store.getRegister(`progress/${id}`, 'meta');
  const row = (await store.read(`c/${id}`, projected, 1)).rows[0];
  if (!meta || !row || row.seq !== projected) return empty;
  const { kind, title, history } = JSON.parse(meta.value) as Meta;
  const channel = (await store.getRegister(`progress/${id}`, 'channel')) !== null;
  const request = await store.getRegister(`progress/${id}`, 'request');
  const active = await store.getRegister(`progress/${id}`, 'active');
  const pins = await store.getRegister(`progress/${id}`, 'pins');
  const picture = await store.getRegister(`progress/${id}`, 'picture');
  const lifetime = await store.getRegister(`progress/${id}`, 'lifetime');
  const expiring = await store.getRegister(`progress/${id}`, 'expiring');
  const { ordinal, lastMessage, at } = JSON.parse(row.header) as Entry;
  const members = new Map<string, Membership>();
  for (const { key, stamp, value } of await listAll(store, `members/${id}`)) {
    members.set(key, { ...(JSON.parse(value) as Omit<Membership, 'stamp'>), stamp });
  }
  let memberCount = 0;
  for (const membership of members.values()) if (membership.role !== null) memberCount++;
  return {
    id,
    kind,
    title,
    titleStamp: meta.stamp,
    picture: picture?.value || null,
    pictureStamp: picture?.stamp ?? 0,
    history,
    channel,
    members,
    request: request && { ...(JSON.parse(request.value) as Omit<Request, 'stamp'>), stamp: request.stamp },
    memberCount,
    head: projected,
    ordinal,
    lastMessage,
    at,
    active: active ? { seq: active.stamp, at: Number(active.value) } : { seq: projected, at },
    pins: pins ? (JSON.parse(pins.value) as number[]) : [],
    pinsStamp: pins?.stamp ?? 0,
    keeping: lifetime ? { ...(JSON.parse(lifetime.value) as Omit<Keeping, 'stamp'>), stamp: lifetime.stamp } : KEPT,
    expiring: expiring ? { seq: expiring.stamp, at: Number(expiring.value) } : { seq: 0, at: 0 },
  };
}

/** The last seq that was written before this time; 0 when there is none. Log time never goes back. */
export async function lastBefore(store: Store, id: string, head: number, time: number): Promise<number> {
  let [low, high] = [0, head];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const row = (await store.read(`c/${id}`, middle, 1)).rows[0];
    if (row?.seq === middle && (JSON.parse(row.header) as Entry).at >= time) high = middle - 1;
    else low = middle;
  }
  return low;
}

/** The registers whose keys begin so, read so many at a time: fewer where much else stands behind them. */
export async function listAll(store: Store, partition: string, prefix = '', limit = PAGE): Promise<KeyedRegister[]> {
  const all: KeyedRegister[] = [];
  for (;;) {
    const page = await store.listRegisters(partition, all.at(-1)?.key ?? prefix, limit);
    const own = page.filter(({ key }) => key.startsWith(prefix));
    all.push(...own);
    if (own.length < limit) return all;
  }
}

/**
 * Raises what a conversation's state says about memberships and itself, as far as it is newer than `since`; `projected`
 * comes last, so that whoever starts from it finds all below.
 */
export async function projectConversation(store: Store, state: Conversation, since: number): Promise<void> {
  const registers: KeyedRegister[] = [];
  const inboxes: Promise<void>[] = [];
  for (const [user, membership] of state.members) {
    const { role, stamp, joined, intervals } = membership;
    if (stamp <= since) continue;
    registers.push({ key: user, stamp, value: JSON.stringify({ role, joined, intervals }) });
    inboxes.push(store.raise(`inbox/${user}`, [{ key: state.id, stamp, value: role === null ? '' : 'member' }]));
    if (joinedAt(membership) > 1) inboxes.push(store.raise(`marks/${state.id}`, marksAt(user, joined - 1)));
  }
  await Promise.all([...inboxes, ...(registers.length > 0 ? [store.raise(`members/${state.id}`, registers)] : [])]);
  const { kind, title, history, titleStamp, picture, pictureStamp } = state;
  const { request, active, pins, pinsStamp, keeping, expiring } = state;
  const progress: KeyedRegister[] = [];
  if (titleStamp > since) {
    progress.push({ key: 'meta', stamp: titleStamp, value: JSON.stringify({ kind, title, history }) });
  }
  if (pictureStamp > since) progress.push({ key: 'picture', stamp: pictureStamp, value: picture ?? '' });
  if (request && request.stamp > since) {
    const { stamp, ...rest } = request;
    progress.push({ key: 'request', stamp, value: JSON.stringify(rest) });
  }
  if (pinsStamp > since) progress.push({ key: 'pins', stamp: pinsStamp, value: JSON.stringify(pins) });
  if (keeping.stamp > since) {
    const { stamp, ...rest } = keeping;
    progress.push({ key: 'lifetime', stamp, value: JSON.stringify(rest) });
  }
  if (expiring.seq > since) progress.push({ key: 'expiring', stamp: expiring.seq, value: String(expiring.at) });
  progress.push({ key: 'active', stamp: active.seq, value: String(active.at) });
  if (state.channel) progress.push({ key: 'channel', stamp: 1, value: '1' });
  progress.push({ key: 'projected', stamp: state.head, value: '' });
  await store.raise(`progress/${state.id}`, progress);
}

/** Both watermarks of a user as registers: the stamp is the seq itself. */
export function marksAt(user: string, delivered: number, read = delivered): KeyedRegister[] {
  return [
    { key: `${user}/d`, stamp: Math.max(delivered, read), value: '' },
    { key: `${user}/r`, stamp: read, value: '' },
  ];
}
