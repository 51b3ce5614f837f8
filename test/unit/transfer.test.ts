/**
 * Shows what a saga does next for a debited transfer: a table of what is known of the transfer, how often and when its legs were
 * sent, and the age of the execution. Then the commands that are sent, whose times are facts of the log and not of the sender.
 */
import { describe, expect, it, test } from 'vitest';
import {
  ESCALATE_AFTER_MS,
  FIRST_POLL_MS,
  FIRST_RESEND_MS,
  LONGEST_POLL_MS,
  LONGEST_RESEND_MS,
  learn,
  type NextAction,
  nextAction,
  type Outcome,
  pollAfterMs,
  RECHECK_AFTER_MS,
  RECOVERY_SENDINGS,
  type Refusal,
  resendAfterMs,
  type SagaItem,
  type SagaMode,
  type Sending,
} from '../../core/domain/transfer.ts';
import { T0 } from '../account-commands.ts';

const item: SagaItem = {
  scope: 'default',
  transfer: '11111111-2222-4333-8444-555555555555',
  from: 'alice',
  to: 'bob',
  amount: 10n,
  currency: 'USD',
  issuedAt: T0,
  debitRef: { version: 7, index: 3 },
  debitedAt: T0 + 5,
  payerBalance: 90n,
};
const refusal: Refusal = { ref: { version: 2, index: 1 }, reason: 'account_frozen', arrival: T0 + 400, at: T0 + 500 };
const unknown: Outcome = { kind: 'unknown' };
const refused: Outcome = { kind: 'refused', refusal };
const ended: Outcome = { kind: 'ended' };

const sentOnce: Sending = { firstAt: T0 + 100, lastAt: T0 + 100, times: 1 };
const credited: SagaItem = { ...item, credit: sentOnce };
const onItsWayBack: SagaItem = { ...credited, refusal, refund: { firstAt: T0 + 600, lastAt: T0 + 600, times: 1 } };
const exhausted: Sending = { firstAt: T0, lastAt: T0 + 100, times: RECOVERY_SENDINGS };

function next(known: SagaItem, outcome: Outcome, afterMs: number, mode: SagaMode = 'saga'): NextAction {
  return nextAction(known, outcome, { mode, now: T0 + afterMs, startedAt: T0 });
}

describe('the next action', () => {
  it.each<[string, SagaItem, Outcome, number, SagaMode, string]>([
    ['a new transfer: send the credit', item, unknown, 10, 'saga', 'send CreditAccount'],
    ['just sent: wait', credited, unknown, 200, 'saga', 'wait'],
    ['unanswered: send again', credited, unknown, 100 + FIRST_RESEND_MS, 'saga', 'send CreditAccount'],
    ['credited, or refunded: done', credited, ended, 200, 'saga', 'done'],
    ['done is done, however late', credited, ended, ESCALATE_AFTER_MS + 1, 'saga', 'done'],
    ['refused: send the refund', credited, refused, 600, 'saga', 'send RefundAccount'],
    ['refused before any credit of ours: send the refund', item, refused, 600, 'saga', 'send RefundAccount'],
    ['refund just sent: wait', onItsWayBack, unknown, 700, 'saga', 'wait'],
    ['refund just sent, refusal told again: wait', onItsWayBack, refused, 700, 'saga', 'wait'],
    ['refund unanswered: send again', onItsWayBack, unknown, 600 + FIRST_RESEND_MS, 'saga', 'send RefundAccount'],
    ['late: escalate, never refund', credited, unknown, ESCALATE_AFTER_MS, 'saga', 'escalate'],
    ['late, credit never sent: escalate', item, unknown, ESCALATE_AFTER_MS, 'saga', 'escalate'],
    ['late in recovery: send again, never refund', credited, unknown, 3_600_000, 'recovery', 'send CreditAccount'],
    ['recovery gives up sending', { ...item, credit: exhausted }, unknown, 9e6, 'recovery', 'report'],
    ['but not before its last wait', { ...item, credit: exhausted }, unknown, 200, 'recovery', 'wait'],
    [
      'recovery that learns of a refusal',
      { ...item, credit: exhausted },
      refused,
      9e6,
      'recovery',
      'send RefundAccount',
    ],
  ])('%s', (_, known, outcome, afterMs, mode, expected) => {
    const action = next(known, outcome, afterMs, mode);
    expect(action.type === 'send' ? `send ${action.command.type}` : action.type).toBe(expected);
  });

  test('waits no longer than until the next sending is due', () => {
    expect(next(credited, unknown, 100 + 1_000)).toEqual({ type: 'wait', ms: FIRST_RESEND_MS - 1_000 });
  });
});

describe('the credit that is sent', () => {
  test('carries the facts of the debit', () => {
    const action = next(item, unknown, 100);
    if (action.type !== 'send') throw new Error(action.type);
    const { scope, transfer, from, to, amount, currency, issuedAt, debitRef, debitedAt, payerBalance } = item;
    expect(action.command).toEqual({
      type: 'CreditAccount',
      ...{ scope, transfer, from, to, amount, currency, issuedAt, debitRef },
      trace: { debitedAt, payerBalance, creditSentAt: T0 + 100 },
      recheck: false,
      cancel: false,
    });
    expect(action.item).toEqual(credited);
  });

  test('keeps the time of its origin and of its first sending, however often it is sent', () => {
    const action = next(credited, unknown, 100 + FIRST_RESEND_MS);
    if (action.type !== 'send') throw new Error(action.type);
    expect(action.command).toMatchObject({ issuedAt: T0, trace: { creditSentAt: T0 + 100 } });
    expect(action.item.credit).toEqual({ firstAt: T0 + 100, lastAt: T0 + 100 + FIRST_RESEND_MS, times: 2 });
  });

  test.each([
    [RECHECK_AFTER_MS, false],
    [RECHECK_AFTER_MS + 1, true],
  ])('%s ms after its origin is a recheck: %s', (afterMs, recheck) => {
    const action = next(item, unknown, afterMs);
    if (action.type !== 'send') throw new Error(action.type);
    expect(action.command.recheck).toBe(recheck);
  });
});

describe('the refund that is sent', () => {
  test('carries the facts of the refusal, and its story', () => {
    const action = next(credited, refused, 600);
    if (action.type !== 'send') throw new Error(action.type);
    const { scope, transfer, from, to, amount, currency, debitRef, debitedAt, payerBalance } = item;
    expect(action.command).toEqual({
      type: 'RefundAccount',
      ...{ scope, transfer, from, to, amount, currency, debitRef },
      issuedAt: refusal.arrival,
      refusalRef: refusal.ref,
      trace: {
        debitedAt,
        payerBalance,
        creditSentAt: T0 + 100,
        refusedAt: refusal.at,
        refusal: refusal.reason,
        refundSentAt: T0 + 600,
      },
      recheck: false,
    });
    expect(action.item).toEqual({ ...onItsWayBack });
  });

  test('is a recheck once its own origin is old, however old the transfer is', () => {
    const atLimit = next(onItsWayBack, unknown, 400 + RECHECK_AFTER_MS);
    const beyond = next(onItsWayBack, unknown, 401 + RECHECK_AFTER_MS);
    expect([atLimit, beyond].map((action) => action.type === 'send' && action.command.recheck)).toEqual([false, true]);
  });
});

test('a refusal, once known, stays', () => {
  const other: Outcome = { kind: 'refused', refusal: { ...refusal, reason: 'account_closed' } };
  expect(learn(learn(item, refused), other).refusal).toEqual(refusal);
  expect(learn(learn(item, refused), unknown).refusal).toEqual(refusal);
  expect(learn(item, unknown)).toBe(item);
});

test('waits between sendings and looks double, up to a bound', () => {
  expect([1, 2, 3].map(resendAfterMs)).toEqual([FIRST_RESEND_MS, 2 * FIRST_RESEND_MS, 4 * FIRST_RESEND_MS]);
  expect(resendAfterMs(RECOVERY_SENDINGS)).toBe(LONGEST_RESEND_MS);
  expect([0, 1, 2].map((looks) => pollAfterMs(looks, 'saga'))).toEqual([
    FIRST_POLL_MS,
    2 * FIRST_POLL_MS,
    4 * FIRST_POLL_MS,
  ]);
  for (const mode of ['saga', 'recovery'] as const) expect(pollAfterMs(20, mode)).toBe(LONGEST_POLL_MS[mode]);
});

test('a recovery sends for an hour before it reports', () => {
  const waits = Array.from({ length: RECOVERY_SENDINGS }, (_, i) => resendAfterMs(i + 1));
  const total = waits.reduce((sum, ms) => sum + ms, 0);
  expect(total).toBeGreaterThan(3_600_000);
  expect(total).toBeLessThan(2 * 3_600_000);
});
