/** Shows that days and dates are each other's inverse over eight centuries, that leap years are right, and what is no date. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOf, dayOfTime, readDate, startOfDay } from '../../core/domain/day.ts';

describe('a day', () => {
  it.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['1999-03-01', 10_651],
    ['2000-02-29', 11_016],
    ['2026-11-21', 20_778],
  ])('%s is number %i', (date, day) => {
    expect(readDate(date)).toBe(day);
    expect(dateOf(day)).toBe(date);
  });

  it('is the day that the runtime says, for every day from 1600 to 2400', () => {
    fc.assert(
      fc.property(fc.integer({ min: -135_140, max: 157_053 }), (day) => {
        const date = new Date(startOfDay(day)).toISOString().slice(0, 10);
        expect(dateOf(day)).toBe(date);
        expect(readDate(date)).toBe(day);
        expect(dayOfTime(startOfDay(day) + 86_399_999)).toBe(day);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '1900-02-29',
    '26-01-01',
    '2026-1-1',
    '2026-01-01T',
    '',
  ])('is not written %j', (text) => {
    expect(readDate(text)).toBeUndefined();
  });
});
