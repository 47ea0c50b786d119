/** Times as people say them; here is wherever the test runs. */
import { expect, test } from 'bun:test';
import { dayAndTime, dayName, dayOf, presenceText, shortTime } from '../../src/web/text/time.ts';

const here = (day: number, hour = 12, minute = 0, month = 10, year = 2026) =>
  new Date(year, month, day, hour, minute).getTime();
const NOW = here(25, 14, 3);

test.each([
  [here(25, 14, 3), '14:03'],
  [here(25, 0, 0), '00:00'],
  // A clock that is ahead is no other day.
  [here(26, 9, 30), '09:30'],
  [here(24, 23, 59), 'Yesterday'],
  [here(23), 'Mon'],
  [here(19), 'Thu'],
  [here(18), '18 Nov'],
  [here(3, 12, 0, 0), '3 Jan'],
  [here(31, 12, 0, 11, 2025), '31 Dec 2025'],
])('case %# in a list', (time, said) => expect(shortTime(time, NOW)).toBe(said));

test.each([
  [here(25, 1), 'Today'],
  [here(24, 1), 'Yesterday'],
  [here(23), 'Monday 23 November'],
  [here(31, 12, 0, 11, 2025), '31 Dec 2025'],
])('case %# above a day', (time, said) => expect(dayName(time, NOW)).toBe(said));

test('a day of 23 or 25 hours is one day', () => {
  for (let day = 1; day <= 400; day++) {
    const noon = new Date(2026, 0, day, 12).getTime();
    expect(shortTime(new Date(2026, 0, day - 1, 12).getTime(), noon)).toBe('Yesterday');
    expect(dayOf(noon)).toBe(new Date(2026, 0, day).getTime());
  }
});

const seen = (lastSeen: number | null, more = {}) => ({ user: 'u', online: false, lastSeen, vague: null, ...more });
test.each([
  [null, ''],
  [seen(null), ''],
  [seen(null, { online: true }), 'online'],
  [seen(NOW - 59_000), 'last seen just now'],
  [seen(NOW - 60_000), 'last seen 1 minute ago'],
  [seen(NOW - 59 * 60_000), 'last seen 59 minutes ago'],
  [seen(here(25, 9, 5)), 'last seen at 09:05'],
  [seen(here(24, 9, 5)), 'last seen yesterday at 09:05'],
  [seen(here(3, 9, 5)), 'last seen 3 Nov at 09:05'],
  [seen(null, { vague: 'recently' }), 'last seen recently'],
  [seen(null, { vague: 'long' }), 'last seen long ago'],
] as const)('case %# of presence', (presence, said) => expect(presenceText(presence as never, NOW)).toBe(said));

test.each([
  [here(25, 9, 5), '09:05'],
  [here(25, 23, 59), '23:59'],
  [here(24, 9, 5), 'Yesterday, 09:05'],
  [here(26, 14, 3), '26 Nov, 14:03'],
  [here(25, 14, 3, 11), '25 Dec, 14:03'],
])('case %# as a moment, past or to come', (time, said) => expect(dayAndTime(time, NOW)).toBe(said));
