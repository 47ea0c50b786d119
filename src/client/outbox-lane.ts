/** What waits to be sent, in the order of writing, one lane for each conversation. */
import { utf8Bytes } from '../core/text.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { SEND_DRAFTS_MAX } from '../protocol/limits.ts';
import { type Item, unfinished, uploadsOf } from './outbox-item.ts';
import { type QueuedActs, queuedIn } from './queued.ts';
import type { PendingMessage } from './views.ts';

const BATCH_BYTES = 48_000;

export interface Slot {
  item: Item;
  readonly bytes: number;
  durable: boolean;
  tried: boolean;
  /** Where it is stored, when that was answered before the entry came. */
  seq: number;
  /** Why its files do not come up just now. */
  held: ErrorCode | null;
  view: PendingMessage | null;
}

export interface Lane {
  slots: Slot[];
  inFlight: boolean;
  tries: number;
  /** Why the last try stored nothing, though the same may be stored later. */
  held: ErrorCode | null;
  /** A request that was refused as a whole is tried with one draft, so that it hits the right one. */
  single: boolean;
  callOff: (() => void) | null;
  view: readonly PendingMessage[] | null;
  acts: QueuedActs | null;
}

export function newLane(): Lane {
  return { slots: [], inFlight: false, tries: 0, held: null, single: false, callOff: null, view: null, acts: null };
}

export function newSlot(item: Item, loaded: boolean): Slot {
  return {
    item,
    bytes:
      utf8Bytes(item.act?.kind === 'edited' ? item.act.body.text : item.text) * 2 +
      300 +
      700 * ((item.files?.length ?? 0) + uploadsOf(item).length),
    durable: loaded,
    // It is not known whether an earlier run had tried it, unless its files were not all up.
    tried: loaded && unfinished(item).length === 0,
    seq: 0,
    held: null,
    view: null,
  };
}

export const isMessage = ({ item }: Slot) => item.act === undefined;

/** What is done to messages and waits: the same object until it is another. */
export function actsIn(lane: Lane): QueuedActs {
  return (lane.acts ??= queuedIn(lane.slots.map(({ item }) => item)));
}

/** What may go next. What is written after files that are not up yet waits for them. */
export function nextOf({ slots, single }: Lane): readonly Slot[] {
  const batch: Slot[] = [];
  let bytes = 0;
  for (const slot of slots) {
    if (slot.item.code !== null || slot.seq > 0) continue;
    bytes += slot.bytes;
    const full = batch.length === (single ? 1 : SEND_DRAFTS_MAX) || (batch.length > 0 && bytes > BATCH_BYTES);
    if (!slot.durable || full || unfinished(slot.item).length > 0) break;
    batch.push(slot);
  }
  return batch;
}
