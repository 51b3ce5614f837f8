/**
 * The scan of the ledger with its past: where the table's versions of an account begin later, or stop being dense, what the archive
 * holds comes in their place. What neither holds is left out, so that an auditor sees the gap and names it.
 */
import type { StoredCommit } from '../contracts/stored-commit.ts';
import type { LedgerScan } from '../ports.ts';
import { ArchiveReader, type ArchiveReaderPorts } from './read-archived.ts';

export class ArchivedLedgerScan implements LedgerScan {
  private readonly scan: LedgerScan;
  private readonly archive: ArchiveReader;

  constructor(scan: LedgerScan, ports: ArchiveReaderPorts) {
    this.scan = scan;
    this.archive = new ArchiveReader(ports);
  }

  /** The newest commit never leaves the table, so every account is there. */
  accounts(part: number, parts: number): AsyncIterable<string> {
    return this.scan.accounts(part, parts);
  }

  async *oldestFirst(account: string, after = 0): AsyncIterable<StoredCommit> {
    let next = after + 1;
    for await (const commit of this.scan.oldestFirst(account, after)) {
      if (commit.version > next) yield* this.archive.oldestFirst(account, next, commit.version - 1);
      yield commit;
      next = commit.version + 1;
    }
  }
}
