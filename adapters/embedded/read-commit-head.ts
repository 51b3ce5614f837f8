/**
 * The head of a commit, read from its bytes: whole histories are read, and as JSON it takes three times as long. What is not exactly as
 * it is written is left to the reader of JSON; a property test holds the two to the same results.
 */
import type { ByteScan } from '../../core/contracts/byte-scan.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { Position } from '../../core/domain/position.ts';

export interface CommitHead extends Omit<StoredCommit, 'state' | 'events'> {
  readonly before: number;
  readonly skip: number;
  /** In UTF-16 units; the state stands before the events. */
  readonly stateLength: number;
}

/** A head with the places of what is hashed as it stands in it. */
export interface ScannedHead extends CommitHead {
  /** Behind the account and its comma. */
  readonly accountTo: number;
  /** From the version to the hash before, and the comma behind. */
  readonly chainFrom: number;
  readonly chainTo: number;
  /** Of the length of the state; what is hashed goes on from there to the end of the commit. */
  readonly lengthFrom: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const SLASH = 0x2f;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** Reads the head that ends at a byte; undefined if anything about it is unusual. */
export function readCommitHead(scan: ByteScan, end: number): ScannedHead | undefined {
  scan.pass(OPEN);
  const account = quoted(scan);
  const accountTo = scan.at;
  const v = wholeBefore(scan, COMMA);
  const chainFrom = scan.at;
  const version = wholeBefore(scan, COMMA);
  const at = wholeBefore(scan, COMMA);
  const position = positionIn(scan);
  const highArrival = wholeBefore(scan, COMMA);
  const prevHash = quoted(scan);
  const chainTo = scan.at;
  const hash = quoted(scan);
  const before = wholeBefore(scan, COMMA);
  const skip = wholeBefore(scan, COMMA);
  const lengthFrom = scan.at;
  const stateLength = wholeBefore(scan, CLOSE);
  if (!scan.isUsual || scan.at !== end) return undefined;
  return {
    account,
    v,
    version,
    at,
    position,
    highArrival,
    prevHash,
    hash,
    before,
    skip,
    stateLength,
    accountTo,
    chainFrom,
    chainTo,
    lengthFrom,
  };
}

function quoted(scan: ByteScan): string {
  scan.pass(QUOTE);
  const text = scan.untilQuote();
  scan.pass(QUOTE);
  scan.pass(COMMA);
  return text;
}

function wholeBefore(scan: ByteScan, next: number): number {
  const value = scan.whole();
  scan.pass(next);
  return value;
}

function positionIn(scan: ByteScan): Position | undefined {
  scan.pass(QUOTE);
  const position = scan.byteBehind(0) === QUOTE ? undefined : placeIn(scan);
  scan.pass(QUOTE);
  scan.pass(COMMA);
  return position;
}

function placeIn(scan: ByteScan): Position {
  const epoch = wholeBefore(scan, SLASH);
  const sequence = BigInt(wholeBefore(scan, SLASH));
  return { epoch, sequence, index: scan.whole() };
}
