/** What one looks for, and from when until when. */
import type { Having } from '../../client/index.ts';

/** How far back one looks, or that one says from when until when. */
export type Span = 'day' | 'week' | 'month' | 'year' | 'days';

export interface Asked {
  readonly query: string;
  readonly conversation: string | null;
  readonly sender: string | null;
  readonly has: Having | null;
  readonly span: Span | null;
  /** Days as 2026-11-25, both included; '' is open. */
  readonly from: string;
  readonly until: string;
}

export const NOTHING: Asked = {
  query: '',
  conversation: null,
  sender: null,
  has: null,
  span: null,
  from: '',
  until: '',
};

export const SPANS: readonly Span[] = ['day', 'week', 'month', 'year', 'days'];

const DAYS = { day: 1, week: 7, month: 30, year: 365 } as const;

/** In days that begin at midnight here; `to` is the beginning of the one after the last. */
export function boundsOf({ span, from, until }: Asked, now: number): { from?: number; to?: number } {
  if (span === null) return {};
  if (span !== 'days') {
    const today = new Date(now);
    return { from: new Date(today.getFullYear(), today.getMonth(), today.getDate() - DAYS[span] + 1).getTime() };
  }
  // Two days are meant in their order, however they are given.
  const [first, last] = from !== '' && until !== '' && until < from ? [until, from] : [from, until];
  return {
    ...(first === '' ? {} : { from: dayAt(first, 0) }),
    ...(last === '' ? {} : { to: dayAt(last, 1) }),
  };
}

function dayAt(day: string, later: number): number {
  const [year, month, date] = day.split('-').map(Number);
  return Math.max(0, new Date(year!, month! - 1, date! + later).getTime());
}

export function isFiltered({ sender, has, span, conversation, from, until }: Asked): boolean {
  const isDated = span === 'days' ? from !== '' || until !== '' : span !== null;
  return sender !== null || has !== null || isDated || conversation !== null;
}
