/** The memory wallet with an archive: its days can be closed, its log pruned, and its processors read what has left the table. */
import { MemoryArchive } from '../adapters/memory/memory-archive.ts';
import { MemoryArchiveIndex } from '../adapters/memory/memory-archive-index.ts';
import { MemoryDailyBalances } from '../adapters/memory/memory-daily-balances.ts';
import { MemoryEventLog } from '../adapters/memory/memory-event-log.ts';
import { MemoryLedgerScan } from '../adapters/memory/memory-ledger-scan.ts';
import { sha256 } from '../adapters/node/sha256.ts';
import type { DayManifest } from '../core/contracts/archive.ts';
import type { StoredCommit } from '../core/contracts/stored-commit.ts';
import { archiveCommits } from '../core/flows/archive-commits.ts';
import { ArchivedEventLog } from '../core/flows/archived-event-log.ts';
import { closeDay } from '../core/flows/close-day.ts';
import { processShard } from '../core/flows/process-shard.ts';
import { type PrunedSegment, pruneLog } from '../core/flows/prune-log.ts';
import type { StreamRecord } from '../core/flows/read-batch.ts';
import { LANES, MemoryWallet, type Processor } from './memory-wallet.ts';

export const SEGMENTS = 3;
export const HOT_DAYS = 7;

export class ArchivingWallet extends MemoryWallet {
  readonly archive = new MemoryArchive();
  readonly index = new MemoryArchiveIndex();
  readonly dailyBalances = new MemoryDailyBalances();
  /** The ledger with its past. */
  readonly whole = new ArchivedEventLog(this.log, { archive: this.archive, index: this.index, digest: sha256 });
  /** Everything that was ever appended. */
  readonly shadow = new MemoryEventLog();

  constructor() {
    super();
    this.log.hooks.afterWrite = (commit) => void this.shadow.insert(commit);
  }

  override async deliver(records: readonly StreamRecord[], processor: Processor = this.processor()): Promise<void> {
    await processShard({ ...this, log: this.whole, cache: processor.cache }, { lanes: LANES, epoch: 1 }, records);
  }

  /** The table's stream brings what was appended, whatever has left the table since. */
  override async project(commits: readonly StoredCommit[] = this.shadow.commits()): Promise<void> {
    await super.project(commits);
  }

  /** What all flows of closing and pruning take. */
  ports() {
    return { ...this, scan: new MemoryLedgerScan(this.log), prunable: this.log };
  }

  /** Closes the day that is next, if one is over. */
  async closeNext(): Promise<DayManifest | undefined> {
    return closeDay({ ...this.ports(), log: this.whole }, SEGMENTS);
  }

  async closeAll(): Promise<readonly DayManifest[]> {
    const closed: DayManifest[] = [];
    for (;;) {
      const manifest = await this.closeNext();
      if (manifest === undefined) return closed;
      closed.push(manifest);
    }
  }

  async prune(hotDays = HOT_DAYS): Promise<PrunedSegment> {
    return pruneLog(this.ports(), hotDays);
  }

  /** Archives commits as the ledger's stream would bring them. */
  async archiveRaw(commits: readonly StoredCommit[] = this.shadow.commits()): Promise<void> {
    await archiveCommits(this, commits);
  }
}
