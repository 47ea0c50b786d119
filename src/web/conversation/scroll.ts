/**
 * Where one is in the timeline. At the end it follows what comes; away from the end nothing moves. It opens at the
 * place that is asked for, else at the first unread message, else at the end, and asks for more before an edge is
 * reached.
 */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Timeline } from '../../client/index.ts';
import type { TimelineView } from '../../client/views.ts';
import type { Place } from './place.ts';
import type { Row } from './rows.ts';

const AT_END_PX = 8;
/** Beyond this the way back is worth a button. */
const AWAY_PX = 200;
const NEAR_EDGE_PX = 1_200;
/** A day line that has moved up by more than this is no longer legible. */
const DAY_PX = 36;
/** The day stands over the top of the screen; what is opened begins below it. */
const BELOW_DAY_PX = 40;
/** One has come to rest when nothing scrolled for so long. */
const REST_MS = 250;
/** A scroll so soon after a hand was at it is that hand's. */
const HAND_MS = 300;
const HANDS = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

interface Options {
  readonly list: RefObject<VirtualizerHandle | null>;
  /** What scrolls. */
  readonly scroller: RefObject<HTMLElement | null>;
  readonly rows: readonly Row[];
  readonly view: TimelineView;
  readonly timeline: Timeline;
  /** Where to open. */
  readonly place: Place | null;
  /** Asks again for what could not be had, when one scrolls there. */
  readonly online: boolean;
  /** Rows up to this index are on screen or above it, the last of them wholly or with its half; -1 for none. */
  onSeen(last: number): void;
  /** One stays here by now; null is the end. */
  onRest(place: Place | null): void;
}

const seqOf = ({ item }: Row) => (item.kind === 'entry' ? item.entry.seq : item.kind === 'gap' ? item.to : Infinity);

export function useTimelineScroll({ list, scroller, rows, view, timeline, place, online, onSeen, onRest }: Options) {
  const follows = useRef(place === null);
  /** Where to go as soon as there are rows; undefined once one is there. */
  const wanted = useRef<Place | null | undefined>(place);
  /** Where it stood when it was last looked at, and all sizes that have a part in that. */
  const stood = useRef({ top: 0, sizes: '' });
  /** Where one was led: it is gone to again whenever more is measured, until one rests there, goes on or takes hold. */
  const led = useRef<{ readonly to: Place | null } | null>(null);
  const handAt = useRef(-Infinity);
  const looking = useRef(0);
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [jumps, setJumps] = useState(0);
  const [away, setAway] = useState(false);
  const [day, setDay] = useState<number | null>(null);
  const [moving, setMoving] = useState(false);
  const isPlaced = () => wanted.current === undefined;

  /**
   * Somebody has scrolled up. A list whose rows are measured anew or whose window is turned goes up by itself; so where
   * a size is another one, it takes a hand.
   */
  const isLeft = (box: HTMLElement) =>
    box.scrollTop < stood.current.top - 1 &&
    (sizesOf(box) === stood.current.sizes || performance.now() - handAt.current < HAND_MS);
  const stand = (box: HTMLElement) => {
    stood.current = { top: box.scrollTop, sizes: sizesOf(box) };
  };

  /** False when that is the end. Not by the list's own means, which are not to be called off. */
  const lead = (to: Place | null): boolean => {
    const box = scroller.current;
    const top = box && list.current ? topOf(list.current, rows, to, box.clientHeight) : null;
    led.current = top === null ? null : { to };
    if (!box || top === null) return false;
    box.scrollTop = top;
    stand(box);
    return true;
  };

  /** Who has scrolled up is not brought back, also when that is not yet told. */
  const toEnd = () => {
    const box = scroller.current;
    if (!box) return;
    if (isLeft(box)) follows.current = false;
    else box.scrollTop = box.scrollHeight;
    stand(box);
  };

  const look = (again = false) => {
    const shown = list.current;
    const box = scroller.current;
    if (!shown || !box || !isPlaced()) return;
    if (belowOf(box) <= AT_END_PX) follows.current = view.atEnd;
    else if (isLeft(box)) follows.current = false;
    else if (follows.current) toEnd();
    stand(box);
    const top = box.scrollTop;
    const below = belowOf(box);
    setAway(!view.atEnd || (below > AWAY_PX && !follows.current));
    if (view.loading === 'none' && (view.failed === null || again)) {
      if (top < NEAR_EDGE_PX && !view.atStart) void timeline.loadOlder();
      else if (below < NEAR_EDGE_PX && !view.atEnd) void timeline.loadNewer();
    }
    setDay(dayAbove(rows, shown, top));
    onSeen(lastPainted(box, rows));
    clearTimeout(resting.current);
    resting.current = setTimeout(() => latest.current.rest(), REST_MS);
  };
  const rest = () => {
    const shown = list.current;
    if (!shown || !isPlaced()) return;
    led.current = null;
    setMoving(false);
    if (follows.current) return onRest(null);
    const top = shown.scrollOffset;
    const from = shown.findItemIndex(top);
    const index = rows.findIndex(({ item }, i) => i >= from && item.kind === 'entry');
    if (index >= 0) onRest({ seq: seqOf(rows[index]!), above: Math.round(top - shown.getItemOffset(index)) });
  };
  const latest = useRef({ look, rest });
  latest.current = { look, rest };
  useEffect(
    () => () => {
      clearTimeout(resting.current);
      cancelAnimationFrame(looking.current);
    },
    [],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the rows are others, or one wants to be elsewhere
  useLayoutEffect(() => {
    if (rows.length === 0) return;
    const to = wanted.current;
    if (to !== undefined) follows.current = !lead(to);
    else if (led.current) lead(led.current.to);
    wanted.current = undefined;
    if (follows.current) toEnd();
  }, [rows, jumps]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the rows or their window are others
  useEffect(() => {
    const frame = requestAnimationFrame(() => latest.current.look());
    return () => cancelAnimationFrame(frame);
  }, [rows, view]);

  useEffect(() => {
    const box = scroller.current!;
    const note = () => {
      handAt.current = performance.now();
      led.current = null;
    };
    for (const hand of HANDS) box.addEventListener(hand, note, { passive: true });
    return () => {
      for (const hand of HANDS) box.removeEventListener(hand, note);
    };
  }, [scroller]);

  useEffect(() => {
    if (online) latest.current.look(true);
  }, [online]);

  useEffect(() => {
    const run = () => latest.current.look();
    document.addEventListener('visibilitychange', run);
    return () => document.removeEventListener('visibilitychange', run);
  }, []);

  return {
    away,
    /** The day of what is at the top of the screen, null while its own line is in sight. */
    day,
    /** One is on the way, away from the end. */
    moving,
    onScroll: () => {
      latest.current.look(online);
      setMoving(!follows.current);
    },
    onResize: () => {
      if (led.current) lead(led.current.to);
      else if (follows.current && isPlaced()) toEnd();
      cancelAnimationFrame(looking.current);
      looking.current = requestAnimationFrame(() => latest.current.look());
    },
    toNewest: async () => {
      led.current = null;
      follows.current = true;
      stood.current.top = 0;
      if (!timeline.view().atEnd) await timeline.jump('newest');
      stood.current.top = 0;
      toEnd();
    },
    toPlace: async (to: Place) => {
      if (!rows.some((row) => seqOf(row) === to.seq)) await timeline.jump({ seq: to.seq });
      wanted.current = to;
      setJumps((before) => before + 1);
    },
  };
}

const sizesOf = ({ clientWidth, clientHeight, scrollHeight }: HTMLElement) =>
  `${clientWidth} ${clientHeight} ${scrollHeight}`;

const belowOf = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement) => scrollHeight - scrollTop - clientHeight;

/** What has to stand at the top of the screen, in pixels from that of the list; null for the end. */
function topOf(list: VirtualizerHandle, rows: readonly Row[], place: Place | null, height: number): number | null {
  const index = rows.findIndex((row) => (place ? seqOf(row) >= place.seq : row.unread));
  if (index < 0) return null;
  const top = list.getItemOffset(index);
  if (place === null) return top - BELOW_DAY_PX;
  return top + (place.above ?? (list.getItemSize(index) - height) / 2);
}

/** By what is painted: the list guesses the size of what it has not measured yet, and hides it. */
function lastPainted(box: HTMLElement, rows: readonly Row[]): number {
  const { bottom } = box.getBoundingClientRect();
  const isPainted = (row: HTMLElement) => {
    const { top, height } = row.getBoundingClientRect();
    return top + height / 2 <= bottom && row.checkVisibility({ visibilityProperty: true });
  };
  const painted = [...box.querySelectorAll<HTMLElement>('.row')].findLast(isPainted);
  return painted ? rows.findIndex(({ key }) => key === painted.dataset.row) : -1;
}

function dayAbove(rows: readonly Row[], list: VirtualizerHandle, top: number): number | null {
  const first = list.findItemIndex(top);
  if (rows[first]?.day !== null && list.getItemOffset(first) >= top - DAY_PX) return null;
  return rows.slice(0, first + 1).findLast(({ day }) => day !== null)?.day ?? null;
}
