/**
 * Shows how bookings of a bank find their entries, and what each kind of left-over is called: one case per way and per cause,
 * written as few lines and entries by hand.
 */
import { describe, expect, it } from 'vitest';
import type { BankLine } from '../../core/domain/bank-statement.ts';
import { type BreakCause, type LedgerEntry, reconcile } from '../../core/domain/reconciliation.ts';
import { transferId } from '../memory-wallet.ts';
import { entry, FIRST_DAY, line } from '../statements.ts';

const LAST = 30;
const rules = { windowDays: 2, to: FIRST_DAY + LAST, ledgerTo: FIRST_DAY + LAST + 10 };

/** What was found, as words. */
function found(lines: readonly BankLine[], entries: readonly LedgerEntry[], more: Partial<typeof rules> = {}) {
  const { matches, breaks } = reconcile(lines, entries, { ...rules, ...more });
  const ids = (of: { lines: readonly BankLine[]; entries: readonly LedgerEntry[] }) =>
    [...of.lines, ...of.entries].map(({ id }) => id).join(' ');
  return {
    matches: matches.map((match) => `${match.kind}: ${ids(match)}`).sort(),
    breaks: breaks.map((one) => `${one.cause}: ${ids(one)} (${one.difference})`).sort(),
  };
}

const ref = (n: number) => ({ references: [transferId(n)] });

describe('a booking is the entry', () => {
  it.each([
    ['as it is written', transferId(1)],
    ['without hyphens, as 35 characters allow', transferId(1).replaceAll('-', '')],
    ['in capitals with blanks', transferId(1).toUpperCase().replaceAll('-', ' ')],
  ])('whose transfer it names, %s', (_, reference) => {
    const result = found([line('a', 100n, 5, { references: [reference] })], [entry(1, 100n, 5), entry(2, 100n, 5)]);
    expect(result).toEqual({ matches: ['reference: a 1/0'], breaks: ['ledger_only: 2/0 (-100)'] });
  });

  it('whose transfer stands in its text', () => {
    const text = `Payment ${transferId(2)}, thank you`;
    expect(found([line('a', 100n, 5, { text })], [entry(1, 100n, 5), entry(2, 100n, 5)]).matches).toEqual([
      'reference: a 2/0',
    ]);
  });

  it('that its client calls the same, whatever the sign of blanks', () => {
    const entries = [entry(1, 100n, 5, { reference: 'Invoice 2026/17' }), entry(2, 100n, 5)];
    expect(found([line('a', 100n, 6, { references: ['INVOICE-2026-17'] })], entries).matches).toEqual([
      'reference: a 1/0',
    ]);
  });

  it('of that amount within the window, when it says nothing else', () => {
    expect(found([line('a', 100n, 7)], [entry(1, 100n, 5)]).matches).toEqual(['amount_and_day: a 1/0']);
    expect(found([line('a', 100n, 8)], [entry(1, 100n, 5)]).breaks).toEqual([
      'bank_only: a (100)',
      'ledger_only: 1/0 (-100)',
    ]);
  });

  it('by its value day, when it was booked after a weekend', () => {
    expect(found([line('a', 100n, 8, { valueDay: FIRST_DAY + 5 })], [entry(1, 100n, 5)]).breaks).toEqual([]);
  });

  it('nearest to it, but never so that fewer find a partner', () => {
    expect(found([line('a', 100n, 5)], [entry(1, 100n, 4), entry(2, 100n, 5)]).matches).toEqual([
      'amount_and_day: a 2/0',
    ]);
    const both = found([line('a', 100n, 5), line('b', 100n, 7)], [entry(1, 100n, 3), entry(2, 100n, 5)]);
    expect(both.breaks).toEqual([]);
  });

  it('never of another transfer than it names', () => {
    expect(found([line('a', 100n, 5, ref(9))], [entry(1, 100n, 5)]).breaks).toEqual([
      'bank_only: a (100)',
      'ledger_only: 1/0 (-100)',
    ]);
  });

  it('never of the other sign', () => {
    expect(found([line('a', -100n, 5)], [entry(1, 100n, 5)]).matches).toEqual([]);
  });
});

describe('one booking for several entries, several bookings for one', () => {
  it('of a client’s batch', () => {
    const batch = [1, 2, 3].map((n) => entry(n, 100n, 5, { reference: 'BATCH7' }));
    expect(found([line('a', 300n, 6, { references: ['BATCH7'] })], batch).matches).toEqual([
      'one_to_many: a 1/0 2/0 3/0',
    ]);
  });

  it('that lists the transfers', () => {
    const references = [transferId(1), transferId(2)];
    expect(found([line('a', 300n, 6, { references })], [entry(1, 100n, 5), entry(2, 200n, 5)]).matches).toEqual([
      'one_to_many: a 1/0 2/0',
    ]);
  });

  it('of a day, all of it or of one counterparty', () => {
    const day = [entry(1, 100n, 5), entry(2, 250n, 5)];
    expect(found([line('a', 350n, 6)], day).matches).toEqual(['one_to_many: a 1/0 2/0']);
    const shop = [10, 11].map((n) => entry(n, 70n, 5, { counterparty: 'shop' }));
    expect(found([line('a', 140n, 6), line('b', 350n, 6)], [...day, ...shop]).breaks).toEqual([]);
  });

  it('by the only choice of entries that gives the sum, and by none where there are two', () => {
    const entries = [entry(1, 100n, 5), entry(2, 250n, 5), entry(3, 999n, 5)];
    expect(found([line('a', 350n, 5)], entries).matches).toEqual(['one_to_many: a 1/0 2/0']);
    const ambiguous = [...entries, entry(4, 150n, 5), entry(5, 200n, 5)];
    expect(found([line('a', 350n, 5)], ambiguous).matches).toEqual([]);
  });

  it('in parts', () => {
    const parts = [line('a', -60n, 5), line('b', -40n, 5), line('c', -7n, 5)];
    expect(found(parts, [entry(1, -100n, 4)]).matches).toEqual(['many_to_one: b a 1/0']);
    expect(found([line('a', 60n, 5, ref(1)), line('b', 40n, 9, ref(1))], [entry(1, 100n, 4)]).matches).toEqual([
      'many_to_one: a b 1/0',
    ]);
  });
});

describe('what came and went', () => {
  it('is nothing, on one side only', () => {
    const lines = [line('a', 100n, 5, ref(1)), line('b', -100n, 6, { ...ref(1), reversal: true })];
    expect(found(lines, [])).toEqual({ matches: ['offset: a b'], breaks: [] });
    const reversed = [entry(1, -100n, 5), entry(1, 100n, 5, { id: '2/0' })];
    expect(found([], reversed)).toEqual({ matches: ['offset: 1/0 2/0'], breaks: [] });
  });

  it('is a break where the other side has half of it', () => {
    const lines = [line('a', 100n, 5, ref(1)), line('b', -100n, 6, { ...ref(1), reversal: true })];
    expect(found(lines, [entry(1, 100n, 5)]).breaks).toEqual(['bank_reversed: b (-100)']);
    const entries = [entry(1, 100n, 5), entry(1, -100n, 5, { id: '2/0' })];
    expect(found(lines.slice(0, 1), entries).breaks).toEqual(['ledger_only: 2/0 (100)']);
  });
});

describe('what is left', () => {
  it.each<[BreakCause, readonly BankLine[], readonly LedgerEntry[], string]>([
    ['bank_only', [line('a', 100n, 5)], [], 'a (100)'],
    ['bank_reversed', [line('a', -100n, 5, { reversal: true })], [], 'a (-100)'],
    ['ledger_only', [], [entry(1, 100n, 5)], '1/0 (-100)'],
    ['amount_differs', [line('a', 90n, 5, ref(1))], [entry(1, 100n, 5)], 'a 1/0 (-10)'],
    ['days_apart', [line('a', 100n, 9, ref(1))], [entry(1, 100n, 5)], 'a 1/0 (0)'],
    ['not_booked_yet', [], [entry(1, 100n, LAST - 1)], '1/0 (-100)'],
    ['booked_twice', [line('a', 100n, 5, ref(1)), line('b', 100n, 5, ref(1))], [entry(1, 100n, 5)], 'b (100)'],
    [
      'recorded_twice',
      [line('a', 100n, 5, { references: ['INV1'] })],
      [entry(1, 100n, 5, { reference: 'INV1' }), entry(2, 100n, 5, { reference: 'INV1' })],
      '2/0 (-100)',
    ],
  ])('is %s', (cause, lines, entries, what) => {
    expect(found(lines, entries).breaks).toEqual([`${cause}: ${what}`]);
  });

  it('may still come where the ledger is not known beyond the window', () => {
    const fresh = { ledgerTo: FIRST_DAY + LAST };
    expect(found([line('a', 100n, LAST)], [], fresh).breaks).toEqual(['not_recorded_yet: a (100)']);
    expect(found([line('a', 100n, LAST - 2)], [], fresh).breaks).toEqual(['bank_only: a (100)']);
    expect(found([], [entry(1, 100n, LAST - 2)]).breaks).toEqual(['ledger_only: 1/0 (-100)']);
  });

  it('is booked twice also where neither booking is an entry’s reference', () => {
    const lines = [line('a', 100n, 5, { references: ['BANK77'] }), line('b', 100n, 6, { references: ['BANK77'] })];
    expect(found(lines, [entry(1, 100n, 5)]).breaks).toEqual(['booked_twice: b (100)']);
  });

  it('is not booked twice for equal amounts alone', () => {
    expect(found([line('a', 100n, 5), line('b', 100n, 5)], []).breaks).toEqual([
      'bank_only: a (100)',
      'bank_only: b (100)',
    ]);
  });
});

describe('beyond the period', () => {
  it('an entry takes the booking that names it, and is no break without one', () => {
    const outside = entry(1, 100n, LAST + 1, { standing: 'outside' });
    expect(found([line('a', 100n, LAST, ref(1))], [outside])).toEqual({ matches: ['reference: a 1/0'], breaks: [] });
    expect(found([line('a', 100n, LAST)], [outside]).matches).toEqual([]);
    expect(found([], [outside]).breaks).toEqual([]);
  });

  it('a booking of what an earlier statement had is booked twice', () => {
    const settled = entry(1, 100n, -1, { standing: 'settled' });
    expect(found([line('a', 100n, 0, ref(1))], [settled]).breaks).toEqual(['booked_twice: a (100)']);
    expect(found([line('a', 70n, 0, ref(1))], [settled]).breaks).toEqual(['bank_only: a (70)']);
  });
});
