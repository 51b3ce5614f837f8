/**
 * The commands of `wallet` on the folder of an embedded wallet, run as the command line runs them: what they say, as JSON and for
 * people, how they end, and that they may look while the wallet works and change nothing.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { debit, openAccount, transferId } from '../memory-wallet.ts';
import { runCommand } from '../wallet-command.ts';
import { silentWallet } from './silent-wallet.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-cli-'));
const clock = new ManualClock(Date.UTC(2026, 0, 1));
let wallet: EmbeddedWallet;

beforeAll(async () => {
  wallet = silentWallet(folder, clock);
  await wallet.commands.send([openAccount('settlement:bank'), openAccount('alice')]);
  for (let n = 1; n <= 5; n += 1) {
    clock.advance(86_400_000);
    await wallet.commands.send([debit(transferId(n), 'settlement:bank', 'alice', 100n)]);
  }
});
afterAll(async () => {
  await wallet.close();
  rmSync(folder, { recursive: true });
});

const run = (...args: readonly string[]) => runCommand(...args, '--data', folder);

async function json(...args: readonly string[]): Promise<unknown> {
  const { code, text } = await run(...args, '--json');
  expect(code).toBe(0);
  return JSON.parse(text);
}

describe('while the wallet works', () => {
  test('balance tells what it is and what it was', async () => {
    expect(await json('balance', 'alice')).toMatchObject({ balance: '5.00', version: 6, reads: 1 });
    expect(await json('balance', 'alice', '--at', '2026-01-03')).toMatchObject({ balance: '2.00', version: 3 });
    expect((await run('balance', 'alice', '--at', '2026-01-03')).text).toContain('2.00');
  });

  test('statement lists the entries with the balance after each', async () => {
    const all = { currency: 'USD', entries: [{ amount: '1.00', balance: '5.00' }, {}, {}, {}, { balance: '1.00' }] };
    expect(await json('statement', 'alice')).toMatchObject(all);
    const stretch = await json('statement', 'alice', '--from', '2026-01-03', '--to', '2026-01-05', '--limit', '1');
    expect(stretch).toMatchObject({ entries: [{ balance: '3.00', kind: 'credit', counterparty: 'settlement:bank' }] });
  });

  test('transfer show tells its phases', async () => {
    const shown = await json('transfer', 'show', transferId(1));
    expect(shown).toMatchObject({ status: 'success', ledger_ref: { account: 'default#alice', version: 2, index: 0 } });
    expect((await run('transfer', 'show', transferId(1))).text).toContain('credit_sent');
  });

  test('a command sees what was moved since the one before, and changes no file', async () => {
    const before = new Map(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name))]));
    await run('balance', 'alice');
    for (const [name, bytes] of before) expect(readFileSync(path.join(folder, name))).toEqual(bytes);
    await wallet.commands.send([debit(transferId(6), 'settlement:bank', 'alice', 1n)]);
    expect(await json('balance', 'alice')).toMatchObject({ balance: '5.01' });
  });
});

test.each([
  ['an account that was never opened', 3, ['balance', 'bob']],
  ['a moment before the opening', 3, ['balance', 'alice', '--at', '2025-01-01']],
  ['another tenant', 3, ['balance', 'alice', '--tenant', 'other']],
  ['a transfer that is not stored', 3, ['transfer', 'show', transferId(99)]],
  ['a time that is none', 2, ['balance', 'alice', '--at', 'yesterday']],
  ['a command that is none', 2, ['ballance', 'alice']],
  ['two wallets', 2, ['balance', 'alice', '--stack', 'Wallet']],
  ['a stretch of time that is empty', 2, ['statement', 'alice', '--from', '2026-01-05', '--to', '2026-01-05']],
  [
    'the end of a stretch of time before its beginning',
    2,
    ['audit', 'verify', '--from', '2026-05-01', '--to', '2026-04-01'],
  ],
  ['a checkpoint of one account', 2, ['audit', 'verify', '--account', 'alice', '--checkpoint', 'audit.state']],
  ['a time of day for a day to seal', 2, ['audit', 'seal', '--day', '2026-03-01T12:00:00Z']],
  ['a day that is none', 2, ['archive', 'show', 'Foo_1']],
])('%s ends with %d', async (_, code, args) => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect((await run(...args)).code).toBe(code);
  stderr.mockRestore();
});

test.each([
  ['--region', 'eu-central-1'],
  ['--endpoint', 'http://127.0.0.1:4566'],
])('%s without a stack is not answered from the default folder', async (...options) => {
  const { code, complaints } = await runCommand('balance', 'alice', ...options);
  expect({ code, complaints }).toEqual({ code: 2, complaints: ['--region and --endpoint go with --stack'] });
});

test('a folder without a wallet ends with 4, and is not made', async () => {
  const missing = path.join(folder, 'nowhere');
  expect((await runCommand('balance', 'alice', '--data', missing)).code).toBe(4);
  expect(readdirSync(folder)).not.toContain('nowhere');
});
