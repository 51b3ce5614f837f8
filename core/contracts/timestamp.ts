/** Times in HTTP: RFC 3339 in UTC with milliseconds, as JavaScript writes them. Nothing here reads a clock. */

/** Characters of a time down to its seconds. */
const SECONDS_LENGTH = 19;

/** The last time that was written: a batch's answer holds the same few times thousands of times over. */
let last = { ms: Number.NaN, text: '' };

/** A time as text, from UTC milliseconds. */
export function timestampOf(ms: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: writes a time that was given
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}

/** UTC milliseconds of a text that {@link timestampOf} could have written, also without its milliseconds; undefined for any other. */
export function readTimestamp(text: string): number | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3})?Z$/.test(text)) return undefined;
  // biome-ignore lint/style/noRestrictedGlobals: reads a time that was given
  const ms = Date.parse(text);
  // JavaScript takes the 31st of every month, and 24:00.
  return Number.isNaN(ms) || timestampOf(ms).slice(0, SECONDS_LENGTH) !== text.slice(0, SECONDS_LENGTH)
    ? undefined
    : ms;
}
