/**
 * What is in flight at a cut through the ledger, matched transfer by transfer.
 *
 *   cut is read ──> transfers are scanned ──> what the scan leaves open is looked up in the logs
 *
 * A claim precedes its debit, so a scan that begins after the cut was read finds the claim of every debit inside. Transfers go
 * on meanwhile; a leg counts if its version is inside the cut of its account, whatever has become of the transfer since.
 */
import type { TransferRecord } from '../contracts/claim.ts';
import { type AccountEvent, legKey, legKeyOfEvent } from '../domain/account.ts';
import { accountKey } from '../domain/lane.ts';
import { isTerminal, type Status } from '../domain/outcome.ts';
import { type MovedLegs, nothingMoved, TrialTotals } from '../domain/trial-balance.ts';
import type { EventLog, TransferStore } from '../ports.ts';
import { CLOCK_MARGIN_MS, type CutAccount, type LedgerCut } from './cut-ledger.ts';
import { inParallel } from './in-parallel.ts';
import { eventsOf } from './read-commit.ts';

/** Logs read back at a time: the SDK keeps 50 connections to a table. */
export const PARALLEL_LOOKUPS = 50;
/**
 * Scans until no account joins the cut late. An account joins late if the registry lags, which is over in seconds; a second scan
 * is seldom needed, a third if accounts were opened during the second.
 */
export const MAX_SCANS = 3;

/** The log of an account was pruned before the point that a look-up has to reach. */
export class LookUpBeforePruning extends Error {
  constructor(account: string) {
    super(`the log of ${account} was pruned before the point that a look-up has to reach`);
    this.name = 'LookUpBeforePruning';
  }
}

interface MatchPorts {
  readonly log: EventLog;
  readonly transfers: TransferStore;
}

/** One transfer to match. */
interface Movement {
  readonly transfer: string;
  /** Keys of the accounts. */
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  readonly currency: string;
  /** Arrival of the claim, UTC milliseconds: its legs lie at most {@link CLOCK_MARGIN_MS} before it. */
  readonly arrival: number;
  readonly status: Status;
  /** Where its last event is recorded. */
  readonly ledgerRef: TransferRecord['ledgerRef'];
  /** Time of the commit that debited the payer, UTC milliseconds. */
  readonly debitedAt: number | undefined;
}

interface Scan {
  readonly totals: TrialTotals;
  readonly open: readonly Movement[];
}

/**
 * Adds up what is in flight. Accounts that transfers name and the cut lacks join it.
 *
 * @returns the totals without any account, or undefined if there are more than `maxTransfers` claims
 */
export async function matchTransfers(
  ports: MatchPorts,
  scope: string,
  cut: LedgerCut,
  maxTransfers: number,
): Promise<TrialTotals | undefined> {
  for (let scans = 1; ; scans += 1) {
    const scan = await scanTransfers(ports.transfers, scope, cut, maxTransfers);
    if (scan === undefined) return undefined;
    const joined = await cut.join([...new Set(scan.open.flatMap(({ from, to }) => [from, to]))]);
    if (joined === 0 || scans === MAX_SCANS) return matchOpen(ports.log, cut, scan);
  }
}

async function scanTransfers(
  transfers: TransferStore,
  scope: string,
  cut: LedgerCut,
  maxTransfers: number,
): Promise<Scan | undefined> {
  const totals = new TrialTotals();
  const open: Movement[] = [];
  let seen = 0;
  for await (const record of transfers.scan()) {
    seen += 1;
    if (seen > maxTransfers) return undefined;
    const movement = movementOf(record, scope);
    if (movement === undefined) continue;
    const legs = legsByRecord(movement, cut);
    if (legs === undefined) open.push(movement);
    else add(totals, movement, legs);
  }
  return { totals, open };
}

function add(totals: TrialTotals, { transfer, currency, amount }: Movement, legs: MovedLegs): void {
  totals.addTransfer(transfer, currency, amount, legs);
}

function movementOf(record: TransferRecord, scope: string): Movement | undefined {
  const { id, subject, arrival, status, ledgerRef } = record;
  if (subject.type !== 'transfer' || !id.startsWith(`${scope}#`)) return undefined;
  return {
    transfer: id.slice(scope.length + 1),
    from: accountKey({ scope, account: subject.from }),
    to: accountKey({ scope, account: subject.to }),
    amount: subject.amount,
    currency: subject.currency,
    arrival,
    status,
    ledgerRef,
    debitedAt: record.phases?.find(({ phase }) => phase === 'debit')?.at,
  };
}

/**
 * The legs inside the cut as far as the transfer's record tells, without reading a log. Undefined: the logs have to tell.
 *
 * A record that is terminal says where its last event is, by version, and when its debit was committed. Within one log times
 * never decrease, so that time against the one of the cut's commit is as good as a version, but for equal times.
 */
function legsByRecord(movement: Movement, cut: LedgerCut): MovedLegs | undefined {
  const { status, ledgerRef } = movement;
  if (status === 'rejected') return nothingMoved;
  // Whenever it arrived: arrival times of a stream are not exact, and few transfers are open at a time.
  if (!isTerminal(status)) return undefined;
  const payer = cut.get(movement.from);
  const payee = cut.get(movement.to);
  if (payer === undefined || payee === undefined || ledgerRef === undefined) return undefined;
  const debited = isDebitInside(movement, payer);
  const last = status === 'completed' ? payee : payer;
  const ended = ledgerRef.version <= last.version ? 1 : 0;
  if (debited === undefined) return undefined;
  const debits = debited ? 1 : 0;
  return status === 'completed' ? { debits, credits: ended, refunds: 0 } : { debits, credits: 0, refunds: ended };
}

function isDebitInside({ transfer, debitedAt }: Movement, payer: CutAccount): boolean | undefined {
  if (debitedAt === undefined) return undefined;
  if (payer.version === 0) return false;
  if (debitedAt !== payer.at) return debitedAt < payer.at;
  if (payer.lastDebits === undefined || payer.lastDebits.has(transfer)) return true;
  return undefined;
}

async function matchOpen(log: EventLog, cut: LedgerCut, { totals, open }: Scan): Promise<TrialTotals> {
  const unknown: Movement[] = [];
  for (const movement of open) {
    const legs = legsByRecord(movement, cut);
    if (legs === undefined) unknown.push(movement);
    else add(totals, movement, legs);
  }
  const found = await legsInLogs(log, cut, unknown);
  for (const movement of unknown) add(totals, movement, legsOf(movement, found));
  return totals;
}

/** How often each leg was found, by key of the account and of the leg. */
type FoundLegs = ReadonlyMap<string, ReadonlyMap<string, number>>;

function legsOf({ transfer, from, to }: Movement, found: FoundLegs): MovedLegs {
  return {
    debits: found.get(from)?.get(legKey('debit', transfer)) ?? 0,
    credits: found.get(to)?.get(legKey('credit', transfer)) ?? 0,
    refunds: found.get(from)?.get(legKey('refund', transfer)) ?? 0,
  };
}

/**
 * Reads each account's log once for all transfers that name it, back to the earliest point that one of them needs. The credit's
 * origin is the debit's own arrival, which a redrive can have made earlier than the claim's; the clocks' margin covers it.
 */
async function legsInLogs(log: EventLog, cut: LedgerCut, movements: readonly Movement[]): Promise<FoundLegs> {
  const transfers = new Set(movements.map(({ transfer }) => transfer));
  const bounds = new Map<string, number>();
  for (const { from, to, arrival } of movements) {
    for (const account of [from, to])
      bounds.set(account, Math.min(bounds.get(account) ?? Infinity, arrival - CLOCK_MARGIN_MS));
  }
  const found = await inParallel([...bounds], PARALLEL_LOOKUPS, async ([account, bound]) => {
    const newest = cut.get(account)?.version ?? 0;
    const legs = new Map<string, number>();
    for await (const event of eventsBack(log, account, newest, bound)) {
      if (!movesMoney(event) || !transfers.has(event.transfer)) continue;
      const key = legKeyOfEvent(event);
      legs.set(key, (legs.get(key) ?? 0) + 1);
    }
    return [account, legs] as const;
  });
  return new Map(found);
}

/** The events of a log from a version back to the first commit whose highest arrival is before the bound. */
async function* eventsBack(
  log: EventLog,
  account: string,
  newest: number,
  bound: number,
): AsyncGenerator<AccountEvent, void> {
  if (newest === 0) return;
  let oldest = newest;
  for await (const commit of log.newestFirst(account, newest + 1)) {
    if (commit.highArrival < bound) return;
    oldest = commit.version;
    yield* eventsOf(commit);
  }
  if (oldest > 1) throw new LookUpBeforePruning(account);
}

function movesMoney(
  event: AccountEvent,
): event is Extract<AccountEvent, { type: 'Debited' | 'Credited' | 'Refunded' }> {
  return event.type === 'Debited' || event.type === 'Credited' || event.type === 'Refunded';
}
