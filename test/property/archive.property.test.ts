/**
 * Shows that commits which leave the table change nothing: two wallets live through the same random weeks, of which one closes its
 * days and prunes its log at random moments. At the end both have decided everything alike, commit by commit and hash by hash, and
 * every way to read the log that was pruned gives what the other log gives.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryLedgerScan } from '../../adapters/memory/memory-ledger-scan.ts';
import { ArchivedLedgerScan } from '../../core/flows/archived-ledger-scan.ts';
import { CLOSE_MARGIN_MS } from '../../core/flows/close-day.ts';
import { computeTrialBalance } from '../../core/flows/compute-trial-balance.ts';
import type { EventLog } from '../../core/ports.ts';
import { ArchivingWallet } from '../archiving-wallet.ts';
import { debit, MemoryWallet, request, SCOPE, transferId } from '../memory-wallet.ts';

const RUNS = Number(process.env['ARCHIVE_RUNS'] ?? 25);
const HOUR_MS = 3_600_000;
const bank = 'settlement:bank';
const everyone = [bank, 'alice', 'bob', 'carol'] as const;

const transfers = fc.record({
  do: fc.constant('transfer' as const),
  from: fc.constantFrom(...everyone),
  to: fc.constantFrom(...everyone),
  amount: fc.bigInt({ min: 1n, max: 40n }),
  // Few identities: some are sent again weeks later, by a client or by an operator.
  id: fc.integer({ min: 1, max: 30 }),
  recheck: fc.boolean(),
});
const requests = fc.record({
  do: fc.constant('request' as const),
  type: fc.constantFrom('FreezeAccount' as const, 'UnfreezeAccount' as const),
  account: fc.constantFrom(...everyone),
});
const actions = fc.oneof(
  { weight: 8, arbitrary: transfers },
  { weight: 1, arbitrary: requests },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass' as const), hours: fc.integer({ min: 1, max: 100 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('prune' as const) }) },
);
type Action = typeof actions extends fc.Arbitrary<infer Type> ? Type : never;

/** What happens in both wallets. */
async function live(wallet: MemoryWallet, action: Action, n: number): Promise<void> {
  if (action.do === 'pass') wallet.clock.advance(action.hours * HOUR_MS);
  if (action.do === 'request') await wallet.send(request(action.type, action.account, `request-${n}`));
  if (action.do === 'transfer') {
    const { id, from, to, amount, recheck } = action;
    await wallet.send(debit(transferId(id), from, to, amount, { recheck }));
  }
  await wallet.settle();
  // Both clocks go on alike, however many steps a wallet took.
  wallet.clock.set(Math.ceil(wallet.clock.now() / 60_000) * 60_000);
}

async function openAll(wallet: MemoryWallet): Promise<void> {
  for (const account of everyone) await wallet.open(account, { overdraftLimit: 60n });
}

async function everyReading(log: EventLog, account: string, newest: number): Promise<unknown> {
  const versions = Array.from({ length: newest + 2 }, (_, version) => version);
  return {
    single: await Promise.all(versions.map((version) => log.read(account, version))),
    back: await Array.fromAsync(log.newestFirst(account)),
    below: await Promise.all(versions.map((version) => Array.fromAsync(log.newestFirst(account, version)))),
  };
}

/** Every way to read, over the pruned log and over the whole one. */
async function compareReadings(wallet: ArchivingWallet, twin: MemoryWallet): Promise<void> {
  const scan = new ArchivedLedgerScan(new MemoryLedgerScan(wallet.log), wallet.ports());
  for (const name of [...everyone, 'nobody']) {
    const account = `${SCOPE}#${name}`;
    const whole = twin.log.commits().filter((commit) => commit.account === account);
    expect(await everyReading(wallet.whole, account, whole.length)).toEqual(
      await everyReading(twin.log, account, whole.length),
    );
    for (const after of [0, 1, Math.floor(whole.length / 2)])
      expect(await Array.fromAsync(scan.oldestFirst(account, after))).toEqual(whole.slice(after));
  }
}

test('a log that was pruned answers as the whole one', { timeout: 120_000 }, async () => {
  let pruned = 0;
  const runs = fc.array(actions, { minLength: 40, maxLength: 120, size: 'max' });
  await fc.assert(
    fc.asyncProperty(runs, async (list) => {
      const wallet = new ArchivingWallet();
      const twin = new MemoryWallet();
      await openAll(wallet);
      await openAll(twin);
      for (const [n, action] of list.entries()) {
        await live(twin, action, n);
        await live(wallet, action, n);
        if (action.do === 'close') await wallet.closeAll();
        if (action.do === 'prune') pruned += (await wallet.prune()).commits;
      }
      expect(wallet.shadow.commits()).toEqual(twin.log.commits());
      expect([...wallet.quarantine.records.keys()]).toEqual([...twin.quarantine.records.keys()]);
      await compareReadings(wallet, twin);
      wallet.clock.advance(24 * HOUR_MS + CLOSE_MARGIN_MS);
      for (const manifest of await wallet.closeAll()) {
        expect(manifest).toMatchObject({ balanced: true, damaged: [], late: 0 });
        const trial = await computeTrialBalance({ ...wallet, log: wallet.whole }, SCOPE, manifest.before - 1);
        expect(manifest.currencies).toEqual(trial?.currencies);
      }
    }),
    { numRuns: RUNS },
  );
  expect(pruned).toBeGreaterThan(RUNS);
});
