/**
 * What this device holds: in memory, and written behind to storage. What is staged in one turn is written in one
 * step, and steps keep their order; so storage is always a state that memory was in.
 *
 * Seqs up to a conversation's `summary.head` that are in no range are a hole: fetched when somebody looks there.
 */
import { annotationsOf } from '../core/annotations.ts';
import { type Clock, delay } from '../core/clock.ts';
import { foldEntry } from '../core/inbox.ts';
import { withoutExpired } from '../core/lifetime.ts';
import { cover, rangeAt } from '../core/ranges.ts';
import { type MarksByUser as Marks, mergeMarks, raiseMark } from '../core/receipts.ts';
import { isMentionTooOld, type Reader, UNREAD_CAP, withUnread } from '../core/unread.ts';
import type { Slice } from '../protocol/commands.ts';
import type { Annotation, Entry, Mark, Position, Profile, Summary } from '../protocol/entities.ts';
import { MARKS_INLINE_MAX } from '../protocol/limits.ts';
import { Annals } from './annals.ts';
import { type Held, isOver, readUpTo, rehidden, staleIn } from './held.ts';
import { type HeldSetting, Settings } from './settings.ts';
import type { Storage, Write } from './storage/storage.ts';

export interface ReplicaHooks {
  changed(conversation: string | null): void;
  /** Entries that came above the former head, in order. */
  news(conversation: string, entries: readonly Entry[]): void;
  /** Any entries that came. */
  stored(conversation: string, entries: readonly Entry[]): void;
  /** What was done to messages, held or not. */
  annotated(conversation: string, annotations: readonly Annotation[]): void;
  /** The server's store was put back to a former state, in which the log ends at `head`. */
  restored(conversation: string, head: number): void;
  /** Storage takes no more: another tab writes it now. */
  taken(): void;
  /** Storage takes nothing, as when it is full, or does so again. */
  keeps(isKept: boolean): void;
}

const PAGE = 500;

export class Replica {
  readonly conversations = new Map<string, Held>();
  readonly settings = new Settings();
  readonly profiles = new Map<string, Profile>();
  /** The direct conversation with each user. */
  readonly #directs = new Map<string, string>();
  position: Position | null = null;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  offset = 0;
  /** Where the list of conversations goes on, null when all of it is held; undefined before the first page. */
  listNext: string | null | undefined = undefined;
  user = '';
  /** What the server was last called; '' before it was told. */
  serverName = '';
  hooks: ReplicaHooks = { changed() {}, news() {}, stored() {}, annotated() {}, restored() {}, taken() {}, keeps() {} };
  readonly storage: Storage;
  /** Entries, and what was done to them later. */
  readonly annals: Annals;
  readonly #clock: Clock;
  readonly #writer: string;
  /** How often in this run what counts as unread has changed, other than by the log or by reading. */
  recounts = 0;
  /** Where one left what is not held: a summary of before is on its way, perhaps. */
  readonly #leftAt = new Map<string, number>();
  #staged = new Map<string, Write>();
  #flushing: Promise<void> | null = null;
  #isTaken = false;
  #isKept = true;

  constructor(storage: Storage, clock: Clock, writer: string) {
    this.storage = storage;
    this.annals = new Annals(this);
    this.#clock = clock;
    this.#writer = writer;
  }

  async load(): Promise<void> {
    await this.storage.write([{ kind: 'put', key: 'writer', value: this.#writer }]);
    this.position = ((await this.storage.get('m/position')) as Position | undefined) ?? null;
    this.offset = ((await this.storage.get('m/offset')) as number | undefined) ?? 0;
    this.listNext = (await this.storage.get('m/list')) as string | null | undefined;
    this.serverName = ((await this.storage.get('m/server')) as string | undefined) ?? '';
    for await (const [id, value] of this.all('c/')) {
      const held = value as Omit<Held, 'marks'> & { marks: Mark[] };
      const { unread, firstUnread } = held.summary;
      // Of an earlier version, which did not keep where the unread ones begin.
      const doubt = held.doubt ?? (unread > 0 && unread < UNREAD_CAP && !firstUnread ? 'unread' : null);
      this.#hold(id, { ...held, doubt, marks: new Map(held.marks.map((mark) => [mark.user, mark])) });
    }
    for await (const [key, value] of this.all('s/')) this.settings.set(key, value as HeldSetting);
    for await (const [user, value] of this.all('p/')) this.profiles.set(user, value as Profile);
    await this.annals.load();
  }

  /** All that is stored under keys that begin so, without that beginning. */
  async *all(prefix: string): AsyncGenerator<[string, unknown]> {
    const end = `${prefix.slice(0, -1)}0`;
    let from = prefix;
    for (;;) {
      const rows = await this.storage.range(from, end, PAGE);
      for (const { key, value } of rows) yield [key.slice(prefix.length), value];
      if (rows.length < PAGE) return;
      from = `${rows.at(-1)!.key}\0`;
    }
  }

  /** Forgets everything; for the same user, who has signed in anew, all but what was written here and not yet sent. */
  async wipe(sameUser: boolean): Promise<void> {
    for await (const [key] of this.all('e/')) this.stage({ kind: 'delete', key: `e/${key}` });
    for (const prefix of ['a/', 'c/', 's/', 'p/', 'm/', 't/', 'x/', ...(sameUser ? [] : ['o/', 'd/', 'f/'])]) {
      for await (const [key] of this.all(prefix)) this.stage({ kind: 'delete', key: prefix + key });
    }
    this.conversations.clear();
    this.#directs.clear();
    this.settings.clear();
    this.profiles.clear();
    this.position = null;
    this.listNext = undefined;
    await this.flushed();
  }

  stage(write: Write): void {
    this.#staged.delete(write.key);
    this.#staged.set(write.key, write);
    this.#flushing ??= this.#flush();
  }

  put(key: string, value: unknown): void {
    this.stage({ kind: 'put', key, value });
  }

  /** Resolves when all that was staged before the call is durable. */
  flushed(): Promise<void> {
    return this.#flushing ?? Promise.resolve();
  }

  async #flush(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.soon(resolve));
    while (this.#staged.size > 0 && !this.#isTaken) {
      const staged = this.#staged;
      this.#staged = new Map();
      try {
        if (await this.storage.write([...staged.values()], this.#writer)) {
          this.#keep(true);
          continue;
        }
        this.#isTaken = true;
        this.hooks.taken();
      } catch {
        this.#keep(false);
        // What is newer wins over what could not be written.
        this.#staged = new Map([...staged].filter(([key]) => !this.#staged.has(key)).concat([...this.#staged]));
        await delay(this.#clock, 1_000);
      }
    }
    this.#flushing = null;
    if (this.#isTaken) await new Promise(() => {});
  }

  /** False while storage takes nothing: what is new is in memory only. */
  get isKept(): boolean {
    return this.#isKept;
  }

  #keep(isKept: boolean): void {
    if (this.#isKept === isKept) return;
    this.#isKept = isKept;
    this.hooks.keeps(isKept);
  }

  /** What is staged is written, if that takes no long time, before storage is let go. */
  async close(): Promise<void> {
    if (!this.#isTaken) await Promise.race([this.flushed(), delay(this.#clock, 2_000)]);
    await this.storage.close();
  }

  save(id: string, held: Held): void {
    if (this.conversations.get(id) === held) return;
    this.#hold(id, held);
    this.put(`c/${id}`, { ...held, marks: held.marks.size > MARKS_INLINE_MAX ? [] : [...held.marks.values()] });
    this.hooks.changed(id);
  }

  #hold(id: string, held: Held): void {
    this.conversations.set(id, held);
    if (held.summary.peer !== null) this.#directs.set(held.summary.peer, id);
  }

  /** Whether the user asks to write here and is not answered yet. */
  isStranger(user: string): boolean {
    const direct = this.#directs.get(user);
    return direct !== undefined && this.conversations.get(direct)?.summary.request === 'received';
  }

  setPosition(position: Position): void {
    this.position = position;
    this.put('m/position', position);
  }

  setServerName(name: string): void {
    if (this.serverName === name) return;
    this.serverName = name;
    this.put('m/server', name);
    this.hooks.changed(null);
  }

  /** By whom unread messages are counted here. */
  reader(conversation: string): Reader {
    const { user, settings } = this;
    const hidden = { has: (seq: number) => settings.isHidden(conversation, seq) };
    return { user, now: this.now(), hidden, blocked: settings.blocked };
  }

  /** What counts as unread here has changed, other than by the log or by reading. */
  #recount(id: string, hidden?: number): void {
    const held = this.conversations.get(id);
    this.recounts++;
    if (held) this.save(id, hidden ? rehidden(held, hidden) : { ...held, doubt: held.doubt ?? 'unread' });
  }

  /** Whom one blocks, or does so no more: also what they said is shown in another way. */
  #reblocked(user: string): void {
    this.recounts++;
    for (const [id, { member, summary }] of this.conversations) {
      const { kind, peer, last, read } = summary;
      if (member && last !== null && last.seq > read) this.#recount(id);
      else if (kind === 'group' || peer === user) this.hooks.changed(id);
    }
  }

  /** What the server's clock says, as far as this device knows. */
  now(): number {
    return this.#clock.now() + this.offset;
  }

  setOffset(offset: number, keep: boolean): void {
    this.offset = offset;
    if (keep) this.put('m/offset', offset);
  }

  setList(next: string | null): void {
    this.listNext = next;
    this.put('m/list', next);
    this.hooks.changed(null);
  }

  /**
   * Holds what the slice says and folds it in. False when the summary could not follow and is in doubt: nothing is
   * held then of a slice that begins above the head. Entries above `newsAfter` are news.
   */
  applySlice({ conversation, from, to, entries: came, annotations = [] }: Slice, newsAfter?: number): boolean {
    const held = this.conversations.get(conversation);
    if (!held || held.distrusted || from > held.summary.head + 1) return false;
    const now = this.now();
    const entries = came.map((entry) => withoutExpired(entry, now));
    let { summary, marks, doubt, stale } = held;
    const reader = this.reader(conversation);
    const acts = [...annotations, ...entries.flatMap(annotationsOf)];
    this.applyAnnotations(conversation, acts);
    const fresh: Entry[] = [];
    for (const entry of entries) {
      const isHeld = rangeAt(held.ranges, entry.seq) || isOver(summary, entry);
      if (!isHeld) this.annals.keep(conversation, entry);
      if (entry.seq > (newsAfter ?? held.summary.head)) fresh.push(entry);
      if (entry.seq !== summary.head + 1) continue;
      if (entry.kind === 'deleted' && entry.target > summary.read) doubt ??= 'unread';
      summary = foldEntry({ ...summary, marks: [...marks.values()] }, entry, reader);
      if (isMentionTooOld(summary)) doubt ??= 'unread';
      if (summary.marks.length > 0) marks = new Map(summary.marks.map((mark) => [mark.user, mark]));
      summary = { ...summary, marks: [] };
    }
    const complete = summary.head >= to;
    if (!complete) {
      summary = { ...summary, head: to };
      doubt = 'all';
      stale = staleIn(held);
    }
    const ranges = cover(held.ranges, from, to);
    this.save(conversation, { ...held, summary, marks, ranges, doubt, stale });
    this.hooks.stored(conversation, entries);
    if (fresh.length > 0) this.hooks.news(conversation, fresh);
    return complete;
  }

  /** Of messages that are held or not: whatever comes in whichever order, the newest counts. */
  applyAnnotations(conversation: string, annotations: readonly Annotation[]): void {
    if (annotations.length === 0) return;
    this.annals.annotate(conversation, annotations);
    this.hooks.annotated(conversation, annotations);
  }

  /**
   * The store was restored: what is held may be of a time that never was. Entries are dropped and read again when
   * somebody looks; until a conversation's summary has come afresh, nothing is folded into it.
   */
  distrust(): void {
    for (const [id, held] of this.conversations) {
      for (const { from, to } of held.ranges) {
        for (let seq = from; seq <= to; seq++) this.annals.drop(id, seq);
      }
      this.save(id, { ...held, ranges: [], stale: null, distrusted: true });
    }
    this.annals.distrust();
    this.#leftAt.clear();
  }

  /**
   * Takes the server's summary unless what is held is newer. `since` is what `recounts` was when it was asked for. What
   * was written since what is held follows, or is `skipped`.
   */
  applySummary(fetched: Summary, since = this.recounts, skipped = true): void {
    const held = this.conversations.get(fetched.id);
    const summary = { ...fetched, marks: [] };
    const newest = fetched.last?.seq ?? 0;
    const isRecounted = fetched.read < newest && since !== this.recounts;
    const isPassed = this.settings.isHidden(fetched.id, newest);
    if (!held || held.distrusted) {
      if (!held && fetched.head <= (this.#leftAt.get(fetched.id) ?? -1)) return;
      if (held) this.hooks.restored(fetched.id, fetched.head);
      this.save(fetched.id, {
        summary,
        member: true,
        removedBy: null,
        stamp: fetched.joined,
        ranges: [],
        marks: listedMarks(new Map(), fetched.marks),
        readOwed: held?.readOwed ?? 0,
        doubt: isPassed ? 'all' : isRecounted ? 'unread' : null,
        stale: null,
        distrusted: false,
      });
      return;
    }
    if (!held.member && fetched.head <= held.stamp) return;
    const marks = listedMarks(held.marks, fetched.marks);
    if (fetched.head < held.summary.head) {
      // What was read does not follow from the log, and may be news all the same.
      this.save(fetched.id, { ...readUpTo(held, fetched.read), marks });
      return;
    }
    const read = Math.min(Math.max(fetched.read, held.summary.read), fetched.head);
    const allRead = read >= newest;
    this.save(fetched.id, {
      ...held,
      summary: { ...(allRead ? withUnread(summary, { unread: 0 }) : summary), read },
      doubt: isPassed ? 'all' : allRead || (read === fetched.read && !isRecounted) ? null : 'unread',
      stale: skipped && fetched.head > held.summary.head ? staleIn(held) : held.stale,
      member: true,
      removedBy: null,
      stamp: Math.max(held.stamp, fetched.joined),
      marks,
    });
  }

  /** An older `joined` or `left` than the one that is known changes nothing. */
  applyMembership(id: string, member: boolean, stamp: number, by: string | null = null): void {
    const held = this.conversations.get(id);
    if (!held) this.#leftAt.set(id, member ? -1 : stamp);
    if (!held || stamp <= held.stamp) return;
    this.save(id, { ...held, member, removedBy: by, stamp, doubt: member ? 'all' : held.doubt });
  }

  /** The server knows of no membership; older than what was learnt since `stamp` was the newest, that means nothing. */
  applyGone(id: string, stamp: number): void {
    const held = this.conversations.get(id);
    if (held?.member && held.stamp === stamp) this.save(id, { ...held, member: false });
  }

  /** `all`: whoever is not among them has left. */
  applyMarks(id: string, raised: readonly Mark[], all = false): void {
    const held = this.conversations.get(id);
    if (!held) return;
    const marks = all ? listedMarks(held.marks, raised) : mergeMarks(held.marks, raised);
    if (marks !== held.marks) this.save(id, { ...held, marks });
  }

  applySetting(key: string, value: string, stamp: number): void {
    const held = this.settings.get(key);
    if (held && held.stamp >= stamp) return;
    this.settings.set(key, { value, stamp });
    this.put(`s/${key}`, { value, stamp });
    const [kind, conversation = null, seq] = key.split('/');
    if (kind === 'hide') this.#recount(conversation!, Number(seq));
    if (kind === 'block') this.#reblocked(conversation!);
    this.hooks.changed(conversation !== null && this.conversations.has(conversation) ? conversation : null);
  }

  applyProfile(profile: Profile): void {
    const held = this.profiles.get(profile.user);
    if (held && held.version >= profile.version) return;
    this.profiles.set(profile.user, profile);
    this.put(`p/${profile.user}`, profile);
    this.hooks.changed(null);
  }
}

/** Whoever is not in the server's list has left; an empty list says nothing. A mark at 0 stands for its member. */
function listedMarks(held: Marks, listed: readonly Mark[]): Marks {
  if (listed.length === 0) return held;
  return new Map(listed.map((mark) => [mark.user, raiseMark(held.get(mark.user) ?? mark, mark.delivered, mark.read)]));
}
