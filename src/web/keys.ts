/** Keys that work wherever the focus is; what floats above the page takes its own before they come here. */
import { useEffect, useRef } from 'react';
import { neighbour } from './inbox/neighbour.ts';
import { useMessenger } from './messenger.tsx';
import { go } from './router.ts';
import type { Screen } from './routes.ts';

/** One step back from where one is, null where there is none. */
function stepBack(screen: Screen, wide: boolean): Screen | null {
  switch (screen.at) {
    case 'conversation':
      if (screen.details) return { at: 'conversation', id: screen.id };
      return wide ? null : { at: 'inbox' };
    case 'new-group':
      return { at: 'new' };
    case 'settings':
      return screen.part ? { at: 'settings' } : { at: 'inbox' };
    case 'inbox':
      return null;
    default:
      return { at: 'inbox' };
  }
}

const steps: (() => void)[] = [];
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) steps.at(-1)?.();
});

/** Of several that are active, the one that became so last. */
export function useEscape(run: () => void, active: boolean): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (!active) return;
    const step = () => latest.current();
    steps.push(step);
    return () => void steps.splice(steps.indexOf(step), 1);
  }, [active]);
}

/** Escape takes one step back, Alt with an arrow opens the conversation above or below, Ctrl or ⌘ with K finds people. */
export function useKeys(screen: Screen, open: string | null, wide: boolean): void {
  const messenger = useMessenger();
  const back = stepBack(screen, wide);
  useEscape(() => back && go(back), back !== null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const to = event.defaultPrevented || event.isComposing || isCovered() ? null : target(event);
      if (!to) return;
      event.preventDefault();
      go(to);
    };
    const target = ({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): Screen | null => {
      if (shiftKey) return null;
      if (key.toLowerCase() === 'k' && ctrlKey !== metaKey && !altKey) return { at: 'new' };
      if (!altKey || ctrlKey || metaKey || (key !== 'ArrowUp' && key !== 'ArrowDown')) return null;
      const ids = messenger.inbox().conversations.flatMap(({ id, archived }) => (archived ? [] : [id]));
      const id = neighbour(ids, open, key === 'ArrowDown' ? 1 : -1);
      return id === null ? null : { at: 'conversation', id };
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [messenger, open]);
}

/** A dialog or a menu is open. */
const isCovered = () => document.querySelector('[role=dialog], [role=menu]') !== null;
