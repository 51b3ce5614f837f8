/** What all files of banks have in common: they are read whole or not at all, and whoever is wrong in them is named. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { BankLine } from '../../core/domain/bank-statement.ts';
import { dateOf } from '../../core/domain/day.ts';
import { parseLimit } from '../../core/domain/money.ts';

/** Some 80,000 bookings of camt.053; as objects they take ten times the room. */
export const MAX_STATEMENT_BYTES = 64 * 1024 * 1024;
/** As many faults as a person reads at once; the rest is counted only. */
const FAULTS_SHOWN = 20;

/** 80 bits: enough to tell the bookings of one account and day apart. */
const DIGEST_DIGITS = 20;

/** One thing that is wrong with a file. */
export interface StatementFault {
  /** Line or element. */
  readonly place: string;
  readonly reason: string;
}

/** The file is not what it should be. Nothing of it is used. */
export class StatementFileError extends Error {
  override readonly name = 'StatementFileError';
  readonly faults: readonly StatementFault[];

  constructor(faults: readonly StatementFault[], options?: ErrorOptions) {
    const shown = faults.slice(0, FAULTS_SHOWN).map(({ place, reason }) => `${place}: ${reason}`);
    const hidden = faults.length - shown.length;
    if (hidden > 0) shown.push(`and ${hidden} more`);
    super(`The statement cannot be used:\n  ${shown.join('\n  ')}`, options);
    this.faults = faults;
  }
}

/** Bytes of a statement's file. @throws {StatementFileError} if it is larger than any statement */
export async function readStatementBytes(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > MAX_STATEMENT_BYTES) {
    throw new StatementFileError([
      { place: 'file', reason: `has ${size} bytes, at most ${MAX_STATEMENT_BYTES} are read` },
    ]);
  }
  return readFile(path);
}

/** Text of bytes in an encoding; bytes that it does not have are refused instead of being replaced. */
export function decodeText(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new StatementFileError([{ place: 'file', reason: `is not text in ${encoding}` }], { cause });
  }
}

/** A decimal in major units, not negative, with zeros that the currency has no use for; undefined for any other text. */
export function readDecimal(text: string, currency: string): bigint | undefined {
  const plain = text
    .replace(/^0+(?=[0-9])/, '')
    .replace(/(\.[0-9]*?)0+$/, '$1')
    .replace(/\.$/, '');
  const parsed = parseLimit(plain.startsWith('.') ? `0${plain}` : plain, currency);
  return parsed.ok ? parsed.minor : undefined;
}

/** A line whose id is not known to be its own yet. */
export type UnnamedLine = Omit<BankLine, 'id'> & { readonly bankId: string | undefined };

/**
 * Names lines so that the same booking has the same name in every file: by its day and the bank's own id where it gives one (some
 * banks begin with 1 every day), else by a digest of all that it says. What is the same in all of that is counted, for then one is
 * as good as the other.
 */
export function nameLines(lines: readonly UnnamedLine[]): readonly BankLine[] {
  const counts = new Map<string, number>();
  return lines.map(({ bankId, ...line }) => {
    const base = `${dateOf(line.bookingDay)} ${bankId ?? digestOf(line)}`;
    const count = (counts.get(base) ?? 0) + 1;
    counts.set(base, count);
    return { id: count === 1 ? base : `${base} #${count}`, ...line };
  });
}

function digestOf({ amount, references, text }: Omit<UnnamedLine, 'bankId'>): string {
  return createHash('sha256')
    .update(JSON.stringify([String(amount), references, text]))
    .digest('hex')
    .slice(0, DIGEST_DIGITS);
}
