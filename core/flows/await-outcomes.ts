/** Waiting for what became of transfers and requests: the one place that looks again and again. */
import type { TransferRecord } from '../contracts/claim.ts';
import type { Clock, TransferStore } from '../ports.ts';

/** First pause between two looks. A transfer takes a few of these at best, and each look costs a read. */
export const FIRST_LOOK_MS = 50;
/** Each pause is longer than the one before by this factor, so a look comes late by at most half of the time waited so far. */
export const LOOK_GROWTH = 1.5;
/** Longest pause between two looks. */
export const LONGEST_LOOK_MS = 1_000;

interface Waiting {
  readonly transfers: TransferStore;
  readonly clock: Clock;
  /** True where what was sent is settled before the sending is over: the first look is then worth taking at once. */
  readonly settlesOnSend?: boolean;
}

/**
 * Looks at records until all are over or the time is up, and gives back what was last seen of them. Reads are eventually
 * consistent: a status only rises, so an old one costs another look and nothing else.
 *
 * @param known records that were seen already
 * @param isOver whether there is nothing to wait for any more
 * @param until UTC milliseconds
 */
export async function awaitOutcomes(
  { transfers, clock, settlesOnSend = false }: Waiting,
  ids: readonly string[],
  known: ReadonlyMap<string, TransferRecord>,
  isOver: (record: TransferRecord) => boolean,
  until: number,
): Promise<ReadonlyMap<string, TransferRecord>> {
  const seen = new Map(known);
  const isOpen = (id: string): boolean => {
    const record = seen.get(id);
    return record === undefined || !isOver(record);
  };
  let open = ids.filter(isOpen);
  let pauseMs = settlesOnSend ? 0 : FIRST_LOOK_MS;
  for (let leftMs = until - clock.now(); open.length > 0 && leftMs > 0; leftMs = until - clock.now()) {
    if (pauseMs > 0) await clock.sleep(Math.min(pauseMs, leftMs));
    for (const [id, record] of await transfers.get(open, { consistent: false })) seen.set(id, record);
    open = open.filter(isOpen);
    pauseMs = Math.min(Math.max(pauseMs * LOOK_GROWTH, FIRST_LOOK_MS), LONGEST_LOOK_MS);
  }
  return seen;
}
