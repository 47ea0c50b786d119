/** From when until when one looks, in days as they are here. */
import { expect, test } from 'bun:test';
import { type Asked, boundsOf, isFiltered, NOTHING } from '../../src/web/search/span.ts';

const at = (year: number, month: number, day: number, hour = 0) => new Date(year, month - 1, day, hour).getTime();
const now = at(2026, 12, 1, 15);
const bounds = (more: Partial<Asked>) => boundsOf({ ...NOTHING, ...more }, now);

test('how far back begins at a midnight', () => {
  expect(bounds({})).toEqual({});
  expect(bounds({ span: 'day' })).toEqual({ from: at(2026, 12, 1) });
  expect(bounds({ span: 'week' })).toEqual({ from: at(2026, 11, 25) });
  expect(bounds({ span: 'year' })).toEqual({ from: at(2025, 12, 2) });
});

test('two days are both included, may be open, and are meant in their order', () => {
  const days = { span: 'days' as const };
  expect(bounds({ ...days, from: '2026-11-02', until: '2026-11-02' })).toEqual({
    from: at(2026, 11, 2),
    to: at(2026, 11, 3),
  });
  expect(bounds({ ...days, from: '2026-11-08', until: '2026-11-02' })).toEqual({
    from: at(2026, 11, 2),
    to: at(2026, 11, 9),
  });
  expect(bounds({ ...days, until: '2026-12-31' })).toEqual({ to: at(2027, 1, 1) });
  expect(bounds({ ...days, from: '2026-11-02' })).toEqual({ from: at(2026, 11, 2) });
  expect(bounds({ ...days })).toEqual({});
  expect(bounds({ span: 'day', from: '2020-01-01' })).toEqual({ from: at(2026, 12, 1) });
});

test('days that are not said yet narrow nothing down', () => {
  expect(isFiltered({ ...NOTHING, span: 'days' })).toBe(false);
  expect(isFiltered({ ...NOTHING, span: 'days', until: '2026-11-02' })).toBe(true);
  expect(isFiltered({ ...NOTHING, from: '2026-11-02' })).toBe(false);
  expect(isFiltered({ ...NOTHING, span: 'week' })).toBe(true);
});
