/**
 * Shows that history can be decided again: from each event, the state before it and its account comes a command that leads to the
 * very same event, whatever the command was and whoever asked. Also after the event was stored and read, and for refusals that
 * were stored before they kept what was asked.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEvents, encodeEvent } from '../../core/contracts/stored-commit.ts';
import {
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  addressee,
  decide,
  propertiesOf,
} from '../../core/domain/account.ts';
import { commandOfEvent } from '../../core/domain/command-of-event.ts';
import { ALICE, close, debit, openState, T0 } from '../account-commands.ts';
import { commands, milliseconds, states } from '../arbitrary-commands.ts';

const RUNS = { numRuns: 2_000 };
/** Few names, so that the actor is the owner often enough. */
const people = fc.constantFrom('Alice', 'Bob');

/** A state and a command that have something to do with each other: the same people, currency and properties, now and then. */
const cases = fc
  .record({ state: states, command: commands, owner: people, actor: people, isAlike: fc.boolean() })
  .map(({ state, command, owner, actor, isAlike }): { state: AccountState; command: AccountCommand } => {
    const owned = { ...state, owner };
    const asked = command.actor === undefined ? command : { ...command, actor };
    if (!isAlike) return { state: owned, command: asked };
    if (asked.type === 'OpenAccount') {
      const { transferLimit: _, dailyLimit: __, ...opening } = asked;
      return { state: owned, command: { ...opening, ...propertiesOf(owned) } };
    }
    return { state: { ...owned, ...('currency' in asked ? { currency: asked.currency } : {}) }, command: asked };
  });

function stored(event: AccountEvent): AccountEvent {
  const [read] = decodeEvents(`[${encodeEvent(event)}]`);
  if (read === undefined) throw new Error('nothing was read');
  return read;
}

test('every event is decided again as it was', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(cases, milliseconds, ({ state, command }, arrival) => {
      const event = decide(state, command, arrival);
      const again = commandOfEvent(stored(event), state, addressee(command));
      expect(again.type).toBe(command.type);
      expect(decide(state, again, arrival)).toEqual(event);
      seen.add('reason' in event ? `${event.type} ${event.reason}` : event.type);
    }),
    RUNS,
  );
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'DebitRejected not_owner',
      'DebitRejected daily_limit_exceeded',
      'RequestRefused not_owner',
      'RequestRefused currency_mismatch',
      'LimitsChanged',
      'Reopened',
    ]),
  );
});

test('a refusal of an earlier version, which did not keep what was asked, is refused again for its reason', () => {
  fc.assert(
    fc.property(cases, milliseconds, ({ state, command }, arrival) => {
      const event = decide(state, command, arrival);
      if (event.type !== 'RequestRefused') return;
      if (event.command === 'ChangeLimits') return;
      const { asked: _, version: __, ...old } = event;
      const again = decide(state, commandOfEvent(old, state, addressee(command)), arrival);
      expect(again).toMatchObject(old);
    }),
    RUNS,
  );
});

test('what the owner does as owner costs no byte, and what others do names them', () => {
  const rich = { ...openState, balance: 100n };
  const anonymous = decide(rich, debit(10n), T0);
  expect(decide(rich, debit(10n, { actor: 'Alice', asOwner: true }), T0)).toEqual(anonymous);
  expect(decide(rich, close({ actor: 'Alice', asOwner: true }), T0)).toEqual(decide(rich, close(), T0));
  expect(decide(rich, debit(10n, { actor: 'clerk' }), T0)).toEqual({ ...anonymous, actor: 'clerk' });
  const refused = decide(rich, debit(10n, { actor: 'Mallory', asOwner: true }), T0);
  expect(refused).toMatchObject({ type: 'DebitRejected', reason: 'not_owner', actor: 'Mallory', asOwner: true });
  const operator = commandOfEvent(decide(rich, debit(10n, { actor: 'Alice' }), T0), rich, {
    scope: 'default',
    account: ALICE,
  });
  expect(operator).toEqual(debit(10n, { actor: 'Alice' }));
});
