/** What every index of the archive, every store of daily balances, and every log that can be pruned must do. */
import { beforeAll, describe, expect, it } from 'vitest';
import type {
  ArchivedRange,
  ArchiveIndex,
  DailyBalance,
  DailyBalances,
  EventLog,
  PrunableLog,
} from '../../core/ports.ts';
import { commit, newAccount } from './sample-records.ts';

export function describeArchiveIndex(name: string, makeIndex: () => Promise<ArchiveIndex>): void {
  describe(`archive index: ${name}`, () => {
    let index: ArchiveIndex;
    beforeAll(async () => {
      index = await makeIndex();
    });

    function range(account: string, first: number, last: number, day: string): ArchivedRange {
      return { account, first, last, day, name: `log/${day}/${first}` };
    }

    it('finds the range that holds a version', async () => {
      const account = newAccount();
      const ranges = [range(account, 1, 9, '2026-01-01'), range(account, 10, 10, '2026-01-02')];
      await index.add([...ranges, range(account, 11, 250, '2026-01-02')]);
      await index.add([range(newAccount(), 1, 1_000, '2026-01-01')]);
      expect(await index.find(account, 1)).toEqual(ranges[0]);
      expect(await index.find(account, 9)).toEqual(ranges[0]);
      expect(await index.find(account, 10)).toEqual(ranges[1]);
      expect(await index.find(account, 100)).toMatchObject({ first: 11, last: 250 });
      expect(await index.find(account, 251)).toBeUndefined();
      expect(await index.find(newAccount(), 1)).toBeUndefined();
    });

    it('knows what days before archived, however much the day itself has', async () => {
      const account = newAccount();
      await index.add([range(account, 1, 5, '2026-01-01'), range(account, 6, 8, '2026-01-03')]);
      await index.add(Array.from({ length: 60 }, (_, n) => range(account, 9 + n, 9 + n, '2026-01-04')));
      expect(await index.archivedBefore(account, '2026-01-01')).toBe(0);
      expect(await index.archivedBefore(account, '2026-01-02')).toBe(5);
      expect(await index.archivedBefore(account, '2026-01-04')).toBe(8);
      expect(await index.archivedBefore(account, '2026-01-05')).toBe(68);
      expect(await index.archivedBefore(newAccount(), '2026-01-05')).toBe(0);
    });

    it('takes the same ranges again', async () => {
      const account = newAccount();
      for (let time = 0; time < 2; time += 1) await index.add([range(account, 1, 5, '2026-01-01')]);
      await index.add([]);
      expect(await index.find(account, 5)).toEqual(range(account, 1, 5, '2026-01-01'));
    });

    it('raises the note of pruning, and never lowers it', async () => {
      const account = newAccount();
      expect(await index.prunedThrough(account)).toBe(0);
      for (const through of [7, 9, 3, 9]) await index.allowPruning(account, through);
      expect(await index.prunedThrough(account)).toBe(9);
      expect(await index.find(account, 1)).toBeUndefined();
      expect(await index.archivedBefore(account, '2026-01-05')).toBe(0);
    });
  });
}

export function describeDailyBalances(name: string, makeStore: () => Promise<DailyBalances>): void {
  describe(`daily balances: ${name}`, () => {
    let store: DailyBalances;
    beforeAll(async () => {
      store = await makeStore();
    });

    function row(account: string, day: string, balance: bigint): DailyBalance {
      return { account, day, currency: 'USD', version: 7, balance, credited: 10n ** 30n, debited: 3n };
    }

    it('gives back the rows of a time, oldest first', async () => {
      const account = newAccount();
      const rows = ['2026-01-01', '2026-01-02', '2026-02-01'].map((day, n) => row(account, day, -BigInt(n)));
      await store.put(rows.toReversed());
      await store.put([row(newAccount(), '2026-01-01', 1n)]);
      const read = (from: string, to: string) => Array.fromAsync(store.of(account, from, to));
      expect(await read('2026-01-01', '2026-12-31')).toEqual(rows);
      expect(await read('2026-01-02', '2026-01-31')).toEqual([rows[1]]);
      expect(await read('2027-01-01', '2027-01-31')).toEqual([]);
    });

    it('replaces a row of the same day', async () => {
      const account = newAccount();
      for (const balance of [1n, 2n]) await store.put([row(account, '2026-01-01', balance)]);
      await store.put([]);
      expect(await Array.fromAsync(store.of(account, '2026-01-01', '2026-01-01'))).toEqual([
        row(account, '2026-01-01', 2n),
      ]);
    });

    it('takes more rows than one request holds', async () => {
      const account = newAccount();
      const rows = Array.from({ length: 90 }, (_, n) => row(account, `2026-01-${String(n + 10)}`, BigInt(n)));
      await store.put(rows);
      expect(await Array.fromAsync(store.of(account, '2026-01-01', '2026-01-99'))).toEqual(rows);
    });
  });
}

export function describePrunableLog(name: string, makeLog: () => Promise<EventLog & PrunableLog>): void {
  describe(`pruning of the ledger: ${name}`, () => {
    it('removes versions of one account, and knows the oldest that is left', async () => {
      const log = await makeLog();
      const [account, other] = [newAccount(), newAccount()];
      expect(await log.oldest(account)).toBeUndefined();
      for (let version = 1; version <= 60; version += 1)
        await log.append([commit(account, version), commit(other, version)]);
      expect(await log.oldest(account)).toBe(1);
      for (let time = 0; time < 2; time += 1) await log.remove(account, 1, 55);
      expect(await log.oldest(account)).toBe(56);
      const versions = (await Array.fromAsync(log.newestFirst(account))).map(({ version }) => version);
      expect(versions).toEqual([60, 59, 58, 57, 56]);
      expect(await log.oldest(other)).toBe(1);
    });
  });
}
