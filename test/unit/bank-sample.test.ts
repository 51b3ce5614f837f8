/**
 * Shows that the shipped sample is what its generator writes, byte for byte, and that it is a bank in small: every kind of
 * movement is in it, balances follow from each other without rounding, and some accounts go below zero.
 */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readBankFile } from '../../local/bank/bank-file.ts';
import { signedAmount } from '../../local/bank/day-order.ts';
import { makeSample, samplePath } from '../../local/bank/make-sample.ts';
import { readMovements } from '../../local/bank/movements.ts';

describe('the sample', () => {
  it('is written again byte for byte', async () => {
    expect(makeSample()).toBe(await readFile(samplePath, 'utf8'));
  });

  it('has balances that follow from zero, exactly and in the file’s own order', () => {
    const balances = new Map<string, bigint>();
    for (const movement of readMovements(makeSample())) {
      const balance = (balances.get(movement.bankAccount) ?? 0n) + signedAmount(movement);
      expect(balance, `line ${movement.line}`).toBe(movement.balanceMinor);
      balances.set(movement.bankAccount, balance);
    }
    expect(balances.size).toBe(40);
  });

  it('holds every kind of partner, and accounts below zero', async () => {
    const { accounts, transfers, unchained, leftOut } = await readBankFile(samplePath);
    const settlement = accounts.filter(({ kind }) => kind === 'settlement').map(({ account_id }) => account_id);
    expect(settlement).toEqual(expect.arrayContaining(['settlement:card', 'settlement:cash', 'settlement:fees']));
    expect(settlement).toEqual(expect.arrayContaining(['settlement:bank:ab', 'settlement:interest']));
    expect(transfers.length).toBeGreaterThan(500);
    expect(readMovements(makeSample()).some(({ balanceMinor }) => balanceMinor < 0n)).toBe(true);
    expect({ unchained, leftOut }).toEqual({ unchained: 0, leftOut: 0 });
  });
});
