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
import type { AccountLog } from '../../core/flows/account-log.ts';
import { accountAfter, type LoadedAccount } from '../../core/flows/load-account.ts';
import type { AccountEnd } from './account-index.ts';
import type { WalletStore } from './wallet-store.ts';

/** About 500 bytes each; an account beyond that is read from disk, in some 20 µs. */
const ACCOUNTS_IN_MEMORY = 500_000;

class NothingToRemember extends RecentLegs {
  override remember(): void {}
}
export const nothingToRemember = new NothingToRemember();

/** An account in memory, and all that a turn needs to go on with its log. */
export interface HeldAccount {
  readonly account: string;
  /** The end of its log in the wallet's file. */
  readonly end: AccountEnd;
  loaded: LoadedAccount;
  /** The log that new transfers of this turn are recorded in. */
  open: AccountLog | undefined;
}

export class EmbeddedAccounts extends AccountCache {
  private readonly store: WalletStore;
  private readonly held = new Map<string, HeldAccount>();

  constructor(store: WalletStore) {
    super(0);
    this.store = store;
  }

  /** Never misses, unless the account's newest commit cannot be read: then the processor asks the log and sees why. */
  override get(account: string): LoadedAccount | undefined {
    return this.held.get(account)?.loaded ?? this.read(account);
  }

  override put(account: string, loaded: LoadedAccount): void {
    const known = this.held.get(account);
    if (known === undefined) this.keep(account, loaded);
    else known.loaded = loaded;
  }

  override drop(account: string): void {
    this.held.delete(account);
  }

  /** An account to go on with; undefined if its newest commit cannot be read. */
  hold(account: string): HeldAccount | undefined {
    const known = this.held.get(account);
    if (known !== undefined) return known;
    const loaded = this.read(account);
    return loaded === undefined ? undefined : this.keep(account, loaded);
  }

  /** Makes room; only between turns, since a turn goes on with what it holds. */
  trim(): void {
    for (const account of this.held.keys()) {
      if (this.held.size <= ACCOUNTS_IN_MEMORY) return;
      this.held.delete(account);
    }
  }

  private keep(account: string, loaded: LoadedAccount): HeldAccount {
    const held = { account, loaded, end: this.store.endOf(account), open: undefined };
    this.held.set(account, held);
    return held;
  }

  private read(account: string): LoadedAccount | undefined {
    try {
      return { ...accountAfter(this.store.newestCommit(account)?.commit), memory: nothingToRemember };
    } catch {
      return undefined;
    }
  }
}
