/** Transfers, many at once: looked up by their ids, or those that are open. */
import {
  isTransferOnRecord,
  payeesResource,
  type TransferResource,
  transferResource,
} from '../../core/contracts/http-answers.ts';
import { readAccountId, readListedState, readLookupRequest } from '../../core/contracts/http-requests.ts';
import type { LookupResource, TransferPage } from '../../core/contracts/list-answers.ts';
import { openCursor, readOpenCursor, readPageLimit } from '../../core/contracts/paging.ts';
import { transferClaimId } from '../../core/domain/outcome.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import { listOpenTransfers, type OpenTransfer, type OpenTransferPorts } from '../../core/flows/list-open-transfers.ts';
import { AccountHolders, viewOfTransfer } from '../../core/flows/see-transfer.ts';
import { readNotes } from '../../core/flows/transfer-notes.ts';
import type { NoteStore } from '../../core/ports.ts';
import { type ApiAnswer, type ApiCall, answerFault, answerResource } from '../runtime/route.ts';

export interface TransferListPorts extends OpenTransferPorts {
  readonly notes: NoteStore;
}

/** Transfers whose owners are looked up at a time. */
const PARALLEL_LOOKS = 20;

export function transferListHandlers(ports: TransferListPorts) {
  const holders = new AccountHolders(ports.log);
  return {
    lookUpTransfers: (call: ApiCall) => lookUp(ports, holders, call),
    listOpenTransfers: (call: ApiCall) => showOpen(ports, call),
  };
}

/** What is known of each, in the order in which they were asked for; read at once, and strongly consistent. */
async function lookUp(
  { transfers, notes }: TransferListPorts,
  holders: AccountHolders,
  { body, caller }: ApiCall,
): Promise<ApiAnswer> {
  const ids = readLookupRequest(body);
  if (!ids.ok) return answerFault(ids.fault);
  const claims = ids.value.map((id) => transferClaimId(caller.scope, id));
  const records = await transfers.get(claims, { consistent: true });
  const found = ids.value.flatMap((transfer) => {
    const record = records.get(transferClaimId(caller.scope, transfer));
    return record !== undefined && isTransferOnRecord(record) ? [{ transfer, record }] : [];
  });
  // What is not the caller's to see is as unknown as what there is not.
  const views = await inParallel(found, PARALLEL_LOOKS, ({ record }) => viewOfTransfer(holders, caller, record));
  const seen = found.filter((_, i) => views[i] !== 'none');
  const kinds = views.filter((view) => view !== 'none');
  const known = new Set(seen.map(({ transfer }) => transfer));
  const whole = await withNotes(notes, caller.scope, seen);
  const shown = whole.map((resource, i) => (kinds[i] === 'payee' ? payeesResource(resource) : resource));
  const resource: LookupResource = { transfers: shown, unknown: ids.value.filter((id) => !known.has(id)) };
  return answerResource(200, resource);
}

async function showOpen(ports: TransferListPorts, { query, caller }: ApiCall): Promise<ApiAnswer> {
  const state = readListedState(query['state']);
  if (!state.ok) return answerFault(state.fault);
  const { account_id: text } = query;
  const account = text === undefined ? undefined : readAccountId(text);
  if (account?.ok === false) return answerFault(account.fault);
  const limit = readPageLimit(query['limit']);
  if (!limit.ok) return answerFault(limit.fault);
  const place = readOpenCursor(query['cursor']);
  if (!place.ok) return answerFault(place.fault);
  const asked = { scope: caller.scope, account: account?.value, limit: limit.value, place: place.value };
  const { transfers, next } = await listOpenTransfers(ports, asked);
  const resource: TransferPage = {
    transfers: await withNotes(ports.notes, caller.scope, transfers),
    next_cursor: next === undefined ? null : openCursor(next),
  };
  return answerResource(200, resource);
}

async function withNotes(
  notes: NoteStore,
  scope: string,
  transfers: readonly OpenTransfer[],
): Promise<readonly TransferResource[]> {
  const found = await readNotes(notes, scope, transfers);
  return transfers.map(({ transfer, record }) => ({ ...transferResource(transfer, record), ...found.get(transfer) }));
}
