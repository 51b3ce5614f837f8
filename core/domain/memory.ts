/**
 * What an account remembers of recent credits and refunds, refusals included, so that a second copy of a command is known as a
 * copy without a look at the log. Keyed by transfer AND leg: one account may have several legs of a transfer.
 *
 *   issuedAt - 30 s        issuedAt           issuedAt + 60 s
 *        |<── an ordinary copy may arrive in this window ──>|      90 s < 120 s that are remembered
 *
 * A command outside the window is looked up in the log instead. "Arrival" is always the higher of the record's own and the
 * highest the account has seen, since arrival times of a stream are neither exact nor ordered.
 */
export const MEMORY_MS = 120_000;
/** An ordinary credit or refund that arrives later than this after `issuedAt` is treated as a recheck. */
export const LATEST_ORDINARY_MS = 60_000;
/** An ordinary credit or refund that arrives earlier than this before `issuedAt` is treated as a recheck: clocks differ. */
export const EARLIEST_ORDINARY_MS = 30_000;
/** A look-up goes back this far before the leg's origin. */
export const LOOKUP_MARGIN_MS = 60_000;

/** True if a command may be decided on memory alone. */
export function isOrdinaryArrival(arrival: number, issuedAt: number): boolean {
  return arrival <= issuedAt + LATEST_ORDINARY_MS && arrival >= issuedAt - EARLIEST_ORDINARY_MS;
}

/** Legs by the highest arrival the account had seen when they were recorded; oldest first, since that never decreases. */
export class RecentLegs {
  private readonly highArrivals: Map<string, number>;

  constructor(highArrivals: Iterable<readonly [string, number]> = []) {
    this.highArrivals = new Map(highArrivals);
  }

  has(legKey: string): boolean {
    return this.highArrivals.has(legKey);
  }

  get size(): number {
    return this.highArrivals.size;
  }

  /** Records legs of a commit and forgets what is older than {@link MEMORY_MS} before it. */
  remember(legKeys: Iterable<string>, highArrival: number): void {
    for (const key of legKeys) this.highArrivals.set(key, highArrival);
    for (const [key, arrival] of this.highArrivals) {
      if (arrival >= highArrival - MEMORY_MS) return;
      this.highArrivals.delete(key);
    }
  }
}
