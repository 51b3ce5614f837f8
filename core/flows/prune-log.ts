/**
 * Old commits leave the table once the archive holds them.
 *
 *   1 ─────── archived, old ────────┐  the floor: old as well, and kept  ┌──── young ────┐ newest
 *   removed, oldest first           └── where every look-up may end ─────┘  kept         ┘ kept
 *
 * What stays is all that a decision may ask for (PROTOCOL, rules 7, 10 and 17): the newest commit, what is younger than the
 * retention, what the account remembers, and one commit below all that, at which a reader sees that it has read far enough. What
 * goes was read back from the archive just before, chained by its hashes to the commit that stays. The note that it may go is made
 * first, so that whoever watches the table knows a removal that nobody allowed.
 */
import type { DamagedLog } from '../contracts/archive.ts';
import { DAY_MS, dayOf } from '../contracts/day.ts';
import type { StoredCommit } from '../contracts/stored-commit.ts';
import { LOOKUP_MARGIN_MS, MEMORY_MS } from '../domain/memory.ts';
import {
  type ArchiveIndex,
  type Clock,
  DamagedCommit,
  type EventLog,
  type LedgerScan,
  type PrunableLog,
} from '../ports.ts';
import { CLOCK_MARGIN_MS } from './cut-ledger.ts';
import { inParallel } from './in-parallel.ts';
import { ArchiveReader, type ArchiveReaderPorts } from './read-archived.ts';

/** Commands travel for at most 6 days (PROTOCOL, stream mapping); what is younger than a week may be looked up. */
export const LEAST_HOT_DAYS = 7;
/** An account that is quiet keeps so much before its newest commit: what it remembers, the look-ups' margin, and clocks'. */
const KEEP_BEHIND_MS = MEMORY_MS + LOOKUP_MARGIN_MS + CLOCK_MARGIN_MS;
/** Accounts pruned at a time. */
const PARALLEL_ACCOUNTS = 16;

export interface PruningPorts extends ArchiveReaderPorts {
  /** The table alone. */
  readonly log: EventLog;
  readonly prunable: PrunableLog;
  readonly scan: Pick<LedgerScan, 'accounts'>;
  readonly clock: Pick<Clock, 'now'>;
}

export interface PrunedSegment {
  readonly accounts: number;
  readonly commits: number;
  /** Accounts whose commits are not in the archive as they should be; nothing of theirs was removed. */
  readonly damaged: readonly DamagedLog[];
}

/**
 * Prunes the logs of one part of the accounts.
 *
 * @param hotDays commits stay for at least so many days
 * @throws {RangeError} if that is less than {@link LEAST_HOT_DAYS}
 */
export async function pruneLog(
  ports: PruningPorts,
  hotDays: number,
  segment = 0,
  segments = 1,
): Promise<PrunedSegment> {
  if (!(hotDays >= LEAST_HOT_DAYS))
    throw new RangeError(
      `hotDays is ${hotDays}, expected at least ${LEAST_HOT_DAYS}: younger commits may be looked up`,
    );
  const accounts = await Array.fromAsync(ports.scan.accounts(segment, segments));
  const pruned = await inParallel(accounts, PARALLEL_ACCOUNTS, (account) =>
    pruneUnlessDamaged(ports, account, hotDays),
  );
  return {
    accounts: pruned.filter(({ commits }) => commits > 0).length,
    commits: pruned.reduce((sum, { commits }) => sum + commits, 0),
    damaged: pruned.flatMap(({ damaged }) => damaged ?? []),
  };
}

interface Pruned {
  readonly commits: number;
  readonly damaged?: DamagedLog;
}

async function pruneUnlessDamaged(ports: PruningPorts, account: string, hotDays: number): Promise<Pruned> {
  try {
    return { commits: await pruneAccount(ports, account, hotDays) };
  } catch (error) {
    if (error instanceof DamagedCommit) return { commits: 0, damaged: { account, reason: error.message } };
    throw error;
  }
}

/**
 * Gives back how many commits were allowed to go.
 *
 * @throws {DamagedCommit} before anything is removed, if the archive does not hold what it should
 */
async function pruneAccount(ports: PruningPorts, account: string, hotDays: number): Promise<number> {
  const { log, prunable, index, clock } = ports;
  const now = clock.now();
  const [oldest, newest] = await Promise.all([prunable.oldest(account), log.newest(account)]);
  if (oldest === undefined || newest === undefined) return 0;
  const kept = await floorOf(log, oldest, newest, now - hotDays * DAY_MS);
  const archived = await index.archivedBefore(account, dayOf(now));
  const through = Math.min(kept - 1, archived);
  if (through < oldest) return 0;
  await assertArchived(ports, account, oldest, through);
  await index.allowPruning(account, through);
  await prunable.remove(account, oldest, through);
  return through - oldest + 1;
}

/** The newest commit that no look-up goes below, or the oldest there is. Times and arrivals never decrease, so it is halved for. */
async function floorOf(log: EventLog, oldest: number, newest: StoredCommit, before: number): Promise<number> {
  const bound = Math.min(before, newest.highArrival - KEEP_BEHIND_MS);
  let low = oldest;
  let high = newest.version;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const commit = await log.read(newest.account, middle);
    // A gap is what an earlier pruning left when it died: all below is older still.
    if (commit === undefined || (commit.at < before && commit.highArrival < bound)) low = middle;
    else high = middle;
  }
  return low;
}

/** Reads back what is to go, chained to the commit that stays above it. */
async function assertArchived(ports: PruningPorts, account: string, first: number, through: number): Promise<void> {
  const above = await ports.log.read(account, through + 1);
  if (above === undefined)
    throw new Error(`${account}@${through + 1} is to stay above what is pruned, but is not there`);
  for await (const { version } of new ArchiveReader(ports).newestFirst(account, through, above.prevHash))
    if (version === first) return;
}

/** A commit's place. */
export interface CommitKey {
  readonly account: string;
  readonly version: number;
}

/** Those of some removals that no pruning announced: somebody else's hands were in the ledger. */
export async function unannounced(
  index: Pick<ArchiveIndex, 'prunedThrough'>,
  removed: readonly CommitKey[],
): Promise<readonly CommitKey[]> {
  const accounts = [...new Set(removed.map(({ account }) => account))];
  const notes = await inParallel(accounts, PARALLEL_ACCOUNTS, (account) => index.prunedThrough(account));
  const through = new Map(accounts.map((account, i) => [account, notes[i] ?? 0]));
  return removed.filter(({ account, version }) => version > (through.get(account) ?? 0));
}
