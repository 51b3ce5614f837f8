/**
 * A wallet's entries and a bank's bookings of them, at random, with wrongs whose names are known: the bank is a few days late, packs
 * some into one booking, splits some, hides their references, loses, doubles and alters others.
 */
import fc from 'fast-check';
import type { BankLine } from '../core/domain/bank-statement.ts';
import type { BreakCause, LedgerEntry } from '../core/domain/reconciliation.ts';
import { transferId } from './memory-wallet.ts';
import { entry, FIRST_DAY, line } from './statements.ts';

/** Days that the bank may be late before it counts. */
export const WINDOW = 2;
/** Days of the period, from {@link FIRST_DAY}. */
export const DAYS = 60;
/** Nothing is planted so close to the end that the bank may still book it. */
const LAST_PLANT = DAYS - 2 * WINDOW - 1;
export const rules = { windowDays: WINDOW, to: FIRST_DAY + DAYS, ledgerTo: FIRST_DAY + DAYS + 30 };

/** What the bank and the wallet do about one transfer. */
interface Planting {
  readonly n: number;
  readonly amount: bigint;
  /** One minor unit with the amount's sign. */
  readonly unit: bigint;
  readonly day: number;
  readonly named: { readonly references: readonly string[] };
  /** The bank books; without a day, when it does so usually. */
  readonly book: (suffix: string, amount: bigint, more?: Partial<BankLine>, lateBy?: number) => void;
  readonly record: (amount: bigint, more?: Partial<LedgerEntry>) => void;
  /** This is what reconciliation must find. */
  readonly expected: (cause: BreakCause, ids: string) => void;
}

const treatments: Readonly<Record<string, (planting: Planting) => void>> = {
  named: ({ amount, named, book, record }) => {
    record(amount);
    book('', amount, named);
  },
  nameless: ({ amount, book, record }) => {
    record(amount);
    book('', amount);
  },
  packed: ({ n, amount, book, record }) => {
    record(amount);
    record(7n * amount, { id: `${n}/1`, transfer: transferId(n + 500_000) });
    book('', 8n * amount);
  },
  split: ({ amount, unit, named, book, record }) => {
    record(amount);
    book('a', amount - unit, named);
    book('b', unit, named);
  },
  lost: ({ n, amount, record, expected }) => {
    record(amount);
    expected('ledger_only', `${n}/0`);
  },
  late: ({ n, amount, named, book, record, expected }) => {
    record(amount);
    book('', amount, named, WINDOW + 1);
    expected('days_apart', `${n} ${n}/0`);
  },
  twice: ({ n, amount, named, book, record, expected }) => {
    record(amount);
    book('', amount, named);
    book('x', amount, named);
    expected('booked_twice', `${n}x`);
  },
  other_amount: ({ n, amount, named, book, record, expected }) => {
    record(amount);
    book('', amount + 1n, named);
    expected('amount_differs', `${n} ${n}/0`);
  },
  invented: ({ n, amount, day, named, book, expected }) => {
    book('', amount, day % 2 === 0 ? named : {});
    expected('bank_only', `${n}`);
  },
  reversed: ({ n, amount, named, book, record, expected }) => {
    record(amount);
    book('', amount, named);
    book('r', -amount, { ...named, reversal: true });
    expected('bank_reversed', `${n}r`);
  },
};

export interface Movement {
  readonly day: number;
  readonly delay: number;
  readonly isIn: boolean;
  readonly cents: number;
  readonly treatment: string;
}

export const movement: fc.Arbitrary<Movement> = fc.record({
  day: fc.integer({ min: WINDOW, max: LAST_PLANT }),
  delay: fc.integer({ min: 0, max: WINDOW }),
  isIn: fc.boolean(),
  cents: fc.integer({ min: 1, max: 999 }),
  treatment: fc.constantFrom(...Object.keys(treatments)),
});

export interface Planted {
  readonly lines: BankLine[];
  readonly entries: LedgerEntry[];
  /** `cause: ids of lines and entries`. */
  readonly breaks: string[];
}

/** Amounts differ in their thousands, so that what carries no reference is told by its amount. */
export function plant(movements: readonly Movement[]): Planted {
  const planted: Planted = { lines: [], entries: [], breaks: [] };
  for (const [n, one] of movements.entries()) plantOne(planted, n + 1, one);
  return planted;
}

function plantOne({ lines, entries, breaks }: Planted, n: number, movement: Movement): void {
  const { day, delay, isIn, cents, treatment } = movement;
  const unit = isIn ? 1n : -1n;
  treatments[treatment]?.({
    n,
    amount: BigInt(n * 100_000 + cents) * unit,
    unit,
    day,
    named: { references: [transferId(n).replaceAll('-', '')] },
    book: (suffix, amount, more, lateBy = 0) => lines.push(line(`${n}${suffix}`, amount, day + delay + lateBy, more)),
    record: (amount, more) => entries.push(entry(n, amount, day, more)),
    expected: (cause, ids) => breaks.push(`${cause}: ${ids}`),
  });
}
