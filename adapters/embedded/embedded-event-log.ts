/** The ledger on local disk. */
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { AppendResult, EventLog } from '../../core/ports.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { assertDistinct } from './distinct.ts';
import type { WalletStore } from './wallet-store.ts';

export class EmbeddedEventLog implements EventLog {
  private readonly store: WalletStore;
  private readonly acknowledgement: Acknowledgement;

  constructor(store: WalletStore, acknowledgement: Acknowledgement) {
    this.store = store;
    this.acknowledgement = acknowledgement;
  }

  async newest(account: string): Promise<StoredCommit | undefined> {
    const frame = this.store.frameOfAccount(account);
    const newest = this.store.newestCommit(account)?.commit;
    await this.acknowledgement.read(frame);
    return newest;
  }

  async *newestFirst(account: string, before = Number.POSITIVE_INFINITY): AsyncIterable<StoredCommit> {
    await this.acknowledgement.read(this.store.frameOfAccount(account));
    const newest = this.store.newestCommit(account);
    let placed =
      newest === undefined || newest.commit.version < before ? newest : this.store.commit(account, before - 1);
    while (placed !== undefined) {
      yield placed.commit;
      placed = placed.before === 0 ? undefined : this.store.commitAt(placed.before);
    }
  }

  async read(account: string, version: number): Promise<StoredCommit | undefined> {
    const frame = this.store.frameOfAccount(account);
    const placed = this.store.commit(account, version);
    await this.acknowledgement.read(frame);
    return placed?.commit;
  }

  async append(commits: readonly StoredCommit[]): Promise<readonly AppendResult[]> {
    assertDistinct(
      commits.map(({ account }) => account),
      'account',
    );
    const results = commits.map((commit) => this.store.append(commit));
    await this.acknowledgement.written();
    return results;
  }
}
