/**
 * Shows what an account's limits let through and what not: of one transfer, of a day, below zero, and how they change. A day is
 * told by the arrival of records alone, so the same history gives the same decisions whenever it is decided.
 */
import { describe, expect, it, test } from 'vitest';
import { decodeEvents, decodeState, encodeEvent, encodeState } from '../../core/contracts/stored-commit.ts';
import { type AccountCommand, type AccountState, decide, evolve, unopened } from '../../core/domain/account.ts';
import { dayOf } from '../../core/domain/limits.ts';
import { changeLimits, close, credit, debit, finishClose, freeze, open, refund, T0 } from '../account-commands.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The last hour of the day that T0 begins. */
const EVENING = T0 + 23 * HOUR_MS;

/** Commands at their arrivals, each in a commit of its own; gives the state and the last event. */
function having(...history: readonly (readonly [AccountCommand, number])[]) {
  let state: AccountState = unopened;
  let event = decide(state, open(), T0);
  for (const [i, [command, arrival]] of history.entries()) {
    event = decide(state, command, arrival);
    state = evolve(state, event, i + 1);
  }
  return { state, event };
}

const rich = [
  [open({ dailyLimit: 100n, transferLimit: 60n }), T0],
  [credit(1_000n), T0],
] as const;

describe('the limit of a transfer', () => {
  test('lets through what is at it, and nothing above it', () => {
    expect(having(...rich, [debit(60n), T0]).event.type).toBe('Debited');
    expect(having(...rich, [debit(61n), T0]).event).toMatchObject({ reason: 'transfer_limit_exceeded' });
  });
});

describe('the limit of a day', () => {
  test('is for all debits of the day together, and what was refused does not count', () => {
    const spent = [...rich, [debit(60n), T0], [debit(41n), T0]] as const;
    expect(having(...spent).event).toMatchObject({ type: 'DebitRejected', reason: 'daily_limit_exceeded' });
    expect(having(...spent, [debit(40n), T0]).event.type).toBe('Debited');
    expect(having(...spent, [debit(40n), T0], [debit(1n), T0]).event).toMatchObject({ reason: 'daily_limit_exceeded' });
  });

  test('begins anew with the day in UTC', () => {
    const evening = [...rich, [debit(60n), EVENING], [debit(40n), EVENING]] as const;
    expect(having(...evening, [debit(1n), T0 + DAY_MS - 1]).event.type).toBe('DebitRejected');
    const { event, state } = having(...evening, [debit(1n), T0 + DAY_MS]);
    expect(event.type).toBe('Debited');
    expect(state.spending).toEqual({ day: dayOf(T0) + 1, amount: 1n });
  });

  test('a record that arrived yesterday and comes late counts for today: a day that is over does not come back', () => {
    const today = [...rich, [debit(60n), T0 + DAY_MS]] as const;
    expect(having(...today, [debit(41n), EVENING]).event).toMatchObject({ reason: 'daily_limit_exceeded' });
    expect(having(...today, [debit(40n), EVENING]).state.spending).toEqual({ day: dayOf(T0) + 1, amount: 100n });
  });

  test('is not given back by a refund', () => {
    expect(having(...rich, [debit(60n), T0], [refund(60n), T0], [debit(41n), T0]).event).toMatchObject({
      reason: 'daily_limit_exceeded',
    });
  });

  test('counts from when it is set, and forgets when it is taken away', () => {
    const late = [
      [open(), T0],
      [credit(99n), T0],
      [debit(9n), T0],
      [changeLimits({ dailyLimit: 10n }), T0],
    ] as const;
    expect(having(...late).state.spending).toBeUndefined();
    expect(having(...late, [debit(10n), T0]).event.type).toBe('Debited');
    const gone = having(...late, [debit(10n), T0], [changeLimits({ dailyLimit: null }), T0]).state;
    expect(gone).not.toHaveProperty('dailyLimit');
    expect(gone).not.toHaveProperty('spending');
  });

  test('that is raised during a day keeps what was spent', () => {
    const raised = [...rich, [debit(60n), T0], [changeLimits({ dailyLimit: 110n }), T0]] as const;
    expect(having(...raised, [debit(50n), T0]).event.type).toBe('Debited');
    expect(having(...raised, [debit(51n), T0]).event).toMatchObject({ reason: 'daily_limit_exceeded' });
  });
});

describe('changing limits', () => {
  test('sets what is named, leaves what is not, and removes what is null', () => {
    const { event, state } = having(...rich, [changeLimits({ overdraftLimit: 5n, transferLimit: null }), T0 + 1]);
    expect(event).toEqual({
      type: 'LimitsChanged',
      request: 'r-1',
      arrival: T0 + 1,
      currency: 'USD',
      overdraftLimit: 5n,
      transferLimit: null,
    });
    expect(state).toMatchObject({ overdraftLimit: 5n, dailyLimit: 100n });
    expect(state).not.toHaveProperty('transferLimit');
  });

  test('to what they are is confirmed', () => {
    const { event, state } = having(...rich, [changeLimits({ transferLimit: 60n }), T0]);
    expect(event).toMatchObject({ type: 'RequestConfirmed', command: 'ChangeLimits' });
    expect(state).toEqual(having(...rich).state);
  });

  test('the overdraft below what is used of it is accepted: nothing more can be debited until it is covered', () => {
    const used = [
      [open({ overdraftLimit: 50n }), T0],
      [debit(50n), T0],
    ] as const;
    const lowered = [...used, [changeLimits({ overdraftLimit: 10n }), T0]] as const;
    expect(having(...lowered).event.type).toBe('LimitsChanged');
    expect(having(...lowered, [debit(1n), T0]).event).toMatchObject({ reason: 'insufficient_funds' });
    expect(having(...lowered, [credit(41n), T0], [debit(1n), T0]).event.type).toBe('Debited');
  });

  it.each([
    ['never opened', [], 'account_not_found'],
    ['closing', [open(), close()], 'account_closed'],
    ['closed', [open(), close(), finishClose(2)], 'account_closed'],
    ['held in another currency', [open({ currency: 'EUR' })], 'currency_mismatch'],
  ])('of an account that is %s is refused', (_, commands, reason) => {
    const history = [...commands, changeLimits({ dailyLimit: 1n })].map((command) => [command, T0] as const);
    expect(having(...history).event).toMatchObject({ type: 'RequestRefused', command: 'ChangeLimits', reason });
  });

  test('of a frozen account is accepted', () => {
    expect(having([open(), T0], [freeze(), T0], [changeLimits({ dailyLimit: 1n }), T0]).event.type).toBe(
      'LimitsChanged',
    );
  });
});

test('opening again compares the limits too', () => {
  const again = (more: object) => having(...rich, [open({ transferLimit: 60n, dailyLimit: 100n, ...more }), T0]).event;
  expect(again({})).toMatchObject({ type: 'RequestConfirmed' });
  expect(again({ dailyLimit: 99n })).toMatchObject({ reason: 'account_exists' });
  expect(having(...rich, [open(), T0]).event).toMatchObject({ reason: 'account_exists' });
});

describe('what is stored', () => {
  test('of an account without limits is what it always was', () => {
    const { state } = having([open(), T0], [credit(5n), T0], [debit(1n), T0]);
    expect(encodeState(state)).toBe(
      '{"status":"open","kind":"customer","currency":"USD","owner":"Alice","balance":"4","held":"0","overdraftLimit":"0","closingVersion":0}',
    );
  });

  test('comes back as it was, limits and the spending of the day included', () => {
    const { state, event } = having(
      ...rich,
      [debit(7n), T0],
      [changeLimits({ dailyLimit: null, transferLimit: 1n }), T0],
    );
    const before = having(...rich, [debit(7n), T0]).state;
    for (const kept of [state, before]) expect(decodeState(encodeState(kept))).toEqual(kept);
    expect(decodeEvents(`[${encodeEvent(event)}]`)).toEqual([event]);
    expect(encodeState(before)).toContain(`"spending":{"day":${dayOf(T0)},"amount":"7"}`);
  });
});
