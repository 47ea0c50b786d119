/** A window on one conversation: the entries of `low … high` that are held, and gaps where they are not. */
import { type Annotations, annotate, isAnnotation, NOT_ANNOTATED } from '../core/annotations.ts';
import { withoutExpired } from '../core/lifetime.ts';
import { missing, rangeAt } from '../core/ranges.ts';
import type { Request, Slice } from '../protocol/commands.ts';
import type { Annotation, Entry } from '../protocol/entities.ts';
import type { Timeline } from './api.ts';
import { codeOf, RequestFailed } from './failed.ts';
import { type Queued, type QueuedActs, withQueued } from './queued.ts';
import type { Replica } from './replica.ts';
import { type PendingMessage, type TimelineItem, type TimelineView, viewMessage } from './views.ts';

const PAGE = 50;
const PAGES_MAX = 8;

export interface TimelineHooks {
  history(place: Request<'history'>['place'], limit: number): Promise<Slice>;
  store(slice: Slice): Promise<void>;
  pending(): readonly PendingMessage[];
  acts(): QueuedActs;
  soon(run: () => void): void;
  closed(window: Window): void;
}

export class Window implements Timeline {
  readonly conversation: string;
  readonly #replica: Replica;
  readonly #hooks: TimelineHooks;
  readonly #page: number;
  /** Without those that are about others. */
  readonly #entries = new Map<number, Entry>();
  readonly #annotations = new Map<number, Annotations>();
  readonly #items = new WeakMap<object, TimelineItem>();
  /** What waits to be done, laid over what is known. */
  readonly #laid = new WeakMap<object, { readonly known: Annotations | undefined; readonly so: Annotations }>();
  readonly #subscribers = new Set<() => void>();
  #low = 1;
  #high = 0;
  /** Whether the window moves on with what is new. */
  #following = true;
  #loading: TimelineView['loading'] = 'jump';
  #failed: TimelineView['failed'] = null;
  #view: TimelineView | null = null;
  #turn: Promise<void> = Promise.resolve();
  #announced = false;
  #opened = false;

  constructor(conversation: string, replica: Replica, hooks: TimelineHooks, page = PAGE) {
    this.conversation = conversation;
    this.#replica = replica;
    this.#hooks = hooks;
    this.#page = Math.min(200, Math.max(1, page));
  }

  view(): TimelineView {
    this.#view ??= {
      items: this.#list(),
      atStart: this.#opened && this.#low <= 1,
      atEnd: this.#opened && this.#following,
      loading: this.#loading,
      failed: this.#failed,
    };
    return this.#view;
  }

  subscribe(run: () => void): () => void {
    this.#subscribers.add(run);
    return () => this.#subscribers.delete(run);
  }

  close(): void {
    this.#subscribers.clear();
    this.#hooks.closed(this);
  }

  loadOlder(): Promise<void> {
    return this.#load('older', async () => {
      if (this.#low <= 1) return;
      const low = await this.#reachDown(this.#low - 1);
      this.#low = Math.min(this.#low, low);
      this.#trim('newer');
    });
  }

  loadNewer(): Promise<void> {
    return this.#load('newer', async () => {
      if (this.#following) return;
      this.#high = Math.max(this.#high, await this.#reachUp(this.#high + 1));
      this.#following = this.#high >= this.#head;
      this.#trim('older');
    });
  }

  loadGap(from: number, to: number): Promise<void> {
    return this.#load('older', async () => {
      const slice = await this.#hooks.history({ before: to + 1 }, Math.min(this.#page, 200));
      await this.#keep(slice);
      await this.#pull(Math.max(from, slice.from), to);
    });
  }

  jump(to: { seq: number } | { date: number } | 'newest'): Promise<void> {
    return this.#load('jump', async () => {
      if (to === 'newest') return this.#openNewest();
      if ('seq' in to) return this.#openAround(to.seq);
      const slice = await this.#hooks.history({ date: to.date }, this.#page);
      await this.#keep(slice);
      await this.#show(slice.from, slice.to);
    });
  }

  /** Connected again. */
  retry(): void {
    if (this.#failed === 'offline' && this.#following) void this.#load('newer', () => this.#openNewest());
  }

  /** Entries were stored; `head` may have grown. */
  stored(entries: readonly Entry[]): void {
    if (!this.#opened) return;
    const high = this.#following ? this.#head : this.#high;
    const shown = entries.filter(({ seq }) => seq >= this.#low && seq <= high);
    for (const entry of shown) if (!isAnnotation(entry)) this.#entries.set(entry.seq, entry);
    if (shown.length > 0 || high !== this.#high) {
      this.#high = high;
      if (this.#following) this.#trim('older');
      this.changed();
    }
  }

  /** Something was done to messages, here or elsewhere. */
  annotated(annotations: readonly Annotation[]): void {
    for (const annotation of annotations) {
      const { target } = annotation;
      this.#annotations.set(target, annotate(this.#annotations.get(target) ?? NOT_ANNOTATED, annotation));
    }
    if (annotations.some(({ target }) => this.#entries.has(target))) this.changed();
  }

  changed(): void {
    this.#view = null;
    if (this.#opened && this.#following && this.#head > this.#high) {
      this.#high = this.#head;
      if (!rangeAt(this.#ranges, this.#high)) void this.#load('newer', () => this.#openNewest());
    }
    if (this.#announced) return;
    this.#announced = true;
    this.#hooks.soon(() => {
      this.#announced = false;
      for (const run of [...this.#subscribers]) run();
    });
  }

  get #head(): number {
    return this.#replica.conversations.get(this.conversation)?.summary.head ?? 0;
  }

  get #ranges() {
    return this.#replica.conversations.get(this.conversation)?.ranges ?? [];
  }

  /** One load at a time, in the order of asking. */
  #load(loading: TimelineView['loading'], run: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      this.#loading = loading;
      this.changed();
      try {
        await run();
        this.#failed = null;
      } catch (error) {
        this.#failed = codeOf(error);
      }
      this.#opened = true;
      this.#loading = 'none';
      this.changed();
    });
    return this.#turn;
  }

  async #openNewest(): Promise<void> {
    if (!rangeAt(this.#ranges, this.#head) || this.#head === 0) {
      try {
        await this.#keep(await this.#hooks.history({ last: true }, this.#page));
      } catch (error) {
        await this.#showNewest();
        throw error;
      }
    }
    await this.#showNewest();
  }

  async #showNewest(): Promise<void> {
    let head: number;
    do {
      head = this.#head;
      const low = head === 0 ? 1 : await this.#reachDown(head, false);
      await this.#show(low, head);
      // What came while it was read was not shown yet.
    } while (head < this.#head && rangeAt(this.#ranges, this.#head));
    this.#following = true;
  }

  async #openAround(seq: number): Promise<void> {
    const range = rangeAt(this.#ranges, seq);
    const half = this.#page >> 1;
    const enough =
      range && (range.from === 1 || seq - range.from >= half) && Math.min(this.#head, seq + half) <= range.to;
    if (!enough) await this.#keep(await this.#hooks.history({ around: seq }, this.#page));
    const low = await this.#reachDown(seq, false);
    const high = await this.#reachUp(seq, false);
    await this.#show(low, high);
  }

  /** The lowest seq of a page that ends at `to`, fetched unless it is held; over the hole when there is no connection. */
  async #reachDown(to: number, fetch = true): Promise<number> {
    let range = rangeAt(this.#ranges, to);
    if (!range && fetch) {
      try {
        await this.#keep(await this.#hooks.history({ before: to + 1 }, this.#page));
      } catch (error) {
        if (codeOf(error) !== 'offline') throw error;
        this.#failed = 'offline';
      }
      range = rangeAt(this.#ranges, to);
    }
    range ??= this.#ranges.findLast((below) => below.to < to);
    if (!range) {
      if (fetch) throw new RequestFailed({ code: 'offline' });
      return to + 1;
    }
    return this.#take(range.from, Math.min(to, range.to), true);
  }

  async #reachUp(from: number, fetch = true): Promise<number> {
    if (!rangeAt(this.#ranges, from) && fetch) {
      await this.#keep(await this.#hooks.history({ after: from - 1 }, this.#page));
    }
    const range = rangeAt(this.#ranges, from);
    if (!range) return from - 1;
    return this.#take(from, range.to, false);
  }

  /** A page from one end of what is held; returns how far it reaches. */
  async #take(from: number, to: number, newest: boolean): Promise<number> {
    let [low, high, shown] = [from, to, 0];
    for (;;) {
      const entries = await this.#replica.annals.entries(this.conversation, low, high, this.#page, newest);
      shown += await this.#hold(entries);
      if (entries.length < this.#page) return newest ? from : to;
      const reached = newest ? entries[0]!.seq : entries.at(-1)!.seq;
      if (shown >= this.#page) return reached;
      if (newest) high = reached - 1;
      else low = reached + 1;
    }
  }

  async #pull(from: number, to: number): Promise<void> {
    await this.#hold(await this.#replica.annals.entries(this.conversation, from, to, 1_000, true));
  }

  /** Together with what was done to them; returns how many of them are shown. */
  async #hold(entries: readonly Entry[]): Promise<number> {
    const shown = entries.filter((entry) => !isAnnotation(entry));
    const [first, last] = [shown[0]?.seq ?? 1, shown.at(-1)?.seq ?? 0];
    const done = await this.#replica.annals.annotations(this.conversation, first, last);
    for (const [target, { edited, deleted, started, reactions }] of done) {
      let known = this.#annotations.get(target) ?? NOT_ANNOTATED;
      for (const each of [edited, deleted, started, ...reactions.values()]) if (each) known = annotate(known, each);
      this.#annotations.set(target, known);
    }
    for (const entry of shown) this.#entries.set(entry.seq, entry);
    return shown.length;
  }

  async #keep(slice: Slice): Promise<void> {
    await this.#hooks.store(slice);
  }

  async #show(low: number, high: number): Promise<void> {
    await this.#pull(low, high);
    this.#low = Math.max(1, low);
    this.#high = high;
    this.#following = high >= this.#head;
    this.#opened = true;
    this.#forget();
  }

  #forget(): void {
    for (const seq of [...this.#entries.keys()]) if (seq < this.#low || seq > this.#high) this.#entries.delete(seq);
    // What is being loaded may have been heard of already.
    if (this.#loading !== 'none') return;
    for (const seq of [...this.#annotations.keys()]) if (!this.#entries.has(seq)) this.#annotations.delete(seq);
  }

  /** Keeps the window bounded: what is far from where one looks is dropped at that end. */
  #trim(end: 'older' | 'newer'): void {
    const most = this.#page * PAGES_MAX;
    if (this.#entries.size <= most) return;
    const seqs = [...this.#entries.keys()].sort((a, b) => a - b);
    if (end === 'older') this.#low = seqs[seqs.length - most]!;
    else {
      this.#high = seqs[most - 1]!;
      this.#following = false;
    }
    this.#forget();
  }

  #list(): TimelineItem[] {
    const items: TimelineItem[] = [];
    const gaps = this.#opened ? missing(this.#ranges, this.#low, this.#high) : [];
    let gap = 0;
    const isOver = this.#replica.conversations.get(this.conversation)?.summary.ended !== undefined;
    this.#forgetExpired();
    for (const entry of [...this.#entries.values()].sort((a, b) => a.seq - b.seq)) {
      if (entry.seq < this.#low || entry.seq > this.#high || (isOver && entry.kind !== 'ended')) continue;
      while (gap < gaps.length && gaps[gap]!.from < entry.seq) items.push({ kind: 'gap', ...gaps[gap++]! });
      if (this.#replica.settings.isHidden(this.conversation, entry.seq)) continue;
      items.push(this.#itemOf(entry));
    }
    while (gap < gaps.length) items.push({ kind: 'gap', ...gaps[gap++]! });
    if (!this.#following) return items;
    for (const pending of this.#hooks.pending()) items.push(this.#item(pending, () => ({ kind: 'pending', pending })));
    return items;
  }

  #forgetExpired(): void {
    const now = this.#replica.now();
    for (const [seq, entry] of this.#entries) {
      const annotations = this.#annotations.get(seq);
      const expires = annotations?.started?.expires;
      const goes = expires !== undefined && entry.kind === 'message' ? { ...entry, expires } : entry;
      const shown = withoutExpired(goes, now);
      if (shown === goes) continue;
      this.#entries.set(seq, shown);
      if (annotations) this.#annotations.set(seq, { ...annotations, edited: null });
    }
  }

  #itemOf(entry: Entry): TimelineItem {
    const item = this.#plainItemOf(entry);
    const { conversations, settings } = this.#replica;
    const isFolded =
      entry.kind === 'message' &&
      settings.blocked.has(entry.sender) &&
      conversations.get(this.conversation)?.summary.kind === 'group';
    return isFolded ? this.#item(item, () => ({ ...item, blocked: true }) as TimelineItem) : item;
  }

  #plainItemOf(entry: Entry): TimelineItem {
    const queued = this.#hooks.acts().get(entry.seq);
    const annotations = queued ? this.#withQueued(entry.seq, queued) : this.#annotations.get(entry.seq);
    if (entry.kind !== 'message' || !annotations) return this.#item(entry, () => ({ kind: 'entry', entry }));
    return this.#item(annotations, () => ({
      kind: 'entry',
      ...viewMessage(entry, annotations, queued !== undefined),
    }));
  }

  /** The same object until either is another. */
  #withQueued(seq: number, queued: readonly Queued[]): Annotations {
    const known = this.#annotations.get(seq);
    let laid = this.#laid.get(queued);
    if (!laid || laid.known !== known) {
      laid = { known, so: withQueued(known, queued, this.#replica.user) };
      this.#laid.set(queued, laid);
    }
    return laid.so;
  }

  #item(of: object, make: () => TimelineItem): TimelineItem {
    let item = this.#items.get(of);
    if (!item) this.#items.set(of, (item = make()));
    return item;
  }
}
