/** What moved an account within a span of days, read from its log and seen from the bank where the account is kept. */
import { decodeEvents, decodeState, type StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountEvent, AccountKind } from '../domain/account.ts';
import { dayOfTime, startOfDay } from '../domain/day.ts';
import type { LedgerEntry } from '../domain/reconciliation.ts';
import type { EventLog } from '../ports.ts';
import { findCommit } from './find-commit.ts';

export type LedgerMovement = Omit<LedgerEntry, 'standing' | 'reference'>;

export interface LedgerMovements {
  readonly currency: string;
  /** Newest first. */
  readonly movements: readonly LedgerMovement[];
  /** Balance before the first day and after the last day of the period, minor units, with the bank's sign. */
  readonly opening: bigint;
  readonly closing: bigint;
}

/** Days: the period whose balances are asked for, and how many days around it movements are wanted. */
export interface MovementSpan {
  readonly from: number;
  readonly to: number;
  readonly around: number;
}

/** Reads an account's movements; undefined if it was never opened. */
export async function readLedgerMovements(
  log: EventLog,
  account: string,
  { from, to, around }: MovementSpan,
): Promise<LedgerMovements | undefined> {
  const last = startOfDay(to + around + 1) - 1;
  const { commit, newest } = await findCommit(log, account, last, 'from_the_end');
  if (newest === undefined) return undefined;
  const { kind, currency, status } = decodeState(newest.state);
  if (status === 'unopened') return undefined;
  const commits: StoredCommit[] = [];
  for await (const one of commit === undefined ? [] : log.newestFirst(account, commit.version + 1)) {
    commits.push(one);
    if (one.at < startOfDay(from - around)) break;
  }
  const balanceAt = (day: number): bigint => {
    const found = commits.find(({ at }) => at < startOfDay(day));
    return found === undefined ? 0n : asBank(kind, decodeState(found.state).balance);
  };
  const within = commits.filter(({ at }) => at >= startOfDay(from - around));
  const movements = within.flatMap((one) => movementsOf(one, kind).reverse());
  return { currency, movements, opening: balanceAt(from), closing: balanceAt(to + 1) };
}

function movementsOf(commit: StoredCommit, kind: AccountKind): LedgerMovement[] {
  return decodeEvents(commit.events).flatMap((event, index) => {
    const moved = movedBy(event);
    if (moved === undefined) return [];
    const { transfer, counterparty, amount } = moved;
    const place = { id: `${commit.version}/${index}`, at: commit.at, day: dayOfTime(commit.at) };
    return [{ ...place, transfer, counterparty, amount: asBank(kind, amount) }];
  });
}

function movedBy(event: AccountEvent) {
  switch (event.type) {
    case 'Debited':
      return { transfer: event.transfer, counterparty: event.to, amount: -event.amount };
    case 'Credited':
      return { transfer: event.transfer, counterparty: event.from, amount: event.amount };
    case 'Refunded':
      return { transfer: event.transfer, counterparty: event.to, amount: event.amount };
    default:
      return undefined;
  }
}

/**
 * A settlement account stands for money at the bank and has its opposite sign: what it pays to customers has come in there. A
 * customer's account is what the bank keeps for that customer.
 */
function asBank(kind: AccountKind, minor: bigint): bigint {
  return kind === 'settlement' ? -minor : minor;
}
