/** Random commands of every type, each one that a record of the stream may hold, with ids and amounts up to their limits. */
import fc from 'fast-check';
import type { AccountCommand, AccountState, EventRef, Trace } from '../core/domain/account.ts';
import { dayOf } from '../core/domain/limits.ts';
import { knownCurrencies, MAX_AMOUNT_DIGITS } from '../core/domain/money.ts';
import { reasons } from '../core/domain/reason.ts';

const recent = 1_767_225_600_000;

export const milliseconds = fc.integer({ min: recent, max: recent + 1_000_000 });
export const amounts = fc.oneof(
  fc.bigInt({ min: 1n, max: 20n }),
  fc.bigInt({ min: 1n, max: 10n ** BigInt(MAX_AMOUNT_DIGITS) - 1n }),
);
export const balances = fc.oneof(
  fc.bigInt({ min: -20n, max: 20n }),
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
);
export const currencies = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('USD', 'EUR') },
  { weight: 1, arbitrary: fc.constantFrom(...knownCurrencies()) },
);
export const accounts = fc.oneof(fc.constantFrom('alice', 'settlement:bank'), fc.stringMatching(/^[a-z0-9:_-]{1,64}$/));
export const transfers = fc.uuid();
const requests = fc.stringMatching(/^[A-Za-z0-9:_.-]{1,64}$/);
const names = fc.stringMatching(/^[\x20-\x7e]{1,64}$/);
const versions = fc.integer({ min: 1, max: 1_000_000 });

export const eventRefs: fc.Arbitrary<EventRef> = fc.record({ version: versions, index: fc.nat(10_000) });
export const traces: fc.Arbitrary<Trace> = fc.record(
  {
    debitedAt: milliseconds,
    payerBalance: balances,
    creditSentAt: milliseconds,
    refusedAt: milliseconds,
    refusal: fc.constantFrom(...reasons),
    refundSentAt: milliseconds,
  },
  { requiredKeys: ['debitedAt', 'payerBalance', 'creditSentAt'] },
);

/** What a command may lack. */
type Optional = 'actor' | 'asOwner' | 'overdraftLimit' | 'transferLimit' | 'dailyLimit' | 'note';
type Fields<Type extends AccountCommand['type']> = {
  [Field in Exclude<keyof Extract<AccountCommand, { type: Type }>, Optional>]: fc.Arbitrary<
    Extract<AccountCommand, { type: Type }>[Field]
  >;
};

const command = { scope: fc.stringMatching(/^[a-z0-9_-]{1,32}$/), recheck: fc.boolean() };
const request = { ...command, request: requests, account: accounts };
const transfer = {
  ...command,
  transfer: transfers,
  from: accounts,
  to: accounts,
  amount: amounts,
  currency: currencies,
};
const leg = { ...transfer, issuedAt: milliseconds, debitRef: eventRefs, trace: traces };

const limits = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n });
const openAccount = {
  ...request,
  type: fc.constant('OpenAccount' as const),
  kind: fc.constantFrom('customer' as const, 'settlement' as const),
  currency: currencies,
  owner: names,
  overdraftLimit: limits,
};
const limited = { transferLimit: limits, dailyLimit: limits };
const changeLimits = {
  ...request,
  type: fc.constant('ChangeLimits' as const),
  currency: currencies,
  overdraftLimit: limits,
  transferLimit: fc.option(limits),
  dailyLimit: fc.option(limits),
};
const freezeAccount: Fields<'FreezeAccount'> = { ...request, type: fc.constant('FreezeAccount') };
const unfreezeAccount: Fields<'UnfreezeAccount'> = { ...request, type: fc.constant('UnfreezeAccount') };
const closeAccount: Fields<'CloseAccount'> = { ...request, type: fc.constant('CloseAccount') };
const finishClose: Fields<'FinishClose'> = { ...request, type: fc.constant('FinishClose'), version: versions };
const hashes = fc.stringMatching(/^[0-9a-f]{64}$/);
const debitAccount: Fields<'DebitAccount'> = { ...transfer, type: fc.constant('DebitAccount') };
const creditAccount: Fields<'CreditAccount'> = { ...leg, type: fc.constant('CreditAccount'), cancel: fc.boolean() };
const refundAccount: Fields<'RefundAccount'> = {
  ...leg,
  type: fc.constant('RefundAccount'),
  refusalRef: eventRefs,
};

export const requestCommands = fc.oneof(
  fc.record(openAccount),
  fc.record({ ...openAccount, ...limited }),
  fc.record(changeLimits, { requiredKeys: ['scope', 'recheck', 'request', 'account', 'type', 'currency'] }),
  fc.record(freezeAccount),
  fc.record(unfreezeAccount),
  fc.record(closeAccount),
  fc.record(finishClose),
);
export const moneyCommands = fc.oneof(
  fc.record(debitAccount),
  fc.record({ ...debitAccount, note: hashes }),
  fc.record(creditAccount),
  fc.record(refundAccount),
);

/** Any command, with or without the name of who asked, as operator or as owner. */
export const commands: fc.Arbitrary<AccountCommand> = fc
  .tuple(fc.oneof(requestCommands, moneyCommands), fc.option(names), fc.boolean())
  .map(([anonymous, actor, isCustomer]): AccountCommand => {
    if (actor === null) return anonymous;
    if (!isCustomer || anonymous.type === 'CreditAccount' || anonymous.type === 'RefundAccount')
      return { ...anonymous, actor };
    return { ...anonymous, actor, asOwner: true };
  });

const days = fc.integer({ min: dayOf(recent) - 1, max: dayOf(recent) + 1 });

/** Any state that a log could lead to, and some that none could. */
export const states: fc.Arbitrary<AccountState> = fc.record(
  {
    status: fc.constantFrom('unopened', 'open', 'frozen', 'closing', 'closed'),
    kind: fc.constantFrom('customer', 'settlement'),
    currency: currencies,
    owner: names,
    balance: balances,
    held: fc.bigInt({ min: 0n, max: 30n }),
    overdraftLimit: fc.bigInt({ min: 0n, max: 30n }),
    closingVersion: fc.nat(5),
    transferLimit: fc.bigInt({ min: 0n, max: 30n }),
    dailyLimit: fc.bigInt({ min: 0n, max: 30n }),
    spending: fc.record({ day: days, amount: fc.bigInt({ min: 0n, max: 30n }) }),
  },
  {
    requiredKeys: ['status', 'kind', 'currency', 'owner', 'balance', 'held', 'overdraftLimit', 'closingVersion'],
  },
);
