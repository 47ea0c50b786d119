/** The pictures of a conversation, in the order in which they stand in it, as far as its messages are held. */

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { TimelineItem } from '../../client/views.ts';
import { attachedTo } from '../../core/attached.ts';
import type { MessageEntry } from '../../protocol/entities.ts';
import { useMessenger } from '../messenger.tsx';
import { isPicture, type PictureInfo } from './picture-place.ts';

export interface Shot {
  readonly entry: MessageEntry;
  readonly picture: PictureInfo;
  /** Its place among those of its message, from 1, and how many these are. */
  readonly number: number;
  readonly of: number;
}

type Step = 1 | -1;

/** Pages that are looked through for one more. */
const PAGES_MAX = 20;

export function shotsOf(entry: MessageEntry): Shot[] {
  const pictures = attachedTo(entry).filter(isPicture);
  return pictures.map((picture, i) => ({ entry, picture, number: i + 1, of: pictures.length }));
}

export function shotsIn(items: readonly TimelineItem[]): Shot[] {
  return items.flatMap((item) => (item.kind === 'entry' && item.entry.kind === 'message' ? shotsOf(item.entry) : []));
}

/** The one beside it, also where itself is not among them. */
export function beside(shots: readonly Shot[], { entry, number }: Shot, step: Step): Shot | null {
  const order = (shot: Shot) => shot.entry.seq - entry.seq || shot.number - number;
  const found = step > 0 ? shots.find((shot) => order(shot) > 0) : shots.findLast((shot) => order(shot) < 0);
  return found ?? null;
}

/** Whether what stands around it is held, and it is not there any more. */
export function isGone(items: readonly TimelineItem[], { entry }: Shot): boolean {
  const seqs = items.flatMap((item) => (item.kind === 'entry' ? [item.entry.seq] : []));
  const [first, last] = [seqs[0], seqs.at(-1)];
  if (first === undefined || last === undefined || entry.seq < first || entry.seq > last) return false;
  return !items.some((item) => item.kind === 'entry' && item.entry.seq === entry.seq && shotsIn([item]).length > 0);
}

interface Album {
  readonly shot: Shot;
  /** There is one, or may be. */
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  readonly loading: boolean;
  step(by: Step): void;
}

/** `onNone` when the last of them is gone. */
export function useAlbum(conversation: string, first: Shot, onNone: () => void): Album {
  const messenger = useMessenger();
  const [timeline] = useState(() => messenger.timeline(conversation, { around: first.entry.seq }));
  useEffect(() => () => timeline.close(), [timeline]);
  const subscribe = useCallback((run: () => void) => timeline.subscribe(run), [timeline]);
  const { items, atStart, atEnd } = useSyncExternalStore(subscribe, () => timeline.view());
  const [shot, setShot] = useState(first);
  const [loading, setLoading] = useState(false);
  const shots = shotsIn(items);
  const before = beside(shots, shot, -1);
  const after = beside(shots, shot, 1);
  const gone = isGone(items, shot);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each that goes
  useEffect(() => {
    if (!gone) return;
    const next = after ?? before;
    if (next) setShot(next);
    else onNone();
  }, [gone, shot]);
  const step = async (by: Step) => {
    const held = by > 0 ? after : before;
    if (held) return setShot(held);
    if (loading) return;
    setLoading(true);
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const view = timeline.view();
      if (by > 0 ? view.atEnd : view.atStart) break;
      await (by > 0 ? timeline.loadNewer() : timeline.loadOlder());
      const found = beside(shotsIn(timeline.view().items), shot, by);
      if (found) {
        setShot(found);
        break;
      }
      if (timeline.view().failed !== null) break;
    }
    setLoading(false);
  };
  return {
    shot,
    hasBefore: before !== null || !atStart,
    hasAfter: after !== null || !atEnd,
    loading,
    step: (by) => void step(by),
  };
}
