/**
 * Calendar days as whole numbers, counted from 1970-01-01, so that the distance of two days is a subtraction. Of the proleptic
 * Gregorian calendar (ISO 8601), without time zones: a bank's booking date is a date on paper.
 */

const DAY_MS = 86_400_000;

/** Day in UTC of a time in UTC milliseconds. */
export function dayOfTime(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** First millisecond of a day in UTC. */
export function startOfDay(day: number): number {
  return day * DAY_MS;
}

/** Day of a date written `YYYY-MM-DD`; undefined for any other text and for days that do not exist, as 30 February. */
export function readDate(text: string): number | undefined {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (match === null) return undefined;
  const day = dayOfDate(Number(match[1]), Number(match[2]), Number(match[3]));
  return dateOf(day) === text ? day : undefined;
}

/**
 * Writes a day as `YYYY-MM-DD`. With {@link dayOfDate} the arithmetic of a year that begins in March, so that the day that some
 * years have more is the last one: eras of 400 years are 146,097 days, and day 0 lies 719,468 days after 0000-03-01.
 */
export function dateOf(day: number): string {
  const era = Math.floor((day + 719_468) / 146_097);
  const dayOfEra = day + 719_468 - era * 146_097;
  const leapDays = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return [String(year).padStart(4, '0'), twoDigits(month), twoDigits(dayOfMonth)].join('-');
}

function dayOfDate(calendarYear: number, month: number, dayOfMonth: number): number {
  const year = month <= 2 ? calendarYear - 1 : calendarYear;
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const marchMonth = month > 2 ? month - 3 : month + 9;
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
