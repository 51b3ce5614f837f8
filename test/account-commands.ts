/** Commands for one account, `alice`, with everything that a test does not care about filled in. */
import type {
  AccountState,
  ChangeLimits,
  CloseAccount,
  CreditAccount,
  DebitAccount,
  FinishClose,
  FreezeAccount,
  OpenAccount,
  RefundAccount,
  Trace,
  UnfreezeAccount,
} from '../core/domain/account.ts';

export const ALICE = 'alice';
export const BOB = 'bob';
/** A moment that tests take for the origin of what they do, UTC milliseconds. */
export const T0 = 1_767_225_600_000;

const command = { scope: 'default', recheck: false } as const;
const request = { ...command, request: 'r-1', account: ALICE } as const;
const transfer = '11111111-2222-4333-8444-555555555555';

export const trace: Trace = { debitedAt: T0, payerBalance: 90n, creditSentAt: T0 + 10 };

export function open(more: Partial<OpenAccount> = {}): OpenAccount {
  const properties = { kind: 'customer', currency: 'USD', owner: 'Alice', overdraftLimit: 0n } as const;
  return { ...request, type: 'OpenAccount', ...properties, ...more };
}

export function changeLimits(more: Partial<ChangeLimits> = {}): ChangeLimits {
  return { ...request, type: 'ChangeLimits', currency: 'USD', ...more };
}

export function freeze(more: Partial<FreezeAccount> = {}): FreezeAccount {
  return { ...request, type: 'FreezeAccount', ...more };
}

export function unfreeze(more: Partial<UnfreezeAccount> = {}): UnfreezeAccount {
  return { ...request, type: 'UnfreezeAccount', ...more };
}

export function close(more: Partial<CloseAccount> = {}): CloseAccount {
  return { ...request, type: 'CloseAccount', ...more };
}

export function finishClose(version: number, more: Partial<FinishClose> = {}): FinishClose {
  return { ...request, type: 'FinishClose', version, ...more };
}

/** Alice pays. */
export function debit(amount: bigint, more: Partial<DebitAccount> = {}): DebitAccount {
  return { ...command, type: 'DebitAccount', transfer, from: ALICE, to: BOB, amount, currency: 'USD', ...more };
}

/** Alice is paid. */
export function credit(amount: bigint, more: Partial<CreditAccount> = {}): CreditAccount {
  const content = { transfer, from: BOB, to: ALICE, amount, currency: 'USD' };
  const leg = { issuedAt: T0, debitRef: { version: 7, index: 3 }, trace };
  return { ...command, type: 'CreditAccount', ...content, ...leg, cancel: false, ...more };
}

/** Alice is given back what she paid. */
export function refund(amount: bigint, more: Partial<RefundAccount> = {}): RefundAccount {
  const content = { transfer, from: ALICE, to: BOB, amount, currency: 'USD' };
  const leg = { issuedAt: T0, debitRef: { version: 7, index: 3 }, refusalRef: { version: 2, index: 0 }, trace };
  return { ...command, type: 'RefundAccount', ...content, ...leg, ...more };
}

export const openState: AccountState = {
  status: 'open',
  kind: 'customer',
  currency: 'USD',
  owner: 'Alice',
  balance: 0n,
  held: 0n,
  overdraftLimit: 0n,
  closingVersion: 0,
};
