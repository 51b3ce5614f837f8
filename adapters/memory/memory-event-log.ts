/** The ledger in memory. A hook that throws `LostAnswer` makes that append `unknown`; anything else rejects the call. */
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { AppendResult, EventLog, PrunableLog } from '../../core/ports.ts';
import { assertDistinct, LostAnswer, type WriteHooks, writeWithHooks } from './write-hooks.ts';

export class MemoryEventLog implements EventLog, PrunableLog {
  readonly hooks: WriteHooks<StoredCommit>;
  private readonly logs = new Map<string, Map<number, StoredCommit>>();

  constructor(hooks: WriteHooks<StoredCommit> = {}) {
    this.hooks = hooks;
  }

  async newest(account: string): Promise<StoredCommit | undefined> {
    return this.descending(account)[0];
  }

  async *newestFirst(account: string, before = Number.POSITIVE_INFINITY): AsyncIterable<StoredCommit> {
    for (const commit of this.descending(account)) if (commit.version < before) yield commit;
  }

  async read(account: string, version: number): Promise<StoredCommit | undefined> {
    return this.logs.get(account)?.get(version);
  }

  async append(commits: readonly StoredCommit[]): Promise<readonly AppendResult[]> {
    assertDistinct(
      commits.map(({ account }) => account),
      'account',
    );
    const results: AppendResult[] = [];
    for (const commit of commits) results.push(await this.appendOne(commit));
    return results;
  }

  /** Inserts as another writer would, past the hooks; false if the version exists. */
  insert(commit: StoredCommit): boolean {
    const log = this.logs.get(commit.account) ?? new Map<number, StoredCommit>();
    this.logs.set(commit.account, log);
    if (log.has(commit.version)) return false;
    log.set(commit.version, commit);
    return true;
  }

  async oldest(account: string): Promise<number | undefined> {
    return this.descending(account).at(-1)?.version;
  }

  async remove(account: string, first: number, last: number): Promise<void> {
    for (let version = first; version <= last; version += 1) this.logs.get(account)?.delete(version);
  }

  /** Every commit of every account, each log from its first version on. */
  commits(): readonly StoredCommit[] {
    return [...this.logs.keys()].flatMap((account) => this.descending(account).reverse());
  }

  private async appendOne(commit: StoredCommit): Promise<AppendResult> {
    try {
      const inserted = await writeWithHooks(this.hooks, commit, () => this.insert(commit));
      return inserted ? 'appended' : 'exists';
    } catch (error) {
      if (error instanceof LostAnswer) return 'unknown';
      throw error;
    }
  }

  private descending(account: string): StoredCommit[] {
    return [...(this.logs.get(account)?.values() ?? [])].sort((a, b) => b.version - a.version);
  }
}
