/**
 * Where a command stands in the order of its lane: stream epoch, sequence number of its record as an integer, index of the
 * command in the record. Positions are comparable within one lane only, since sequence numbers are comparable within a shard only.
 */
export interface Position {
  readonly epoch: number;
  readonly sequence: bigint;
  readonly index: number;
}

/** Negative, zero or positive as `a` stands before, at or after `b`. */
export function comparePositions(a: Position, b: Position): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  if (a.sequence !== b.sequence) return a.sequence < b.sequence ? -1 : 1;
  return a.index - b.index;
}

/** True when a log that covers `last` has already covered `position`. A log without a position has covered nothing. */
export function isCovered(position: Position, last: Position | undefined): boolean {
  return last !== undefined && comparePositions(position, last) <= 0;
}

/** The later of two positions, of which one may be missing. */
export function laterPosition(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return comparePositions(a, b) >= 0 ? a : b;
}
