/** What one looks for: kept while one goes to what was found, and comes back. */
import { useSyncExternalStore } from 'react';
import type { Having } from '../../client/index.ts';
import { go } from '../router.ts';

export const SPANS = ['day', 'week', 'month', 'year'] as const;
export type Span = (typeof SPANS)[number];

export interface Asked {
  readonly query: string;
  readonly conversation: string | null;
  readonly sender: string | null;
  readonly has: Having | null;
  readonly span: Span | null;
}

const NOTHING: Asked = { query: '', conversation: null, sender: null, has: null, span: null };
const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<Span, number>> = { day: 1, week: 7, month: 30, year: 365 };

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

/** Since when, in days that begin at midnight here. */
export function beginningOf(span: Span, now: number): number {
  const date = new Date(now - (DAYS[span] - 1) * DAY_MS);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

export function isFiltered({ sender, has, span, conversation }: Asked): boolean {
  return sender !== null || has !== null || span !== null || conversation !== null;
}
