/**
 * States of accounts between batches, in a warm processor. A cached state is only ever a guess of the newest commit: the append
 * is conditional, so a guess that is stale shows as a version that exists, and the state is read again.
 */
import type { LoadedAccount } from './load-account.ts';

/** Older states are dropped, so that no version number can come back after its commits left the table (7 days at the earliest). */
export const CACHE_TTL_MS = 15 * 60_000;
/** About 1 KB a state: 20 MB of a function's memory. */
export const CACHE_ACCOUNTS = 20_000;

interface Cached {
  readonly loaded: LoadedAccount;
  readonly since: number;
}

export class AccountCache {
  private readonly cached = new Map<string, Cached>();
  private readonly capacity: number;

  constructor(capacity = CACHE_ACCOUNTS) {
    this.capacity = capacity;
  }

  /** @param now UTC milliseconds */
  get(account: string, now: number): LoadedAccount | undefined {
    const entry = this.cached.get(account);
    if (entry === undefined) return undefined;
    if (now - entry.since <= CACHE_TTL_MS) return entry.loaded;
    this.cached.delete(account);
    return undefined;
  }

  /** Keeps a state that was read, or whose insert was acknowledged. The account unused for longest makes room. */
  put(account: string, loaded: LoadedAccount, now: number): void {
    this.cached.delete(account);
    this.cached.set(account, { loaded, since: now });
    if (this.cached.size <= this.capacity) return;
    const [oldest] = this.cached.keys();
    if (oldest !== undefined) this.cached.delete(oldest);
  }

  drop(account: string): void {
    this.cached.delete(account);
  }
}
