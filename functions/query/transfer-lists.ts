/** Transfers, many at once: looked up by their ids, or those that are open. */
import { isTransferOnRecord, transferResource } from '../../core/contracts/http-answers.ts';
import { readAccountId, readListedState, readLookupRequest } from '../../core/contracts/http-requests.ts';
import type { LookupResource, TransferPage } from '../../core/contracts/list-answers.ts';
import { openCursor, readOpenCursor, readPageLimit } from '../../core/contracts/paging.ts';
import { transferClaimId } from '../../core/domain/outcome.ts';
import { listOpenTransfers, type OpenTransferPorts } from '../../core/flows/list-open-transfers.ts';
import { type ApiAnswer, type ApiCall, answerFault, answerResource } from '../runtime/route.ts';

export function transferListHandlers(ports: OpenTransferPorts) {
  return {
    lookUpTransfers: (call: ApiCall) => lookUp(ports, call),
    listOpenTransfers: (call: ApiCall) => showOpen(ports, call),
  };
}

/** What is known of each, in the order in which they were asked for; read at once, and strongly consistent. */
async function lookUp({ transfers }: OpenTransferPorts, { body, caller }: ApiCall): Promise<ApiAnswer> {
  const ids = readLookupRequest(body);
  if (!ids.ok) return answerFault(ids.fault);
  const claims = ids.value.map((id) => transferClaimId(caller.scope, id));
  const records = await transfers.get(claims, { consistent: true });
  const found = ids.value.flatMap((id) => {
    const record = records.get(transferClaimId(caller.scope, id));
    return record !== undefined && isTransferOnRecord(record) ? [transferResource(id, record)] : [];
  });
  const known = new Set(found.map(({ transaction_id }) => transaction_id));
  const resource: LookupResource = { transfers: found, unknown: ids.value.filter((id) => !known.has(id)) };
  return answerResource(200, resource);
}

async function showOpen(ports: OpenTransferPorts, { query, caller }: ApiCall): Promise<ApiAnswer> {
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
    transfers: transfers.map(({ transfer, record }) => transferResource(transfer, record)),
    next_cursor: next === undefined ? null : openCursor(next),
  };
  return answerResource(200, resource);
}
