/** A reconciliation as JSON: amounts as decimal strings in major units with the bank's sign, days as dates, times in ISO 8601. */
import { timestampOf } from '../core/contracts/timestamp.ts';
import type { BankLine } from '../core/domain/bank-statement.ts';
import { dateOf } from '../core/domain/day.ts';
import { type KeptBreak, stateOf } from '../core/domain/kept-break.ts';
import { accountOfKey } from '../core/domain/lane.ts';
import { formatAmount } from '../core/domain/money.ts';
import { type BreakCause, classOf, type LedgerEntry } from '../core/domain/reconciliation.ts';
import { openBreaks, type ReconciliationReport } from '../core/flows/reconcile-statement.ts';

/** What each cause means, for people. */
const causeTexts: { readonly [C in BreakCause]: string } = {
  bank_only: 'The bank booked it, and the wallet has nothing like it.',
  bank_reversed: 'The bank took it back, and the wallet did not.',
  ledger_only: 'The wallet has it, and the bank did not book it.',
  amount_differs: 'The bank booked another amount under the same reference.',
  days_apart: 'Booked under the same reference, but further away than the window of days.',
  not_booked_yet: 'So close to the end of the statement that the bank may book it in the next one.',
  not_recorded_yet: 'So recent that the wallet may still record it.',
  booked_twice: 'The bank booked the same reference and amount a second time.',
  recorded_twice: 'The wallet has the same reference and amount a second time.',
};

export type ReportResource = ReturnType<typeof reportResource>;
export type BreakResource = ReturnType<typeof breakResource>;

export function reportResource(report: ReconciliationReport) {
  const { statement, change, dailyBalances, opening, closing } = report;
  const { currency } = statement;
  const money = (minor: bigint): string => formatAmount(minor, currency);
  const balances = ({ bank, wallet }: typeof opening) => ({
    bank: bank === undefined ? null : money(bank),
    wallet: money(wallet),
  });
  return {
    statement: statement.id,
    bank_account: statement.bankAccount,
    account_id: accountOfKey(report.account).account,
    currency,
    from: dateOf(statement.from),
    to: dateOf(statement.to),
    bookings: statement.lines.length,
    entries: report.entries,
    matched: report.matches,
    opening: balances(opening),
    closing: balances(closing),
    change: {
      total: money(change.total),
      by_breaks: money(change.byBreaks),
      by_adjustments: money(change.byAdjustments),
      by_cut: money(change.byCut),
      unexplained: money(change.unexplained),
    },
    open_breaks: openBreaks(report).length,
    breaks: report.breaks.map(({ kept, isNew }) => ({ ...breakResource(kept), is_new: isNew })),
    cleared: report.cleared.map(({ id }) => id),
    daily_balances:
      dailyBalances === undefined
        ? null
        : {
            days: dailyBalances.days,
            equal_days: dailyBalances.equalDays,
            steps: dailyBalances.steps.map(({ day, bank, wallet, change: step, isRounding }) => ({
              day: dateOf(day),
              bank: money(bank),
              wallet: money(wallet),
              change: money(step),
              is_rounding: isRounding,
            })),
          },
  };
}

export function breakResource(kept: KeptBreak) {
  const { status, cause, assignee, resolution } = stateOf(kept);
  return {
    break_id: kept.id,
    account_id: accountOfKey(kept.account).account,
    class: classOf[cause],
    cause,
    explanation: causeTexts[cause],
    status,
    assignee: assignee ?? null,
    resolution: resolution ?? null,
    currency: kept.currency,
    difference: formatAmount(kept.difference, kept.currency),
    bookings: kept.lines.map((line) => bookingResource(line, kept.currency)),
    entries: kept.entries.map((entry) => entryResource(entry, kept.currency)),
    history: kept.history.map(({ at, ...event }) => ({ at: timestampOf(at), ...event })),
  };
}

function bookingResource({ id, place, references, amount, bookingDay, valueDay, text }: BankLine, currency: string) {
  const days = { booking_date: dateOf(bookingDay), value_date: dateOf(valueDay) };
  return { id, place, ...days, amount: formatAmount(amount, currency), references, text };
}

function entryResource({ id, transfer, counterparty, amount, at, reference }: LedgerEntry, currency: string) {
  const what = { transaction_id: transfer, counterparty, amount: formatAmount(amount, currency), at: timestampOf(at) };
  return { ledger_ref: id, ...what, reference: reference ?? null };
}
