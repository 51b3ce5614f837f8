/**
 * A transfer from its debit to its end in one go, where both accounts are in one process and what is recorded goes to disk as a
 * whole: the same decisions, next actions and statuses as when its legs travel, each as soon as the one before it is decided.
 *
 *   debit ──> Debited ──> credit ──> Credited
 *     │                     └─────> CreditRefused ──> refund ──> Refunded
 *     └─────> DebitRejected
 *
 * Only for transfers whose identity is claimed at this very moment. Then no leg of it can have happened before, so nothing is looked
 * up; and no copy of a leg is under way, for nothing is sent.
 */
import { type AccountCommand, type AccountEvent, type DebitAccount, decide } from '../domain/account.ts';
import { type StatusWrite, statusOf } from '../domain/outcome.ts';
import type { Position } from '../domain/position.ts';
import { nextAction, type Outcome, type SagaItem } from '../domain/transfer.ts';
import type { AccountLog, RecordedAt } from './account-log.ts';
import { sagaItemOf } from './start-sagas.ts';

/** Both accounts of a transfer, with what was decided before it recorded in their logs. */
export interface Parties {
  readonly payer: AccountLog;
  readonly payee: AccountLog;
}

export interface SettlingRun {
  /** Arrival of everything, UTC milliseconds. */
  readonly now: number;
  /** A place in the order of commands, behind all those before. */
  readonly nextPosition: () => Position;
}

export interface SettledTransfer {
  /** Position of the debit, which the claim names. */
  readonly position: Position;
  /** The transfer's end; never `refused`. */
  readonly outcome: StatusWrite;
}

interface TakenLeg {
  readonly event: AccountEvent;
  readonly at: RecordedAt;
  readonly account: string;
}

/** Settles a transfer, and records all of it in the logs of its accounts. */
export function settleTransfer(debit: DebitAccount, parties: Parties, run: SettlingRun): SettledTransfer {
  const position = run.nextPosition();
  const first = takeLeg(parties.payer, debit, position, run.now);
  const { event, account, at } = first;
  if (event.type !== 'Debited') return { position, outcome: outcomeOf(first) };
  const debitRef = { version: at.version, index: at.index };
  return { position, outcome: outcomeOf(settleDebited(sagaItemOf(account, event, debitRef, at.at), parties, run)) };
}

/** Does what a saga would send next, until nothing is left to send. */
function settleDebited(debited: SagaItem, { payer, payee }: Parties, run: SettlingRun): TakenLeg {
  let item = debited;
  let known: Outcome = { kind: 'unknown' };
  for (;;) {
    const action = nextAction(item, known, { mode: 'saga', now: run.now, startedAt: run.now });
    if (action.type !== 'send') throw new Error(`a transfer that was debited a moment ago is to ${action.type}`);
    const { command } = action;
    const leg = takeLeg(command.type === 'CreditAccount' ? payee : payer, command, run.nextPosition(), run.now);
    if (leg.event.type !== 'CreditRefused') return leg;
    const { reason, arrival } = leg.event;
    const { version, index, at } = leg.at;
    known = { kind: 'refused', refusal: { ref: { version, index }, reason, arrival, at } };
    item = action.item;
  }
}

function takeLeg(log: AccountLog, command: AccountCommand, position: Position, now: number): TakenLeg {
  const event = decide(log.state, command, now);
  const origin = 'issuedAt' in command ? command.issuedAt : now;
  return { event, at: log.record(event, { position, arrival: now, origin }), account: log.account };
}

function outcomeOf({ event, at: { version, index, at }, account }: TakenLeg): StatusWrite {
  const outcome = statusOf(event, { account, version, index }, at);
  if (outcome === undefined) throw new Error(`${event.type} is no end of a transfer`);
  return outcome;
}
