/** Transfers as they are shown, with their phases. */

import type { Caller } from '../../core/contracts/caller.ts';
import {
  payeesResource,
  type TransferResource,
  transferResource,
  unseenTransferResource,
} from '../../core/contracts/http-answers.ts';
import { readTimeParameter, readTransferId } from '../../core/contracts/http-requests.ts';
import { problemOf } from '../../core/contracts/problems.ts';
import { readTransfer } from '../../core/flows/read-transfer.ts';
import { AccountHolders, viewOfTransfer } from '../../core/flows/see-transfer.ts';
import { readNotes } from '../../core/flows/transfer-notes.ts';
import type { Clock, EventLog, NoteStore, TransferStore } from '../../core/ports.ts';
import { type ApiAnswer, type ApiCall, answerFault, answerProblem, answerResource } from '../runtime/route.ts';
import { RETRY_AFTER_SECONDS } from '../runtime/trouble.ts';

/** The stream keeps commands for 7 days: what was accepted before and has left no trace since will leave none any more. */
export const STREAM_RETENTION_MS = 7 * 24 * 3_600_000;
/** How far the clock of the function that accepted a transfer may be ahead of ours. */
export const CLOCK_SKEW_MS = 60_000;

export interface TransferQueryPorts {
  readonly transfers: TransferStore;
  readonly notes: NoteStore;
  readonly log: EventLog;
  readonly clock: Clock;
}

export function transferHandlers(ports: TransferQueryPorts) {
  const holders = new AccountHolders(ports.log);
  return { getTransfer: (call: ApiCall) => show(ports, holders, call) };
}

async function show(ports: TransferQueryPorts, holders: AccountHolders, call: ApiCall): Promise<ApiAnswer> {
  const id = readTransferId(call.params['transaction_id'] ?? '');
  if (!id.ok) return answerFault(id.fault);
  const { accepted_at: text } = call.query;
  const acceptedAt = text === undefined ? undefined : readTimeParameter('accepted_at', text);
  if (acceptedAt?.ok === false) return answerFault(acceptedAt.fault);
  const seen = await seenTransfer(ports, holders, call.caller, id.value);
  if (seen !== undefined) return answerWith(seen);
  if (acceptedAt !== undefined && mayBeOnItsWay(acceptedAt.value, ports.clock.now())) {
    return answerWith(unseenTransferResource(id.value, acceptedAt.value));
  }
  return answerProblem(problemOf('transfer_not_found', 'No transfer has this id.', { transaction_id: id.value }));
}

/** The time comes from the `Location` of a 202, and says that the transfer is in the stream even if nothing is stored of it yet. */
function mayBeOnItsWay(acceptedAt: number, now: number): boolean {
  return acceptedAt <= now + CLOCK_SKEW_MS && acceptedAt >= now - STREAM_RETENTION_MS;
}

/** What the caller may see of a transfer; undefined if nothing is stored of it, or nothing that is the caller's business. */
async function seenTransfer(
  { transfers, notes }: TransferQueryPorts,
  holders: AccountHolders,
  caller: Caller,
  id: string,
): Promise<TransferResource | undefined> {
  const record = await readTransfer(transfers, caller.scope, id);
  if (record === undefined) return undefined;
  const view = await viewOfTransfer(holders, caller, record);
  if (view === 'none') return undefined;
  const kept = await readNotes(notes, caller.scope, [{ transfer: id, record }]);
  const resource = { ...transferResource(id, record), ...kept.get(id) };
  return view === 'whole' ? resource : payeesResource(resource);
}

function answerWith(resource: TransferResource): ApiAnswer {
  const headers = resource.status === 'pending' ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : undefined;
  return answerResource(200, resource, headers);
}
