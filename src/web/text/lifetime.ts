/** How long things stay, in words. */
import type { Lifetime, MessageEntry } from '../../protocol/entities.ts';
import { t } from './text.ts';
import { dayAndTime } from './time.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "7 days", "1 hour", "45 seconds": the largest unit that leaves nothing over. */
export function durationText(seconds: number): string {
  if (seconds % DAY === 0) return t('days', { n: seconds / DAY });
  if (seconds % HOUR === 0) return t('hours', { n: seconds / HOUR });
  return seconds % MINUTE === 0 ? t('minutes', { n: seconds / MINUTE }) : t('seconds', { n: seconds });
}

/** What is left, short enough to stand beside a time: "3 d", "23 h", "5 m", "40 s". */
export function restText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  if (seconds >= 2 * DAY) return t('restDays', { n: Math.floor(seconds / DAY) });
  if (seconds >= HOUR) return t('restHours', { n: Math.floor(seconds / HOUR) });
  return seconds >= MINUTE ? t('restMinutes', { n: Math.floor(seconds / MINUTE) }) : t('restSeconds', { n: seconds });
}

/** As a choice: "Always", "7 days after sending", "Whole chat ends 3 Nov, 14:00". */
export function lifetimeText(lifetime: Lifetime, now: number): string {
  if (lifetime.kind === 'always') return t('keepAlways');
  if (lifetime.kind === 'timer') {
    return t(lifetime.after ? 'keepReading' : 'keepTimer', { time: durationText(lifetime.seconds) });
  }
  return lifetime.until === undefined ? t('keepUntilLast') : t('keepUntil', { at: dayAndTime(lifetime.until, now) });
}

/** What a change of it says to everybody. */
export function keepingLine(who: string, lifetime: Lifetime, now: number): string {
  if (lifetime.kind === 'always') return t('sysKeepAlways', { who });
  if (lifetime.kind === 'timer') {
    const time = durationText(lifetime.seconds);
    return t(lifetime.after ? 'sysKeepReading' : 'sysKeepTimer', { who, time });
  }
  if (lifetime.until === undefined) return t('sysKeepUntilLast', { who });
  return t('sysKeepUntil', { who, at: dayAndTime(lifetime.until, now) });
}

/** In place of words that are gone: deleted, or by themselves. */
export function erasedText({ at, expires, lasts }: Pick<MessageEntry, 'at' | 'expires' | 'lasts'>): string {
  if (lasts !== undefined) return t('goneReading', { time: durationText(lasts) });
  if (expires === undefined) return t('messageDeleted');
  return t('gone', { time: durationText(Math.max(1, Math.round((expires - at) / 1_000))) });
}
