/** What clients get of lists: pages of transfers, and statements, as JSON and as CSV. */

import type { EventRef } from '../domain/account.ts';
import { formatAmount } from '../domain/money.ts';
import { amountCell, csvOf } from './csv.ts';
import type { AccountResource, TransferResource } from './http-answers.ts';
import { timestampOf } from './timestamp.ts';

/** Ends every page: where the next one begins, or null at the end. */
export interface Page {
  readonly next_cursor: string | null;
}

export interface AccountPage extends Page {
  readonly accounts: readonly AccountResource[];
}

/** A transfer as one of its two accounts lists it. */
export interface AccountTransferResource extends TransferResource {
  readonly direction: 'in' | 'out';
}

export interface TransferPage extends Page {
  readonly transfers: readonly TransferResource[];
}

export interface AccountTransferPage extends Page {
  readonly account_id: string;
  readonly transfers: readonly AccountTransferResource[];
}

/** What became of transfers that were looked up. */
export interface LookupResource {
  readonly transfers: readonly TransferResource[];
  /** Ids of which nothing is known, or nothing that is the caller's business. */
  readonly unknown: readonly string[];
}

/** A movement of money, and the balance after it; amounts in minor units. */
export interface EntryReading {
  readonly type: 'debit' | 'credit' | 'refund';
  readonly transfer: string;
  readonly counterparty: string;
  readonly amount: bigint;
  readonly balance: bigint;
  /** UTC milliseconds. */
  readonly at: number;
  readonly place: EventRef;
  /** What was written beside the transfer. */
  readonly description?: string | undefined;
}

export interface StatementReading {
  readonly account: string;
  readonly currency: string;
  /** UTC milliseconds; absent where the statement has no such end. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly opening: bigint;
  readonly closing: bigint;
  readonly entries: readonly EntryReading[];
  readonly cursor: string | null;
}

export interface EntryResource {
  readonly at: string;
  readonly type: 'debit' | 'credit' | 'refund';
  readonly transaction_id: string;
  readonly counterparty: string;
  /** What was added to the balance; below zero for a debit. */
  readonly amount: string;
  /** Balance after it. */
  readonly balance: string;
  /** Where it stands in the account's log. */
  readonly version: number;
  readonly index: number;
  /** What was written beside the transfer. */
  readonly description?: string;
}

export interface StatementResource extends Page {
  readonly account_id: string;
  readonly currency: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly opening_balance: string;
  readonly closing_balance: string;
  readonly entries: readonly EntryResource[];
}

export function statementResource(statement: StatementReading): StatementResource {
  const { account, currency, from, to, opening, closing, entries, cursor } = statement;
  return {
    account_id: account,
    currency,
    from: from === undefined ? null : timestampOf(from),
    to: to === undefined ? null : timestampOf(to),
    opening_balance: formatAmount(opening, currency),
    closing_balance: formatAmount(closing, currency),
    entries: entries.map((entry) => entryResource(entry, currency)),
    next_cursor: cursor,
  };
}

function entryResource(entry: EntryReading, currency: string): EntryResource {
  const { at, type, transfer, counterparty, amount, balance, place, description } = entry;
  return {
    at: timestampOf(at),
    type,
    transaction_id: transfer,
    counterparty,
    amount: formatAmount(amount, currency),
    balance: formatAmount(balance, currency),
    version: place.version,
    index: place.index,
    ...(description === undefined ? {} : { description }),
  };
}

/** Columns of a statement as CSV; programs count on their names, new ones come at the end. */
export const STATEMENT_COLUMNS = [
  'at',
  'type',
  'transaction_id',
  'counterparty',
  'amount',
  'currency',
  'balance',
  'description',
] as const;

/** The entries alone: the balance before the first is the first's less its amount, that after the last is the last's. */
export function statementCsv({ currency, entries }: StatementReading): string {
  const rows = entries.map(({ at, type, transfer, counterparty, amount, balance, description = '' }) => [
    { own: timestampOf(at) },
    { own: type },
    { own: transfer },
    { text: counterparty },
    amountCell(amount, currency),
    { own: currency },
    amountCell(balance, currency),
    { text: description },
  ]);
  return csvOf(STATEMENT_COLUMNS, rows);
}
