/**
 * Shows that the checker names each way in which a view can differ from the log and nothing else, and what the projection makes good
 * while it waits does not count.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryDailyBalances } from '../../adapters/memory/memory-daily-balances.ts';
import { MemoryLedgerScan } from '../../adapters/memory/memory-ledger-scan.ts';
import { MemoryViewStore } from '../../adapters/memory/memory-view-store.ts';
import { DAY_MS } from '../../core/contracts/day.ts';
import { type CheckPorts, checkProjections } from '../../core/flows/check-projections.ts';
import type { AccountRow, DailyBalance, ListedAccount, ViewScan } from '../../core/ports.ts';
import { ArchivingWallet } from '../archiving-wallet.ts';
import { debit, openAccount, request, SCOPE, transferId } from '../memory-wallet.ts';

let wallet: ArchivingWallet;

/** Two closed days with transfers of every end, the first day's commits pruned, and a day that runs. */
beforeEach(async () => {
  wallet = new ArchivingWallet();
  await wallet.send(openAccount('settlement:bank'), openAccount('alice'), openAccount('bob'));
  await wallet.send(request('FreezeAccount', 'bob'));
  await wallet.settle();
  for (let n = 1; n <= 30; n += 3) {
    await wallet.send(debit(transferId(n), 'settlement:bank', 'alice', 10n));
    await wallet.send(debit(transferId(n + 1), 'alice', 'settlement:bank', 1_000n));
    await wallet.send(debit(transferId(n + 2), 'settlement:bank', 'bob', 5n));
    await wallet.settle();
    wallet.clock.advance(DAY_MS);
  }
  await wallet.closeAll();
  expect((await wallet.prune()).commits).toBeGreaterThan(0);
  await wallet.send(debit(transferId(50), 'settlement:bank', 'alice', 1n));
  await wallet.settle();
});

function ports(more: Partial<CheckPorts> = {}): CheckPorts {
  const { dailyBalances, index, archive } = wallet;
  const days = { dailyBalances, index, archive };
  return { ...wallet, log: wallet.whole, scan: new MemoryLedgerScan(wallet.log), days, ...more };
}

async function differences(more: Partial<CheckPorts> = {}) {
  return (await checkProjections(ports(more), SCOPE)).differences;
}

function change(n: number, record: object): void {
  const standing = wallet.record(transferId(n)) ?? expect.fail(`no claim of ${n}`);
  wallet.transfers.records.set(standing.id, { ...standing, ...record });
}

const id = (n: number) => `${SCOPE}#${transferId(n)}`;

test('views that are right differ in nothing', async () => {
  expect(await checkProjections(ports(), SCOPE)).toEqual({ accounts: 3, statuses: 35, differences: [] });
});

describe('the checker names', () => {
  test('a claim that is gone, and a status that is behind', async () => {
    wallet.transfers.records.delete(id(1));
    change(3, { status: 'claimed' });
    expect(await differences()).toEqual(
      expect.arrayContaining([
        { kind: 'status_missing', id: id(1), expected: 'completed' },
        { kind: 'status_behind', id: id(3), expected: 'reversed' },
      ]),
    );
  });

  test('a status that the log does not know', async () => {
    change(1, { status: 'reversed' });
    change(2, { status: 'completed', ledgerRef: { account: 'default#alice', version: 1, index: 0 } });
    expect(await differences()).toEqual([
      { kind: 'status_differs', id: id(1), expected: 'completed' },
      { kind: 'status_differs', id: id(2), expected: 'rejected' },
      { kind: 'status_unfounded', id: id(1), status: 'reversed' },
      { kind: 'status_unfounded', id: id(2), status: 'completed' },
    ]);
  });

  test('accounts that are missing, other, or nobody', async () => {
    const rows = await Array.fromAsync(wallet.views.accounts(SCOPE));
    const views = new MemoryViewStore();
    const [alice] = rows.filter(({ account }) => account.endsWith('#alice'));
    const wrong: AccountRow = { ...(alice ?? expect.fail('alice is not registered')), owner: 'mallory' };
    const bank = rows.filter(({ account }) => account.endsWith('bank'));
    await views.registerAccounts([wrong, ...bank, { ...wrong, account: 'default#ghost' }]);
    expect(await differences({ views })).toEqual([
      { kind: 'account_missing', account: 'default#bob' },
      { kind: 'account_unlisted', account: 'default#bob' },
      { kind: 'account_differs', account: 'default#alice' },
      { kind: 'account_unlisted', account: 'default#alice' },
      { kind: 'account_unfounded', account: 'default#ghost' },
    ]);
  });

  test('accounts that are in the registry and not with their owner, or where nobody looks', async () => {
    const isAlice = ({ row }: ListedAccount): boolean => row.account === 'default#alice';
    const views: ViewScan = {
      async *listed() {
        for await (const listed of wallet.views.listed())
          if (!isAlice(listed) || listed.place === 'registry') yield listed;
          else yield { ...listed, place: 'elsewhere' };
      },
    };
    expect(await differences({ views })).toEqual([
      { kind: 'account_misplaced', account: 'default#alice' },
      { kind: 'account_unlisted', account: 'default#alice' },
    ]);
  });

  test('a log that cannot be read, and the others as they are', async () => {
    const [first] = wallet.commitsOf('bob');
    const bob = first ?? expect.fail('bob has no commit');
    wallet.log.insert({ ...bob, account: 'default#damaged', version: 1, events: '{' });
    change(1, { status: 'claimed' });
    expect(await differences()).toEqual([
      { kind: 'status_behind', id: id(1), expected: 'completed' },
      { kind: 'log_unreadable', account: 'default#damaged' },
    ]);
  });

  test('a log with a state that cannot be read, of which a closed day took the commit', async () => {
    const commit = wallet.commitsOf('bob').at(-2) ?? expect.fail('bob has one commit only');
    await wallet.log.remove(commit.account, commit.version, commit.version);
    wallet.log.insert({ ...commit, state: '{' });
    expect(await differences()).toEqual([{ kind: 'log_unreadable', account: 'default#bob' }]);
  });

  test('daily balances that are not those of the log, or are missing', async () => {
    const account = 'default#alice';
    const rows = await Array.fromAsync(wallet.dailyBalances.of(account, '2026-01-01', '2026-12-31'));
    const row = (n: number): DailyBalance => rows[n] ?? expect.fail(`no row ${n}`);
    await wallet.dailyBalances.put([{ ...row(2), balance: row(2).balance + 1n }]);
    await wallet.dailyBalances.put([{ ...row(6), credited: row(6).credited + 1n }]);
    expect(await differences()).toEqual([
      { kind: 'day_differs', account, day: row(2).day },
      { kind: 'day_differs', account, day: row(6).day },
    ]);
  });

  test('a daily balance that is missing, and one of a day on which nothing moved', async () => {
    const account = 'default#alice';
    const [first, second] = await Array.fromAsync(wallet.dailyBalances.of(account, '2026-01-01', '2026-12-31'));
    const dailyBalances = new MemoryDailyBalances();
    for (const other of ['default#settlement:bank', 'default#bob'])
      await dailyBalances.put(await Array.fromAsync(wallet.dailyBalances.of(other, '2026-01-01', '2026-12-31')));
    const { index, archive } = wallet;
    await dailyBalances.put([
      first ?? expect.fail('no row'),
      { ...(second ?? expect.fail('no row')), day: '2025-12-31' },
    ]);
    const found = await differences({ days: { dailyBalances, index, archive } });
    expect(found.at(0)).toEqual({ kind: 'day_missing', account, day: second?.day });
    expect(found.at(-1)).toEqual({ kind: 'day_unfounded', account, day: '2025-12-31' });
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['day_missing', 'day_unfounded']));
  });

  test('nothing that the projection makes good while it waits', async () => {
    change(1, { status: 'claimed' });
    wallet.clock.onSleep = () => wallet.project();
    expect(await differences()).toEqual([]);
  });
});
