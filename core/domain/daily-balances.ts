/**
 * A bank's running balances against the wallet's, day by day. Within a day the two may book in different orders, so only the last
 * balance of a day can be compared; which of the day's lines is the last, its balance tells.
 */
import { type BankLine, sumOf } from './bank-statement.ts';

/** A day on which the distance of the two balances changed. */
export interface BalanceStep {
  readonly day: number;
  /** Balances at its end, minor units. */
  readonly bank: bigint;
  readonly wallet: bigint;
  /** What bank less wallet became more on that day, minor units. */
  readonly change: bigint;
  /** The change is small enough to be the bank's rounding. */
  readonly isRounding: boolean;
}

export interface DailyBalances {
  /** Days on which the bank states a balance, and those on which both say the same. */
  readonly days: number;
  readonly equalDays: number;
  readonly steps: readonly BalanceStep[];
}

export interface BalanceComparison {
  /** Only those that carry a balance count. */
  readonly lines: readonly BankLine[];
  /** What moved in the wallet, with its days, seen as the bank sees it. */
  readonly movements: readonly { readonly day: number; readonly amount: bigint }[];
  /** Before the first day, minor units. */
  readonly bankBefore: bigint;
  readonly walletBefore: bigint;
  /** Minor units by which the bank's balance may be off per line. */
  readonly roundingMinor: bigint;
}

/** Compares the balances at the end of each day on which the bank states one; undefined where it states none. */
export function compareDailyBalances(comparison: BalanceComparison): DailyBalances | undefined {
  const { movements, roundingMinor } = comparison;
  const days = Map.groupBy(comparison.lines, ({ bookingDay }) => bookingDay);
  const sorted = [...days].filter(([, lines]) => lines.some(({ balance }) => balance !== undefined));
  if (sorted.length === 0) return undefined;
  const walletAt = runningBalance(movements, comparison.walletBefore);
  let { bankBefore: bank } = comparison;
  let distance = bank - comparison.walletBefore;
  let equalDays = 0;
  const steps: BalanceStep[] = [];
  for (const [day, lines] of sorted.sort(([a], [b]) => a - b)) {
    bank = closingBalance(lines, bank + sumOf(lines));
    const wallet = walletAt(day);
    const change = bank - wallet - distance;
    distance = bank - wallet;
    if (distance === 0n) equalDays += 1;
    const isRounding = magnitude(change) <= roundingMinor * BigInt(lines.length);
    if (change !== 0n) steps.push({ day, bank, wallet, change, isRounding });
  }
  return { days: sorted.length, equalDays, steps };
}

/** The balance of a day's lines that is nearest to what the day before and its amounts give; the lower of two as near. */
function closingBalance(lines: readonly BankLine[], expected: bigint): bigint {
  const balances = lines.flatMap(({ balance }) => (balance === undefined ? [] : [balance]));
  const byDistance = balances.sort(
    (a, b) => Number(magnitude(a - expected) - magnitude(b - expected)) || Number(a - b),
  );
  return byDistance[0] ?? expected;
}

/** The balance at the end of a day; to be asked for ascending days. */
function runningBalance(
  movements: readonly { readonly day: number; readonly amount: bigint }[],
  before: bigint,
): (day: number) => bigint {
  const sorted = movements.toSorted((a, b) => a.day - b.day);
  let balance = before;
  let next = 0;
  return (day) => {
    for (let one = sorted[next]; one !== undefined && one.day <= day; one = sorted[next]) {
      balance += one.amount;
      next += 1;
    }
    return balance;
  };
}

function magnitude(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}
