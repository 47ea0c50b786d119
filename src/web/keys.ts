/** Keys that work wherever the focus is; what floats above the page takes its own before they come here. */
import { useEffect, useRef } from 'react';
import { go } from './router.ts';
import type { Screen } from './routes.ts';

/** One step back from where one is, null where there is none. */
function stepBack(screen: Screen, wide: boolean): Screen | null {
  switch (screen.at) {
    case 'conversation':
      if (screen.details) return { ...screen, details: false };
      return wide ? null : { at: 'inbox' };
    case 'new-group':
      return { at: 'new' };
    case 'inbox':
      return null;
    default:
      return { at: 'inbox' };
  }
}

export function useEscape(run: () => void, active: boolean): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (!active) return;
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) latest.current();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [active]);
}

export function useStepBack(screen: Screen, wide: boolean): void {
  const back = stepBack(screen, wide);
  useEscape(() => back && go(back), back !== null);
}
