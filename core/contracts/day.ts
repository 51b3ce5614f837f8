/** Days in UTC, as `2026-03-01`: they sort as they follow each other. */
import { readTimestamp, timestampOf } from './timestamp.ts';

export const DAY_MS = 86_400_000;
const DAY_LENGTH = 10;

/** The day of a time, given in UTC milliseconds. */
export function dayOf(ms: number): string {
  return timestampOf(ms).slice(0, DAY_LENGTH);
}

/** First millisecond of a day. Throws on a text that is no day. */
export function startOfDay(day: string): number {
  const start = readTimestamp(`${day}T00:00:00.000Z`);
  if (start === undefined || dayOf(start) !== day) throw new Error(`day is "${day}", expected one like 2026-03-01`);
  return start;
}

/** First millisecond of the day after. */
export function endOfDay(day: string): number {
  return startOfDay(day) + DAY_MS;
}

export function dayAfter(day: string): string {
  return dayOf(endOfDay(day));
}
