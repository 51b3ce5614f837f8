/** What people do with a break: take it on, and resolve it. Each step is kept with who did it and when. */
import { decodeEvents } from '../contracts/stored-commit.ts';
import type { AccountEvent } from '../domain/account.ts';
import {
  type BreakCommand,
  type BreakRefusal,
  decideBreak,
  type KeptBreak,
  type Resolution,
  stateOf,
} from '../domain/kept-break.ts';
import { accountOfKey } from '../domain/lane.ts';
import type { BreakStore, Clock, EventLog } from '../ports.ts';

export interface BreakPorts {
  readonly breaks: BreakStore;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** Who does what with which break. */
export interface BreakRequest {
  readonly scope: string;
  readonly id: string;
  readonly by: string;
}

export type BreakOutcome =
  | { readonly ok: true; readonly kept: KeptBreak }
  | { readonly ok: false; readonly refusal: BreakRefusal | AdjustmentFault | 'break_not_found' | 'changed_meanwhile' };

/** Why a transfer is no adjustment of a break. */
export type AdjustmentFault =
  | 'not_a_settlement_account'
  | 'transfer_not_in_ledger'
  | 'not_between_settlement_accounts'
  | 'amount_does_not_fit'
  | 'adjusts_another_break';

/** Commits of the account that are searched for an adjusting transfer, from the newest: it is made right before. */
const MOST_COMMITS = 10_000;

export function assignBreak(ports: BreakPorts, request: BreakRequest, to: string): Promise<BreakOutcome> {
  const at = ports.clock.now();
  return change(ports, request, () => ({ type: 'Assign', at, by: request.by, to }));
}

export function acceptAsTiming(ports: BreakPorts, request: BreakRequest, note: string): Promise<BreakOutcome> {
  const command = { type: 'Resolve', at: ports.clock.now(), by: request.by, note } as const;
  return change(ports, request, () => ({ ...command, resolution: { kind: 'accepted_as_timing' } }));
}

/**
 * Resolves a break by a transfer that was made for it, with another settlement account. The ledger must show that it moved the
 * account by exactly the difference, and it may stand for one break only; it is not asked for at the bank any more.
 */
export async function resolveByTransfer(
  ports: BreakPorts,
  request: BreakRequest,
  transfer: string,
  note: string,
): Promise<BreakOutcome> {
  const kept = await ports.breaks.find(request.scope, request.id);
  if (kept === undefined) return { ok: false, refusal: 'break_not_found' };
  const fault = await faultOfAdjustment(ports, kept, transfer);
  if (fault !== undefined) return { ok: false, refusal: fault };
  const resolution: Resolution = { kind: 'adjusted', transfer };
  const at = ports.clock.now();
  return change(ports, request, () => ({ type: 'Resolve', at, by: request.by, resolution, note }));
}

/**
 * The transfer that would adjust a break: a settlement account pays what the bank has more than it, and takes what the bank has
 * less. Undefined where there is nothing to adjust, or the account is none.
 */
export function adjustmentOf(
  kept: Pick<KeptBreak, 'account' | 'difference'>,
  against: string,
): { readonly from: string; readonly to: string; readonly amount: bigint } | undefined {
  const { difference } = kept;
  const { account } = accountOfKey(kept.account);
  if (difference === 0n || !isSettlement(account)) return undefined;
  if (difference > 0n) return { from: account, to: against, amount: difference };
  return { from: against, to: account, amount: -difference };
}

async function change(
  { breaks }: BreakPorts,
  { scope, id }: BreakRequest,
  commandOf: () => BreakCommand,
): Promise<BreakOutcome> {
  const kept = await breaks.find(scope, id);
  if (kept === undefined) return { ok: false, refusal: 'break_not_found' };
  const decided = decideBreak(kept, commandOf());
  if (decided === undefined) return { ok: true, kept };
  if (typeof decided === 'string') return { ok: false, refusal: decided };
  const next = { ...kept, history: [...kept.history, decided] };
  const isKept = await breaks.put(next, kept.history.length);
  return isKept ? { ok: true, kept: next } : { ok: false, refusal: 'changed_meanwhile' };
}

async function faultOfAdjustment(
  { log, breaks }: BreakPorts,
  kept: KeptBreak,
  transfer: string,
): Promise<AdjustmentFault | undefined> {
  if (!isSettlement(accountOfKey(kept.account).account)) return 'not_a_settlement_account';
  const move = await findMove(log, kept.account, transfer);
  if (move === undefined) return 'transfer_not_in_ledger';
  if (!isSettlement(move.counterparty)) return 'not_between_settlement_accounts';
  if (move.amount !== kept.difference) return 'amount_does_not_fit';
  for await (const other of breaks.breaksOf(kept.account)) {
    const { resolution } = stateOf(other);
    if (other.id !== kept.id && resolution?.kind === 'adjusted' && resolution.transfer === transfer)
      return 'adjusts_another_break';
  }
  return undefined;
}

interface Move {
  readonly counterparty: string;
  /** Minor units with the bank's sign. */
  readonly amount: bigint;
}

/** What a transfer did to a settlement account in the end. */
async function findMove(log: EventLog, account: string, transfer: string): Promise<Move | undefined> {
  let commits = 0;
  for await (const { events } of log.newestFirst(account)) {
    const [move] = decodeEvents(events)
      .toReversed()
      .flatMap((event) => moveOf(event, transfer));
    commits += 1;
    if (move !== undefined || commits >= MOST_COMMITS) return move;
  }
  return undefined;
}

/** A refund undoes its debit, so a transfer that came back adjusts nothing. */
function moveOf(event: AccountEvent, transfer: string): readonly Move[] {
  if (!('transfer' in event) || event.transfer !== transfer) return [];
  if (event.type === 'Debited') return [{ counterparty: event.to, amount: event.amount }];
  if (event.type === 'Credited') return [{ counterparty: event.from, amount: -event.amount }];
  return event.type === 'Refunded' ? [{ counterparty: event.to, amount: 0n }] : [];
}

function isSettlement(account: string): boolean {
  return account.startsWith('settlement:');
}
