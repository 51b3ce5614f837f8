/** All logs of the ledger in memory. */
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { LedgerScan } from '../../core/ports.ts';

export class MemoryLedgerScan implements LedgerScan {
  private readonly log: { commits(): readonly StoredCommit[] };

  /** @param log gives all commits, those of an account in the order of their versions */
  constructor(log: { commits(): readonly StoredCommit[] }) {
    this.log = log;
  }

  async *accounts(part: number, parts: number): AsyncIterable<string> {
    const accounts = [...new Set(this.log.commits().map(({ account }) => account))];
    yield* accounts.filter((account) => partOf(account) % parts === part);
  }

  async *oldestFirst(account: string, after = 0): AsyncIterable<StoredCommit> {
    for (const commit of this.log.commits()) if (commit.account === account && commit.version > after) yield commit;
  }
}

/** An account stays in its part, whatever comes and goes beside it. */
function partOf(account: string): number {
  return [...account].reduce((sum, character) => sum + character.charCodeAt(0), 0);
}
