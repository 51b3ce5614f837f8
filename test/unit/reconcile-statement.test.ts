/**
 * Shows the reconciliation over time: the same statement again adds nothing; statements that follow each other, in any order and
 * however often, end with the same open breaks as one statement over all of it; what comes late clears what was open; and a break
 * is assigned and resolved once, by a transfer that the ledger holds.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { MemoryBreakStore } from '../../adapters/memory/memory-break-store.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { type BankLine, type BankStatement, sumOf } from '../../core/domain/bank-statement.ts';
import { startOfDay } from '../../core/domain/day.ts';
import { type KeptBreak, stateOf } from '../../core/domain/kept-break.ts';
import type { LedgerEntry } from '../../core/domain/reconciliation.ts';
import { openBreaks, type ReconciliationReport, reconcileStatement } from '../../core/flows/reconcile-statement.ts';
import { acceptAsTiming, adjustmentOf, assignBreak, resolveByTransfer } from '../../core/flows/resolve-break.ts';
import type { EventLog } from '../../core/ports.ts';
import { transferId } from '../memory-wallet.ts';
import { DAYS, movement, plant, WINDOW } from '../planted-breaks.ts';
import { BANK, settlementLedger } from '../settlement-ledger.ts';
import { entry, FIRST_DAY, line } from '../statements.ts';

const by = 'auditor';
const scope = 'default';

class Desk {
  readonly breaks = new MemoryBreakStore();
  readonly clock = new ManualClock(startOfDay(FIRST_DAY + DAYS + 10));
  readonly digest = sha256;
  readonly log: EventLog;

  constructor(log: EventLog) {
    this.log = log;
  }

  /** Reconciles the days of a statement that holds the lines booked on them. */
  async run(lines: readonly BankLine[], first: number, last: number): Promise<ReconciliationReport> {
    const statement = statementOf(lines, first, last);
    const request = { scope, account: 'settlement:bank', statement, windowDays: WINDOW, roundingMinor: 0n, by };
    const report = await reconcileStatement(this, request);
    if (typeof report === 'string') throw new Error(`refused: ${report}`);
    expect(report.change.unexplained).toBe(0n);
    return report;
  }

  async kept(): Promise<readonly KeptBreak[]> {
    return Array.fromAsync(this.breaks.breaksOf(BANK));
  }

  async open(): Promise<readonly string[]> {
    const open = (await this.kept()).filter((kept) => stateOf(kept).status === 'open');
    return open.map((kept) => words(kept)).sort();
  }
}

function statementOf(lines: readonly BankLine[], first: number, last: number): BankStatement {
  const [from, to] = [FIRST_DAY + first, FIRST_DAY + last];
  const booked = lines.filter(({ bookingDay }) => bookingDay >= from && bookingDay <= to);
  const opening = sumOf(lines.filter(({ bookingDay }) => bookingDay < from));
  const closing = opening + sumOf(booked);
  return { id: `${first} to ${last}`, bankAccount: 'CZ1', currency: 'CZK', from, to, opening, closing, lines: booked };
}

function words(kept: KeptBreak): string {
  const ids = [...kept.lines.map(({ id }) => id), ...kept.entries.map(({ transfer }) => transfer)];
  return `${stateOf(kept).cause}: ${ids.join(' ')}`;
}

async function deskOf(entries: readonly LedgerEntry[]): Promise<Desk> {
  return new Desk((await settlementLedger(entries)).log);
}

describe('statements that follow each other', () => {
  it('end with the same open breaks as one over all days, in any order and repeated', async () => {
    const cuts = [
      [0, 19],
      [20, 39],
      [40, DAYS],
    ] as const;
    const order = fc.array(fc.constantFrom(0, 1, 2), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(movement, { maxLength: 25 }), order, async (movements, runs) => {
        const { lines, entries } = plant(movements);
        const whole = await deskOf(entries);
        await whole.run(lines, 0, DAYS);
        const parts = await deskOf(entries);
        for (const i of [...runs, 0, 1, 2]) {
          const [first, last] = cuts[i] ?? cuts[0];
          await parts.run(lines, first, last);
        }
        expect(await parts.open()).toEqual(await whole.open());
      }),
      { numRuns: 200 },
    );
  });

  it('find what they found before, and nothing more', async () => {
    const desk = await deskOf([entry(1, 100n, 5), entry(2, 70n, 6)]);
    const lines = [line('a', 100n, 5, { references: [transferId(1)] }), line('b', 9n, 6)];
    const first = await desk.run(lines, 0, DAYS);
    expect(first.breaks.map(({ isNew }) => isNew)).toEqual([true, true]);
    const kept = await desk.kept();
    const second = await desk.run(lines, 0, DAYS);
    expect(second.breaks.map(({ isNew }) => isNew)).toEqual([false, false]);
    expect(await desk.kept()).toEqual(kept);
  });

  it('clear what was a matter of time when it comes, and call it missing when it does not', async () => {
    const desk = await deskOf([entry(1, 100n, 9), entry(2, 70n, 10)]);
    const lines = [line('a', 100n, 11, { references: [transferId(1)] })];
    await desk.run(lines, 0, 10);
    expect(await desk.open()).toEqual([`not_booked_yet: ${transferId(1)}`, `not_booked_yet: ${transferId(2)}`]);
    const { cleared } = await desk.run(lines, 11, 20);
    expect(cleared.map(words)).toEqual([`not_booked_yet: ${transferId(1)}`]);
    expect(await desk.open()).toEqual([`ledger_only: ${transferId(2)}`]);
  });

  it('match what the wallet recorded later than the bank', async () => {
    const desk = await deskOf([entry(1, 100n, 12)]);
    const lines = [line('a', 100n, 10)];
    await desk.run(lines, 0, 10);
    expect(await desk.open()).toEqual(['bank_only: a']);
    const { change } = await desk.run(lines, 11, 20);
    expect(await desk.open()).toEqual([]);
    expect(change).toEqual({ total: -100n, byBreaks: 0n, byAdjustments: 0n, byCut: -100n, unexplained: 0n });
  });

  it('see a booking that comes again in the next statement', async () => {
    const desk = await deskOf([entry(1, 100n, 9)]);
    const named = { references: [transferId(1)] };
    const lines = [line('a', 100n, 10, named), line('b', 100n, 11, named)];
    await desk.run(lines, 0, 10);
    await desk.run(lines, 11, 20);
    expect(await desk.open()).toEqual(['booked_twice: b']);
  });
});

describe('a bank that corrects itself', () => {
  const named = { references: [transferId(1)] };

  it('takes back in the next statement what it booked twice', async () => {
    const desk = await deskOf([entry(1, 100n, 9)]);
    const lines = [
      line('a', 100n, 10, named),
      line('b', 100n, 10, named),
      line('c', -100n, 11, { ...named, reversal: true }),
    ];
    await desk.run(lines, 0, 10);
    expect(await desk.open()).toEqual(['booked_twice: b']);
    await desk.run(lines, 11, 20);
    expect(await desk.open()).toEqual([]);
    await desk.run(lines, 11, 20);
    await desk.run(lines, 0, 10);
    expect(await desk.open()).toEqual([]);
  });

  it('sends the statement again without what was wrong in it', async () => {
    const desk = await deskOf([entry(1, 100n, 9)]);
    await desk.run([line('a', 70n, 10, named), line('b', 5n, 8)], 0, 10);
    expect(await desk.open()).toEqual([`amount_differs: a ${transferId(1)}`, 'bank_only: b']);
    await desk.run([line('c', 100n, 10, named)], 0, 10);
    expect(await desk.open()).toEqual([]);
  });
});

describe('a statement is refused', () => {
  const request = { scope, account: 'settlement:bank', windowDays: WINDOW, roundingMinor: 0n, by };

  it.each([
    ['does_not_add_up', { closing: 101n }, {}],
    ['currency_mismatch', { currency: 'EUR' }, {}],
    ['account_not_found', {}, { account: 'settlement:none' }],
    ['not_over_yet', { from: FIRST_DAY + DAYS + 11 }, {}],
  ])('that %s, and nothing is kept', async (refusal, wrong, other) => {
    const desk = await deskOf([entry(1, 100n, 5)]);
    const statement = { ...statementOf([line('a', 100n, 5), line('b', 3n, 5)], 0, 9), ...wrong };
    expect(await reconcileStatement(desk, { ...request, statement, ...other })).toBe(refusal);
    expect([await desk.kept(), await desk.breaks.periodsOf(BANK)]).toEqual([[], []]);
  });

  it.each([
    [0, 10],
    [9, 20],
    [6, 8],
    [0, DAYS],
  ])('that overlaps what was reconciled: days %i to %i', async (first, last) => {
    const desk = await deskOf([entry(1, 100n, 5)]);
    await desk.run([], 5, 9);
    expect(await reconcileStatement(desk, { ...request, statement: statementOf([], first, last) })).toBe('overlaps');
    await desk.run([], 5, 9);
    await desk.run([], 10, 20);
  });
});

describe('a break', () => {
  const lines = [line('a', 90n, 5, { references: [transferId(1)] }), line('b', 9n, 6)];
  /** Adjustments of 10 and of 9 are in the ledger already. */
  const suspense = { counterparty: 'settlement:suspense' };
  const entries = [
    entry(1, 100n, 5),
    entry(2, -10n, DAYS + 11, suspense),
    entry(3, 9n, DAYS + 11, suspense),
    entry(4, 70n, DAYS),
  ];

  async function deskWithBreaks(): Promise<{ desk: Desk; amount: string; booked: string; late: string }> {
    const desk = await deskOf(entries);
    const { breaks } = await desk.run(lines, 0, DAYS);
    const id = (cause: string): string => breaks.find(({ state }) => state.cause === cause)?.kept.id ?? '';
    return { desk, amount: id('amount_differs'), booked: id('bank_only'), late: id('not_booked_yet') };
  }

  it('is assigned, and says by whom and when', async () => {
    const { desk, amount } = await deskWithBreaks();
    const outcome = await assignBreak(desk, { scope, id: amount, by }, 'alice');
    expect(outcome).toMatchObject({
      ok: true,
      kept: { history: [{ type: 'Found' }, { type: 'Assigned', by, to: 'alice' }] },
    });
    expect(await assignBreak(desk, { scope, id: amount, by }, 'alice')).toEqual(outcome);
    expect(await assignBreak(desk, { scope, id: 'brk-0', by }, 'alice')).toEqual({
      ok: false,
      refusal: 'break_not_found',
    });
  });

  it('is resolved by the transfer that makes up for it, and is not found open again', async () => {
    const { desk, amount, booked } = await deskWithBreaks();
    const kept = await desk.breaks.find(scope, amount);
    expect(kept && adjustmentOf(kept, 'settlement:suspense')).toEqual({
      from: 'settlement:suspense',
      to: 'settlement:bank',
      amount: 10n,
    });
    expect((await resolveByTransfer(desk, { scope, id: amount, by }, transferId(2), 'typo')).ok).toBe(true);
    expect((await resolveByTransfer(desk, { scope, id: booked, by }, transferId(3), '')).ok).toBe(true);
    const report = await desk.run(lines, 0, DAYS);
    expect(openBreaks(report).map(({ state }) => state.cause)).toEqual(['not_booked_yet']);
    desk.clock.advance(startOfDay(10));
    const next = await desk.run([line('c', 70n, DAYS + 2)], DAYS + 1, DAYS + 15);
    expect(await desk.open()).toEqual([]);
    expect(next.change).toMatchObject({ byAdjustments: 1n, byBreaks: 0n });
  });

  it.each([
    ['transfer_not_in_ledger', transferId(77)],
    ['not_between_settlement_accounts', transferId(1)],
    ['amount_does_not_fit', transferId(3)],
  ])('is not resolved by another transfer: %s', async (refusal, transfer) => {
    const { desk, amount } = await deskWithBreaks();
    expect(await resolveByTransfer(desk, { scope, id: amount, by }, transfer, '')).toEqual({ ok: false, refusal });
  });

  it('is not resolved by a transfer that resolved another one', async () => {
    const desk = await deskOf(entries);
    const { breaks } = await desk.run([line('b', 9n, 6), line('c', 9n, 6)], 0, DAYS);
    const [one, other] = breaks.filter(({ state }) => state.cause === 'bank_only').map(({ kept }) => kept.id);
    expect((await resolveByTransfer(desk, { scope, id: one ?? '', by }, transferId(3), '')).ok).toBe(true);
    const again = await resolveByTransfer(desk, { scope, id: other ?? '', by }, transferId(3), '');
    expect(again).toEqual({ ok: false, refusal: 'adjusts_another_break' });
  });

  it('is accepted as a matter of time only if it is one, and is open again when time is over', async () => {
    const { desk, amount, late } = await deskWithBreaks();
    expect(await acceptAsTiming(desk, { scope, id: amount, by }, '')).toEqual({
      ok: false,
      refusal: 'not_a_matter_of_time',
    });
    expect((await acceptAsTiming(desk, { scope, id: late, by }, 'weekend')).ok).toBe(true);
    expect(await assignBreak(desk, { scope, id: late, by }, 'bob')).toEqual({ ok: false, refusal: 'not_open' });
    await desk.run(lines, 0, DAYS);
    expect(await desk.open()).not.toContain(`not_booked_yet: ${transferId(4)}`);
    desk.clock.advance(startOfDay(30));
    await desk.run([], DAYS + 1, DAYS + 9);
    expect(await desk.open()).toContain(`ledger_only: ${transferId(4)}`);
  });
});
