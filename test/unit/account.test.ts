/**
 * Shows what an account does with each command in each status: given the events of the past, when a command comes, then this
 * event follows and this state. The events are what the ledger stores, so their fields are compared whole where they matter.
 */
import { describe, expect, it, test } from 'vitest';
import {
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  addressee,
  available,
  decide,
  evolve,
  legKeyOfCommand,
  legKeyOfEvent,
  legOf,
  unopened,
} from '../../core/domain/account.ts';
import {
  ALICE,
  BOB,
  close,
  credit,
  debit,
  finishClose,
  freeze,
  open,
  refund,
  T0,
  trace,
  unfreeze,
} from '../account-commands.ts';

const ARRIVAL = T0 + 5;

/** Commands of the past, each in a commit of its own. */
function given(...commands: readonly AccountCommand[]) {
  let state: AccountState = unopened;
  for (const [i, command] of commands.entries()) state = evolve(state, decide(state, command, T0), i + 1);
  const version = commands.length + 1;
  return {
    state,
    when(command: AccountCommand) {
      const event = decide(state, command, ARRIVAL);
      return { event, state: evolve(state, event, version) };
    },
  };
}

const opened = given(open());
const funded = given(open(), credit(100n));
const frozen = given(open(), credit(100n), freeze());
const closing = given(open(), close());
const closed = given(open(), close(), finishClose(2));

describe('opening', () => {
  test('makes the account with its properties, empty', () => {
    const { event, state } = given().when(open({ overdraftLimit: 50n, actor: 'clerk' }));
    expect(event).toEqual({
      type: 'Opened',
      request: 'r-1',
      actor: 'clerk',
      arrival: ARRIVAL,
      kind: 'customer',
      currency: 'USD',
      owner: 'Alice',
      overdraftLimit: 50n,
    });
    expect(state).toMatchObject({ status: 'open', balance: 0n, held: 0n, overdraftLimit: 50n });
  });

  test('again with the same properties is confirmed, in any status but closed', () => {
    for (const account of [opened, funded, frozen]) {
      const { event, state } = account.when(open({ request: 'r-2' }));
      expect(event).toEqual({
        type: 'RequestConfirmed',
        request: 'r-2',
        arrival: ARRIVAL,
        command: 'OpenAccount',
      });
      expect(state).toBe(account.state);
    }
  });

  it.each([
    ['kind', open({ kind: 'settlement' })],
    ['currency', open({ currency: 'EUR' })],
    ['owner', open({ owner: 'Mallory' })],
    ['overdraft limit', open({ overdraftLimit: 1n })],
  ])('again with another %s is refused', (_, command) => {
    expect(opened.when(command).event).toMatchObject({ type: 'RequestRefused', reason: 'account_exists' });
    expect(closing.when(command).event).toMatchObject({ type: 'RequestRefused', reason: 'account_exists' });
  });

  test('of an account that is closing reopens it', () => {
    const { event, state } = closing.when(open());
    expect(event.type).toBe('Reopened');
    expect(state).toEqual(opened.state);
  });

  test('of a closed account is refused', () => {
    expect(closed.when(open()).event).toMatchObject({ type: 'RequestRefused', reason: 'account_closed' });
  });

  test('after refusals, which are recorded for an account that was never opened, too', () => {
    expect(given(credit(5n), debit(5n), freeze()).when(open()).state).toEqual(opened.state);
  });
});

describe('a debit', () => {
  test('takes the amount and records the balance after it', () => {
    const { event, state } = funded.when(debit(30n, { actor: 'app' }));
    expect(event).toEqual({
      type: 'Debited',
      transfer: debit(30n).transfer,
      to: BOB,
      amount: 30n,
      currency: 'USD',
      actor: 'app',
      arrival: ARRIVAL,
      balance: 70n,
    });
    expect(state.balance).toBe(70n);
  });

  test('may take all there is, not a unit more', () => {
    expect(funded.when(debit(100n)).event.type).toBe('Debited');
    const { event, state } = funded.when(debit(101n));
    expect(event).toMatchObject({ type: 'DebitRejected', reason: 'insufficient_funds', balance: 100n });
    expect(state).toBe(funded.state);
  });

  test('may use the overdraft limit, not a unit more', () => {
    const account = given(open({ overdraftLimit: 50n }));
    expect(account.when(debit(50n)).state.balance).toBe(-50n);
    expect(account.when(debit(51n)).event).toMatchObject({ reason: 'insufficient_funds' });
  });

  test('does not take what is held', () => {
    const state = { ...funded.state, held: 80n };
    expect(decide(state, debit(20n), T0).type).toBe('Debited');
    expect(decide(state, debit(21n), T0)).toMatchObject({ reason: 'insufficient_funds' });
  });

  test('of a settlement account has no limit', () => {
    const account = given(open({ kind: 'settlement' }));
    expect(available(account.state)).toBeUndefined();
    expect(account.when(debit(10n ** 17n)).state.balance).toBe(-(10n ** 17n));
  });

  it.each([
    ['never opened', given(), 'account_not_found'],
    ['closing', closing, 'account_closed'],
    ['closed', closed, 'account_closed'],
    ['frozen', frozen, 'account_frozen'],
  ])('of an account that is %s is rejected', (_, account, reason) => {
    expect(account.when(debit(1n)).event).toMatchObject({ type: 'DebitRejected', reason });
    expect(account.when(debit(1n)).state).toEqual(account.state);
  });

  test('in another currency is rejected', () => {
    expect(funded.when(debit(1n, { currency: 'EUR' })).event).toMatchObject({ reason: 'currency_mismatch' });
  });
});

describe('a credit', () => {
  test('adds the amount and records all it was decided on', () => {
    const { event, state } = opened.when(credit(30n));
    expect(event).toEqual({
      type: 'Credited',
      transfer: credit(30n).transfer,
      from: BOB,
      amount: 30n,
      currency: 'USD',
      issuedAt: T0,
      debitRef: { version: 7, index: 3 },
      trace,
      recheck: false,
      cancel: false,
      arrival: ARRIVAL,
    });
    expect(state.balance).toBe(30n);
  });

  it.each([
    ['never opened', given(), credit(1n), 'account_not_found'],
    ['closing', closing, credit(1n), 'account_closed'],
    ['closed', closed, credit(1n), 'account_closed'],
    ['frozen', frozen, credit(1n), 'account_frozen'],
    ['held in another currency', opened, credit(1n, { currency: 'EUR' }), 'currency_mismatch'],
    ['open, when an operator gave the transfer up', opened, credit(1n, { cancel: true }), 'cancelled'],
  ])('of an account that is %s is refused', (_, account, command, reason) => {
    expect(account.when(command).event).toMatchObject({ type: 'CreditRefused', reason, issuedAt: T0, trace });
    expect(account.when(command).state).toEqual(account.state);
  });
});

describe('a refund', () => {
  it.each([
    ['open', funded],
    ['frozen', frozen],
    ['closing', closing],
    ['closed', closed],
  ])('of an account that is %s is applied', (_, account) => {
    const { event, state } = account.when(refund(30n));
    const balance = account.state.balance + 30n;
    expect(event).toEqual({
      type: 'Refunded',
      transfer: refund(30n).transfer,
      to: BOB,
      amount: 30n,
      currency: 'USD',
      issuedAt: T0,
      debitRef: { version: 7, index: 3 },
      refusalRef: { version: 2, index: 0 },
      trace,
      recheck: false,
      arrival: ARRIVAL,
      balance,
    });
    expect(state).toEqual({ ...account.state, balance });
  });
});

describe('freezing and unfreezing', () => {
  test('stops and lets go again', () => {
    expect(frozen.state).toMatchObject({ status: 'frozen', balance: 100n });
    const { event, state } = frozen.when(unfreeze());
    expect(event).toEqual({ type: 'Unfrozen', request: 'r-1', arrival: ARRIVAL });
    expect(state).toEqual(funded.state);
  });

  test('what is so already is confirmed', () => {
    expect(frozen.when(freeze()).event).toMatchObject({ type: 'RequestConfirmed', command: 'FreezeAccount' });
    expect(opened.when(unfreeze()).event).toMatchObject({ type: 'RequestConfirmed', command: 'UnfreezeAccount' });
  });

  it.each([
    ['never opened', given(), 'account_not_found'],
    ['closing', closing, 'account_closed'],
    ['closed', closed, 'account_closed'],
  ])('of an account that is %s is refused', (_, account, reason) => {
    for (const command of [freeze(), unfreeze()])
      expect(account.when(command).event).toMatchObject({ type: 'RequestRefused', command: command.type, reason });
  });
});

describe('closing', () => {
  test('begins with an empty account and remembers with which version', () => {
    expect(closing.state).toMatchObject({ status: 'closing', closingVersion: 2 });
    const { event, state } = closing.when(finishClose(2));
    expect(event).toEqual({ type: 'Closed', request: 'r-1', arrival: ARRIVAL, version: 2 });
    expect(state).toMatchObject({ status: 'closed', closingVersion: 0 });
  });

  it.each([
    ['with a balance', funded, 'not_empty'],
    ['below zero', given(open({ overdraftLimit: 9n }), debit(9n)), 'not_empty'],
    ['frozen', frozen, 'account_frozen'],
    ['closing already', closing, 'account_closed'],
    ['closed', closed, 'account_closed'],
    ['never opened', given(), 'account_not_found'],
  ])('an account that is %s is refused', (_, account, reason) => {
    expect(account.when(close()).event).toMatchObject({ type: 'RequestRefused', reason });
  });

  test('an account with holds is refused', () => {
    expect(decide({ ...opened.state, held: 1n }, close(), T0)).toMatchObject({ reason: 'not_empty' });
  });

  test('is not finished once a refund came, but the account can be reopened and emptied', () => {
    const refunded = given(open(), close(), refund(10n));
    expect(refunded.when(finishClose(2)).event).toMatchObject({ type: 'RequestRefused', reason: 'not_empty' });
    const reopened = given(open(), close(), refund(10n), open(), debit(10n), close());
    expect(reopened.state).toMatchObject({ status: 'closing', closingVersion: 6, balance: 0n });
  });

  test('is not finished by a command that was meant for an earlier closing', () => {
    const again = given(open(), close(), open(), close());
    expect(again.when(finishClose(2)).event).toMatchObject({ reason: 'close_superseded' });
    expect(again.when(finishClose(4)).event.type).toBe('Closed');
  });

  test('cannot be finished where it never began, or twice', () => {
    for (const account of [opened, frozen, closed])
      expect(account.when(finishClose(2)).event).toMatchObject({ reason: 'close_superseded' });
  });
});

test('freezing an account does not change what may be debited from it later', () => {
  expect(available(frozen.state)).toBe(available(funded.state));
});

describe('commands and events name the same leg', () => {
  const commands: readonly AccountCommand[] = [
    open(),
    freeze(),
    unfreeze(),
    close(),
    finishClose(2),
    debit(1n),
    credit(1n),
    refund(1n),
  ];

  test.each(commands.map((command) => [command.type, command] as const))('%s', (_, command) => {
    const outcomes: readonly AccountEvent[] = [given(), funded, frozen, closing, closed].map(
      (account) => account.when(command).event,
    );
    for (const event of outcomes) expect(legKeyOfEvent(event)).toBe(legKeyOfCommand(command));
    expect(legKeyOfCommand(command).startsWith(`${legOf(command)}#`)).toBe(true);
    expect(addressee(command)).toEqual({ scope: 'default', account: ALICE });
  });

  test('the legs of one transfer are told apart', () => {
    expect(new Set([debit(1n), credit(1n), refund(1n)].map(legKeyOfCommand)).size).toBe(3);
  });
});
