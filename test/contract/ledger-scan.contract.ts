/** What every scan of the ledger must do, whatever holds it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { EventLog, LedgerScan } from '../../core/ports.ts';
import { commit, newAccount } from './sample-records.ts';

/** What a scan or a query of DynamoDB reads before it answers with a page. */
const PAGE_BYTES = 1_048_576;

export interface ScannedLedger {
  readonly log: EventLog;
  readonly scan: LedgerScan;
}

export function describeLedgerScan(name: string, makeLedger: () => Promise<ScannedLedger>): void {
  describe(`ledger scan: ${name}`, () => {
    let ledger: ScannedLedger;
    beforeAll(async () => {
      ledger = await makeLedger();
    });

    async function filled(versions: number): Promise<string> {
      const account = newAccount();
      for (let version = 1; version <= versions; version += 1) await ledger.log.append([commit(account, version)]);
      return account;
    }

    it('finds every account once, however many parts it is taken in', async () => {
      const accounts = [await filled(1), await filled(3), await filled(30)];
      for (const parts of [1, 3, 7]) {
        const found: string[] = [];
        for (let part = 0; part < parts; part += 1)
          found.push(...(await Array.fromAsync(ledger.scan.accounts(part, parts))));
        expect(new Set(found).size).toBe(found.length);
        expect(found).toEqual(expect.arrayContaining(accounts));
      }
    });

    it('finds an account once whose log is longer than a page, and those beside it', async () => {
      const accounts = [newAccount(), newAccount()];
      const events = `[${'"x",'.repeat(PAGE_BYTES / 12)}"x"]`;
      for (const version of [1, 2, 3, 4, 5])
        for (const account of accounts) await ledger.log.append([commit(account, version, { events })]);
      const all = [...accounts, await filled(1)];
      for (const parts of [1, 2, 5]) {
        const found: string[] = [];
        for (let part = 0; part < parts; part += 1)
          found.push(...(await Array.fromAsync(ledger.scan.accounts(part, parts))));
        expect(all.map((account) => found.filter((name) => name === account).length)).toEqual([1, 1, 1]);
      }
      const [account = ''] = accounts;
      expect(await Array.fromAsync(ledger.scan.oldestFirst(account))).toHaveLength(5);
    });

    it('reads a log from its first commit to its last, exactly as it was appended', async () => {
      const account = await filled(70);
      const commits = await Array.fromAsync(ledger.scan.oldestFirst(account));
      expect(commits).toEqual(Array.from({ length: 70 }, (_, i) => commit(account, i + 1)));
    });

    it('goes on above a version, and finds nothing above the last', async () => {
      const account = await filled(5);
      const above = (await Array.fromAsync(ledger.scan.oldestFirst(account, 3))).map(({ version }) => version);
      expect(above).toEqual([4, 5]);
      expect(await Array.fromAsync(ledger.scan.oldestFirst(account, 5))).toEqual([]);
      expect(await Array.fromAsync(ledger.scan.oldestFirst(newAccount()))).toEqual([]);
    });
  });
}
