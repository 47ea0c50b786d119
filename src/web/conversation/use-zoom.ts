/** Wheel, fingers and mouse on the stage of a picture. */
import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { CLOSER, keepWithin, WHOLE, type Zoom, zoomTo } from './zoom.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Hands {
  readonly stage: RefObject<HTMLElement | null>;
  readonly picture: RefObject<HTMLElement | null>;
  /** Towards the end of the line and beyond (1), or the other way (-1). */
  onSwipe(step: 1 | -1): void;
  onPullDown(): void;
  onPressBeside(): void;
}

/** In pixels: what is less is no swipe, and what is still less was a press. */
const SWIPE = 60;
const STILL = 6;
const TWICE_MS = 300;
const TWICE_APART = 30;

export function useZoom({ stage, picture, onSwipe, onPullDown, onPressBeside }: Hands) {
  const [zoom, setZoom] = useState<Zoom>(WHOLE);
  const [drag, setDrag] = useState<Point | null>(null);
  const held = useRef(new Map<number, Point>());
  const began = useRef<Point>({ x: 0, y: 0 });
  const pinched = useRef(false);
  const pressed = useRef({ at: 0, x: 0, y: 0 });

  const within = (next: Zoom): Zoom => {
    const [on, of] = [stage.current, picture.current];
    if (!on || !of) return next;
    const [whole, room] = [
      { width: of.offsetWidth, height: of.offsetHeight },
      { width: on.clientWidth, height: on.clientHeight },
    ];
    return keepWithin(next, whole, room);
  };
  const change = (make: (before: Zoom) => Zoom) => setZoom((before) => within(make(before)));
  const fromMiddle = (x: number, y: number): Point => {
    const { left, top, width, height } = stage.current!.getBoundingClientRect();
    return { x: x - left - width / 2, y: y - top - height / 2 };
  };

  // React's own listener cannot keep the page from zooming.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stage stays the same
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const by = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002));
      const at = fromMiddle(event.clientX, event.clientY);
      change((before) => zoomTo(before, before.scale * by, at));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);

  const onPointerDown = (event: PointerEvent) => {
    if ((event.target as Element).closest('button') || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = { x: event.clientX, y: event.clientY };
    if (held.current.size === 0) {
      began.current = at;
      pinched.current = false;
    } else pinched.current = true;
    held.current.set(event.pointerId, at);
    setDrag({ x: 0, y: 0 });
  };
  const onPointerMove = (event: PointerEvent) => {
    const before = held.current.get(event.pointerId);
    if (!before) return;
    const at = { x: event.clientX, y: event.clientY };
    const other = [...held.current].find(([id]) => id !== event.pointerId)?.[1];
    held.current.set(event.pointerId, at);
    if (other) {
      const by = distance(at, other) / Math.max(1, distance(before, other));
      const middle = fromMiddle((at.x + other.x) / 2, (at.y + other.y) / 2);
      change((now) => zoomTo(now, now.scale * by, middle));
    } else if (zoom.scale > 1) {
      change((now) => ({ ...now, x: now.x + at.x - before.x, y: now.y + at.y - before.y }));
    } else if (!pinched.current) setDrag({ x: at.x - began.current.x, y: at.y - began.current.y });
  };
  const onPointerUp = (event: PointerEvent) => {
    if (!held.current.delete(event.pointerId) || held.current.size > 0) return;
    setDrag(null);
    if (pinched.current || event.type === 'pointercancel') return;
    const [across, down] = [event.clientX - began.current.x, event.clientY - began.current.y];
    if (Math.hypot(across, down) < STILL) press(event);
    else if (zoom.scale > 1) return;
    else if (Math.abs(across) > SWIPE && Math.abs(across) > Math.abs(down)) onSwipe(across < 0 ? 1 : -1);
    else if (down > SWIPE) onPullDown();
  };
  const press = (event: PointerEvent) => {
    const { clientX: x, clientY: y } = event;
    const last = pressed.current;
    const twice = event.timeStamp - last.at < TWICE_MS && distance(last, { x, y }) < TWICE_APART;
    pressed.current = { at: twice ? 0 : event.timeStamp, x, y };
    if (twice) {
      const at = fromMiddle(x, y);
      change((before) => (before.scale > 1 ? WHOLE : zoomTo(before, CLOSER, at)));
      return;
    }
    const box = picture.current?.getBoundingClientRect();
    const beside = box && (x < box.left || x > box.right || y < box.top || y > box.bottom);
    if (beside && event.pointerType === 'mouse') onPressBeside();
  };
  return {
    zoom,
    /** What is dragged follows at once; else it moves there. */
    drag,
    reset: () => setZoom(WHOLE),
    zoomBy: (by: number) => change((before) => zoomTo(before, before.scale * by)),
    panBy: (x: number, y: number) => change((before) => ({ ...before, x: before.x + x, y: before.y + y })),
    hands: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp },
  };
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
