/** What one looks for: kept while one goes to what was found, and comes back. */
import { useSyncExternalStore } from 'react';
import type { Having } from '../../client/index.ts';
import { go } from '../router.ts';

/** How far back one looks. */
export type Span = 'day' | 'week' | 'month' | 'year';

export interface Asked {
  readonly query: string;
  readonly conversation: string | null;
  readonly sender: string | null;
  readonly has: Having | null;
  readonly span: Span | null;
}

const NOTHING: Asked = { query: '', conversation: null, sender: null, has: null, span: null };
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

export function useAsked(): Asked {
  return useSyncExternalStore(
    (run) => {
      listeners.add(run);
      return () => listeners.delete(run);
    },
    () => asked,
  );
}
