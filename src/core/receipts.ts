/** Delivered and read are two watermarks for each member that only grow; what a tick shows is derived from them. */
import type { Mark } from '../protocol/entities.ts';

/** The greater of both in each part, with read never above delivered; the same object when nothing grew. */
export function raiseMark(mark: Mark, delivered: number, read: number): Mark {
  const nextRead = Math.max(mark.read, read);
  const nextDelivered = Math.max(mark.delivered, delivered, nextRead);
  if (nextRead === mark.read && nextDelivered === mark.delivered) return mark;
  return { user: mark.user, delivered: nextDelivered, read: nextRead };
}

export type MarksByUser = ReadonlyMap<string, Mark>;

/** Merges in any order and any number of times; the same map when nothing grew. */
export function mergeMarks(marks: MarksByUser, raised: readonly Mark[]): MarksByUser {
  let merged: Map<string, Mark> | null = null;
  for (const { user, delivered, read } of raised) {
    const old = (merged ?? marks).get(user) ?? { user, delivered: 0, read: 0 };
    const next = raiseMark(old, delivered, read);
    if (next === old) continue;
    merged ??= new Map(marks);
    merged.set(user, next);
  }
  return merged ?? marks;
}

export type Tick = 'sent' | 'delivered' | 'read';

/** What the sender's own message shows: the least that all the others have reached. Alone, it is sent. */
export function tickOf(seq: number, marks: MarksByUser, self: string): Tick {
  let delivered = true;
  let read = true;
  let others = 0;
  for (const mark of marks.values()) {
    if (mark.user === self) continue;
    others++;
    if (mark.read < seq) read = false;
    if (mark.delivered < seq) delivered = false;
  }
  if (others === 0 || !delivered) return 'sent';
  return read ? 'read' : 'delivered';
}

/** 32 bits over all marks, whatever their order; equal marks have equal digests. Part of the protocol. */
export function digestMarks(marks: Iterable<Mark>): number {
  let sum = 0;
  for (const mark of marks) {
    if (mark.delivered === 0 && mark.read === 0) continue;
    let hash = 0x811c9dc5;
    const text = `${mark.user} ${mark.delivered} ${mark.read}`;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    sum = (sum + mixed(hash)) >>> 0;
  }
  return sum;
}

/** Unmixed, the hashes of two marks that grow together differ by amounts that often cancel out. (MurmurHash3's end.) */
function mixed(hash: number): number {
  let mixing = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixing = Math.imul(mixing ^ (mixing >>> 13), 0xc2b2ae35);
  return (mixing ^ (mixing >>> 16)) >>> 0;
}
