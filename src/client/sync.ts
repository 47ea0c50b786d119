/**
 * Keeps the replica equal to the server. The position in the feed is the point of truth: it never passes a pointer
 * whose entries are neither held nor a hole that is known of.
 */
import { backoff, type Clock, type Random } from '../core/clock.ts';
import type { CommandName, Request, Result, Slice } from '../protocol/commands.ts';
import type { FeedEntry, Summary } from '../protocol/entities.ts';
import type { Event } from '../protocol/events.ts';
import type { Replica } from './replica.ts';

/** Of a longer hole only the newest entries are fetched before somebody looks there. */
const HOLE_MAX = 200;
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
    if (epoch !== this.#epoch) {
      this.#target = 0;
      const { position } = this.#replica;
      if (position && position.epoch !== epoch) this.#replica.distrust();
    }
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
      // Of a server that has not heard of a newer epoch yet.
      if (event.epoch < this.#epoch) return;
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

  /**
   * Learns the summaries afresh, each together with what was written since the head that is held, or since one joined:
   * the newest of it, should it be a lot. Nothing is shown before all of it is here.
   */
  async #meet(ids: readonly string[]): Promise<void> {
    const replica = this.#replica;
    const headOf = (id: string) => replica.conversations.get(id)?.summary.head ?? 0;
    for (let i = 0; i < ids.length; i += RANGES_MAX) {
      const conversations = ids.slice(i, i + RANGES_MAX);
      const stamps = new Map(conversations.map((id) => [id, replica.conversations.get(id)?.stamp ?? 0]));
      const since = replica.recounts;
      const found = await this.#hooks.request('summaries', { conversations });
      for (const summary of found.conversations) {
        const { id, head, joined } = summary;
        const after = Math.max(headOf(id), joined - 1, head - HOLE_MAX);
        const ranges = [{ conversation: id, after, to: head }];
        const slices = after < head ? (await this.#hooks.request('read', { ranges, limit: HOLE_MAX })).slices : [];
        // Whatever came meanwhile has been told.
        const newsAfter = Math.max(after, headOf(id));
        replica.applySummary(summary, since, after > headOf(id));
        for (const slice of slices) replica.applySlice(slice, newsAfter);
      }
      for (const id of found.gone) replica.applyGone(id, stamps.get(id) ?? 0);
    }
  }

  /** Everything is here: one write holds it and the position. */
  #apply({ epoch, to, entries }: Pulled): void {
    const replica = this.#replica;
    for (const entry of entries) {
      if (entry.kind === 'joined') replica.applyMembership(entry.conversation, true, entry.since);
      else if (entry.kind === 'left') replica.applyMembership(entry.conversation, false, entry.to, entry.by);
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
          await this.#meet([conversation]);
          wanted.delete(conversation);
        } else if (ranges.length < RANGES_MAX) ranges.push({ conversation, after: held.summary.head, to });
      }
      if (ranges.length === 0) return;
      const { slices, gone } = await this.#hooks.request('read', { ranges, limit: 200 });
      for (const id of gone) wanted.delete(id);
      let moved = gone.length > 0;
      for (const slice of slices) {
        if (slice.to < slice.from) continue;
        await this.store(slice);
        moved = true;
      }
      if (!moved) throw new Error('The server has less than it announced.');
    }
  }

  /** Holds a slice, whichever way it came; asks for the summary where the slice alone cannot tell it. */
  async store(slice: Slice): Promise<void> {
    if (this.#replica.applySlice(slice)) return;
    await this.#meet([slice.conversation]);
    this.#replica.applySlice(slice);
  }

  summary(id: string): Promise<void> {
    return this.#meet([id]);
  }

  /** One's own feed reaches that far. */
  reachFeed(seq: number): void {
    this.reach(this.#epoch, seq);
  }

  /** A conversation that this device has made, or made sure of. */
  async learn({ id, head }: Summary): Promise<void> {
    if (this.#replica.conversations.get(id)?.member) this.reachLog(id, head);
    else await this.#meet([id]);
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

  /**
   * Lists everything afresh. The first page is shown before the others come; its feed head is the position once the
   * settings, which are as of then or later, are here, too.
   */
  async #snapshot(): Promise<void> {
    const replica = this.#replica;
    const first = await this.#firstPage();
    if (first.next === null) await this.#listed();
    await this.#settings();
    replica.setPosition({ epoch: first.epoch, seq: first.feedHead });
    this.#target = Math.max(first.feedHead, this.#target);
    this.#hooks.moved();
    void this.loadAll().catch(() => {});
  }

  async #firstPage(): Promise<Result<'conversations'>> {
    const since = this.#replica.recounts;
    const first = await this.#hooks.request('conversations', { after: null, limit: LIST_PAGE });
    if (first.epoch !== this.#epoch) {
      this.reach(first.epoch, first.feedHead);
      throw new Error('The store was restored meanwhile.');
    }
    this.#seen = new Set();
    this.#takePage(first, since);
    return first;
  }

  #takePage({ conversations, next }: Result<'conversations'>, since: number): void {
    for (const summary of conversations) {
      this.#seen?.add(summary.id);
      this.#replica.applySummary(summary, since);
    }
    if (next !== null) this.#replica.setList(next);
  }

  /** All pages are here: what is held and was on none of them was left meanwhile. Only then the list is complete. */
  async #listed(): Promise<void> {
    const seen = this.#seen ?? new Set();
    const lost = [...this.#replica.conversations].filter(([id, held]) => held.member && !seen.has(id));
    await this.#meet(lost.map(([id]) => id));
    this.#seen = null;
    this.#replica.setList(null);
  }

  async #settings(): Promise<void> {
    for (let after: string | null = ''; after !== null; ) {
      const page: Result<'settings'> = await this.#hooks.request('settings', { after, limit: 200 });
      for (const { key, value, stamp } of page.settings) this.#replica.applySetting(key, value, stamp);
      after = page.next;
    }
  }

  /** The rest of the list of conversations. */
  loadAll(): Promise<void> {
    this.#listing ??= this.#loadAll().finally(() => {
      this.#listing = null;
    });
    return this.#listing;
  }

  async #loadAll(): Promise<void> {
    let after = this.#replica.listNext;
    if (!after) return;
    // What an earlier run had been told is not known any more.
    if (this.#seen === null) after = (await this.#firstPage()).next;
    while (after) {
      if (this.#stopped) return;
      const since = this.#replica.recounts;
      const page: Result<'conversations'> = await this.#hooks.request('conversations', { after, limit: LIST_PAGE });
      this.#takePage(page, since);
      this.#hooks.moved();
      after = page.next;
    }
    await this.#listed();
    this.#hooks.moved();
  }
}
