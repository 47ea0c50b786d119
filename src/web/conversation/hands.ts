/** How a message is taken hold of: right button, long press and swipe; arrows and keys when one has the focus. */
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useEffect, useRef } from 'react';

export const LONG_PRESS_MS = 350;
/** A finger that moved so far does not press. */
export const STILL_PX = 10;
/** Swipes that begin here belong to the system. */
const EDGE_PX = 24;
const REPLY_PX = 56;
const PULL_MOST_PX = 72;

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Options {
  /** `point` is null where the keyboard asks. */
  onMenu(message: HTMLElement, point: Point | null): void;
  onReply(message: HTMLElement): void;
  /** One goes back to writing: by Escape, below the last message, or by a letter, which is then written. */
  onWrite(): void;
}

const messageOf = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>('.message') : null;

interface Touch extends Point {
  readonly message: HTMLElement;
  readonly timer: ReturnType<typeof setTimeout>;
  /** How far it is pulled towards the end of the line; null until one knows that it is. */
  pull: number | null;
}

export function useHands({ onMenu, onReply, onWrite }: Options) {
  const touch = useRef<Touch | null>(null);
  const end = () => {
    const held = touch.current;
    if (!held) return;
    clearTimeout(held.timer);
    held.message.style.translate = '';
    touch.current = null;
  };
  useEffect(() => () => clearTimeout(touch.current?.timer), []);

  const press = (event: PointerEvent) => {
    end();
    const message = messageOf(event.target);
    if (!message || event.pointerType !== 'touch' || !event.isPrimary) return;
    const { clientX: x, clientY: y } = event;
    const timer = setTimeout(() => {
      end();
      onMenu(message, { x, y });
    }, LONG_PRESS_MS);
    touch.current = { message, timer, x, y, pull: x < EDGE_PX || x > innerWidth - EDGE_PX ? 0 : null };
  };
  const drag = (event: PointerEvent) => {
    const held = touch.current;
    if (!held) return;
    const [across, down] = [event.clientX - held.x, event.clientY - held.y];
    if (Math.hypot(across, down) < STILL_PX && held.pull === null) return;
    clearTimeout(held.timer);
    const towards = document.documentElement.dir === 'rtl' ? -1 : 1;
    const isPull = across * towards > Math.abs(down);
    if (held.pull === 0 || (held.pull === null && !isPull)) return end();
    held.pull = Math.min(PULL_MOST_PX, Math.max(1, across * towards));
    held.message.style.translate = `${held.pull * towards}px`;
  };
  const release = () => {
    const held = touch.current;
    end();
    if (held && (held.pull ?? 0) >= REPLY_PX) onReply(held.message);
  };

  const context = (event: MouseEvent) => {
    const message = messageOf(event.target);
    if (!message) return;
    const selected = getSelection();
    const hasOwn = (event.target as Element).closest('a') || (selected && !selected.isCollapsed);
    // A finger's long press has opened the menu by itself; links and chosen text keep the browser's.
    const byTouch = (event.nativeEvent as globalThis.PointerEvent).pointerType === 'touch';
    if (hasOwn && !byTouch) return;
    event.preventDefault();
    if (!byTouch) onMenu(message, event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : null);
  };
  const key = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return;
    if (/^[^\s?]$/u.test(event.key)) return onWrite();
    const message = event.target instanceof HTMLElement && event.target.matches('.message') ? event.target : null;
    if (!message) return;
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const next = beside(message, event.key === 'ArrowUp' ? -1 : 1);
      if (next) focusMessage(next);
      else if (event.key === 'ArrowDown') onWrite();
    } else if (event.key === 'Enter' || event.key === ' ') onMenu(message, null);
    else if (event.key === 'Escape') onWrite();
    else return;
    event.preventDefault();
  };
  return {
    onContextMenu: context,
    onKeyDown: key,
    onPointerDown: press,
    onPointerMove: drag,
    onPointerUp: release,
    onPointerCancel: end,
  };
}

function beside(message: HTMLElement, step: 1 | -1): HTMLElement | null {
  const all = [...document.querySelectorAll<HTMLElement>('[role=log] .message')];
  return all[all.indexOf(message) + step] ?? null;
}

export function focusMessage(message: HTMLElement): void {
  message.focus({ preventScroll: true });
  message.scrollIntoView({ block: 'nearest' });
}
