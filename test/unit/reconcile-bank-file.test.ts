/**
 * Shows the reconciliation of a real bank's months: a wallet lives through the bank file, the bank's camt.053 of the same months has 20
 * wrongs planted in it, and all 20 are found under their names and nothing else is, in every settlement account; the same bank
 * file itself, read as CSV, agrees with the customers' balances day by day. On the shipped sample, and with BANK_FILE in the
 * environment on that file too.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCamt053 } from '../../adapters/bank/camt053.ts';
import { readCsvStatement } from '../../adapters/bank/csv-statement.ts';
import type { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { MemoryBreakStore } from '../../adapters/memory/memory-break-store.ts';
import { readCsvMapping } from '../../core/contracts/csv-mapping.ts';
import type { BankStatement } from '../../core/domain/bank-statement.ts';
import { type ReconciliationReport, reconcileStatement } from '../../core/flows/reconcile-statement.ts';
import { type BankPlan, readBankFile } from '../../local/bank/bank-file.ts';
import { liveThrough } from '../../local/bank/dated-wallet.ts';
import { BANK_DAYS, makeCamt } from '../../local/bank/make-camt.ts';
import { samplePath } from '../../local/bank/make-sample.ts';

const BREAKS = 20;
/** The bank's balances carry hidden rounding of up to 0.20 CZK. */
const ROUNDING_MINOR = 20n;

const files = [samplePath, process.env['BANK_FILE']].filter((file) => file !== undefined);

describe.each(files)('%s', (file) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-reconcile-'));
  let plan: BankPlan;
  let wallet: EmbeddedWallet;

  beforeAll(async () => {
    plan = await readBankFile(file);
    wallet = await liveThrough(plan, folder);
  }, 120_000);
  afterAll(async () => {
    await wallet.close();
    rmSync(folder, { recursive: true });
  });

  async function reconcileAll(statements: readonly BankStatement[], breaks = new MemoryBreakStore()) {
    const ports = { log: wallet.log, clock: wallet.clock, digest: wallet.digest, breaks };
    const reports: ReconciliationReport[] = [];
    for (const statement of statements) {
      const asked = { scope: 'default', account: statement.bankAccount, statement, by: 'test' };
      const report = await reconcileStatement(ports, {
        ...asked,
        windowDays: BANK_DAYS,
        roundingMinor: ROUNDING_MINOR,
      });
      if (typeof report === 'string') throw new Error(`${statement.bankAccount}: ${report}`);
      reports.push(report);
    }
    return reports;
  }

  it.each([1, 2, 3, 4, 5])('has 20 wrongs in its camt.053 (seed %i), which are found, and no other', async (seed) => {
    const { xml, planted } = makeCamt(plan, { seed, breaks: BREAKS });
    const reports = await reconcileAll(readCamt053(Buffer.from(xml)));
    const found = reports.flatMap(({ breaks, account }) =>
      breaks.map(({ kept, state }) => ({
        account: account.replace('default#', ''),
        cause: state.cause,
        bookings: kept.lines.map(({ id }) => id.split(' ').at(-1)),
        transfers: kept.entries.map(({ transfer }) => transfer),
      })),
    );
    const sorted = (list: readonly object[]): readonly string[] => list.map((one) => JSON.stringify(one)).sort();
    expect(planted).toHaveLength(BREAKS);
    expect(sorted(found)).toEqual(sorted(planted));
    for (const { change } of reports) expect(change.unexplained).toBe(0n);
  });

  it.each([
    [Number.NaN, 20],
    [1, Number.NaN],
    [1, -1],
    [1.5, 20],
  ])('has no camt.053 of seed %d with %d wrongs', (seed, breaks) => {
    expect(() => makeCamt(plan, { seed, breaks })).toThrow('must be whole numbers');
  });

  it('has ways of matching of every kind in its camt.053, and no break when nothing was planted', async () => {
    const { xml } = makeCamt(plan, { seed: 7, breaks: 0 });
    const reports = await reconcileAll(readCamt053(Buffer.from(xml)));
    const total = (kind: keyof ReconciliationReport['matches']): number =>
      reports.reduce((sum, { matches }) => sum + matches[kind], 0);
    expect(reports.flatMap(({ breaks }) => breaks)).toEqual([]);
    expect(Math.min(total('reference'), total('amount_and_day'), total('one_to_many'))).toBeGreaterThan(0);
    for (const { closing } of reports) expect(closing.bank).toBe(closing.wallet);
  });

  it('agrees as a CSV with every customer’s account, movement by movement and day by day', async () => {
    const mapping = readCsvMapping(JSON.parse(await readFile('local/bank/bank-file-mapping.json', 'utf8')));
    if (!('columns' in mapping)) throw new Error(`the mapping is none: ${mapping.join()}`);
    const statements = readCsvStatement(await readFile(file), { name: 'csv', mapping, isPlain: false });
    const reports = await reconcileAll(statements.map(ofCustomer));
    expect(reports.flatMap(({ breaks }) => breaks)).toEqual([]);
    const steps = reports.flatMap(({ dailyBalances }) => dailyBalances?.steps ?? []);
    expect(steps.filter(({ isRounding }) => !isRounding)).toEqual([]);
    if (file === samplePath) expect(steps).toEqual([]);
  }, 60_000);
});

function ofCustomer(statement: BankStatement): BankStatement {
  return { ...statement, bankAccount: `berka:${statement.bankAccount}` };
}
