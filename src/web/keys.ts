/** Keys that work wherever the focus is; what floats above the page takes its own before they come here. */
import { useEffect, useRef } from 'react';
import { neighbour } from './inbox/neighbour.ts';
import { inboxPlaceOf } from './inbox/place.ts';
import { useMessenger } from './messenger.tsx';
import { go } from './router.ts';
import type { Screen } from './routes.ts';
import { startSearch } from './search/asked.ts';

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

/** What the keys lay over the page. */
export type Over = 'palette' | 'shortcuts' | 'read-all';

interface Options {
  readonly screen: Screen;
  /** The conversation on screen. */
  readonly open: string | null;
  readonly wide: boolean;
  onOver(over: Over): void;
}

/**
 * Escape takes one step back, Alt with an arrow opens the conversation above or below, Ctrl or ⌘ with K finds chats and
 * people, with F messages of the open conversation, Alt and Shift with R marks all as read, a question mark that is not
 * written anywhere shows these keys.
 */
export function useKeys({ screen, open, wide, onOver }: Options): void {
  const messenger = useMessenger();
  const latest = useRef(onOver);
  latest.current = onOver;
  const back = stepBack(screen, wide);
  useEscape(() => back && go(back), back !== null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isCovered()) return;
      if (open !== null && isFind(event)) {
        event.preventDefault();
        startSearch(open);
        return;
      }
      const over = overOf(event);
      const to = over ? null : target(event);
      if (!over && !to) return;
      event.preventDefault();
      if (over) latest.current(over);
      else if (to) go(to);
    };
    const target = ({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): Screen | null => {
      if (!altKey || shiftKey || ctrlKey || metaKey || (key !== 'ArrowUp' && key !== 'ArrowDown')) return null;
      const ids = messenger.inbox().conversations.flatMap((view) => (inboxPlaceOf(view) === 'chats' ? [view.id] : []));
      const id = neighbour(ids, open, key === 'ArrowDown' ? 1 : -1);
      return id === null ? null : { at: 'conversation', id };
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [messenger, open]);
}

function overOf({ key, code, altKey, ctrlKey, metaKey, shiftKey, target }: KeyboardEvent): Over | null {
  // With Alt the letter is another one on some keyboards.
  if (altKey && shiftKey && !ctrlKey && !metaKey && code === 'KeyR') return 'read-all';
  if (altKey) return null;
  if (key.toLowerCase() === 'k' && ctrlKey !== metaKey && !shiftKey) return 'palette';
  const writes = target instanceof Element && target.matches('input, textarea');
  return key === '?' && !ctrlKey && !metaKey && !writes ? 'shortcuts' : null;
}

/** What finds in a page elsewhere. */
function isFind({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'f' && ctrlKey !== metaKey && !altKey && !shiftKey;
}

/** A dialog or a menu is open. */
const isCovered = () => document.querySelector('[role=dialog], [role=menu]') !== null;
