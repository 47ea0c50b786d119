/** How far back one looks. */
import type { Asked, Span } from './asked.ts';

export const SPANS: readonly Span[] = ['day', 'week', 'month', 'year'];

const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<Span, number>> = { day: 1, week: 7, month: 30, year: 365 };

/** Since when, in days that begin at midnight here. */
export function beginningOf(span: Span, now: number): number {
  const date = new Date(now - (DAYS[span] - 1) * DAY_MS);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

export function isFiltered({ sender, has, span, conversation }: Asked): boolean {
  return sender !== null || has !== null || span !== null || conversation !== null;
}
