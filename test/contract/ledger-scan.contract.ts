/** What every scan of the ledger must do, whatever holds it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { EventLog, LedgerScan } from '../../core/ports.ts';
import { commit, newAccount } from './sample-records.ts';

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
