/**
 * A file of the bank as work for the wallet: which accounts to open, which transfers to send in which order, and what every
 * account must hold in the end. Each movement becomes a transfer between its account and a settlement account.
 */
import { readFile, stat } from 'node:fs/promises';
import { v5 as uuidv5 } from 'uuid';
import { gapBefore, orderDay, ROUNDING_MINOR, signedAmount } from './day-order.ts';
import { BANK_CURRENCY, BankFileError, formatBankAmount, type Movement, readMovements } from './movements.ts';

/** An account as the API wants it opened. */
export interface PlannedAccount {
  readonly account_id: string;
  readonly currency: string;
  readonly kind: 'settlement' | 'customer';
  readonly owner: string;
  /** Decimal string in major units. */
  readonly overdraft_limit: string;
}

/** A transfer as the API wants it sent. */
export interface PlannedTransfer {
  readonly transaction_id: string;
  readonly from_account: string;
  readonly to_account: string;
  /** Decimal string in major units. */
  readonly amount: string;
  readonly currency: string;
}

/** The transfers of one day: `count` of them from index `first` of the plan's transfers. */
export interface PlannedDay {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly first: number;
  readonly count: number;
}

export interface BankPlan {
  /** Settlement accounts first: customers' money comes from them. */
  readonly accounts: readonly PlannedAccount[];
  /** Oldest first; an account's movements of one day in the order its balances tell. */
  readonly transfers: readonly PlannedTransfer[];
  /** What each account must hold when all transfers are settled: the exact sum of the file's amounts, minor units. */
  readonly expected: ReadonlyMap<string, bigint>;
  readonly days: readonly PlannedDay[];
  /** Movements of no money at all. They are left out, since a transfer of nothing is refused. */
  readonly leftOut: number;
  /** Movements whose balance does not follow from the one before, in any order of the day. */
  readonly unchained: number;
}

/**
 * Namespace of the transfers' ids, a random UUID of this project (RFC 9562, section 5.5). With it the same row gives the same
 * id on every machine, which is what makes a second run of a file harmless. It must never change.
 */
export const TRANSFER_NAMESPACE = '6f051afd-1a3a-416d-86b5-b0c46fd79d70';

/** Namespace of the openings' idempotency keys, apart from the transfers' so that the two never meet. */
const OPENING_NAMESPACE = 'ca01afc9-068f-4212-9ca3-aa225ac888c6';

/** Ten times the bank's whole history would fit; a larger file is some other file. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** Everything outside the customers' accounts is the bank's own. */
const SETTLEMENT_OWNER = 'bank';

/** Reads a file in the bank's format from disk. @throws {BankFileError} when a row of it is wrong. */
export async function readBankFile(path: string): Promise<BankPlan> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) {
    throw new BankFileError([
      { line: 1, field: 'row', reason: `the file has ${size} bytes, at most ${MAX_FILE_BYTES} are read` },
    ]);
  }
  return planBankFile(await readFile(path, 'utf8'));
}

/** Turns the text of a bank file into a plan. @throws {BankFileError} when a row of it is wrong. */
export function planBankFile(text: string): BankPlan {
  const { movements, unchained } = inBankOrder(readMovements(text));
  const moving = movements.filter((movement) => movement.amountMinor > 0n);
  return {
    accounts: accountsOf(movements),
    transfers: moving.map(transferOf),
    expected: expectedBalances(movements),
    days: daysOf(moving),
    leftOut: movements.length - moving.length,
    unchained,
  };
}

/** Wallet account of one of the bank's accounts. */
export function customerAccount(bankAccount: string): string {
  return `berka:${bankAccount}`;
}

/** Identity of the transfer that stands for a movement. */
export function transferId(transId: string): string {
  return uuidv5(transId, TRANSFER_NAMESPACE);
}

/**
 * Idempotency key of an account's opening. It stands for the whole content: the same file asks for the same opening again,
 * which adds nothing to the account, and a file that wants another limit is a new request, which is refused.
 */
export function openingKey(account: PlannedAccount): string {
  const { account_id, currency, kind, owner, overdraft_limit } = account;
  return uuidv5(JSON.stringify([account_id, currency, kind, owner, overdraft_limit]), OPENING_NAMESPACE);
}

function inBankOrder(movements: readonly Movement[]): { movements: Movement[]; unchained: number } {
  const lastBalances = new Map<string, bigint>();
  const ordered = [...groupByDay(movements).values()].flatMap((day) => orderDay(day, lastBalances));
  const balances = new Map<string, bigint>();
  let unchained = 0;
  for (const movement of ordered) {
    if (gapBefore(movement, balances.get(movement.bankAccount)) > ROUNDING_MINOR) unchained += 1;
    balances.set(movement.bankAccount, movement.balanceMinor);
  }
  return { movements: ordered, unchained };
}

/** Days in calendar order, each with its movements in the file's order. */
function groupByDay(movements: readonly Movement[]): Map<string, Movement[]> {
  const days = new Map<string, Movement[]>();
  // The sort is stable, and on a file that keeps its promise to be in order of days it changes nothing.
  for (const movement of movements.toSorted((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)))) {
    const day = days.get(movement.day);
    if (day === undefined) days.set(movement.day, [movement]);
    else day.push(movement);
  }
  return days;
}

function daysOf(movements: readonly Movement[]): PlannedDay[] {
  let first = 0;
  return [...groupByDay(movements)].map(([day, { length: count }]) => {
    const planned = { day, first, count };
    first += count;
    return planned;
  });
}

function accountsOf(movements: readonly Movement[]): PlannedAccount[] {
  const debits = new Map<string, bigint>();
  for (const { bankAccount, direction, amountMinor } of movements) {
    debits.set(bankAccount, (debits.get(bankAccount) ?? 0n) + (direction === 'debit' ? amountMinor : 0n));
  }
  const partners = new Set(movements.map((movement) => movement.partner));
  return [...[...partners].sort().map(settlementAccount), ...[...debits].map(customerOf)];
}

function settlementAccount(account: string): PlannedAccount {
  return {
    account_id: account,
    currency: BANK_CURRENCY,
    kind: 'settlement',
    owner: SETTLEMENT_OWNER,
    overdraft_limit: formatBankAmount(0n),
  };
}

/** The file does not tell the agreed limits. All that leaves an account is always enough, in whatever order money moves. */
function customerOf([bankAccount, debitsMinor]: readonly [string, bigint]): PlannedAccount {
  return {
    account_id: customerAccount(bankAccount),
    currency: BANK_CURRENCY,
    kind: 'customer',
    owner: `holder of ${bankAccount}`,
    overdraft_limit: formatBankAmount(debitsMinor),
  };
}

function transferOf(movement: Movement): PlannedTransfer {
  const customer = customerAccount(movement.bankAccount);
  const credit = movement.direction === 'credit';
  return {
    transaction_id: transferId(movement.transId),
    from_account: credit ? movement.partner : customer,
    to_account: credit ? customer : movement.partner,
    amount: formatBankAmount(movement.amountMinor),
    currency: BANK_CURRENCY,
  };
}

function expectedBalances(movements: readonly Movement[]): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  const add = (account: string, minor: bigint): void => {
    balances.set(account, (balances.get(account) ?? 0n) + minor);
  };
  for (const movement of movements) {
    add(customerAccount(movement.bankAccount), signedAmount(movement));
    add(movement.partner, -signedAmount(movement));
  }
  return balances;
}
