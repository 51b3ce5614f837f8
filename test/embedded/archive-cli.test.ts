/**
 * The commands `wallet archive` and `wallet check` on the folder of an embedded wallet that works: days are closed into a folder, once,
 * with the totals that the wallet's trial balance has; what a closed day says survives a restart; the views agree with the log.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { kinds } from '../../adapters/embedded/entries.ts';
import { WalletStore } from '../../adapters/embedded/wallet-store.ts';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { DAY_MS, dayOf } from '../../core/contracts/day.ts';
import { debit, openAccount, transferId } from '../memory-wallet.ts';
import { askCommand } from '../wallet-command.ts';
import { silentWallet } from './silent-wallet.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-archive-'));
/** The commands have the machine's clock, so the history ends long enough ago for its days to be over. */
const clock = new ManualClock(Date.now() - 10 * DAY_MS);
let wallet: EmbeddedWallet;

const openWallet = (): EmbeddedWallet => silentWallet(folder, clock);

beforeAll(async () => {
  wallet = openWallet();
  await wallet.commands.send([openAccount('settlement:bank'), openAccount('alice')]);
  for (let n = 1; n <= 5; n += 1) {
    clock.advance(DAY_MS);
    await wallet.commands.send([debit(transferId(n), 'settlement:bank', 'alice', 100n)]);
  }
});
afterAll(async () => {
  await wallet.close();
  rmSync(folder, { recursive: true });
});

const run = (...args: readonly string[]) => askCommand(...args, '--data', folder);

test('closes the days that are over, once', async () => {
  expect((await run('archive', 'show')).code).toBe(3);
  const { code, told } = await run('archive', 'close');
  expect(code).toBe(0);
  // A new archive begins with yesterday, which takes in everything before it.
  expect(told.closed).toMatchObject([{ accounts: 2, commits: 12, balanced: true, damaged: [] }]);
  expect((await run('archive', 'close')).told).toEqual({ closed: [] });
  const shown = await run('archive', 'show', told.closed[0].day);
  expect(shown.told).toEqual(told.closed[0]);
  expect(shown.told.currencies).toMatchObject([{ currency: 'USD', balances: '0', inFlight: '0', sum: '0' }]);
  expect(readdirSync(path.join(folder, 'archive')).sort()).toEqual(
    ['closing', 'daily-balances.jsonl', 'index.jsonl', 'log', 'manifests', 'segments'].sort(),
  );
});

test('the views agree with the log, and a daily balance that does not is named', async () => {
  expect(await run('check')).toMatchObject({ code: 0, told: { accounts: 2, differences: [] } });
  const day = dayOf(Date.now() - 5 * DAY_MS);
  const wrong = {
    account: 'default#alice',
    day,
    currency: 'USD',
    version: 6,
    balance: '1',
    credited: '1',
    debited: '0',
  };
  writeFileSync(path.join(folder, 'archive', 'daily-balances.jsonl'), `${JSON.stringify(wrong)}\n`, { flag: 'a' });
  const { code, told } = await run('check');
  expect(code).toBe(1);
  expect(told.differences).toContainEqual({ kind: 'day_differs', account: 'default#alice', day });
});

test('rebuild refuses a folder that a wallet works on, and makes wrong and lost views right once nothing does', async () => {
  expect((await run('rebuild')).code).toBe(4);
  await wallet.close();
  const store = new WalletStore(folder);
  store.remove(kinds.account, 'default#alice');
  const ghost = { account: 'default#ghost', kind: 'customer', currency: 'USD', owner: 'mallory', openedAt: 1 };
  store.put(kinds.account, ghost.account, JSON.stringify(ghost));
  await store.durable(store.seal());
  await store.close();
  const { code, told } = await run('check');
  expect(code).toBe(1);
  expect(told.differences.map(({ kind }: { readonly kind: string }) => kind).sort()).toEqual([
    'account_missing',
    'account_unfounded',
    'account_unlisted',
    'day_differs',
  ]);
  expect(await run('rebuild')).toMatchObject({ code: 0, told: { swapped: true, differences: [] } });
  expect(await run('check')).toMatchObject({ code: 0, told: { accounts: 2, differences: [] } });
  expect((await run('rebuild', 'retire')).code).toBe(2);
  wallet = openWallet();
  const rows = await Array.fromAsync(wallet.views.accounts('default'));
  expect(rows.map(({ account }) => account).sort()).toEqual(['default#alice', 'default#settlement:bank']);
});
