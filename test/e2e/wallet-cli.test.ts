/**
 * The commands of `wallet` on a deployed stack, found by its outputs: balances, transfers, and an audit of every log that the tests
 * before left behind, scanned from the real tables.
 */
import { expect, test } from 'vitest';
import { freshAccount, funded, open, settle, transferOf } from './api.ts';
import { wallet } from './wallet-command.ts';

test('balance, statement and transfer show tell what the API tells', async () => {
  const [alice, bob] = [await funded('alice', '100.00'), await open(freshAccount('bob'))];
  const before = new Date().toISOString();
  const transfer = transferOf(alice, bob, '40.25');
  await settle(transfer);
  expect(await wallet('balance', alice)).toMatchObject({ code: 0, told: { balance: '59.75', currency: 'USD' } });
  expect(await wallet('balance', alice, '--at', before)).toMatchObject({ code: 0, told: { balance: '100.00' } });
  expect(await wallet('statement', bob)).toMatchObject({
    code: 0,
    told: { entries: [{ amount: '40.25', balance: '40.25', counterparty: alice }] },
  });
  expect(await wallet('transfer', 'show', transfer.transaction_id)).toMatchObject({
    code: 0,
    told: { status: 'success' },
  });
});

test('audit verify finds every account, and nothing wrong with its log', async () => {
  const alice = await funded('alice', '5.00');
  expect(await wallet('audit', 'verify', '--account', alice)).toMatchObject({
    code: 0,
    told: { accounts: 1, commits: 2, findings: [] },
  });
  const { code, told } = await wallet('audit', 'verify');
  expect({ code, told }).toMatchObject({ code: 0, told: { findings: [] } });
});
