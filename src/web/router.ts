/** The address bar as a store: where one is, and how one gets elsewhere without loading the page anew. */
import { useSyncExternalStore } from 'react';
import { parseRoute, pathOf, type Route, type Screen } from './routes.ts';

const listeners = new Set<() => void>();
let path = location.pathname;
let route = parseRoute(path);

function moved(): void {
  if (location.pathname !== path) arrive();
}

function arrive(): void {
  path = location.pathname;
  route = parseRoute(path);
  for (const run of listeners) run();
}

/** What covers the screen has a place of its own in the history, so that Back takes it away. */
let covered = false;

/** `onBack` when Back was pressed. Returns what takes the place away again. */
export function cover(onBack: () => void): () => void {
  covered = true;
  history.pushState(history.state, '', path);
  const back = () => {
    covered = false;
    onBack();
  };
  addEventListener('popstate', back, { once: true });
  return () => {
    removeEventListener('popstate', back);
    if (!covered) return;
    covered = false;
    history.back();
  };
}

/** Keeps in the address what one looks at by now; nobody is told, because nothing changes on screen. */
export function note(screen: Screen, state: unknown): void {
  if (covered) return;
  const to = hrefOf(screen);
  if (to === location.pathname && state === history.state) return;
  path = to;
  history.replaceState(state, '', path);
}

addEventListener('popstate', moved);

function subscribe(run: () => void): () => void {
  listeners.add(run);
  return () => listeners.delete(run);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, () => route);
}

/** The one that the page was opened for. */
export const slotHere = () => route.slot;

/** Within the slot that the page was opened for. */
export function hrefOf(screen: Screen): string {
  return pathOf({ slot: route.slot, screen });
}

/** Also to where one is already: a message that one has asked for is shown again. */
export function go(screen: Screen, { replace = false } = {}): void {
  const to = hrefOf(screen);
  if (replace || to === location.pathname) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  arrive();
}
