/** Keys that work wherever the focus is; what floats above the page takes its own before they come here. */
import { useEffect } from 'react';
import { go } from './router.ts';
import type { Screen } from './routes.ts';

/** Escape goes one step back. False where there is none. */
function stepBack(screen: Screen, wide: boolean): boolean {
  switch (screen.at) {
    case 'conversation':
      if (screen.details) go({ ...screen, details: false });
      else if (wide) return false;
      else go({ at: 'inbox' });
      return true;
    case 'new-group':
      go({ at: 'new' });
      return true;
    case 'inbox':
      return false;
    default:
      go({ at: 'inbox' });
      return true;
  }
}

export function useKeys(screen: Screen, wide: boolean): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
      if (stepBack(screen, wide)) event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [screen, wide]);
}
