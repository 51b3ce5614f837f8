/** Where a wallet on one machine tells what happens to it. */
import type { Journal, Meter } from '../core/ports.ts';

/** There is no place for metrics on one machine; what an operator must know is in the log. */
export const silentMeter: Meter = { count: () => {} };

export const journalOnStderr: Journal = {
  warn: (message, fields) => console.error(message, fields),
};
