/** Waits between tries: twice as long each time up to a limit, and a random part of that, so that writers do not march in step. */
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 1_000;

/** Resolves after a given time; tests put their own here. */
export type Pause = (ms: number) => Promise<void>;

export const pause: Pause = async (ms) => {
  await sleep(ms);
};

/**
 * How long to wait after the n-th try (from 1): between half and all of a limit that doubles, in milliseconds.
 *
 * @param random from 0 up to 1
 */
export function backOffMs(tries: number, random = Math.random()): number {
  const limit = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
  return (limit * (1 + random)) / 2;
}
