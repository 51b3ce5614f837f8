/**
 * Balances at past moments, asked of the API over a bank's whole history: for 1,000 random (account, moment) pairs the balance is
 * the file's sum up to that moment, and at most 1 + ceil(log2(n)) reads of a log of n commits told it. Runs on the shipped sample,
 * and on another file in its format if BANK_FILE names one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { balanceResource } from '../../core/contracts/http-answers.ts';
import { accountKey } from '../../core/domain/lane.ts';
import { parseLimit } from '../../core/domain/money.ts';
import { readAccountAt } from '../../core/flows/read-account.ts';
import { readBankFile } from '../../local/bank/bank-file.ts';
import { samplePath } from '../../local/bank/make-sample.ts';
import { type BankWallet, fileBalance, moveBankFile } from '../bank-wallet.ts';
import { SCOPE } from '../memory-wallet.ts';

const PAIRS = 1_000;
const folder = mkdtempSync(path.join(tmpdir(), 'wallet-balance-at-'));
let bank: BankWallet;
beforeAll(async () => {
  bank = await moveBankFile(await readBankFile(process.env['BANK_FILE'] ?? samplePath), folder);
});
afterAll(async () => {
  await bank.wallet.close();
  rmSync(folder, { recursive: true });
});

test(`${PAIRS} random accounts and moments: the file's sum, in O(log n) reads`, async () => {
  const { wallet, movements, openedAt } = bank;
  const accounts = [...new Set(movements.map(({ account }) => account))];
  const last = movements.at(-1)?.at ?? 0;
  // Half of the moments are a movement's very own, or a millisecond beside it.
  const moments = fc.oneof(
    fc.integer({ min: openedAt, max: last + 1_000 }),
    fc.constantFrom(...movements).chain(({ at }) => fc.integer({ min: at - 1, max: at + 1 })),
  );
  const compare = async (account: string, moment: number): Promise<void> => {
    const { reading, reads } = await readAccountAt(wallet, { scope: SCOPE, account }, moment);
    expect(reading?.state.balance).toBe(fileBalance(movements, account, moment));
    expect(reading?.asOf).toBe(moment);
    const commits = (await wallet.log.newest(accountKey({ scope: SCOPE, account })))?.version ?? 0;
    expect(reads).toBeLessThanOrEqual(1 + Math.ceil(Math.log2(commits)));
  };
  bank.clock.set(last + 1_000);
  await fc.assert(fc.asyncProperty(fc.constantFrom(...accounts), moments, compare), { numRuns: PAIRS });
});

test('before the first day nothing was opened, and now is now', async () => {
  const { wallet, movements, openedAt, clock } = bank;
  const [account = ''] = movements.map((movement) => movement.account);
  const ref = { scope: SCOPE, account };
  expect((await readAccountAt(wallet, ref, openedAt - 1)).reading).toBeUndefined();
  const future = await readAccountAt(wallet, ref, clock.now() + 1_000_000);
  expect(future).toMatchObject({ reads: 1, reading: { asOf: clock.now() } });
  if (future.reading === undefined) throw new Error('it was opened');
  const told = parseLimit(balanceResource(future.reading).balance.replace('-', ''), future.reading.state.currency);
  const inFile = fileBalance(movements, account, clock.now());
  expect(told).toEqual({ ok: true, minor: inFile < 0n ? -inFile : inFile });
});
