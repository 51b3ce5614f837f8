/**
 * The trial balance of the whole ledger at one moment: proof that no money was made or lost. Small wallets compute it when it is
 * asked for; for large ones a scheduled job computes and keeps it, and a question is answered with the last one kept.
 */
import { decodeTrialBalance, encodeTrialBalance } from '../contracts/trial-balance.ts';
import type { TrialBalance } from '../domain/trial-balance.ts';
import type { Clock, EventLog, TransferStore, ViewStore } from '../ports.ts';
import { LedgerCut } from './cut-ledger.ts';
import { matchTransfers } from './match-transfers.ts';

/** Most accounts of a trial balance that is computed while the caller waits: each is a read of some milliseconds, 50 at a time. */
export const LIVE_ACCOUNTS = 5_000;
/** Most claims of one: a page of the scan holds about 1,500 and takes some 100 ms, and an API answers within 29 s. */
export const LIVE_TRANSFERS = 100_000;

/** Name of the report under which the scheduled job keeps its result. */
const REPORT = 'trial_balance';

export interface TrialBalancePorts {
  readonly log: EventLog;
  readonly transfers: TransferStore;
  readonly views: ViewStore;
  readonly clock: Clock;
}

/** Bounds of a computation; beyond either it is given up. */
export interface TrialBalanceBounds {
  readonly accounts: number;
  readonly transfers: number;
}

const live: TrialBalanceBounds = { accounts: LIVE_ACCOUNTS, transfers: LIVE_TRANSFERS };
/** The scheduled job has as long as its function may run, and fails visibly if that is not enough. */
const unbounded: TrialBalanceBounds = { accounts: Infinity, transfers: Infinity };

/**
 * Computes the trial balance of a scope.
 *
 * @param at the cut, UTC milliseconds; now unless given, and never later than now
 * @returns undefined if there is more than the bounds allow
 */
export async function computeTrialBalance(
  ports: TrialBalancePorts,
  scope: string,
  at?: number,
  bounds: TrialBalanceBounds = unbounded,
): Promise<TrialBalance | undefined> {
  const now = ports.clock.now();
  const accounts = await registeredAccounts(ports.views, scope, bounds.accounts);
  if (accounts === undefined) return undefined;
  const cut = new LedgerCut(ports.log, Math.min(at ?? now, now));
  await cut.join(accounts);
  const totals = await matchTransfers(ports, scope, cut, bounds.transfers);
  if (totals === undefined) return undefined;
  for (const { opened, currency, balance } of cut.accounts()) if (opened) totals.addAccount(currency, balance);
  return totals.result(cut.asOf);
}

/**
 * The trial balance for a caller that waits: computed now, or the last one kept if the wallet is too large for that. Its `asOf`
 * tells which moment it speaks of. Undefined only if it is too large and none was kept yet.
 */
export async function readTrialBalance(
  ports: TrialBalancePorts,
  scope: string,
  at?: number,
  bounds: TrialBalanceBounds = live,
): Promise<TrialBalance | undefined> {
  const computed = await computeTrialBalance(ports, scope, at, bounds);
  if (computed !== undefined) return computed;
  const kept = await ports.views.report(scope, REPORT);
  return kept === undefined ? undefined : decodeTrialBalance(kept);
}

/** Computes the trial balance of now and keeps it for {@link readTrialBalance}. */
export async function keepTrialBalance(ports: TrialBalancePorts, scope: string): Promise<TrialBalance> {
  const computed = await computeTrialBalance(ports, scope);
  if (computed === undefined) throw new Error('a trial balance without bounds was given up');
  await ports.views.putReport(scope, REPORT, encodeTrialBalance(computed));
  return computed;
}

async function registeredAccounts(
  views: ViewStore,
  scope: string,
  most: number,
): Promise<readonly string[] | undefined> {
  const accounts: string[] = [];
  for await (const { account } of views.accounts(scope)) {
    accounts.push(account);
    if (accounts.length > most) return undefined;
  }
  return accounts;
}
