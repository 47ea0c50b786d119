/** What one looks for: kept while one goes to what was found, and comes back. */
import { useSyncExternalStore } from 'react';
import { go } from '../router.ts';
import { type Asked, NOTHING } from './span.ts';

let asked = NOTHING;
const listeners = new Set<() => void>();

export function ask(change: Partial<Asked>): void {
  asked = { ...asked, ...change };
  for (const run of listeners) run();
}

/** Begins anew, in one conversation or everywhere. */
export function startSearch(conversation: string | null, query = ''): void {
  ask({ ...NOTHING, conversation, query });
  go(conversation === null ? { at: 'search' } : { at: 'search', id: conversation });
}

/** Leaves only what is typed. */
export function askEverywhere(): void {
  ask({ ...NOTHING, query: asked.query });
}

export function onAsked(run: () => void): () => void {
  listeners.add(run);
  return () => void listeners.delete(run);
}

export function useAsked(): Asked {
  return useSyncExternalStore(onAsked, () => asked);
}
