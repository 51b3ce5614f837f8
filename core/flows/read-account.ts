/** Accounts, read from the end of their logs. */
import type { AccountReading } from '../contracts/http-answers.ts';
import { decodeEvents, decodeState, type StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountRef } from '../domain/account.ts';
import { accountKey, accountOfKey } from '../domain/lane.ts';
import type { LedgerRef } from '../domain/outcome.ts';
import type { Clock, EventLog } from '../ports.ts';
import { findCommit } from './find-commit.ts';

interface ReadingPorts {
  readonly log: EventLog;
  readonly clock: Clock;
}

/**
 * The account as it is now: everything committed before the call is in it. Undefined for an account that was never opened, also
 * if its log exists and holds refusals.
 */
export async function readAccount({ log, clock }: ReadingPorts, ref: AccountRef): Promise<AccountReading | undefined> {
  const asOf = clock.now();
  const commit = await log.newest(accountKey(ref));
  const reading = commit === undefined ? undefined : readingOf(commit, Math.max(asOf, commit.at));
  return reading?.state.status === 'unopened' ? undefined : reading;
}

/** An account at a past moment, and how many reads of the log told it. */
export interface PastReading {
  /** Undefined for an account that was not opened by then. */
  readonly reading: AccountReading | undefined;
  readonly reads: number;
}

/**
 * The account as it was at a moment: after the newest commit at or before it. A moment in the future is taken for now, and
 * `asOf` says so. Writers' clocks may be a minute apart, so what is read of the last minute may still change; what is older stays.
 *
 * @param moment UTC milliseconds
 * @throws {CommitPruned} if the commit has left the log
 */
export async function readAccountAt(
  { log, clock }: ReadingPorts,
  ref: AccountRef,
  moment: number,
): Promise<PastReading> {
  const now = clock.now();
  const { commit, newest, reads } = await findCommit(log, accountKey(ref), moment);
  if (commit === undefined) return { reading: undefined, reads };
  const asOf = Math.min(moment, Math.max(now, newest?.at ?? 0));
  const reading = readingOf(commit, asOf);
  return { reading: reading.state.status === 'unopened' ? undefined : reading, reads };
}

/** An account after a request, and whether the request was what opened it. */
export interface RequestResult {
  readonly reading: AccountReading;
  readonly opened: boolean;
}

/**
 * The account in the commit that a request led to, so that a repeated request gets the same answer again; the newest commit
 * where that one has left the table. Undefined if there is neither.
 */
export async function readRequestResult(log: EventLog, ref: LedgerRef): Promise<RequestResult | undefined> {
  const commit = await log.read(ref.account, ref.version);
  if (commit !== undefined) {
    const opened = decodeEvents(commit.events)[ref.index]?.type === 'Opened';
    return { reading: readingOf(commit, commit.at), opened };
  }
  const newest = await log.newest(ref.account);
  return newest === undefined ? undefined : { reading: readingOf(newest, newest.at), opened: false };
}

function readingOf(commit: StoredCommit, asOf: number): AccountReading {
  const { account } = accountOfKey(commit.account);
  return { account, state: decodeState(commit.state), version: commit.version, asOf };
}
