/** Times as people say them. All take `now`, so that they can be tested. */
import type { Presence } from '../../protocol/entities.ts';
import { t } from './text.ts';

const DAY_MS = 86_400_000;
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const weekdayLong = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

export const timeOfDay = (at: number) => clock.format(at);

/** Midnight of that day, here. */
export function dayOf(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Rounded, because a day may have 23 or 25 hours. */
function daysAgo(at: number, now: number): number {
  return Math.round((dayOf(now) - dayOf(at)) / DAY_MS);
}

/** "14:03", "Yesterday", "Mon", "3 Nov", "3 Nov 2024". */
export function shortTime(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days <= 0) return timeOfDay(at);
  if (days === 1) return t('yesterday');
  if (days < 7) return weekday.format(at);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayMonth.format(at) : full.format(at);
}

/** The line above a day's first message. */
export function dayName(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days <= 0) return t('today');
  if (days === 1) return t('yesterday');
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? weekdayLong.format(at) : full.format(at);
}

/** "3 Nov", whichever year it is. */
export const dayMonthOf = (at: number) => dayMonth.format(at);

/** Also of what is to come: "3 Nov, 14:03". */
export function dayAndTime(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days === 0) return timeOfDay(at);
  return `${days < 0 ? dayMonth.format(at) : shortTime(at, now)}, ${timeOfDay(at)}`;
}

const VAGUE = { recently: 'seenRecently', week: 'seenWeek', month: 'seenMonth', long: 'seenLong' } as const;

export function presenceText(presence: Presence | null, now: number): string {
  if (!presence) return '';
  if (presence.online) return t('online');
  if (presence.vague) return t(VAGUE[presence.vague]);
  if (presence.lastSeen === null) return '';
  const minutes = Math.floor((now - presence.lastSeen) / 60_000);
  if (minutes < 1) return t('lastSeenNow');
  if (minutes < 60) return t('lastSeenMinutes', { n: minutes });
  const time = timeOfDay(presence.lastSeen);
  if (daysAgo(presence.lastSeen, now) <= 0) return t('lastSeenToday', { time });
  if (daysAgo(presence.lastSeen, now) === 1) return t('lastSeenYesterday', { time });
  return t('lastSeenOn', { day: shortTime(presence.lastSeen, now), time });
}
