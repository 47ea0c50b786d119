/**
 * What is written here and not yet known to be stored. An item is sent with the same key and base until it is answered
 * with its seq, refused for good, or met in the log.
 */
import { backoff, type Clock, type Random } from '../core/clock.ts';
import { utf8Bytes } from '../core/text.ts';
import type { Request, Result, SendResult } from '../protocol/commands.ts';
import type { FileInfo } from '../protocol/entities.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { SEND_DRAFTS_MAX } from '../protocol/limits.ts';
import { codeOf, mayRetry, RequestFailed } from './failed.ts';
import { draftOf, type Item, storageKey } from './outbox-item.ts';
import type { Replica } from './replica.ts';
import type { PendingMessage } from './views.ts';

const BATCH_BYTES = 48_000;
/** How many answers are kept for `stored`. */
const KNOWN_MAX = 20_000;

interface Slot {
  item: Item;
  readonly bytes: number;
  durable: boolean;
  tried: boolean;
  /** Where it is stored, when that was answered before the entry came. */
  seq: number;
  view: PendingMessage | null;
}

interface Lane {
  slots: Slot[];
  inFlight: boolean;
  tries: number;
  /** Why the last try stored nothing, though the same may be stored later. */
  held: ErrorCode | null;
  /** A request that was refused as a whole is tried with one draft, so that it hits the right one. */
  single: boolean;
  callOff: (() => void) | null;
  view: readonly PendingMessage[] | null;
}

export interface OutboxHooks {
  isOnline(): boolean;
  send(request: Request<'send'>): Promise<Result<'send'>>;
  changed(conversation: string): void;
  sent(conversation: string, key: string, seq: number): void;
  refused(pending: PendingMessage): void;
}

export interface Writing {
  readonly conversation: string;
  readonly text: string;
  readonly ref?: number | undefined;
  readonly mentions?: readonly string[] | undefined;
  /** It was said elsewhere before. */
  readonly forwarded?: boolean;
  readonly files?: readonly FileInfo[];
}

const NONE: readonly PendingMessage[] = [];
const NO_FILES: readonly FileInfo[] = [];

export class Outbox {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #hooks: OutboxHooks;
  readonly #lanes = new Map<string, Lane>();
  readonly #slots = new Map<string, Slot>();
  readonly #known = new Map<string, number>();
  readonly #waiters = new Map<string, { done: (seq: number) => void; failed: (error: Error) => void }[]>();
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
      if (rows.length < 500) return;
      from = `${rows.at(-1)!.key}\0`;
    }
  }

  #add(item: Item, loaded: boolean): Slot {
    // It is not known whether an earlier run had tried it.
    const slot: Slot = {
      item,
      bytes: utf8Bytes(item.text) * 2 + 300 + 700 * (item.files?.length ?? 0),
      durable: loaded,
      tried: loaded,
      seq: 0,
      view: null,
    };
    this.#slots.set(item.key, slot);
    this.#lane(item.conversation).slots.push(slot);
    this.#lastNumber = Math.max(this.#lastNumber, item.number);
    return slot;
  }

  #lane(conversation: string): Lane {
    let lane = this.#lanes.get(conversation);
    if (!lane) {
      lane = { slots: [], inFlight: false, tries: 0, held: null, single: false, callOff: null, view: null };
      this.#lanes.set(conversation, lane);
    }
    return lane;
  }

  async write({ conversation, text, ref, mentions = [], forwarded = false, files = [] }: Writing): Promise<string> {
    const slot = this.#add(
      {
        key: this.#random.id(),
        conversation,
        number: this.#lastNumber + 1,
        text,
        ref: ref ?? null,
        mentions,
        forwarded,
        files,
        baseSeq: this.#replica.conversations.get(conversation)?.summary.head ?? 0,
        at: this.#clock.now(),
        code: null,
      },
      false,
    );
    this.#replica.put(storageKey(slot.item), slot.item);
    this.#changed(conversation);
    await this.#replica.flushed();
    slot.durable = true;
    this.#pump(conversation);
    return slot.item.key;
  }

  pending(conversation: string): readonly PendingMessage[] {
    const lane = this.#lanes.get(conversation);
    if (!lane || lane.slots.length === 0) return NONE;
    lane.view ??= lane.slots.map((slot) => (slot.view ??= viewOf(slot, lane.held)));
    return lane.view;
  }

  last(conversation: string): PendingMessage | null {
    const lane = this.#lanes.get(conversation);
    const slot = lane?.slots.at(-1);
    return lane && slot ? (slot.view ??= viewOf(slot, lane.held)) : null;
  }

  stored(key: string): Promise<number> {
    const slot = this.#slots.get(key);
    const seq = this.#known.get(key) ?? slot?.seq;
    if (seq) return Promise.resolve(seq);
    if (!slot) return Promise.reject(new RequestFailed({ code: 'not_found' }));
    if (slot.item.code !== null) return Promise.reject(new RequestFailed({ code: slot.item.code }));
    return new Promise((done, failed) => {
      this.#waiters.set(key, [...(this.#waiters.get(key) ?? []), { done, failed }]);
    });
  }

  async discard(key: string): Promise<boolean> {
    const slot = this.#slots.get(key);
    if (!slot || (slot.tried && slot.item.code === null)) return false;
    this.#remove(slot);
    for (const { failed } of this.#take(key)) failed(new RequestFailed({ code: 'not_found' }));
    await this.#replica.flushed();
    return true;
  }

  /** Refused for good means that it is nowhere: so the same key may be tried again. */
  async retry(key: string): Promise<boolean> {
    const slot = this.#slots.get(key);
    if (!slot || slot.item.code === null) return false;
    this.#keep(slot, { ...slot.item, code: null });
    await this.#replica.flushed();
    this.#pump(slot.item.conversation);
    return true;
  }

  /** Connected again: what waited for a back-off goes at once. */
  wake(): void {
    for (const [conversation, lane] of this.#lanes) {
      lane.callOff?.();
      lane.callOff = null;
      lane.tries = 0;
      this.#pump(conversation);
    }
  }

  stop(): void {
    for (const lane of this.#lanes.values()) lane.callOff?.();
    for (const key of [...this.#waiters.keys()]) {
      for (const { failed } of this.#take(key)) failed(new RequestFailed({ code: 'offline' }));
    }
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
    const batch: Slot[] = [];
    let bytes = 0;
    for (const slot of lane.slots) {
      if (slot.item.code !== null || slot.seq > 0) continue;
      bytes += slot.bytes;
      const full = batch.length === (lane.single ? 1 : SEND_DRAFTS_MAX) || (batch.length > 0 && bytes > BATCH_BYTES);
      if (!slot.durable || full) break;
      batch.push(slot);
    }
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
    this.#known.set(slot.item.key, seq);
    if (this.#known.size > KNOWN_MAX)
      for (const key of [...this.#known.keys()].slice(0, 1_000)) this.#known.delete(key);
    for (const { done } of this.#take(slot.item.key)) done(seq);
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
    this.#keep(slot, { ...slot.item, code });
    // Told once it is durable: after a crash it would be sent again, and might then be let in.
    void this.#replica.flushed().then(() => {
      if (slot.item.code !== code || !this.#slots.has(slot.item.key)) return;
      for (const { failed } of this.#take(slot.item.key)) failed(new RequestFailed({ code }));
      this.#hooks.refused((slot.view ??= viewOf(slot, null)));
    });
  }

  #take(key: string) {
    const waiters = this.#waiters.get(key) ?? [];
    this.#waiters.delete(key);
    return waiters;
  }

  #remove(slot: Slot): void {
    const lane = this.#lane(slot.item.conversation);
    this.#slots.delete(slot.item.key);
    const place = lane.slots.indexOf(slot);
    if (place >= 0) lane.slots.splice(place, 1);
    this.#replica.stage({ kind: 'delete', key: storageKey(slot.item) });
    this.#changed(slot.item.conversation);
  }

  #changed(conversation: string): void {
    this.#lane(conversation).view = null;
    this.#hooks.changed(conversation);
  }
}

function viewOf({ item, tried }: Slot, held: ErrorCode | null): PendingMessage {
  const { key, conversation, text, ref, mentions, forwarded = false, files = NO_FILES, at, code } = item;
  const state = code !== null ? 'refused' : tried ? 'sending' : 'waiting';
  return { key, conversation, text, ref, mentions, forwarded, files, at, code: code ?? held, state };
}
