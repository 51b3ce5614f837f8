/** Times in HTTP: RFC 3339 in UTC with milliseconds, as JavaScript writes them. Nothing here reads a clock. */

/** The last time that was written: a batch's answer holds the same few times thousands of times over. */
let last = { ms: Number.NaN, text: '' };

/** A time as text, from UTC milliseconds. */
export function timestampOf(ms: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: writes a time that was given
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}

/** UTC milliseconds of a text that {@link timestampOf} could have written; undefined for any other. */
export function readTimestamp(text: string): number | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/.test(text)) return undefined;
  // biome-ignore lint/style/noRestrictedGlobals: reads a time that was given
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
