/** Lines and entries as tests of the reconciliation want them: one line of words each, everything else is usual. */
import type { BankLine } from '../core/domain/bank-statement.ts';
import { readDate } from '../core/domain/day.ts';
import type { LedgerEntry } from '../core/domain/reconciliation.ts';
import { transferId } from './memory-wallet.ts';

/** Day of a date that exists. */
export function day(date: string): number {
  const read = readDate(date);
  if (read === undefined) throw new Error(`${date} is no date`);
  return read;
}

/** First day of the period that the tests reconcile. */
export const FIRST_DAY = day('2026-03-01');

/** A booking on the n-th day of the period. */
export function line(id: string, amount: bigint, onDay: number, more: Partial<BankLine> = {}): BankLine {
  const bookingDay = FIRST_DAY + onDay;
  return {
    id,
    place: id,
    references: [],
    amount,
    bookingDay,
    valueDay: bookingDay,
    text: '',
    reversal: false,
    ...more,
  };
}

/** What a settlement account has of the n-th transfer, on a day of the period. */
export function entry(n: number, amount: bigint, onDay: number, more: Partial<LedgerEntry> = {}): LedgerEntry {
  const at = (FIRST_DAY + onDay) * 86_400_000 + 43_200_000;
  const basics = { id: `${n}/0`, transfer: transferId(n), counterparty: `customer-${n}` };
  return { ...basics, amount, at, day: FIRST_DAY + onDay, standing: 'due', ...more };
}
