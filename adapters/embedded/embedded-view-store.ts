/** Read models on local disk. */
import * as z from 'zod/mini';
import { accountKind } from '../../core/contracts/json.ts';
import { accountOfKey } from '../../core/domain/lane.ts';
import type { AccountPageQuery, AccountRow, ListedAccount, ViewScan, ViewStore } from '../../core/ports.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { kinds } from './entries.ts';
import { SortedLists } from './sorted-lists.ts';
import type { WalletStore } from './wallet-store.ts';

const rowSchema = z.object({
  account: z.string(),
  kind: accountKind,
  currency: z.string(),
  owner: z.string(),
  openedAt: z.int(),
});

export class EmbeddedViewStore implements ViewStore, ViewScan {
  private readonly store: WalletStore;
  private readonly acknowledgement: Acknowledgement;
  private readonly lists = new SortedLists();
  private listedCount = 0;

  constructor(store: WalletStore, acknowledgement: Acknowledgement) {
    this.store = store;
    this.acknowledgement = acknowledgement;
  }

  async registerAccounts(rows: readonly AccountRow[]): Promise<void> {
    for (const row of rows) {
      if (!this.store.has(kinds.account, row.account)) this.store.put(kinds.account, row.account, JSON.stringify(row));
    }
    await this.acknowledgement.written();
  }

  /** Makes the registry hold these rows and no others. Before anybody asks for a page: lists are made once. */
  async replaceAccounts(rows: readonly AccountRow[]): Promise<void> {
    const founded = new Set(rows.map(({ account }) => account));
    for (const key of this.store.keys(kinds.account)) if (!founded.has(key)) this.store.remove(kinds.account, key);
    for (const row of rows) {
      const text = JSON.stringify(row);
      if (this.store.get(kinds.account, row.account) !== text) this.store.put(kinds.account, row.account, text);
    }
    await this.acknowledgement.written();
  }

  async *accounts(scope: string): AsyncIterable<AccountRow> {
    for (const key of this.store.keys(kinds.account)) {
      if (accountOfKey(key).scope !== scope) continue;
      const row = this.store.get(kinds.account, key);
      if (row !== undefined) yield rowSchema.parse(JSON.parse(row));
    }
  }

  async accountPage(scope: string, { owner, after, most }: AccountPageQuery): Promise<readonly AccountRow[]> {
    this.listNew();
    const keys = this.lists.after(listName(scope, owner), after, most);
    return keys.flatMap((key) => this.row(key) ?? []);
  }

  /** Accounts are never taken away, so those that are not listed yet are the newest ones. */
  private listNew(): void {
    for (const key of this.store.keys(kinds.account).slice(this.listedCount)) {
      const row = this.row(key);
      const { scope } = accountOfKey(key);
      if (row !== undefined) for (const owner of [undefined, row.owner]) this.lists.add(listName(scope, owner), key);
      this.listedCount += 1;
    }
  }

  private row(key: string): AccountRow | undefined {
    const row = this.store.get(kinds.account, key);
    return row === undefined ? undefined : rowSchema.parse(JSON.parse(row));
  }

  /** Lists of owners are made from the registry while the process runs. */
  async *listed(): AsyncIterable<ListedAccount> {
    for (const key of this.store.keys(kinds.account)) {
      const row = this.row(key);
      if (row !== undefined) yield* [{ place: 'registry', row } as const, { place: 'owner', row } as const];
    }
  }

  async putReport(scope: string, name: string, report: string): Promise<void> {
    this.store.put(kinds.report, `${scope}#${name}`, report);
    await this.acknowledgement.written();
  }

  async report(scope: string, name: string): Promise<string | undefined> {
    return this.store.get(kinds.report, `${scope}#${name}`);
  }
}

/** A scope has no `#`, so no two lists share a name. */
function listName(scope: string, owner: string | undefined): string {
  return owner === undefined ? scope : `${scope}#${owner}`;
}
