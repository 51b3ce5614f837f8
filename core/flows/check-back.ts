/**
 * The check-back: comes back to open work whose time has come, so that what was begun ends with no client's help, whatever was
 * lost on the way.
 *
 *   due ─> postpone ─> chunk:    read its debits, keep those that are not over ──none──> close
 *            │                                                              └──some──> start a saga again
 *            │         closing:  see whether the account's debits are over ──────────> finish it, or go on next time
 *            └── gone: somebody else has it, or it is over
 *
 * Postponing comes first. It makes one check-back the only one to work on a record, and a check that fails, or a process that
 * dies in it, leaves a record that is due again. Checking too early, or in the middle of a healthy saga, is harmless: sagas may
 * run any number of times, and what they send after so long a time is looked up before it is decided.
 */
import { metrics } from '../contracts/env.ts';
import { type DebitRange, FIRST_CHECK_MS, type OpenChunk, type OpenRecord, openKey } from '../contracts/open-work.ts';
import { decodeEvents } from '../contracts/stored-commit.ts';
import { isTerminal, transferClaimId } from '../domain/outcome.ts';
import type { SagaItem } from '../domain/transfer.ts';
import type { CommandStream, EventLog, Journal, Meter, TransferStore } from '../ports.ts';
import { type CheckState, checkClosing } from './finish-closing.ts';
import { inParallel } from './in-parallel.ts';
import { chunksOf, type SagaStartPorts, sagaItemOf } from './start-sagas.ts';

/** Longest wait between two checks of a record; it starts at {@link FIRST_CHECK_MS} and doubles. */
export const LONGEST_CHECK_MS = 3_600_000;
/** Records taken at a time. */
export const RECORDS_PER_ROUND = 256;
export const PARALLEL_CHECKS = 8;
/** After that long a run takes no more records; the next run, a minute later, goes on. */
export const RUN_MS = 30_000;
/** Open work of that age rings: sagas, recoveries and several checks did not end it. */
export const OVERDUE_MS = 15 * 60_000;

export interface CheckBackPorts extends SagaStartPorts {
  readonly log: EventLog;
  readonly transfers: TransferStore;
  readonly commands: CommandStream;
  readonly meter: Meter;
  readonly journal: Journal;
}

/** What a run did. */
export interface CheckedBack {
  /** Records that were looked at. */
  readonly checked: number;
  /** Those that could not be checked; they are due again later. */
  readonly failed: number;
}

/** Checks what is due now, as much of it as fits into one run. Rejects if the open work itself cannot be read. */
export async function checkBack(ports: CheckBackPorts): Promise<CheckedBack> {
  const startedAt = ports.clock.now();
  const tried = new Set<string>();
  let failed = 0;
  while (ports.clock.now() - startedAt < RUN_MS) {
    const found = await ports.openWork.due(startedAt, RECORDS_PER_ROUND);
    // What could not even be postponed is still due; the next run tries it again.
    const due = found.filter((record) => !tried.has(openKey(record)));
    if (due.length === 0) break;
    for (const record of due) tried.add(openKey(record));
    const results = await inParallel(due, PARALLEL_CHECKS, (record) => tryCheck(ports, record, startedAt));
    failed += results.filter((done) => !done).length;
  }
  return { checked: tried.size, failed };
}

/** How long to wait for the n-th check (from 0) after the one before. */
export function checkAfterMs(checks: number): number {
  return Math.min(FIRST_CHECK_MS * 2 ** checks, LONGEST_CHECK_MS);
}

/** Checks one record; trouble with one must not keep the others from being checked. */
async function tryCheck(ports: CheckBackPorts, due: OpenRecord, now: number): Promise<boolean> {
  const isOld = now - due.openedAt > OVERDUE_MS;
  try {
    const checks = due.checks + 1;
    const record = { ...due, checks, dueAt: now + checkAfterMs(checks) };
    if (!(await ports.openWork.replace(due, record))) return true;
    const state = record.kind === 'chunk' ? await checkChunk(ports, record) : await checkClosing(ports, record);
    if (state === 'stuck' && isOld) ports.meter.count(metrics.openWorkOverdue, 1);
    return true;
  } catch (error) {
    if (isOld) ports.meter.count(metrics.openWorkOverdue, 1);
    ports.journal.warn('open work could not be checked', { key: openKey(due), error: String(error) });
    return false;
  }
}

/** Starts a saga again for what is not over. What that saga sends is a recheck by its age, so nothing happens twice. */
async function checkChunk(ports: CheckBackPorts, record: OpenChunk): Promise<CheckState> {
  const { items, unreadable } = await debitsOf(ports.log, record.debits);
  const left = await notOver(ports, items);
  if (left.length > 0) await startAgain(ports, record, left, unreadable.length === 0);
  if (unreadable.length > 0) throw new AggregateError(unreadable, `${unreadable.length} commits cannot be read`);
  if (left.length > 0) return 'stuck';
  await ports.openWork.close(openKey(record));
  return 'moving';
}

/** @param isAll whether nothing but these transfers is left of the record */
async function startAgain(
  ports: CheckBackPorts,
  record: OpenChunk,
  left: readonly SagaItem[],
  isAll: boolean,
): Promise<void> {
  const chunks = chunksOf(left, ports.digest, record.checks + 1);
  const [only, another] = chunks;
  // A saga takes the record away at its end only if it carries all that is left of it; else a later check does.
  const carriesAll = isAll && only !== undefined && another === undefined;
  const keyed = carriesAll ? [{ ...only, open_key: openKey(record) }] : chunks;
  await ports.sagas.start(keyed);
  ports.meter.count(metrics.sagasRestarted, chunks.length);
  ports.journal.warn('sagas were started again', { chunk: record.id, transfers: left.length, check: record.checks });
}

interface Debits {
  readonly items: readonly SagaItem[];
  /** Why commits could not be read; the transfers in the others must not wait for them. */
  readonly unreadable: readonly unknown[];
}

/** The debits as the log has them: the only thing a transfer's saga needs to begin again. */
async function debitsOf(log: EventLog, ranges: readonly DebitRange[]): Promise<Debits> {
  const unreadable: unknown[] = [];
  const items = await inParallel(ranges, PARALLEL_CHECKS, async (range) => {
    try {
      return await debitsIn(log, range);
    } catch (error) {
      unreadable.push(error);
      return [];
    }
  });
  return { items: items.flat(), unreadable };
}

/** Debited transfers of one commit, in its order. Throws if it is not in the log. */
export async function debitsIn(
  log: EventLog,
  { account, version, first, last }: DebitRange,
): Promise<readonly SagaItem[]> {
  const commit = await log.read(account, version);
  if (commit === undefined) throw new Error(`commit ${account}@${version} is not in the ledger`);
  return decodeEvents(commit.events).flatMap((event, index) => {
    const isOurs = event.type === 'Debited' && index >= first && index <= last;
    return isOurs ? [sagaItemOf(account, event, { version, index }, commit.at)] : [];
  });
}

/** Only a terminal status counts; that there is none proves nothing, and the saga asks the log. */
async function notOver(ports: CheckBackPorts, items: readonly SagaItem[]): Promise<readonly SagaItem[]> {
  const ids = items.map(({ scope, transfer }) => transferClaimId(scope, transfer));
  const records = await ports.transfers.get(ids, { consistent: true });
  return items.filter(({ scope, transfer }) => {
    const record = records.get(transferClaimId(scope, transfer));
    return record === undefined || !isTerminal(record.status);
  });
}
