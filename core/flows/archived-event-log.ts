/**
 * The ledger with its past: commits that left the table are read from the archive, so every question has the answer that it had
 * before they left. Writing, and the newest commit, are the table's alone.
 *
 * Commits leave oldest first, while somebody may be reading: where the table's versions stop being dense, the archive goes on.
 */
import type { StoredCommit } from '../contracts/stored-commit.ts';
import { type AppendResult, DamagedCommit, type EventLog } from '../ports.ts';
import { ArchiveReader, type ArchiveReaderPorts } from './read-archived.ts';

export class ArchivedEventLog implements EventLog {
  private readonly log: EventLog;
  private readonly archive: ArchiveReader;

  constructor(log: EventLog, ports: ArchiveReaderPorts) {
    this.log = log;
    this.archive = new ArchiveReader(ports);
  }

  newest(account: string): Promise<StoredCommit | undefined> {
    return this.log.newest(account);
  }

  append(commits: readonly StoredCommit[]): Promise<readonly AppendResult[]> {
    return this.log.append(commits);
  }

  /** @throws {DamagedCommit} if the version existed, and is in neither of the two */
  async read(account: string, version: number): Promise<StoredCommit | undefined> {
    const commit = await this.log.read(account, version);
    if (commit !== undefined || version < 1) return commit;
    const newest = await this.log.newest(account);
    if (newest === undefined || version >= newest.version) return newest?.version === version ? newest : undefined;
    const archived = await this.archive.read(account, version);
    if (archived !== undefined) return archived;
    // It may have been appended between the two reads, with another one after it.
    const appended = await this.log.read(account, version);
    if (appended !== undefined) return appended;
    throw new DamagedCommit(`${account}@${version} is neither in the log nor in the archive`);
  }

  /** @throws {DamagedCommit} where the log has a gap that the archive does not fill */
  async *newestFirst(account: string, before?: number): AsyncIterable<StoredCommit> {
    let above: StoredCommit | undefined;
    for await (const commit of this.log.newestFirst(account, before)) {
      const goesOn = above === undefined ? this.begins(commit, before) : commit.version === above.version - 1;
      if (!(await goesOn)) break;
      above = commit;
      yield commit;
    }
    if (above !== undefined) yield* this.archive.newestFirst(account, above.version - 1, above.prevHash);
    else yield* this.belowTheLog(account, before);
  }

  /** True if nothing lies between this commit and the bound. */
  private async begins({ account, version }: StoredCommit, before: number | undefined): Promise<boolean> {
    if (before === undefined || version === before - 1) return true;
    return (await this.log.newest(account))?.version === version;
  }

  /** Nothing of the log was below the bound: there is nothing, or all of it has left. */
  private async *belowTheLog(account: string, before: number | undefined): AsyncIterable<StoredCommit> {
    if (before === undefined || (await this.log.newest(account)) === undefined) return;
    yield* this.archive.newestFirst(account, before - 1);
  }
}
