import { useEffect, useState, useSyncExternalStore } from 'react';

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (run) => {
      const media = matchMedia(query);
      media.addEventListener('change', run);
      return () => media.removeEventListener('change', run);
    },
    () => matchMedia(query).matches,
  );
}

/** Room for inbox and conversation side by side. */
export const useWide = () => useMedia('(min-width: 700px)');

/** Enter breaks the line, and nothing takes the focus by itself: that would open the keyboard. */
export const useTouch = () => useMedia('(pointer: coarse)');

let acted = false;
for (const act of ['pointerdown', 'keydown'] as const) {
  addEventListener(act, () => (acted = true), { capture: true, once: true });
}
/** Whether anybody has touched the page yet: on one that was just loaded, nothing takes the focus to itself. */
export const hasActed = () => acted;

/** The time, to the minute. */
export function useMinute(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
