/**
 * The states of accounts, in memory for as long as the wallet runs: nobody else writes, so they never grow stale.
 *
 * What an account remembers of recent credits is for copies of a command that a stream delivers again. Here nothing is delivered
 * again: a credit is sent once, in the turn that debits its transfer, and that turn is on disk as a whole or not at all. Every later
 * sending is a recheck, which is looked up in the log. So there is nothing to remember (at 60,000 transfers a second, 120 s of
 * memory would be 7 million legs).
 */

import { RecentLegs } from '../../core/domain/memory.ts';
import { AccountCache } from '../../core/flows/account-cache.ts';
import { accountAfter, type LoadedAccount } from '../../core/flows/load-account.ts';
import type { WalletStore } from './wallet-store.ts';

/** About 500 bytes each; an account beyond that is read from disk, in some 20 µs. */
const ACCOUNTS_IN_MEMORY = 500_000;

class NothingToRemember extends RecentLegs {
  override remember(): void {}
}
const nothing = new NothingToRemember();

export class EmbeddedAccounts extends AccountCache {
  private readonly store: WalletStore;
  private readonly loaded = new Map<string, LoadedAccount>();

  constructor(store: WalletStore) {
    super(0);
    this.store = store;
  }

  /** Never misses, unless the account's newest commit cannot be read: then the processor asks the log and sees why. */
  override get(account: string): LoadedAccount | undefined {
    const known = this.loaded.get(account);
    if (known !== undefined) return known;
    try {
      const read = { ...accountAfter(this.store.newestCommit(account)?.commit), memory: nothing };
      return read;
    } catch {
      return undefined;
    }
  }

  override put(account: string, loaded: LoadedAccount): void {
    this.loaded.set(account, loaded);
    if (this.loaded.size <= ACCOUNTS_IN_MEMORY) return;
    const [oldest] = this.loaded.keys();
    if (oldest !== undefined) this.loaded.delete(oldest);
  }

  override drop(account: string): void {
    this.loaded.delete(account);
  }
}
