/**
 * Reading texts whose form is known from their bytes: whole ledgers are read, and by a parser of JSON that takes three times as long.
 * Only the very form in which the wallet writes is read; whatever differs makes the scan unusual, and is left to the parser.
 */

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;
/** Whole numbers of so many digits are exact. */
const MOST_DIGITS = 15;

/** Gives the text from one byte to another, which are ASCII. */
export type Slice = (from: number, to: number) => string;

/** Slices of a text that has a unit for each byte from `shift` on: quick to make, and each keeps the whole text in memory. */
export function slicesOf(text: string, shift: number): Slice {
  return (from, to) => text.slice(from - shift, to - shift);
}

/** A place in some bytes. What it gives counts only if all was usual up to there; it reads on all the same, but ends. */
export class ByteScan {
  private readonly bytes: Uint8Array;
  private readonly slice: Slice;
  at: number;
  isUsual = true;

  /** @param slice texts of these bytes */
  constructor(bytes: Uint8Array, at: number, slice: Slice) {
    this.bytes = bytes;
    this.at = at;
    this.slice = slice;
  }

  /** The byte so far behind the next one. */
  byteBehind(distance: number): number | undefined {
    return this.bytes[this.at + distance];
  }

  /** Goes behind a byte if it is next. */
  passIf(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at += 1;
    return true;
  }

  /** Goes behind a byte that should be next. */
  pass(byte: number): void {
    if (this.bytes[this.at] !== byte) this.isUsual = false;
    this.at += 1;
  }

  /** Goes behind bytes that should be next. */
  passAll(expected: Uint8Array): void {
    for (let i = 0; i < expected.length; i += 1) if (this.bytes[this.at + i] !== expected[i]) this.isUsual = false;
    this.at += expected.length;
  }

  /** What stands before the next quote: plain ASCII in which nothing is escaped. The quote is not passed. */
  untilQuote(): string {
    const from = this.at;
    for (let byte = this.bytes[from]; byte !== QUOTE && byte !== undefined; byte = this.bytes[this.at]) {
      if (byte < FIRST_PRINTABLE || byte > LAST_PRINTABLE || byte === BACKSLASH) this.isUsual = false;
      this.at += 1;
    }
    return this.slice(from, this.at);
  }

  /** A number that is not negative, as JSON writes it. */
  whole(): number {
    const from = this.at;
    const value = this.digits();
    if (this.at - from > 1 && this.bytes[from] === ZERO) this.isUsual = false;
    return value;
  }

  /** A number that is not zero either. */
  positive(): number {
    const value = this.whole();
    if (value === 0) this.isUsual = false;
    return value;
  }

  /** Digits of an amount, which may be negative. */
  amount(): bigint {
    const isNegative = this.bytes[this.at] === MINUS;
    if (isNegative) this.at += 1;
    const value = this.digits();
    return BigInt(isNegative ? -value : value);
  }

  private digits(): number {
    const from = this.at;
    let value = 0;
    for (let byte = this.bytes[from] ?? 0; byte >= ZERO && byte <= NINE; byte = this.bytes[this.at] ?? 0) {
      value = value * 10 + byte - ZERO;
      this.at += 1;
    }
    if (this.at === from || this.at - from > MOST_DIGITS) this.isUsual = false;
    return value;
  }
}
