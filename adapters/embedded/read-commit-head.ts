/**
 * The head of a commit, read from its bytes: whole histories are read, and as JSON it takes three times as long. What is not exactly as
 * it is written is left to the reader of JSON; a property test holds the two to the same results.
 */
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { Position } from '../../core/domain/position.ts';

export interface CommitHead extends Omit<StoredCommit, 'state' | 'events'> {
  readonly before: number;
  readonly skip: number;
  /** In UTF-16 units; the state stands before the events. */
  readonly stateLength: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const SLASH = 0x2f;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;
/** Whole numbers of so many digits are exact. */
const MOST_DIGITS = 15;

/** The last sequence number that was read: the commits of a turn have the same. */
let lastSequence = { number: -1, sequence: -1n };

/** Reads the head that stands from one byte to another; undefined if anything about it is unusual. */
export function readCommitHead(bytes: Buffer, from: number, to: number): CommitHead | undefined {
  const scan = new Scan(bytes, from, to);
  scan.pass(OPEN);
  const account = scan.text();
  scan.pass(COMMA);
  const v = scan.wholeBefore(COMMA);
  const version = scan.wholeBefore(COMMA);
  const at = scan.wholeBefore(COMMA);
  const position = scan.position();
  scan.pass(COMMA);
  const highArrival = scan.wholeBefore(COMMA);
  const prevHash = scan.text();
  scan.pass(COMMA);
  const hash = scan.text();
  scan.pass(COMMA);
  const before = scan.wholeBefore(COMMA);
  const skip = scan.wholeBefore(COMMA);
  const stateLength = scan.wholeBefore(CLOSE);
  if (!scan.isUsual || scan.at !== to) return undefined;
  return { account, v, version, at, position, highArrival, prevHash, hash, before, skip, stateLength };
}

/** A place in some bytes. What it gives counts only if all was usual up to there. */
class Scan {
  private readonly bytes: Buffer;
  private readonly end: number;
  at: number;
  isUsual = true;

  constructor(bytes: Buffer, from: number, to: number) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  pass(byte: number): void {
    if (this.bytes[this.at] !== byte) this.isUsual = false;
    this.at += 1;
  }

  /** A string of plain ASCII in which nothing is escaped. */
  text(): string {
    this.pass(QUOTE);
    const from = this.at;
    while (this.at < this.end && this.bytes[this.at] !== QUOTE) {
      const byte = this.bytes[this.at] ?? 0;
      if (byte < FIRST_PRINTABLE || byte > LAST_PRINTABLE || byte === BACKSLASH) this.isUsual = false;
      this.at += 1;
    }
    const text = this.bytes.toString('latin1', from, this.at);
    this.pass(QUOTE);
    return text;
  }

  wholeBefore(next: number): number {
    const from = this.at;
    let value = 0;
    for (let byte = this.bytes[from] ?? 0; byte >= ZERO && byte <= NINE; byte = this.bytes[this.at] ?? 0) {
      value = value * 10 + byte - ZERO;
      this.at += 1;
    }
    const digits = this.at - from;
    const hasLeadingZero = digits > 1 && this.bytes[from] === ZERO;
    if (digits === 0 || digits > MOST_DIGITS || hasLeadingZero) this.isUsual = false;
    this.pass(next);
    return value;
  }

  position(): Position | undefined {
    this.pass(QUOTE);
    if (this.bytes[this.at] === QUOTE) {
      this.at += 1;
      return undefined;
    }
    const epoch = this.wholeBefore(SLASH);
    const number = this.wholeBefore(SLASH);
    const index = this.wholeBefore(QUOTE);
    if (!this.isUsual) return undefined;
    if (number !== lastSequence.number) lastSequence = { number, sequence: BigInt(number) };
    return { epoch, sequence: lastSequence.sequence, index };
  }
}
