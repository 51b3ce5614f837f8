/**
 * Shows what each event of the ledger says about its transfer or request: status, reason, phases with their times, and the
 * payer's balance; and that a status only rises. Events come from the account's own decisions.
 */
import { describe, expect, it, test } from 'vitest';
import { type AccountCommand, decide, type Trace } from '../../core/domain/account.ts';
import {
  isTerminal,
  rankOf,
  requestClaimId,
  type Status,
  statusOf,
  transferClaimId,
} from '../../core/domain/outcome.ts';
import { close, credit, debit, freeze, open, openState, refund, T0, trace } from '../account-commands.ts';

const ref = { account: 'default#alice', version: 4, index: 2 };
const AT = T0 + 1_000;
const { transfer } = debit(1n);
const id = `default#${transfer}`;

function told(command: AccountCommand, state = openState) {
  return statusOf(decide(state, command, T0), ref, AT);
}

describe('an event of a transfer', () => {
  test('debited: nothing, for it costs a write and can be read from the log', () => {
    expect(told(debit(10n), { ...openState, balance: 10n })).toBeUndefined();
  });

  test('debit rejected for want of money: rejected, with the reason and the balance that there was', () => {
    expect(told(debit(10n), { ...openState, balance: 9n })).toEqual({
      id,
      status: 'rejected',
      reason: 'insufficient_funds',
      ledgerRef: ref,
      phases: [{ phase: 'debit', at: AT, outcome: 'insufficient_funds' }],
      payerBalance: 9n,
    });
  });

  test.each([
    ['not_owner', { ...debit(10n), asOwner: true as const, actor: 'mallory' }, openState],
    ['currency_mismatch', debit(10n), { ...openState, currency: 'JPY' }],
    ['account_frozen', debit(10n), { ...openState, status: 'frozen' as const }],
  ])('debit rejected as %s: no balance, which may be a stranger’s or in another currency', (reason, command, state) => {
    const status = told(command, { ...state, balance: 9n });
    expect(status).toMatchObject({ status: 'rejected', reason });
    expect(status).not.toHaveProperty('payerBalance');
  });

  test('credited: completed, with all phases and the balance that the payer had after the debit', () => {
    expect(told(credit(10n))).toEqual({
      id,
      status: 'completed',
      ledgerRef: ref,
      phases: [
        { phase: 'debit', at: trace.debitedAt, outcome: 'ok' },
        { phase: 'credit_sent', at: trace.creditSentAt, outcome: 'ok' },
        { phase: 'credit', at: AT, outcome: 'ok' },
      ],
      payerBalance: trace.payerBalance,
    });
  });

  test('credit refused: refused, which is not the end', () => {
    const status = told(credit(10n), { ...openState, status: 'frozen' });
    expect(status).toMatchObject({ id, status: 'refused', reason: 'account_frozen', payerBalance: trace.payerBalance });
    expect(status?.phases.at(-1)).toEqual({ phase: 'credit', at: AT, outcome: 'account_frozen' });
    expect(isTerminal('refused')).toBe(false);
  });

  test('refunded: reversed, for the reason of the refusal, with the balance after the refund', () => {
    const wayBack: Trace = { ...trace, refusedAt: T0 + 20, refusal: 'account_closed', refundSentAt: T0 + 30 };
    expect(told(refund(10n, { trace: wayBack }), { ...openState, balance: 90n })).toEqual({
      id,
      status: 'reversed',
      reason: 'account_closed',
      ledgerRef: ref,
      phases: [
        { phase: 'debit', at: trace.debitedAt, outcome: 'ok' },
        { phase: 'credit_sent', at: trace.creditSentAt, outcome: 'ok' },
        { phase: 'credit', at: T0 + 20, outcome: 'account_closed' },
        { phase: 'refund_sent', at: T0 + 30, outcome: 'ok' },
        { phase: 'refund', at: AT, outcome: 'ok' },
      ],
      payerBalance: 100n,
    });
  });
});

describe('an event of a request', () => {
  it.each([
    ['accepted', open(), { ...openState, status: 'unopened' as const }, 'completed', 'ok'],
    ['confirmed', open(), openState, 'completed', 'ok'],
    ['refused', close(), { ...openState, balance: 1n }, 'rejected', 'not_empty'],
    ['refused', freeze(), { ...openState, status: 'unopened' as const }, 'rejected', 'account_not_found'],
  ])('%s', (_, command, state, status, outcome) => {
    expect(told(command, state)).toEqual({
      id: 'default#request#r-1',
      status,
      ...(outcome === 'ok' ? {} : { reason: outcome }),
      ledgerRef: ref,
      phases: [{ phase: 'request', at: AT, outcome }],
    });
  });
});

test('the scope of an identity is that of the account, also when the account has a colon in its name', () => {
  const elsewhere = { ...ref, account: 'tenant-1#settlement:cash' };
  expect(statusOf(decide(openState, credit(1n), T0), elsewhere, AT)?.id).toBe(`tenant-1#${transfer}`);
});

test('a transfer and a request of the same name are not the same', () => {
  expect(transferClaimId('default', 'x')).not.toBe(requestClaimId('default', 'x'));
});

test('ranks: claimed, then refused, then the three ends, of which none replaces another', () => {
  const order: readonly Status[] = ['claimed', 'refused', 'completed', 'reversed', 'rejected'];
  expect(order.map(rankOf)).toEqual([0, 1, 2, 2, 2]);
  expect(order.filter(isTerminal)).toEqual(['completed', 'reversed', 'rejected']);
});
