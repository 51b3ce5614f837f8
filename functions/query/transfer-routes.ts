/** Transfers as they are shown, with their phases. */
import { transferResource, unseenTransferResource } from '../../core/contracts/http-answers.ts';
import { readTimeParameter, readTransferId } from '../../core/contracts/http-requests.ts';
import { problemOf } from '../../core/contracts/problems.ts';
import { readTransfer } from '../../core/flows/read-transfer.ts';
import { readNotes } from '../../core/flows/transfer-notes.ts';
import type { Clock, NoteStore, TransferStore } from '../../core/ports.ts';
import { type ApiAnswer, type ApiCall, answerFault, answerProblem, answerResource } from '../runtime/route.ts';
import { RETRY_AFTER_SECONDS } from '../runtime/trouble.ts';

/** The stream keeps commands for 7 days: what was accepted before and has left no trace since will leave none any more. */
export const STREAM_RETENTION_MS = 7 * 24 * 3_600_000;
/** How far the clock of the function that accepted a transfer may be ahead of ours. */
export const CLOCK_SKEW_MS = 60_000;

export interface TransferQueryPorts {
  readonly transfers: TransferStore;
  readonly notes: NoteStore;
  readonly clock: Clock;
}

export function transferHandlers(ports: TransferQueryPorts) {
  return { getTransfer: (call: ApiCall) => show(ports, call) };
}

async function show(ports: TransferQueryPorts, call: ApiCall): Promise<ApiAnswer> {
  const id = readTransferId(call.params['transaction_id'] ?? '');
  if (!id.ok) return answerFault(id.fault);
  const { accepted_at: text } = call.query;
  const acceptedAt = text === undefined ? undefined : readTimeParameter('accepted_at', text);
  if (acceptedAt?.ok === false) return answerFault(acceptedAt.fault);
  const record = await readTransfer(ports.transfers, call.caller.scope, id.value);
  if (record !== undefined) {
    const notes = await readNotes(ports.notes, call.caller.scope, [{ transfer: id.value, record }]);
    return answerWith({ ...transferResource(id.value, record), ...notes.get(id.value) });
  }
  if (acceptedAt !== undefined && mayBeOnItsWay(acceptedAt.value, ports.clock.now())) {
    return answerWith(unseenTransferResource(id.value, acceptedAt.value));
  }
  return answerProblem(problemOf('transfer_not_found', 'No transfer has this id.', { transaction_id: id.value }));
}

/** The time comes from the `Location` of a 202, and says that the transfer is in the stream even if nothing is stored of it yet. */
function mayBeOnItsWay(acceptedAt: number, now: number): boolean {
  return acceptedAt <= now + CLOCK_SKEW_MS && acceptedAt >= now - STREAM_RETENTION_MS;
}

function answerWith(resource: ReturnType<typeof transferResource>): ApiAnswer {
  const headers = resource.status === 'pending' ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : undefined;
  return answerResource(200, resource, headers);
}
