/**
 * Shows the order in which reasons of refusal take precedence. A small space of states and commands is enumerated completely: it
 * holds every status, limit and mismatch that a reason can speak of. For each pair of neighbours either some state and command
 * have both reasons, and the first is the answer, or nothing in the space has both, and the table says so.
 */
import { describe, expect, it, test } from 'vitest';
import {
  type AccountCommand,
  type AccountState,
  type AccountStatus,
  hasReason,
  refusal,
} from '../../core/domain/account.ts';
import { dayOf } from '../../core/domain/limits.ts';
import { type Reason, reasons } from '../../core/domain/reason.ts';
import {
  changeLimits,
  close,
  credit,
  debit,
  finishClose,
  freeze,
  open,
  openState,
  refund,
  T0,
  unfreeze,
} from '../account-commands.ts';

const statuses: readonly AccountStatus[] = ['unopened', 'open', 'frozen', 'closing', 'closed'];

/** Every variant of the states, once with each of these. */
function eachWith(
  states: readonly AccountState[],
  variants: readonly Partial<AccountState>[],
): readonly AccountState[] {
  return states.flatMap((state) => variants.map((variant) => ({ ...state, ...variant })));
}

const axes: readonly (readonly Partial<AccountState>[])[] = [
  statuses.flatMap((status): readonly Partial<AccountState>[] =>
    status === 'closing' ? [1, 2].map((closingVersion) => ({ status, closingVersion })) : [{ status }],
  ),
  [{ kind: 'customer' }, { kind: 'settlement' }],
  [{ currency: 'USD' }, { currency: 'EUR' }],
  [{ balance: 0n }, { balance: 10n }, { balance: -10n }],
  [{ held: 0n }, { held: 5n }],
  [{ overdraftLimit: 0n }, { overdraftLimit: 10n }],
  [{}, { transferLimit: 50n }],
  [{}, { dailyLimit: 50n, spending: { day: dayOf(T0), amount: 50n } }],
];
const states = axes.reduce(eachWith, [openState]);

const commands: readonly AccountCommand[] = [
  open(),
  open({ kind: 'settlement' }),
  open({ currency: 'EUR' }),
  open({ owner: 'Mallory' }),
  open({ overdraftLimit: 10n }),
  changeLimits({ overdraftLimit: 1n }),
  changeLimits({ currency: 'EUR', dailyLimit: null }),
  freeze(),
  unfreeze(),
  close(),
  ...['Alice', 'Mallory'].flatMap((actor) => [
    close({ actor, asOwner: true }),
    freeze({ actor, asOwner: true }),
    debit(1n, { actor, asOwner: true }),
    open({ actor, asOwner: true }),
  ]),
  finishClose(1),
  finishClose(2),
  ...['USD', 'EUR'].flatMap((currency) => [
    debit(1n, { currency }),
    debit(100n, { currency }),
    credit(1n, { currency }),
    credit(1n, { currency, cancel: true }),
    refund(1n, { currency }),
  ]),
];

const cases = states.flatMap((state) =>
  commands.map((command) => ({
    state,
    command,
    applying: reasons.filter((reason) => hasReason(reason, state, command, T0)),
  })),
);

/** Pairs of neighbours that never meet, and why. */
const exclusive: ReadonlyMap<Reason, string> = new Map([
  ['account_not_found', 'an account that was never opened has no owner'],
  ['account_exists', 'opening is asked without regard to freezing'],
  ['currency_mismatch', 'finishing to close moves no money'],
  ['not_empty', 'closing takes no amount'],
]);

const neighbours = reasons.slice(1).map((second, i): [Reason, Reason] => [reasons[i] ?? second, second]);

describe('of two neighbours', () => {
  it.each(neighbours)('%s comes before %s', (first, second) => {
    const both = cases.filter(({ applying }) => applying.includes(first) && applying.includes(second));
    expect(both.length === 0).toBe(exclusive.has(first));
    const decisive = both.filter(({ applying }) => applying[0] === first);
    expect(decisive.length > 0).toBe(both.length > 0);
    for (const { state, command } of decisive) expect(refusal(state, command, T0)).toBe(first);
  });
});

/** One example for each pair that can meet, so that a reader sees when that is. */
const examples: readonly [string, AccountState, AccountCommand, Reason][] = [
  [
    'a cancelled credit of an account that was never opened',
    { ...openState, status: 'unopened' },
    credit(1n, { cancel: true }),
    'cancelled',
  ],
  [
    'a debit of somebody else from a closed account',
    { ...openState, status: 'closed' },
    debit(1n, { actor: 'Mallory', asOwner: true }),
    'not_owner',
  ],
  [
    'opening a closed account with another owner',
    { ...openState, status: 'closed' },
    open({ owner: 'Mallory' }),
    'account_closed',
  ],
  [
    'a debit in another currency from a frozen account',
    { ...openState, status: 'frozen' },
    debit(1n, { currency: 'EUR' }),
    'account_frozen',
  ],
  [
    'a debit above the limits of a transfer and of the day',
    { ...openState, balance: 100n, transferLimit: 5n, dailyLimit: 5n },
    debit(6n),
    'transfer_limit_exceeded',
  ],
  [
    'a debit above the limit of the day, and not covered',
    { ...openState, dailyLimit: 5n },
    debit(6n),
    'daily_limit_exceeded',
  ],
  [
    'finishing an earlier closing of an account with a balance',
    { ...openState, status: 'closing', closingVersion: 2, balance: 1n },
    finishClose(1),
    'close_superseded',
  ],
];

test.each(examples)('%s', (_, state, command, reason) => {
  expect(refusal(state, command, T0)).toBe(reason);
});

test('every reason is the answer to something, and the answer is always the first that applies', () => {
  const answers = new Set(cases.map(({ state, command }) => refusal(state, command, T0)));
  expect([...reasons].filter((reason) => !answers.has(reason))).toEqual([]);
  for (const { state, command, applying } of cases) expect(refusal(state, command, T0)).toBe(applying[0]);
});

test('nothing refuses a refund', () => {
  const refunds = cases.filter(({ command }) => command.type === 'RefundAccount');
  expect(refunds.length).toBeGreaterThan(0);
  for (const { applying } of refunds) expect(applying).toEqual([]);
});
