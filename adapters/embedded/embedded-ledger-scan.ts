/** All logs of the ledger on local disk. */
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { LedgerScan } from '../../core/ports.ts';
import { hashOf, OPEN_KEY } from './id-hash.ts';
import type { WalletStore } from './wallet-store.ts';

export class EmbeddedLedgerScan implements LedgerScan {
  private readonly store: WalletStore;

  constructor(store: WalletStore) {
    this.store = store;
  }

  async *accounts(part: number, parts: number): AsyncIterable<string> {
    for (const account of this.store.accountKeys()) if (hashOf(account, OPEN_KEY).high % parts === part) yield account;
  }

  /** Commits name the places of those before them, so the way back is walked first, and read from its end. */
  async *oldestFirst(account: string, after = 0): AsyncIterable<StoredCommit> {
    const places: number[] = [];
    for (let place = this.store.placeOfNewest(account) ?? 0; place !== 0; ) {
      const { commit, before } = this.store.commitAt(place);
      if (commit.version <= after) break;
      places.push(place);
      place = before;
    }
    for (const at of places.reverse()) yield this.store.commitAt(at).commit;
  }
}
