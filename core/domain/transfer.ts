/**
 * The transfer as its saga sees it: debited, and on its way to the payee. The saga moves no money and decides nothing about
 * accounts; it sends the next command, waits for what the log says, and sends again. Which of these is next is decided here.
 *
 *   debited ──credit──> completed
 *      └── credit refused ──refund──> reversed
 *
 * The order is debit first: nobody can spend money that is not yet secured. Only a refusal recorded in the payee's log lets a
 * refund go out; when an answer is late the credit is asked for again, never given up (PROTOCOL: a timeout is no refusal).
 */
import type { CreditAccount, EventRef, RefundAccount, TransferContent } from './account.ts';
import type { Reason } from './reason.ts';

/** Age of a leg from which it is sent as a recheck: the accounts remember ordinary commands for longer than that. */
export const RECHECK_AFTER_MS = 30_000;
/** A saga that is not over by then is handed to recovery; Express executions end after 300 s. */
export const ESCALATE_AFTER_MS = 120_000;
/** First wait before a leg is sent again, doubled with each sending. */
export const FIRST_RESEND_MS = 10_000;
/** Longest wait between two sendings of a leg. */
export const LONGEST_RESEND_MS = 600_000;
/** A recovery that has sent a leg this often without an answer reports to the operators: about an hour. */
export const RECOVERY_SENDINGS = 12;
/** First wait between two looks at the outcome, doubled with each look up to the longest. */
export const FIRST_POLL_MS = 1_000;
export const LONGEST_POLL_MS: Readonly<Record<SagaMode, number>> = { saga: 8_000, recovery: 60_000 };

/** The payee's refusal, as recorded in its log. */
export interface Refusal {
  readonly ref: EventRef;
  readonly reason: Reason;
  /** Arrival stored in `CreditRefused`: the refund's `issuedAt`. */
  readonly arrival: number;
  /** Time of the commit, UTC milliseconds. */
  readonly at: number;
}

/** One debited transfer in a saga. */
export interface SagaItem extends TransferContent {
  readonly scope: string;
  /** Arrival stored in `Debited`: the credit's `issuedAt`. */
  readonly issuedAt: number;
  readonly debitRef: EventRef;
  readonly debitedAt: number;
  readonly payerBalance: bigint;
  readonly refusal?: Refusal;
  /** When each leg was first sent, and how often and when last. */
  readonly credit?: Sending;
  readonly refund?: Sending;
}

export interface Sending {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly times: number;
}

/** What the log is known to say about a transfer that was debited. */
export type Outcome =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'ended' };

export type SagaMode = 'saga' | 'recovery';

export type NextAction =
  | { readonly type: 'done' }
  | { readonly type: 'send'; readonly command: CreditAccount | RefundAccount; readonly item: SagaItem }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'escalate' }
  | { readonly type: 'report' };

/** The item with what was learned of it. A refusal, once known, stays. */
export function learn(item: SagaItem, outcome: Outcome): SagaItem {
  return outcome.kind === 'refused' && item.refusal === undefined ? { ...item, refusal: outcome.refusal } : item;
}

/**
 * What the saga does next for a debited transfer.
 *
 * @param now UTC milliseconds
 * @param startedAt when this execution began, UTC milliseconds
 */
export function nextAction(
  item: SagaItem,
  outcome: Outcome,
  run: { readonly mode: SagaMode; readonly now: number; readonly startedAt: number },
): NextAction {
  if (outcome.kind === 'ended') return { type: 'done' };
  const known = learn(item, outcome);
  const sent = known.refusal === undefined ? known.credit : known.refund;
  const waitMs = sent === undefined ? 0 : sent.lastAt + resendAfterMs(sent.times) - run.now;
  if (run.mode === 'saga' && run.now - run.startedAt >= ESCALATE_AFTER_MS) return { type: 'escalate' };
  if (waitMs > 0) return { type: 'wait', ms: waitMs };
  if (run.mode === 'recovery' && (sent?.times ?? 0) >= RECOVERY_SENDINGS) return { type: 'report' };
  return send(known, run.now);
}

/** What a state machine does with a chunk of transfers. */
export type ChunkAction = 'wait' | 'done' | 'escalate' | 'report';

/** As long as one transfer of a chunk can be waited for, it is waited for; the rest is handed on together. */
export function chunkAction(actions: readonly NextAction[]): ChunkAction {
  if (actions.length === 0) return 'done';
  if (actions.some(({ type }) => type === 'send' || type === 'wait')) return 'wait';
  return actions.some(({ type }) => type === 'escalate') ? 'escalate' : 'report';
}

/** How long to wait for an answer after the n-th sending of a leg. */
export function resendAfterMs(times: number): number {
  return Math.min(FIRST_RESEND_MS * 2 ** (times - 1), LONGEST_RESEND_MS);
}

/** How long to wait before the n-th look at the outcomes (from 0): quick at first, since most transfers end within a second. */
export function pollAfterMs(looks: number, mode: SagaMode): number {
  return Math.min(FIRST_POLL_MS * 2 ** looks, LONGEST_POLL_MS[mode]);
}

function send(item: SagaItem, now: number): NextAction {
  if (item.refusal === undefined) {
    const credit = sentOnceMore(item.credit, now);
    return { type: 'send', command: creditOf(item, credit, now), item: { ...item, credit } };
  }
  const refund = sentOnceMore(item.refund, now);
  return { type: 'send', command: refundOf(item, item.refusal, refund, now), item: { ...item, refund } };
}

function sentOnceMore(earlier: Sending | undefined, now: number): Sending {
  return { firstAt: earlier?.firstAt ?? now, lastAt: now, times: (earlier?.times ?? 0) + 1 };
}

function creditOf(item: SagaItem, sending: Sending, now: number): CreditAccount {
  const { scope, transfer, from, to, amount, currency, issuedAt, debitRef, debitedAt, payerBalance } = item;
  const trace = { debitedAt, payerBalance, creditSentAt: sending.firstAt };
  const content = { scope, transfer, from, to, amount, currency };
  return {
    type: 'CreditAccount',
    ...content,
    issuedAt,
    debitRef,
    trace,
    recheck: isLate(issuedAt, now),
    cancel: false,
  };
}

function refundOf(item: SagaItem, refused: Refusal, sending: Sending, now: number): RefundAccount {
  const { scope, transfer, from, to, amount, currency, debitRef, debitedAt, payerBalance } = item;
  const trace = {
    debitedAt,
    payerBalance,
    creditSentAt: item.credit?.firstAt ?? debitedAt,
    refusedAt: refused.at,
    refusal: refused.reason,
    refundSentAt: sending.firstAt,
  };
  const content = { scope, transfer, from, to, amount, currency };
  const recheck = isLate(refused.arrival, now);
  return {
    type: 'RefundAccount',
    ...content,
    issuedAt: refused.arrival,
    debitRef,
    refusalRef: refused.ref,
    trace,
    recheck,
  };
}

function isLate(issuedAt: number, now: number): boolean {
  return now - issuedAt > RECHECK_AFTER_MS;
}
