/** What every store of views must do, whatever holds it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { AccountRow, ViewStore } from '../../core/ports.ts';
import { T0 } from './sample-records.ts';

function row(account: string, more: Partial<AccountRow> = {}): AccountRow {
  return { account, kind: 'customer', currency: 'USD', owner: `owner of ${account}`, openedAt: T0, ...more };
}

function sorted(rows: readonly AccountRow[]): readonly AccountRow[] {
  return [...rows].sort((a, b) => (a.account < b.account ? -1 : 1));
}

export function describeViewStore(name: string, makeStore: () => Promise<ViewStore>): void {
  describe(`view store: ${name}`, () => {
    let store: ViewStore;
    beforeAll(async () => {
      store = await makeStore();
    });

    it('lists the accounts of a scope and no others', async () => {
      const ours = Array.from({ length: 70 }, (_, n) => row(`ours#account-${n}`));
      const theirs = [
        row('ours-too#account-1'),
        row('theirs#settlement:bank', { kind: 'settlement', currency: 'JPY' }),
      ];
      await store.registerAccounts([...ours, ...theirs]);
      expect(sorted(await Array.fromAsync(store.accounts('ours')))).toEqual(sorted(ours));
      expect(await Array.fromAsync(store.accounts('theirs'))).toEqual(theirs.slice(1));
      expect(await Array.fromAsync(store.accounts('nobody'))).toEqual([]);
    });

    it('registers an account once, also within one call', async () => {
      const first = row('once#account');
      await store.registerAccounts([first, first]);
      await store.registerAccounts([row('once#account', { openedAt: T0 + 1 }), row('once#other')]);
      expect(sorted(await Array.fromAsync(store.accounts('once')))).toEqual([first, row('once#other')]);
      await store.registerAccounts([]);
    });

    it('pages through all accounts of a scope, each once', async () => {
      const rows = Array.from({ length: 45 }, (_, n) => row(`paged#account-${n}`));
      await store.registerAccounts(rows);
      const pages = await allPages({ most: 10 });
      expect(pages.map((page) => page.length)).toEqual([10, 10, 10, 10, 5, 0]);
      expect(sorted(pages.flat())).toEqual(sorted(rows));
      expect(await allPages({ most: 10 })).toEqual(pages);
      expect(await store.accountPage('unpaged', { most: 10 })).toEqual([]);
    });

    it('pages through the accounts of one owner, and of nobody else, in another scope or of a like name', async () => {
      const ours = Array.from({ length: 7 }, (_, n) => row(`paged#own-${n}`, { owner: 'Ada #1' }));
      const others = [
        row('paged#else', { owner: 'Ada' }),
        row('paged#else-2', { owner: 'Ada #10' }),
        row('paged-2#own-1', { owner: 'Ada #1' }),
      ];
      await store.registerAccounts([...ours, ...others]);
      await store.registerAccounts(ours);
      const pages = await allPages({ owner: 'Ada #1', most: 3 });
      expect(pages.map((page) => page.length)).toEqual([3, 3, 1, 0]);
      expect(sorted(pages.flat())).toEqual(ours);
    });

    async function allPages(query: { readonly owner?: string; readonly most: number }) {
      const pages: (readonly AccountRow[])[] = [];
      for (let after: string | undefined; pages.at(-1)?.length !== 0; after = pages.at(-1)?.at(-1)?.account)
        pages.push(await store.accountPage('paged', { ...query, after }));
      return pages;
    }

    it('keeps the last report of a name', async () => {
      expect(await store.report('ours', 'trial-balance')).toBeUndefined();
      await store.putReport('ours', 'trial-balance', '{"sum":"1"}');
      await store.putReport('ours', 'trial-balance', '{"sum":"0"}');
      await store.putReport('theirs', 'trial-balance', '{}');
      expect(await store.report('ours', 'trial-balance')).toBe('{"sum":"0"}');
      expect(await store.report('ours', 'other')).toBeUndefined();
    });
  });
}
