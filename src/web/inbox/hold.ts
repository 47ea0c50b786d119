/** How a row of the list is taken hold of: right button, long press, and the keys for menus. */
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useEffect, useRef } from 'react';
import { LONG_PRESS_MS, type Point, STILL_PX } from '../conversation/hands.ts';

const rowOf = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;

/** `point` is null where the keyboard asks. */
export function useHold(onMenu: (row: HTMLElement, point: Point | null) => void) {
  const touch = useRef<(Point & { readonly timer: ReturnType<typeof setTimeout> }) | null>(null);
  /** The finger that opened the menu does not follow the link when it is lifted. */
  const held = useRef(false);
  const end = () => {
    clearTimeout(touch.current?.timer);
    touch.current = null;
  };
  useEffect(() => () => clearTimeout(touch.current?.timer), []);
  const press = (event: PointerEvent) => {
    end();
    held.current = false;
    const row = rowOf(event.target);
    if (!row || event.pointerType !== 'touch' || !event.isPrimary) return;
    const { clientX: x, clientY: y } = event;
    const timer = setTimeout(() => {
      held.current = true;
      onMenu(row, { x, y });
    }, LONG_PRESS_MS);
    touch.current = { x, y, timer };
  };
  const drag = ({ clientX, clientY }: PointerEvent) => {
    const { x, y } = touch.current ?? { x: clientX, y: clientY };
    if (Math.hypot(clientX - x, clientY - y) >= STILL_PX) end();
  };
  const context = (event: MouseEvent) => {
    const row = rowOf(event.target);
    if (!row) return;
    event.preventDefault();
    const byTouch = (event.nativeEvent as globalThis.PointerEvent).pointerType === 'touch';
    if (!byTouch) onMenu(row, { x: event.clientX, y: event.clientY });
  };
  /** True for the keys that ask for a menu. */
  const key = (event: KeyboardEvent): boolean => {
    const row = rowOf(event.target);
    if (!row || !(event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) return false;
    event.preventDefault();
    onMenu(row, null);
    return true;
  };
  const click = (event: MouseEvent) => {
    if (held.current) event.preventDefault();
    held.current = false;
  };
  const hands = {
    onContextMenu: context,
    onPointerDown: press,
    onPointerMove: drag,
    onPointerUp: end,
    onPointerCancel: end,
  };
  return { hands, key, click };
}
