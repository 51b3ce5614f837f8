/** Transfers, many at once: looked up by their ids, or those that are open. */
import type { Caller } from '../../core/contracts/caller.ts';
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
import { AccountHolders, type TransferView, viewOfTransfer } from '../../core/flows/see-transfer.ts';
import { readNotes } from '../../core/flows/transfer-notes.ts';
import type { NoteStore } from '../../core/ports.ts';
import { type ApiAnswer, type ApiCall, answerFault, answerResource } from '../runtime/route.ts';

/** Owners of accounts that are read at a time. */
const PARALLEL_READS = 16;

export interface TransferListPorts extends OpenTransferPorts {
  readonly notes: NoteStore;
}

/** A look-up asks of each transfer whose accounts it moves money between. */
interface LookupPorts extends TransferListPorts {
  readonly holders: AccountHolders;
}

export function transferListHandlers(ports: TransferListPorts) {
  const holders = new AccountHolders(ports.log);
  return {
    lookUpTransfers: (call: ApiCall) => lookUp({ ...ports, holders }, call),
    listOpenTransfers: (call: ApiCall) => showOpen(ports, call),
  };
}

/** What is known of each, in the order in which they were asked for; read at once, and strongly consistent. */
async function lookUp(ports: LookupPorts, { body, caller }: ApiCall): Promise<ApiAnswer> {
  const ids = readLookupRequest(body);
  if (!ids.ok) return answerFault(ids.fault);
  const claims = ids.value.map((id) => transferClaimId(caller.scope, id));
  const records = await ports.transfers.get(claims, { consistent: true });
  const onRecord = ids.value.flatMap((transfer) => {
    const record = records.get(transferClaimId(caller.scope, transfer));
    return record !== undefined && isTransferOnRecord(record) ? [{ transfer, record }] : [];
  });
  const found = await seenBy(ports, caller, onRecord);
  const known = new Set(found.map(({ transfer }) => transfer));
  const whole = await withNotes(ports.notes, caller.scope, found);
  const shown = whole.map((resource, i) => (found[i]?.view === 'payee' ? payeesResource(resource) : resource));
  const resource: LookupResource = { transfers: shown, unknown: ids.value.filter((id) => !known.has(id)) };
  return answerResource(200, resource);
}

interface SeenTransfer extends OpenTransfer {
  readonly view: TransferView;
}

/** Those that are the caller's business; the others are as unknown as those that do not exist. */
async function seenBy(
  { holders }: LookupPorts,
  caller: Caller,
  transfers: readonly OpenTransfer[],
): Promise<readonly SeenTransfer[]> {
  const seen = await inParallel(transfers, PARALLEL_READS, async (one): Promise<SeenTransfer> => {
    return { ...one, view: await viewOfTransfer(holders, caller, one.record) };
  });
  return seen.filter(({ view }) => view !== 'none');
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
