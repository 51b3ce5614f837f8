/** The header `Prefer` (RFC 7240): how long a client wants to wait for an outcome. */

/** Seconds that a client waits who says nothing about it. */
export const DEFAULT_WAIT_SECONDS = 5;
/** Most seconds that a client may wait: API Gateway gives up after 29 s, and the answer needs some time too. */
export const LONGEST_WAIT_SECONDS = 25;

export interface Preference {
  readonly waitSeconds: number;
  /** Value of `Preference-Applied`; undefined if the client asked for nothing that is done. */
  readonly applied: string | undefined;
}

/**
 * Reads the header. What cannot be understood is no preference, as the RFC demands, and of a preference that is stated twice the
 * first counts. `respond-async` with `wait` means: wait that long at most.
 */
export function readPrefer(header: string | undefined): Preference {
  if (header === undefined) return none;
  if (header !== last.header) last = { header, preference: preferenceIn(header) };
  return last.preference;
}

function preferenceIn(header: string): Preference {
  const stated = statedPreferences(header);
  const wait = stated.get('wait');
  const isAsync = stated.has('respond-async');
  if (wait !== undefined && /^[0-9]{1,9}$/.test(wait)) {
    const waitSeconds = Math.min(Number(wait), LONGEST_WAIT_SECONDS);
    return { waitSeconds, applied: `${isAsync ? 'respond-async, ' : ''}wait=${waitSeconds}` };
  }
  if (isAsync) return { waitSeconds: 0, applied: 'respond-async' };
  return none;
}

const none: Preference = { waitSeconds: DEFAULT_WAIT_SECONDS, applied: undefined };
/** What was read last: most clients want the same. */
let last = { header: '', preference: none };

/** Values by name in lower case; a preference without a value has an empty one. Parameters after `;` are none of ours. */
function statedPreferences(header: string): ReadonlyMap<string, string> {
  const stated = new Map<string, string>();
  for (const preference of header.split(',')) {
    const [named = ''] = preference.split(';');
    const [name = '', value = ''] = named.split('=');
    const key = name.trim().toLowerCase();
    if (key !== '' && !stated.has(key)) stated.set(key, value.trim().replace(/^"(.*)"$/, '$1'));
  }
  return stated;
}
