/**
 * Where one is in the timeline. At the end it follows what comes; away from the end nothing moves. It opens at the
 * first unread message, else at the end, and asks for more before an edge is reached.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Timeline } from '../../client/index.ts';
import type { TimelineView } from '../../client/views.ts';
import type { Row } from './rows.ts';

const AT_END_PX = 8;
/** Beyond this the way back is worth a button. */
const AWAY_PX = 200;
const NEAR_EDGE_PX = 1_200;
/** A day line that has moved up by more than this is no longer legible. */
const DAY_PX = 20;

interface Options {
  readonly list: RefObject<VirtualizerHandle | null>;
  readonly rows: readonly Row[];
  readonly view: TimelineView;
  readonly timeline: Timeline;
  /** Asks again for what could not be had, when one scrolls there. */
  readonly online: boolean;
  /** Rows up to this index are on screen, the last of them wholly or with its half. */
  onSeen(last: number): void;
}

export function useTimelineScroll({ list, rows, view, timeline, online, onSeen }: Options) {
  const follows = useRef(true);
  const placed = useRef(false);
  const offset = useRef(0);
  const [away, setAway] = useState(false);
  const [day, setDay] = useState<number | null>(null);

  const toEnd = useCallback(() => {
    const last = rows.length - 1;
    if (last >= 0) list.current?.scrollToIndex(last, { align: 'end' });
  }, [list, rows.length]);

  const look = (again = false) => {
    const shown = list.current;
    if (!shown || !placed.current) return;
    const top = shown.scrollOffset;
    const below = shown.scrollSize - top - shown.viewportSize;
    if (below <= AT_END_PX) follows.current = view.atEnd;
    else if (top < offset.current - 1) follows.current = false;
    offset.current = top;
    setAway(!view.atEnd || (below > AWAY_PX && !follows.current));
    if (view.loading === 'none' && (view.failed === null || again)) {
      if (top < NEAR_EDGE_PX && !view.atStart) void timeline.loadOlder();
      else if (below < NEAR_EDGE_PX && !view.atEnd) void timeline.loadNewer();
    }
    setDay(dayAbove(rows, shown, top));
    const bottom = top + shown.viewportSize;
    const last = shown.findItemIndex(bottom - 1);
    const half = shown.getItemOffset(last) + shown.getItemSize(last) / 2;
    onSeen(half <= bottom ? last : last - 1);
  };
  const latest = useRef(look);
  latest.current = look;

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the rows are others
  useLayoutEffect(() => {
    if (rows.length === 0) return;
    const first = placed.current ? -1 : rows.findIndex(({ unread }) => unread);
    placed.current = true;
    if (first >= 0) {
      follows.current = false;
      list.current?.scrollToIndex(first, { align: 'start' });
    } else if (follows.current) toEnd();
  }, [rows]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the rows or their window are others
  useEffect(() => {
    const frame = requestAnimationFrame(() => latest.current());
    return () => cancelAnimationFrame(frame);
  }, [rows, view]);

  useEffect(() => {
    if (online) latest.current(true);
  }, [online]);

  useEffect(() => {
    const run = () => latest.current();
    document.addEventListener('visibilitychange', run);
    return () => document.removeEventListener('visibilitychange', run);
  }, []);

  return {
    away,
    /** The day of what is at the top of the screen, null while its own line is in sight. */
    day,
    onScroll: () => latest.current(online),
    onResize: () => {
      if (follows.current && placed.current) toEnd();
    },
    jump: async () => {
      follows.current = true;
      if (!timeline.view().atEnd) await timeline.jump('newest');
      toEnd();
    },
  };
}

function dayAbove(rows: readonly Row[], list: VirtualizerHandle, top: number): number | null {
  const first = list.findItemIndex(top);
  if (rows[first]?.day !== null && list.getItemOffset(first) >= top - DAY_PX) return null;
  return rows.slice(0, first + 1).findLast(({ day }) => day !== null)?.day ?? null;
}
