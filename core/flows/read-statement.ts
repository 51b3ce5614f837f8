/**
 * The statement of an account: every movement of money between two moments, oldest first, with the balance after each. It is read
 * from the account's log, so it is complete at any time; what is past never changes.
 *
 *   opening balance + entries of all pages = closing balance
 */
import { decodeEvents, decodeState, type StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountEvent, EventRef } from '../domain/account.ts';
import type { EventLog } from '../ports.ts';
import { findCommit } from './find-commit.ts';
import { inParallel } from './in-parallel.ts';

/** A movement of money on an account. */
export interface StatementEntry {
  readonly type: 'debit' | 'credit' | 'refund';
  readonly transfer: string;
  /** The other account. */
  readonly counterparty: string;
  /** What was added to the balance, minor units; negative for a debit. */
  readonly amount: bigint;
  /** Balance after it, minor units. */
  readonly balance: bigint;
  /** Time of the commit, UTC milliseconds. */
  readonly at: number;
  readonly place: EventRef;
}

export interface StatementQuery {
  /** Key of the account. */
  readonly account: string;
  /** First moment, and the first one after the last, UTC milliseconds. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit: number;
  /** Where the statement goes on, and the version that it ends with, as its first page found it. */
  readonly place?: { readonly from: EventRef; readonly lastVersion: number } | undefined;
}

export interface Statement {
  /** Balances before the first and after the last entry of the whole statement, minor units. */
  readonly opening: bigint;
  readonly closing: bigint;
  readonly entries: readonly StatementEntry[];
  readonly next: { readonly from: EventRef; readonly lastVersion: number } | undefined;
}

/** Commits read at a time: enough to hide the way to the store, and no more than a page needs. */
const PARALLEL_READS = 16;
/** Most commits, and characters of events, that one page reads; a page that finds little in as much ends there. */
const MOST_COMMITS_READ = 512;
const MOST_CHARACTERS_READ = 8 * 1024 * 1024;

/** One page of a statement. An account that had no commit yet has an empty one. */
export async function readStatement(log: EventLog, query: StatementQuery): Promise<Statement> {
  const { account, from, to, limit, place } = query;
  const last = await lastCommit(log, account, to, place?.lastVersion);
  const before = from === undefined ? undefined : (await findCommit(log, account, from - 1)).commit;
  const opening = balanceOf(before);
  if (last === undefined || last.version <= (before?.version ?? 0)) {
    return { opening, closing: opening, entries: [], next: undefined };
  }
  const first = place?.from ?? { version: (before?.version ?? 0) + 1, index: 0 };
  const { entries, stop } = await entriesUp(log, account, first, last.version, limit);
  const next = stop === undefined ? undefined : { from: stop, lastVersion: last.version };
  return { opening, closing: balanceOf(last), entries, next };
}

function lastCommit(log: EventLog, account: string, to: number | undefined, version: number | undefined) {
  if (version !== undefined) return log.read(account, version);
  return to === undefined ? log.newest(account) : findCommit(log, account, to - 1).then(({ commit }) => commit);
}

function balanceOf(commit: StoredCommit | undefined): bigint {
  return commit === undefined ? 0n : decodeState(commit.state).balance;
}

/** Entries from a place up to a version; `stop` is the place of the first that is left, if any is. */
async function entriesUp(log: EventLog, account: string, first: EventRef, lastVersion: number, limit: number) {
  const entries: StatementEntry[] = [];
  let characters = 0;
  for (let version = first.version; version <= lastVersion; version += PARALLEL_READS) {
    const isTooMuch = version - first.version >= MOST_COMMITS_READ || characters >= MOST_CHARACTERS_READ;
    if (isTooMuch) return { entries, stop: { version, index: 0 } };
    const commits = await readVersions(log, account, version, Math.min(version + PARALLEL_READS - 1, lastVersion));
    const found = commits.flatMap(entriesIn).filter(({ place }) => isAtOrAfter(place, first));
    entries.push(...found);
    if (entries.length > limit) return { entries: entries.slice(0, limit), stop: entries[limit]?.place };
    characters += commits.reduce((sum, { events }) => sum + events.length, 0);
  }
  return { entries, stop: undefined };
}

function isAtOrAfter({ version, index }: EventRef, first: EventRef): boolean {
  return version > first.version || index >= first.index;
}

/** Versions are dense, so one that is missing is damage. */
async function readVersions(log: EventLog, account: string, first: number, last: number) {
  const versions = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return inParallel(versions, PARALLEL_READS, async (version): Promise<StoredCommit> => {
    const commit = await log.read(account, version);
    if (commit === undefined) throw new Error(`version ${version} of ${account} is not in the log`);
    return commit;
  });
}

/** The state of a commit tells the balance after it, so the balance after each of its events is counted back from there. */
function entriesIn(commit: StoredCommit): readonly StatementEntry[] {
  const { version, at } = commit;
  const moves = decodeEvents(commit.events).flatMap((event, index) => {
    const move = moveIn(event);
    return move === undefined ? [] : [{ ...move, at, place: { version, index } }];
  });
  let balance = balanceOf(commit) - moves.reduce((sum, { amount }) => sum + amount, 0n);
  return moves.map((move): StatementEntry => {
    balance += move.amount;
    return { ...move, balance };
  });
}

function moveIn(
  event: AccountEvent,
): Pick<StatementEntry, 'type' | 'transfer' | 'counterparty' | 'amount'> | undefined {
  switch (event.type) {
    case 'Debited':
      return { type: 'debit', transfer: event.transfer, counterparty: event.to, amount: -event.amount };
    case 'Credited':
      return { type: 'credit', transfer: event.transfer, counterparty: event.from, amount: event.amount };
    case 'Refunded':
      return { type: 'refund', transfer: event.transfer, counterparty: event.to, amount: event.amount };
    default:
      return undefined;
  }
}
