/** Reading: slices of logs, lists of conversations and members, each checked against membership. */
import { isAnnotation } from '../core/annotations.ts';
import type { Clock } from '../core/clock.ts';
import { type Conversation, joinedAt, maySee, peerOf, roleOf } from '../core/conversation.ts';
import { endedSummary } from '../core/inbox.ts';
import { endOf } from '../core/lifetime.ts';
import { isPinListed } from '../core/pins.ts';
import { stageFor } from '../core/request.ts';
import type { Request, Result, Slice } from '../protocol/commands.ts';
import type { Annotation, Entry, Mark, Summary } from '../protocol/entities.ts';
import { MARKS_INLINE_MAX } from '../protocol/limits.ts';
import { settingKey } from '../protocol/settings.ts';
import type { Store, StoredRow } from '../store/store.ts';
import { Annotator, type Part, weightOf } from './annotator.ts';
import type { Conversations } from './conversations.ts';
import type { Directory } from './directory.ts';
import { entryOf, rowsOf } from './entries.ts';
import { Failed } from './failed.ts';
import type { Feeds } from './feeds.ts';
import { listAll } from './load.ts';
import { amongMembers } from './people.ts';
import type { NodePorts } from './ports.ts';
import type { Receipts } from './receipts.ts';
import type { Session } from './session.ts';
import { Counter } from './unread.ts';

/** Entries that one page may hold or pass over on its way to `limit` messages. */
const SCAN_MAX = 1_000;
/** About how many characters of entries one answer may hold: it ends early, at an entry at least. */
const PAGE_CHARACTERS = 256 * 1024;
/** How far back the newest message is looked for that one has not hidden, and how much of it at once. */
const PASSED_MAX = 500;
const PASSED_AT_ONCE = 50;

export class Pages {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #directory: Directory;
  readonly #conversations: Conversations;
  readonly #receipts: Receipts;
  readonly #feeds: Feeds;
  readonly #annotator: Annotator;
  readonly #counter: Counter;

  constructor(ports: NodePorts, conversations: Conversations, receipts: Receipts, feeds: Feeds) {
    this.#store = ports.store;
    this.#clock = ports.clock;
    this.#directory = ports.directory;
    this.#annotator = new Annotator(ports, conversations);
    this.#conversations = conversations;
    this.#receipts = receipts;
    this.#feeds = feeds;
    this.#counter = new Counter(ports, this.#annotator, feeds);
  }

  async read(session: Session, request: Request<'read'>): Promise<Result<'read'>> {
    const slices: Slice[] = [];
    const gone: string[] = [];
    let left = request.limit;
    let room = PAGE_CHARACTERS;
    for (const { conversation, after, to } of request.ranges) {
      if (left <= 0 || room <= 0) break;
      // As of now: no body is served that was deleted before the question came.
      const fresh = await this.#conversations.stateNow(conversation);
      if (roleOf(fresh, session.user) === null) {
        gone.push(conversation);
        continue;
      }
      const start = nextVisible(fresh, session.user, after + 1);
      const last = Math.min(to, fresh.head, start - 1 + left);
      const slice = await this.#slice(session, fresh, Math.min(start, last + 1), last);
      let held = 0;
      while (held < slice.entries.length && room > 0) room -= slice.weightOf(slice.entries[held++]!);
      const cut = held < slice.entries.length;
      const entries = cut ? slice.entries.slice(0, held) : slice.entries;
      left -= held;
      const end = cut ? entries.at(-1)!.seq : Math.max(last, after);
      slices.push(sliceOf(fresh, after + 1, end, entries, slice.annotations));
    }
    return { slices, gone };
  }

  async history(session: Session, request: Request<'history'>): Promise<Slice> {
    const state = await this.#mustSee(session, request.conversation);
    const { place, limit } = request;
    const top = newestVisible(state, session.user);
    if ('last' in place) return this.#older(session, state, top, limit);
    if ('before' in place) return this.#older(session, state, Math.min(place.before - 1, top), limit);
    if ('after' in place) return this.#newer(session, state, place.after + 1, limit);
    const middle = 'around' in place ? place.around : await this.#firstAt(state, place.date);
    const older = await this.#older(session, state, Math.min(middle - 1, top), Math.max(1, limit >> 1));
    const newer = await this.#newer(session, state, Math.max(1, middle), Math.max(1, limit - (limit >> 1)));
    const annotations = [...(older.annotations ?? []), ...(newer.annotations ?? [])];
    return sliceOf(state, older.from, newer.to, [...older.entries, ...newer.entries], annotations);
  }

  /** The state now, for one of its members. */
  async #mustSee({ user }: Session, id: string): Promise<Conversation> {
    const state = await this.#conversations.stateNow(id);
    if (roleOf(state, user) === null) throw new Failed('not_found');
    return state;
  }

  /** All that the user may see of `from … to`, and what was done to the messages there. */
  async #slice(session: Session, state: Conversation, from: number, to: number): Promise<Part> {
    const now = this.#clock.now();
    const rows = (await rowsOf(this.#store, state.id, from, to)).filter((row) => maySee(state, session.user, row.seq));
    const entries = rows.map((row) => entryOf(row, now));
    // Of what has ended nothing is told but that it has, whether it is trimmed already or not.
    const isOver = endOf(state.keeping, now) !== null;
    return this.#annotator.part(state, session.user, isOver ? entries.filter(({ kind }) => kind === 'ended') : entries);
  }

  /** What was done to the messages of a range that the user may see. */
  async annotations(session: Session, request: Request<'annotations'>): Promise<Result<'annotations'>> {
    const state = await this.#mustSee(session, request.conversation);
    this.#mustGoOn(state);
    return this.#annotator.annotations(state, session.user, request);
  }

  /** What a message said, from the first to the last. */
  async versions(session: Session, request: Request<'versions'>): Promise<Result<'versions'>> {
    const state = await this.#mustSee(session, request.conversation);
    if (!maySee(state, session.user, request.seq)) throw new Failed('not_found');
    this.#mustGoOn(state);
    return this.#annotator.versions(state, request);
  }

  #mustGoOn({ keeping }: Conversation): void {
    if (endOf(keeping, this.#clock.now()) !== null) throw new Failed('conversation_ended');
  }

  async #older(session: Session, state: Conversation, to: number, limit: number): Promise<Slice> {
    let entries: Entry[] = [];
    const annotations: Annotation[] = [];
    let from = to + 1;
    let messages = 0;
    let room = PAGE_CHARACTERS;
    const bottom = oldestVisible(state, session.user);
    while (from > bottom && messages < limit && room > 0 && entries.length < SCAN_MAX) {
      const end = lastVisible(state, session.user, from - 1);
      const start = Math.max(bottom, end + 1 - Math.max(limit - messages, 20));
      const slice = await this.#slice(session, state, start, end);
      const kept: Entry[] = [];
      let reached = start;
      for (let i = slice.entries.length - 1; i >= 0; i--) {
        const entry = slice.entries[i]!;
        kept.unshift(entry);
        room -= slice.weightOf(entry);
        if (entry.kind === 'message') messages++;
        if (messages === limit || room <= 0) {
          reached = entry.seq;
          break;
        }
      }
      entries = [...kept, ...entries];
      annotations.push(...slice.annotations);
      from = reached;
    }
    // Below the oldest that this user may see there is nothing to come.
    if (from <= bottom) from = 1;
    return sliceOf(state, from, to, entries, annotations);
  }

  async #newer(session: Session, state: Conversation, from: number, limit: number): Promise<Slice> {
    const entries: Entry[] = [];
    const annotations: Annotation[] = [];
    let to = from - 1;
    let messages = 0;
    let room = PAGE_CHARACTERS;
    while (to < state.head && messages < limit && room > 0 && entries.length < SCAN_MAX) {
      const start = nextVisible(state, session.user, to + 1);
      const end = Math.min(state.head, start - 1 + Math.max(limit - messages, 20));
      const slice = await this.#slice(session, state, start, end);
      to = end;
      annotations.push(...slice.annotations);
      for (const entry of slice.entries) {
        entries.push(entry);
        room -= slice.weightOf(entry);
        if (entry.kind === 'message') messages++;
        if (messages === limit || room <= 0) {
          to = entry.seq;
          break;
        }
      }
    }
    return sliceOf(state, from, to, entries, annotations);
  }

  /** The first seq at or after that time: log time never goes back. */
  async #firstAt(state: Conversation, date: number): Promise<number> {
    let low = 1;
    let high = state.head;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = (await this.#store.read(`c/${state.id}`, middle, 1)).rows[0];
      if (row && row.seq === middle && (JSON.parse(row.header) as Entry).at >= date) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  async members(session: Session, request: Request<'members'>): Promise<Result<'members'>> {
    const state = await this.#conversations.stateFor(session, request.conversation);
    const { query = '', limit, after } = request;
    const users = [...state.members]
      .flatMap(([user, { role }]) => (role !== null && (after === null || user > after) ? user : []))
      .sort();
    const whole = { found: users.slice(0, limit), next: users.length > limit ? users[limit - 1]! : null };
    const profilesOf = (some: readonly string[]) => this.#directory.profiles(some);
    const { found, next } = query.trim() === '' ? whole : await amongMembers(users, profilesOf, query, limit);
    const members = found.map((user) => {
      const membership = state.members.get(user)!;
      return { user, role: membership.role!, joined: joinedAt(membership) };
    });
    return { members, next, asOf: state.head };
  }

  /** Newest first. The position is `<time>:<id>`, so that what moves up meanwhile is only met again, never missed. */
  async conversations(session: Session, request: Request<'conversations'>): Promise<Result<'conversations'>> {
    const epoch = await this.#store.epoch();
    const feedHead = await this.#feeds.head(session.user);
    const held = await listAll(this.#store, `inbox/${session.user}`);
    const recent = await Promise.all(
      held.filter(({ value }) => value !== '').map(async ({ key }) => ({ id: key, at: await this.#lastAt(key) })),
    );
    const names = recent
      .map(({ id, at }) => `${String(at).padStart(16, '0')}:${id}`)
      .sort()
      .reverse();
    const rest = request.after === null ? names : names.filter((name) => name < request.after!);
    const page = rest.slice(0, request.limit);
    const summaries = await Promise.all(page.map((name) => this.summary(session, name.slice(17))));
    let room = PAGE_CHARACTERS;
    let told = 0;
    while (told < page.length && room > 0) {
      const last = summaries[told++]?.last;
      if (last) room -= weightOf(last);
    }
    return {
      epoch,
      feedHead,
      conversations: summaries.slice(0, told).filter((summary) => summary !== null),
      next: rest.length > told ? (page[told - 1] ?? null) : null,
    };
  }

  async #lastAt(id: string): Promise<number> {
    const held = this.#conversations.held(id);
    if (held) return held.active.at;
    const head = await this.#store.head(`c/${id}`);
    const row = (await this.#store.read(`c/${id}`, head, 1)).rows[0];
    if (!row) return 0;
    const newest = JSON.parse(row.header) as Entry;
    return isAnnotation(newest) ? (await this.#conversations.state(id)).active.at : newest.at;
  }

  async summaries(session: Session, request: Request<'summaries'>): Promise<Result<'summaries'>> {
    const found = await Promise.all(request.conversations.map((id) => this.summary(session, id)));
    return {
      conversations: found.filter((summary) => summary !== null),
      gone: request.conversations.filter((_, i) => found[i] === null),
    };
  }

  /** The conversation as this user sees it at its head; null for whoever is not a member now. */
  async summary(session: Session, id: string): Promise<Summary | null> {
    const state = await this.#conversations.stateNow(id);
    const membership = state.members.get(session.user);
    if (!membership || membership.role === null) return null;
    const ownRead = await this.#receipts.ownRead(session.user, id);
    const read = Math.max(ownRead, joinedAt(membership) - 1);
    const request = stageFor(state.request, session.user);
    const { lifetime } = state.keeping;
    const summary: Summary = {
      id,
      kind: state.kind,
      title: state.title,
      ...(state.picture === null ? {} : { picture: state.picture }),
      peer: peerOf(state, session.user),
      ...(request === undefined ? {} : { request }),
      ...(state.request?.state === 'invited' ? { invitedBy: state.request.by! } : {}),
      history: state.history,
      ...(lifetime.kind === 'always' ? {} : { lifetime }),
      channel: state.channel,
      role: membership.role,
      joined: joinedAt(membership),
      memberCount: state.memberCount,
      head: state.head,
      ordinal: state.ordinal,
      ...(await this.#newestMessage(state, session.user)),
      ...pinsFor(state, joinedAt(membership)),
      at: state.active.at,
      read,
      ...(await this.#counter.count(state, session.user, read)),
      marks: state.memberCount <= MARKS_INLINE_MAX ? sorted(await this.#receipts.marks(state, session.user)) : [],
    };
    const ended = endOf(state.keeping, this.#clock.now());
    return ended === null ? summary : endedSummary(summary, ended);
  }

  /** With what was done to its words; its reactions are not looked at in a list. */
  async #newestMessage(state: Conversation, user: string): Promise<Pick<Summary, 'last' | 'annotations'>> {
    const row = await this.#newestRow(state, user);
    if (!row) return { last: null };
    const { entries, annotations } = await this.#annotator.part(state, user, [entryOf(row, this.#clock.now())]);
    const words = annotations.filter(({ what }) => what !== 'reacted');
    return { last: entries[0]!, ...(words.length > 0 ? { annotations: words } : {}) };
  }

  /** Of a message that the user may see and has not hidden; of a long row of hidden ones the nearest are passed over. */
  async #newestRow(state: Conversation, user: string): Promise<StoredRow | null> {
    const { id, lastMessage } = state;
    if (lastMessage === 0 || !maySee(state, user, lastMessage)) return null;
    if ((await this.#feeds.setting(user, settingKey.hide(id, lastMessage))) !== '1') {
      const row = (await this.#store.read(`c/${id}`, lastMessage, 1)).rows[0];
      return row?.seq === lastMessage ? row : null;
    }
    const hidden = await this.#feeds.hidden(user, id);
    for (let to = lastMessage - 1; to > Math.max(0, lastMessage - PASSED_MAX); to -= PASSED_AT_ONCE) {
      const from = Math.max(1, to - PASSED_AT_ONCE + 1);
      const { rows } = await this.#store.read(`c/${id}`, from, to - from + 1);
      const row = rows.findLast(
        ({ seq, header }) =>
          !hidden.has(seq) && maySee(state, user, seq) && (JSON.parse(header) as Entry).kind === 'message',
      );
      if (row) return row;
    }
    return null;
  }

  async mustSummarize(session: Session, id: string): Promise<Summary> {
    const summary = await this.summary(session, id);
    if (!summary) throw new Failed('not_found');
    return summary;
  }
}

/** `annotations` may be of more messages than the entries hold. */
function sliceOf(
  { id, head }: Conversation,
  from: number,
  to: number,
  entries: Entry[],
  annotations: readonly Annotation[],
): Slice {
  const seqs = new Set(entries.map(({ seq }) => seq));
  const own = annotations.filter(({ target }) => seqs.has(target));
  return { conversation: id, from, to, entries, ...(own.length > 0 ? { annotations: own } : {}), head };
}

function pinsFor({ pins: all, history }: Conversation, joined: number): Pick<Summary, 'pins'> {
  const pins = all.filter((seq) => isPinListed({ history, joined }, seq));
  return pins.length > 0 ? { pins } : {};
}

function sorted(marks: readonly Mark[]): Mark[] {
  return [...marks].sort((a, b) => (a.user < b.user ? -1 : 1));
}

function oldestVisible(state: Conversation, user: string): number {
  return state.members.get(user)?.intervals[0]?.from ?? state.head + 1;
}

/** The first seq from there on that the user may see, should there be one: what is hidden is passed over unread. */
function nextVisible(state: Conversation, user: string, from: number): number {
  const { intervals = [] } = state.members.get(user) ?? {};
  const next = intervals.find(({ to }) => to === 0 || to >= from);
  return next ? Math.max(next.from, from) : state.head + 1;
}

/** The last seq up to there that the user may see; 0 when there is none. */
function lastVisible(state: Conversation, user: string, upTo: number): number {
  const { intervals = [] } = state.members.get(user) ?? {};
  const last = intervals.findLast(({ from }) => from <= upTo);
  return last ? Math.min(last.to === 0 ? upTo : last.to, upTo) : 0;
}

function newestVisible(state: Conversation, user: string): number {
  return roleOf(state, user) === null ? 0 : state.head;
}
