/**
 * What the world is told of a transfer or a request: its status, derived from the log and from nothing else. A status has a
 * rank and only rises, so a repeated or late telling changes nothing.
 */
import type { AccountEvent, EventRef, Refunded, Trace } from './account.ts';
import type { Reason } from './reason.ts';

/** `refused`: the payee refused, the payer has not been given the money back yet. The last three are terminal. */
export type Status = 'claimed' | 'refused' | 'completed' | 'reversed' | 'rejected';

const ranks: Readonly<Record<Status, number>> = { claimed: 0, refused: 1, completed: 2, reversed: 2, rejected: 2 };

export function rankOf(status: Status): number {
  return ranks[status];
}

export function isTerminal(status: Status): boolean {
  return rankOf(status) === 2;
}

/** A step of a transfer after it was accepted: when it was done (UTC milliseconds) and with what result (`ok`, or the reason of a refusal). */
export interface Phase {
  readonly phase: 'debit' | 'credit_sent' | 'credit' | 'refund_sent' | 'refund' | 'request';
  readonly at: number;
  readonly outcome: 'ok' | Reason;
}

/** An event's place in the ledger. */
export interface LedgerRef extends EventRef {
  /** Key of the account whose log holds the event. */
  readonly account: string;
}

/** What an event says about the transfer or request that it belongs to. */
export interface StatusWrite {
  /** Key of the claim: `scope#transfer` or `scope#request#id`. */
  readonly id: string;
  readonly status: Exclude<Status, 'claimed'>;
  readonly reason?: Reason;
  readonly ledgerRef: LedgerRef;
  readonly phases: readonly Phase[];
  /** The payer's balance after the transfer's last event on the payer's side, minor units. */
  readonly payerBalance?: bigint;
}

export function transferClaimId(scope: string, transfer: string): string {
  return `${scope}#${transfer}`;
}

/** The transfer that the key of a claim stands for; undefined for that of a request. */
export function transferOfClaimId(id: string): string | undefined {
  const identity = id.slice(id.indexOf('#') + 1);
  return identity.includes('#') ? undefined : identity;
}

export function requestClaimId(scope: string, request: string): string {
  return `${scope}#request#${request}`;
}

/**
 * Reasons to refuse a debit that the payer learns with the balance. By the order of precedence the debit was then asked by who may, in the
 * account's currency; with any other reason the balance could be told to a stranger, or in the wrong currency.
 */
const forMoney: ReadonlySet<Reason> = new Set([
  'transfer_limit_exceeded',
  'daily_limit_exceeded',
  'insufficient_funds',
]);

/**
 * The status that follows from one event of the log, or undefined for `Debited`: that a transfer is debited can be read from
 * the log, and telling it would cost a write per transfer.
 */
export function statusOf(event: AccountEvent, ref: LedgerRef, at: number): StatusWrite | undefined {
  const scope = ref.account.slice(0, ref.account.indexOf('#'));
  switch (event.type) {
    case 'Debited':
      return undefined;
    case 'DebitRejected': {
      const phases = [step('debit', at, event.reason)];
      return {
        id: transferClaimId(scope, event.transfer),
        status: 'rejected',
        reason: event.reason,
        ledgerRef: ref,
        phases,
        ...(forMoney.has(event.reason) ? { payerBalance: event.balance } : {}),
      };
    }
    case 'Credited':
    case 'CreditRefused': {
      const reason = event.type === 'CreditRefused' ? event.reason : undefined;
      const { trace, transfer } = event;
      const phases = [...untilCreditSent(trace), step('credit', at, reason ?? 'ok')];
      const outcome = {
        id: transferClaimId(scope, transfer),
        ledgerRef: ref,
        phases,
        payerBalance: trace.payerBalance,
      };
      return reason === undefined ? { ...outcome, status: 'completed' } : { ...outcome, status: 'refused', reason };
    }
    case 'Refunded':
      return refunded(event, ref, at);
    default: {
      const id = requestClaimId(scope, event.request);
      const reason = event.type === 'RequestRefused' ? event.reason : undefined;
      const phases = [step('request', at, reason ?? 'ok')];
      const outcome = { id, ledgerRef: ref, phases };
      return reason === undefined ? { ...outcome, status: 'completed' } : { ...outcome, status: 'rejected', reason };
    }
  }
}

function refunded(event: Refunded, ref: LedgerRef, at: number): StatusWrite {
  const { trace, transfer, balance } = event;
  const scope = ref.account.slice(0, ref.account.indexOf('#'));
  const phases = [
    ...untilCreditSent(trace),
    ...(trace.refusedAt === undefined ? [] : [step('credit', trace.refusedAt, trace.refusal ?? 'cancelled')]),
    ...(trace.refundSentAt === undefined ? [] : [step('refund_sent', trace.refundSentAt)]),
    step('refund', at),
  ];
  const reason = trace.refusal === undefined ? {} : { reason: trace.refusal };
  return {
    id: transferClaimId(scope, transfer),
    status: 'reversed',
    ...reason,
    ledgerRef: ref,
    phases,
    payerBalance: balance,
  };
}

function untilCreditSent(trace: Trace): readonly Phase[] {
  return [step('debit', trace.debitedAt), step('credit_sent', trace.creditSentAt)];
}

function step(phase: Phase['phase'], at: number, outcome: Phase['outcome'] = 'ok'): Phase {
  return { phase, at, outcome };
}
