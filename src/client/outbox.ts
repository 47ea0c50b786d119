/**
 * What is written here, or done to messages, and not yet known to be stored. An item is sent with the same key and base
 * until it is answered with its seq, refused for good, or met in the log.
 */
import { backoff, type Clock, type Random } from '../core/clock.ts';
import type { Request, Result, SendResult } from '../protocol/commands.ts';
import type { FileInfo } from '../protocol/entities.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { Answers } from './answers.ts';
import { codeOf, mayRetry, RequestFailed } from './failed.ts';
import {
  draftOf,
  type Item,
  isUp,
  type OwnFile,
  type QueuedAct,
  storageKey,
  undoneOf,
  unfinished,
  uploadsOf,
  viewItem,
  type Writing,
  withUploads,
} from './outbox-item.ts';
import { actsIn, isMessage, type Lane, newLane, newSlot, nextOf, type Slot } from './outbox-lane.ts';
import { NOTHING_QUEUED, type QueuedActs } from './queued.ts';
import type { Replica } from './replica.ts';
import type { Uploading } from './uploading.ts';
import type { PendingMessage, UndoneAct } from './views.ts';

export interface OutboxHooks {
  isOnline(): boolean;
  send(request: Request<'send'>): Promise<Result<'send'>>;
  changed(conversation: string): void;
  sent(conversation: string, key: string, seq: number): void;
  refused(pending: PendingMessage): void;
  undone(act: UndoneAct): void;
  readonly uploading: Pick<Uploading, 'add' | 'drop' | 'sent' | 'wake' | 'stop'>;
  /** Resolves when the bytes with these keys are kept here. */
  kept(keys: readonly string[]): Promise<void>;
}

const NONE: readonly PendingMessage[] = [];

export class Outbox {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #hooks: OutboxHooks;
  readonly #lanes = new Map<string, Lane>();
  readonly #slots = new Map<string, Slot>();
  readonly #answers = new Answers();
  #lastNumber = 0;

  constructor(replica: Replica, clock: Clock, random: Random, hooks: OutboxHooks) {
    this.#replica = replica;
    this.#clock = clock;
    this.#random = random;
    this.#hooks = hooks;
  }

  async load(): Promise<void> {
    let from = 'o/';
    for (;;) {
      const rows = await this.#replica.storage.range(from, 'o0', 500);
      for (const { value } of rows) this.#add(value as Item, true);
      if (rows.length < 500) break;
      from = `${rows.at(-1)!.key}\0`;
    }
    for (const { item } of this.#slots.values()) this.#bringUp(item);
  }

  /** Of the bytes that messages wait for. */
  fileKeys(): readonly string[] {
    return [...this.#slots.values()].flatMap(({ item }) => uploadsOf(item).map(({ key }) => key));
  }

  #add(item: Item, loaded: boolean): Slot {
    const slot = newSlot(item, loaded);
    this.#slots.set(item.key, slot);
    this.#lane(item.conversation).slots.push(slot);
    this.#lastNumber = Math.max(this.#lastNumber, item.number);
    return slot;
  }

  #lane(conversation: string): Lane {
    let lane = this.#lanes.get(conversation);
    if (!lane) {
      lane = newLane();
      this.#lanes.set(conversation, lane);
    }
    return lane;
  }

  async write(writing: Writing): Promise<string> {
    const { conversation, text, ref, mentions = [], forwarded = false, files = [], staged = [] } = writing;
    const uploads = staged.map((file) => ({ ...file, file: null, code: null }));
    const key = this.#random.id();
    const message = { key, text, ref: ref ?? null, mentions, forwarded, files, ...(staged.length > 0 && { uploads }) };
    await this.#put(conversation, message);
    return key;
  }

  /** In its place among the messages of its conversation. */
  act(conversation: string, act: QueuedAct): Promise<number> {
    const key = this.#random.id();
    const stored = this.#answers.wait(key);
    void this.#put(conversation, { key, text: '', ref: null, mentions: [], act });
    return stored;
  }

  /** Resolves once it is safe here. */
  async #put(conversation: string, what: Omit<Item, 'conversation' | 'number' | 'baseSeq' | 'at' | 'code'>) {
    const baseSeq = this.#replica.conversations.get(conversation)?.summary.head ?? 0;
    const at = this.#clock.now();
    const slot = this.#add({ conversation, number: this.#lastNumber + 1, ...what, baseSeq, at, code: null }, false);
    this.#replica.put(storageKey(slot.item), slot.item);
    this.#changed(conversation);
    await this.#hooks.kept(uploadsOf(slot.item).map(({ key }) => key));
    await this.#replica.flushed();
    slot.durable = true;
    this.#bringUp(slot.item);
    this.#pump(conversation);
  }

  /** What waits of what was done to messages. */
  acts(conversation: string): QueuedActs {
    const lane = this.#lanes.get(conversation);
    return lane ? actsIn(lane) : NOTHING_QUEUED;
  }

  pending(conversation: string): readonly PendingMessage[] {
    const lane = this.#lanes.get(conversation);
    if (!lane || lane.slots.length === 0) return NONE;
    lane.view ??= lane.slots.filter(isMessage).map((slot) => this.#view(slot, lane));
    return lane.view;
  }

  last(conversation: string): PendingMessage | null {
    const lane = this.#lanes.get(conversation);
    const slot = lane?.slots.findLast(isMessage);
    return lane && slot ? this.#view(slot, lane) : null;
  }

  #view(slot: Slot, lane: Lane | null): PendingMessage {
    const { item, tried, held } = slot;
    return (slot.view ??= viewItem(item, tried, held ?? lane?.held ?? null, (key) => this.#hooks.uploading.sent(key)));
  }

  stored(key: string): Promise<number> {
    const slot = this.#slots.get(key);
    const seq = this.#answers.known(key) ?? slot?.seq;
    if (seq) return Promise.resolve(seq);
    if (!slot) return Promise.reject(new RequestFailed({ code: 'not_found' }));
    if (slot.item.code !== null) return Promise.reject(new RequestFailed({ code: slot.item.code }));
    return this.#answers.wait(key);
  }

  async discard(key: string): Promise<boolean> {
    const slot = this.#slots.get(key);
    if (!slot || (slot.tried && slot.item.code === null && unfinished(slot.item).length === 0)) return false;
    this.#hooks.uploading.drop(uploadsOf(slot.item), 'given up');
    this.#remove(slot);
    this.#answers.failed(key, 'not_found');
    await this.#replica.flushed();
    return true;
  }

  /** Refused for good means that it is nowhere: so the same key may be tried again. */
  async retry(key: string, as: 'file' | undefined): Promise<boolean> {
    const slot = this.#slots.get(key);
    if (!slot || slot.item.code === null) return false;
    const again = (file: OwnFile): OwnFile => ({ ...file, ...(as && file.code !== null && { as }), code: null });
    this.#keep(slot, withUploads({ ...slot.item, code: null, again: false }, again));
    await this.#replica.flushed();
    this.#bringUp(slot.item);
    this.#pump(slot.item.conversation);
    return true;
  }

  #bringUp(item: Item): void {
    if (item.code === null) this.#hooks.uploading.add(item.conversation, item.key, unfinished(item));
  }

  uploadMoved(key: string, held: ErrorCode | null): void {
    const slot = this.#slots.get(key);
    if (!slot) return;
    slot.held = held;
    slot.view = null;
    this.#changed(slot.item.conversation);
  }

  /** Sent only once it is durable that the files are up: before that it is known never to have been tried. */
  async uploaded(key: string, fileKey: string, file: FileInfo): Promise<void> {
    const slot = this.#slots.get(key);
    if (!slot) return;
    slot.held = null;
    slot.durable = false;
    this.#keep(
      slot,
      withUploads(slot.item, (own) => (own.key === fileKey ? { ...own, file } : own)),
    );
    await this.#replica.flushed();
    slot.durable = true;
    this.#pump(slot.item.conversation);
  }

  uploadRefused(key: string, fileKey: string, code: ErrorCode): void {
    const slot = this.#slots.get(key);
    if (!slot) return;
    slot.held = null;
    slot.item = withUploads(slot.item, (own) => (own.key === fileKey ? { ...own, code } : own));
    this.#refuse(slot, code);
    this.#pump(slot.item.conversation);
  }

  /** Connected again: what waited for a back-off goes at once. */
  wake(): void {
    this.#hooks.uploading.wake();
    for (const [conversation, lane] of this.#lanes) {
      lane.callOff?.();
      lane.callOff = null;
      lane.tries = 0;
      this.#pump(conversation);
    }
  }

  stop(): void {
    this.#hooks.uploading.stop();
    for (const lane of this.#lanes.values()) lane.callOff?.();
    this.#answers.stop();
  }

  /** The entry with this key is in the log. */
  seen(key: string, seq: number): void {
    const slot = this.#slots.get(key);
    if (!slot) return;
    this.#settle(slot, seq);
    this.#remove(slot);
  }

  #pump(conversation: string): void {
    const lane = this.#lane(conversation);
    if (lane.inFlight || lane.callOff || !this.#hooks.isOnline()) return;
    const batch = nextOf(lane);
    if (batch.length === 0) return;
    lane.inFlight = true;
    for (const slot of batch) {
      if (!slot.tried) slot.view = null;
      slot.tried = true;
    }
    this.#changed(conversation);
    this.#hooks
      .send({ conversation, drafts: batch.map(({ item }) => draftOf(item)) })
      .then(
        ({ results }) => this.#answered(lane, batch, results),
        (error) => this.#failed(lane, batch, error),
      )
      .finally(() => {
        lane.inFlight = false;
        this.#pump(conversation);
      });
  }

  #answered(lane: Lane, batch: readonly Slot[], results: readonly SendResult[]): void {
    lane.single = false;
    let held: ErrorCode | null = null;
    const byKey = new Map(results.map((result) => [result.key, result]));
    let waitMs = -1;
    for (const slot of batch) {
      const result = byKey.get(slot.item.key);
      if (!result) waitMs = Math.max(waitMs, 0);
      else if ('seq' in result) this.#landed(slot, result.seq);
      else if ('notUpTo' in result) this.#rebase(slot, result.notUpTo);
      else if (mayRetry(result.code as ErrorCode)) {
        waitMs = Math.max(waitMs, result.retryAfterMs ?? 0);
        held = result.code as ErrorCode;
      } else this.#refuse(slot, result.code as ErrorCode);
    }
    this.#hold(lane, batch[0]!.item.conversation, held);
    if (waitMs >= 0) this.#pause(lane, batch[0]!.item.conversation, waitMs);
    else lane.tries = 0;
  }

  #failed(lane: Lane, batch: readonly Slot[], error: unknown): void {
    const code = codeOf(error);
    const { conversation } = batch[0]!.item;
    if (code === 'offline' || mayRetry(code)) {
      if (code !== 'offline') this.#hold(lane, conversation, code);
      this.#pause(lane, conversation, error instanceof RequestFailed ? error.retryAfterMs : 0);
    } else if (batch.length === 1) this.#refuse(batch[0]!, code);
    else lane.single = true;
  }

  #hold(lane: Lane, conversation: string, code: ErrorCode | null): void {
    if (lane.held === code) return;
    lane.held = code;
    for (const slot of lane.slots) slot.view = null;
    this.#changed(conversation);
  }

  #pause(lane: Lane, conversation: string, leastMs: number): void {
    const waitMs = leastMs + backoff(this.#random, lane.tries++, 200, 30_000);
    lane.callOff?.();
    lane.callOff = this.#clock.after(waitMs, () => {
      lane.callOff = null;
      this.#pump(conversation);
    });
  }

  #landed(slot: Slot, seq: number): void {
    if (!this.#slots.has(slot.item.key)) return;
    this.#settle(slot, seq);
    const held = this.#replica.conversations.get(slot.item.conversation);
    // It stays in view until the entry itself is there.
    if (!held?.member || held.summary.head >= seq) this.#remove(slot);
    else this.#replica.stage({ kind: 'delete', key: storageKey(slot.item) });
  }

  #settle(slot: Slot, seq: number): void {
    const first = slot.seq === 0;
    slot.seq = seq;
    this.#answers.done(slot.item.key, seq);
    if (first) this.#hooks.sent(slot.item.conversation, slot.item.key, seq);
  }

  /** All that was acked up to the head is in the log that is held, whether or not one may see it. */
  reached(conversation: string): void {
    const held = this.#replica.conversations.get(conversation);
    // Of what one has left nothing more comes.
    const head = held?.member === false ? Number.POSITIVE_INFINITY : (held?.summary.head ?? 0);
    for (const slot of [...(this.#lanes.get(conversation)?.slots ?? [])]) {
      if (slot.seq > 0 && slot.seq <= head) this.#remove(slot);
    }
  }

  #rebase(slot: Slot, baseSeq: number): void {
    this.#keep(slot, { ...slot.item, baseSeq: Math.max(slot.item.baseSeq, baseSeq) });
  }

  /** The log was put back to this head and grows anew: what it is then given lies below what was known before. */
  restored(conversation: string, head: number): void {
    for (const slot of this.#lanes.get(conversation)?.slots ?? []) {
      if (slot.item.baseSeq > head) this.#keep(slot, { ...slot.item, baseSeq: head });
    }
  }

  #keep(slot: Slot, item: Item): void {
    slot.item = item;
    slot.view = null;
    this.#replica.put(storageKey(item), item);
    this.#changed(item.conversation);
  }

  #refuse(slot: Slot, code: ErrorCode): void {
    if (!this.#slots.has(slot.item.key)) return;
    if (code === 'file_gone' && isUp(slot.item) && !slot.item.again) {
      // It waited for so long that the server took the files away.
      this.#keep(
        slot,
        withUploads({ ...slot.item, again: true }, (own) => ({ ...own, file: null })),
      );
      this.#bringUp(slot.item);
      return;
    }
    const { act } = slot.item;
    if (act) {
      this.#remove(slot);
      void this.#replica.flushed().then(() => {
        this.#answers.failed(slot.item.key, code);
        this.#hooks.undone(undoneOf(slot.item, act, code));
      });
      return;
    }
    this.#keep(slot, { ...slot.item, code });
    // Told once it is durable: after a crash it would be sent again, and might then be let in.
    void this.#replica.flushed().then(() => {
      if (slot.item.code !== code || !this.#slots.has(slot.item.key)) return;
      this.#answers.failed(slot.item.key, code);
      this.#hooks.refused(this.#view(slot, null));
    });
  }

  #remove(slot: Slot): void {
    const lane = this.#lane(slot.item.conversation);
    this.#slots.delete(slot.item.key);
    this.#hooks.uploading.drop(uploadsOf(slot.item), 'sent');
    const place = lane.slots.indexOf(slot);
    if (place >= 0) lane.slots.splice(place, 1);
    this.#replica.stage({ kind: 'delete', key: storageKey(slot.item) });
    this.#changed(slot.item.conversation);
  }

  #changed(conversation: string): void {
    const lane = this.#lane(conversation);
    lane.view = lane.acts = null;
    this.#hooks.changed(conversation);
  }
}
