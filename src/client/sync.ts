/**
 * Keeps the replica equal to the server. The position in the feed is the point of truth: it never passes a pointer
 * whose entries are neither held nor a hole that is known of.
 */
import { backoff, type Clock, type Random } from '../core/clock.ts';
import type { CommandName, Request, Result, Slice } from '../protocol/commands.ts';
import type { FeedEntry, Summary } from '../protocol/entities.ts';
import type { Event } from '../protocol/events.ts';
import { codeOf } from './failed.ts';
import type { Replica } from './replica.ts';

/** A longer hole is left, but for the newest entries. */
const HOLE_MAX = 200;
const NEWEST = 50;
const RANGES_MAX = 50;
const LIST_PAGE = 50;
/** Stamps of settings order by epoch, then by place in the feed. */
const EPOCH_STAMP = 2 ** 40;

type Pulled = Pick<Result<'feed'>, 'epoch' | 'to' | 'entries'>;

export interface SyncHooks {
  isOnline(): boolean;
  request<N extends CommandName>(type: N, fields: Request<N>): Promise<Result<N>>;
  /** An own read mark came from another device. */
  read(conversation: string, seq: number): void;
  /** Each change of position or list. */
  moved(): void;
}

export class Sync {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #hooks: SyncHooks;
  /** How far the server's feed is known to reach, and in which epoch. */
  #target = 0;
  #epoch = 0;
  readonly #gaps = new Map<string, number>();
  #running = false;
  #repairing = false;
  #listing: Promise<void> | null = null;
  #seen: Set<string> | null = null;
  #restored = false;
  #tries = 0;
  #stopped = false;

  constructor(replica: Replica, clock: Clock, random: Random, hooks: SyncHooks) {
    this.#replica = replica;
    this.#clock = clock;
    this.#random = random;
    this.#hooks = hooks;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Somebody said how far the feed reaches. */
  reach(epoch: number, feedHead: number): void {
    if (epoch !== this.#epoch) this.#target = 0;
    this.#epoch = epoch;
    this.#target = Math.max(this.#target, feedHead);
    this.#run();
  }

  /** The log of this conversation reaches that far. */
  reachLog(conversation: string, head: number): void {
    const held = this.#replica.conversations.get(conversation);
    if (!held?.member || held.summary.head >= head) return;
    this.#gaps.set(conversation, Math.max(head, this.#gaps.get(conversation) ?? 0));
    this.#repair();
  }

  get isBehind(): boolean {
    const { position } = this.#replica;
    return !position || position.epoch !== this.#epoch || position.seq < this.#target;
  }

  event(event: Event): void {
    if (event.type === 'message') {
      const { conversation, entries } = event;
      const first = entries[0]?.seq ?? 0;
      const held = this.#replica.conversations.get(conversation);
      const last = entries.at(-1)?.seq ?? 0;
      if (!held?.member || last <= held.summary.head) return;
      if (first > held.summary.head + 1) this.reachLog(conversation, last);
      else this.#replica.applySlice({ conversation, from: first, to: last, entries, head: last });
    } else if (event.type === 'feed') {
      const { position } = this.#replica;
      const follows = position?.epoch === event.epoch && event.from - 1 <= position.seq;
      if (follows && event.to <= position.seq) return;
      if (follows && !this.#running && event.entries.every((entry) => !this.#needs(entry))) this.#apply(event);
      this.reach(event.epoch, event.to);
    } else if (event.type === 'resync') this.reach(this.#epoch, event.feedHead);
  }

  #needs(entry: FeedEntry): boolean {
    if (entry.kind === 'joined') return entry.since > (this.#replica.conversations.get(entry.conversation)?.stamp ?? 0);
    if (entry.kind !== 'advance') return false;
    const held = this.#replica.conversations.get(entry.conversation);
    return !held || (held.member && held.summary.head < entry.to);
  }

  #run(): void {
    if (this.#running || this.#stopped || !this.#hooks.isOnline() || !this.isBehind) return;
    this.#running = true;
    this.#pull().then(
      () => this.#pulled(0),
      () => this.#pulled(100 + backoff(this.#random, this.#tries++, 200, 10_000)),
    );
  }

  #pulled(waitMs: number): void {
    if (waitMs === 0) this.#tries = 0;
    this.#running = false;
    if (waitMs === 0) this.#run();
    else this.#clock.after(waitMs, () => this.#run());
    if (waitMs === 0 && this.#replica.listNext) void this.loadAll().catch(() => {});
  }

  /** One step: a page of the feed, or a snapshot. */
  async #pull(): Promise<void> {
    const { position } = this.#replica;
    if (!position || position.epoch !== this.#epoch) return this.#snapshot();
    const page = await this.#hooks.request('feed', { position, limit: 200 });
    if (page.snapshot) return this.#snapshot();
    await this.#fetchFor(page.entries);
    this.#apply(page);
    // Pointers may be coalesced up to the head that was promised; nothing more is to come then.
    if (page.entries.length > 0) return;
    if (page.to < page.head) throw new Error('The feed has less than it announced.');
    this.#target = page.to;
  }

  async #fetchFor(entries: readonly FeedEntry[]): Promise<void> {
    const heads = new Map<string, number>();
    const summaries = new Set<string>();
    for (const entry of entries) {
      if (entry.kind !== 'advance' && entry.kind !== 'joined') continue;
      if (!this.#needs(entry)) continue;
      const unknown = !this.#replica.conversations.has(entry.conversation);
      if (entry.kind === 'joined' || unknown) summaries.add(entry.conversation);
      else heads.set(entry.conversation, Math.max(entry.to, heads.get(entry.conversation) ?? 0));
    }
    for (const id of summaries) heads.delete(id);
    await this.#meet([...summaries]);
    await this.#fill(heads);
  }

  /** Conversations that are new here: what was written since one joined is fetched before they are shown. */
  async #meet(ids: readonly string[]): Promise<void> {
    for (let i = 0; i < ids.length; i += RANGES_MAX) {
      const { conversations } = await this.#hooks.request('summaries', { conversations: ids.slice(i, i + RANGES_MAX) });
      for (const summary of conversations) {
        const { id, head, joined } = summary;
        const known = this.#replica.conversations.get(id)?.summary.head ?? 0;
        const after = Math.max(known, joined - 1, head - HOLE_MAX);
        const ranges = [{ conversation: id, after, to: head }];
        const slices = after < head ? (await this.#hooks.request('read', { ranges, limit: HOLE_MAX })).slices : [];
        this.#replica.applySummary(summary);
        for (const slice of slices) this.#replica.applySlice(slice, after);
      }
    }
  }

  /** Everything is here: one write holds it and the position. */
  #apply({ epoch, to, entries }: Pulled): void {
    const replica = this.#replica;
    for (const entry of entries) {
      if (entry.kind === 'joined') replica.applyMembership(entry.conversation, true, entry.since);
      else if (entry.kind === 'left') replica.applyMembership(entry.conversation, false, entry.to);
      else if (entry.kind === 'read') this.#hooks.read(entry.conversation, entry.to);
      else if (entry.kind === 'set') replica.applySetting(entry.key, entry.value, epoch * EPOCH_STAMP + entry.seq);
    }
    if (!replica.position || to > replica.position.seq) replica.setPosition({ epoch, seq: to });
    this.#hooks.moved();
  }

  /** Fetches up to each head what is not held; leaves a hole where that is too much. */
  async #fill(heads: ReadonlyMap<string, number>): Promise<void> {
    const wanted = new Map(heads);
    while (wanted.size > 0) {
      const ranges: Request<'read'>['ranges'] = [];
      for (const [conversation, to] of wanted) {
        const held = this.#replica.conversations.get(conversation);
        if (!held?.member || held.summary.head >= to) wanted.delete(conversation);
        else if (to - held.summary.head > HOLE_MAX) {
          await this.#skipTo(conversation);
          wanted.delete(conversation);
        } else if (ranges.length < RANGES_MAX) ranges.push({ conversation, after: held.summary.head, to });
      }
      if (ranges.length === 0) return;
      const { slices, gone } = await this.#hooks.request('read', { ranges, limit: 200 });
      for (const id of gone) wanted.delete(id);
      let moved = gone.length > 0;
      for (const slice of slices) moved = (slice.to >= slice.from && (await this.store(slice))) || moved;
      if (!moved) throw new Error('The server has less than it announced.');
    }
  }

  async #skipTo(conversation: string): Promise<void> {
    const before = this.#replica.conversations.get(conversation)?.summary.head ?? 0;
    const slice = await this.#hooks
      .request('history', { conversation, place: { last: true }, limit: NEWEST })
      .catch(goneIsNull);
    await this.#fetchSummaries([conversation]);
    if (slice) this.#replica.applySlice(slice, before);
  }

  /** Holds a slice, whichever way it came; fetches the summary where the slice alone cannot tell it. */
  async store(slice: Slice): Promise<boolean> {
    const before = this.#replica.conversations.get(slice.conversation)?.summary.head ?? 0;
    const jumps = slice.from > before + 1;
    if (!jumps && this.#replica.applySlice(slice)) return true;
    await this.#fetchSummaries([slice.conversation]);
    if (jumps) this.#replica.applySlice(slice, before);
    return true;
  }

  async #fetchSummaries(ids: readonly string[]): Promise<void> {
    for (let i = 0; i < ids.length; i += RANGES_MAX) {
      const conversations = ids.slice(i, i + RANGES_MAX);
      const found = await this.#hooks.request('summaries', { conversations });
      for (const summary of found.conversations) this.#replica.applySummary(summary);
      for (const id of found.gone)
        this.#replica.applyMembership(id, false, this.#replica.conversations.get(id)?.summary.head ?? 0);
    }
  }

  summary(id: string): Promise<void> {
    return this.#fetchSummaries([id]);
  }

  /** An own setting was stored at this place of the feed. */
  set(key: string, value: string, seq: number): void {
    this.#replica.applySetting(key, value, this.#epoch * EPOCH_STAMP + seq);
  }

  learn(summary: Summary): void {
    this.#replica.applySummary(summary);
    this.#hooks.moved();
  }

  #repair(): void {
    if (this.#repairing || this.#gaps.size === 0 || !this.#hooks.isOnline() || this.#stopped) return;
    this.#repairing = true;
    const heads = new Map(this.#gaps);
    this.#gaps.clear();
    this.#fill(heads).then(
      () => {
        this.#repairing = false;
        this.#repair();
      },
      () => {
        this.#repairing = false;
        for (const [id, head] of heads) this.#gaps.set(id, Math.max(head, this.#gaps.get(id) ?? 0));
        this.#clock.after(200 + backoff(this.#random, 2, 200, 5_000), () => this.#repair());
      },
    );
  }

  /** Lists everything afresh; the first page is shown, and its feed head is the position, before the others come. */
  async #snapshot(): Promise<void> {
    const replica = this.#replica;
    const first = await this.#hooks.request('conversations', { after: null, limit: LIST_PAGE });
    this.#restored = replica.position !== null && replica.position.epoch !== first.epoch;
    this.#seen = new Set();
    this.#takePage(first);
    replica.setPosition({ epoch: first.epoch, seq: first.feedHead });
    this.#epoch = first.epoch;
    this.#target = Math.max(first.feedHead, this.#target);
    this.#hooks.moved();
    await this.#settings(first.epoch);
    void this.loadAll().catch(() => {});
  }

  #takePage({ conversations, next }: Result<'conversations'>): void {
    for (const summary of conversations) {
      this.#seen?.add(summary.id);
      this.#replica.applySummary(summary, this.#restored);
    }
    this.#replica.setList(next);
  }

  async #settings(epoch: number): Promise<void> {
    for (let after: string | null = ''; after !== null; ) {
      const page: Result<'settings'> = await this.#hooks.request('settings', { after, limit: 200 });
      for (const { key, value, stamp } of page.settings) this.#replica.applySetting(key, value, stamp);
      after = page.next;
    }
    this.#epoch = epoch;
  }

  /** One more page of the list of conversations. */
  async more(): Promise<void> {
    const after = this.#replica.listNext;
    if (!after) return;
    this.#takePage(await this.#hooks.request('conversations', { after, limit: LIST_PAGE }));
    this.#hooks.moved();
  }

  loadAll(): Promise<void> {
    this.#listing ??= this.#loadAll().finally(() => {
      this.#listing = null;
    });
    return this.#listing;
  }

  async #loadAll(): Promise<void> {
    while (this.#replica.listNext && !this.#stopped) await this.more();
    const seen = this.#seen;
    this.#seen = null;
    this.#restored = false;
    if (!seen || this.#replica.listNext === undefined) return;
    const lost = [...this.#replica.conversations].filter(([id, held]) => held.member && !seen.has(id));
    await this.#fetchSummaries(lost.map(([id]) => id));
  }
}

function goneIsNull(error: unknown): null {
  if (codeOf(error) === 'not_found' || codeOf(error) === 'not_member') return null;
  throw error;
}
