/** Shows how a bank's running balances are held against the ledger's: by day, whatever the order within it, rounding told apart. */
import { describe, expect, it } from 'vitest';
import type { BankLine } from '../../core/domain/bank-statement.ts';
import { compareDailyBalances } from '../../core/domain/daily-balances.ts';
import { FIRST_DAY, line } from '../statements.ts';

function compare(lines: readonly BankLine[], moved: readonly (readonly [number, bigint])[], roundingMinor = 0n) {
  const movements = moved.map(([day, amount]) => ({ day: FIRST_DAY + day, amount }));
  return compareDailyBalances({ lines, movements, bankBefore: 0n, walletBefore: 0n, roundingMinor });
}

const booked = (id: string, amount: bigint, onDay: number, balance: bigint) => line(id, amount, onDay, { balance });

describe('running balances', () => {
  it('are equal when both booked the same, in another order within the day', () => {
    const lines = [booked('b', 30n, 1, 130n), booked('a', 100n, 1, 100n), booked('c', -50n, 2, 80n)];
    const result = compare(lines, [
      [1, 30n],
      [1, 100n],
      [2, -50n],
    ]);
    expect(result).toEqual({ days: 2, equalDays: 2, steps: [] });
  });

  it('tell the day on which they moved apart, once', () => {
    const lines = [booked('a', 100n, 1, 100n), booked('b', 10n, 2, 117n), booked('c', 5n, 3, 122n)];
    const moved = [
      [1, 100n],
      [2, 10n],
      [3, 5n],
    ] as const;
    const step = { day: FIRST_DAY + 2, bank: 117n, wallet: 110n, change: 7n };
    expect(compare(lines, moved)).toEqual({ days: 3, equalDays: 1, steps: [{ ...step, isRounding: false }] });
    expect(compare(lines, moved, 7n)?.steps).toEqual([{ ...step, isRounding: true }]);
  });

  it('tell what the wallet has on another day, there and back', () => {
    const result = compare(
      [booked('a', 100n, 1, 100n), booked('b', 1n, 2, 101n)],
      [
        [2, 100n],
        [2, 1n],
      ],
    );
    expect(result?.steps.map(({ change }) => change)).toEqual([100n, -100n]);
  });

  it('are not compared where the bank states none', () => {
    expect(compare([line('a', 100n, 1)], [[1, 100n]])).toBeUndefined();
  });
});
