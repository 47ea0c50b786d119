/** Between inbox and conversation: drawn by the mouse or moved by arrows, and remembered on this device. */
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { t } from '../text/text.ts';

const KEY = 'parley-inbox-width';
const LEAST_PX = 260;
const MOST_PX = 420;
const USUAL_PX = 320;
const STEP_PX = 20;

const within = (width: number) => Math.min(MOST_PX, Math.max(LEAST_PX, Math.round(width)));

export function useInboxWidth() {
  const [width, setWidth] = useState(() => within(Number(localStorage.getItem(KEY)) || USUAL_PX));
  const resize = (next: number) => {
    setWidth(within(next));
    localStorage.setItem(KEY, String(within(next)));
  };
  return [width, resize] as const;
}

export function Resizer({ width, onResize }: { width: number; onResize(width: number): void }) {
  const isRtl = () => document.documentElement.dir === 'rtl';
  const drag = (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onResize(isRtl() ? innerWidth - event.clientX : event.clientX);
  };
  const key = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -STEP_PX, ArrowRight: STEP_PX }[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onResize(width + (isRtl() ? -step : step));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved
    <div
      className="resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label={t('inboxWidth')}
      aria-valuenow={width}
      aria-valuemin={LEAST_PX}
      aria-valuemax={MOST_PX}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDoubleClick={() => onResize(USUAL_PX)}
      onKeyDown={key}
    />
  );
}
