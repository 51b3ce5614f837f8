/**
 * Shows who may do what to an account: owners act on their own accounts and on no others, settlement accounts are the operators',
 * and a refusal says so before it says anything else about the account.
 */
import { describe, expect, it } from 'vitest';
import { type AccountCommand, type AccountState, decide, refusal } from '../../core/domain/account.ts';
import { close, credit, debit, freeze, open, openState, refund, T0, unfreeze } from '../account-commands.ts';

const alice = { actor: 'Alice', asOwner: true } as const;
const mallory = { actor: 'Mallory', asOwner: true } as const;
const clerk = { actor: 'clerk' } as const;
const rich: AccountState = { ...openState, balance: 100n };
const bank: AccountState = { ...rich, kind: 'settlement' };

describe('an account of Alice', () => {
  it.each([
    ['a debit', debit(10n, alice), 'Debited'],
    ['a debit by an operator', debit(10n, clerk), 'Debited'],
    ['a debit by the wallet itself', debit(10n), 'Debited'],
    ['freezing', freeze(alice), 'Frozen'],
  ])('takes %s', (_, command, type) => {
    expect(decide(rich, command, T0).type).toBe(type);
  });

  it.each<[string, AccountCommand]>([
    ['a debit', debit(10n, mallory)],
    ['a debit of more than there is', debit(1_000n, mallory)],
    ['a debit in another currency', debit(10n, { ...mallory, currency: 'EUR' })],
    ['a debit by nobody in particular', debit(10n, { asOwner: true })],
    ['freezing', freeze(mallory)],
    ['unfreezing', unfreeze(mallory)],
    ['closing', close(mallory)],
    ['opening', open({ ...mallory, owner: 'Mallory' })],
  ])('refuses %s by somebody else, in every status alike', (_, command) => {
    for (const status of ['open', 'frozen', 'closing', 'closed'] as const)
      expect(refusal({ ...rich, status }, command, T0), status).toBe('not_owner');
  });

  it('takes credits and refunds whoever began the transfer', () => {
    expect(decide(rich, credit(1n), T0).type).toBe('Credited');
    expect(decide(rich, refund(1n), T0).type).toBe('Refunded');
  });
});

describe('a settlement account', () => {
  it('is debited by operators only, not even by who stands as its owner', () => {
    expect(decide(bank, debit(1_000n, clerk), T0).type).toBe('Debited');
    expect(refusal(bank, debit(1_000n, alice), T0)).toBe('not_owner');
    expect(refusal(bank, close(alice), T0)).toBe('not_owner');
  });
});

describe('an account that was never opened', () => {
  it('has no owner: it is not found', () => {
    expect(refusal({ ...openState, status: 'unopened', owner: '' }, debit(1n, mallory), T0)).toBe('account_not_found');
  });
});
