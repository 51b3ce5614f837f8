/**
 * Settings of a function, read from its environment when the module loads: a function that is wired wrongly fails at its first
 * start, with the name of what is missing, and not in the middle of somebody's transfer.
 */

/** A variable is missing from the environment, or holds something else than it should. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** The text of an environment variable. Throws {@link EnvironmentError} when it is not set or empty. */
export function required(name: string): string {
  const text = process.env[name];
  if (text === undefined || text === '') throw new EnvironmentError(`environment variable ${name} is not set`);
  return text;
}

/** A positive whole number from an environment variable. Throws {@link EnvironmentError} on anything else. */
export function requiredInteger(name: string): number {
  const text = required(name);
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new EnvironmentError(`environment variable ${name} is "${text}", expected a positive whole number`);
}

/** The text of an environment variable that may be absent. */
export function optional(name: string): string | undefined {
  const text = process.env[name];
  return text === '' ? undefined : text;
}
