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
