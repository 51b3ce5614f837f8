/** What is known of one transfer. */
import { isTransferOnRecord, type TransferOnRecord } from '../contracts/http-answers.ts';
import { transferClaimId } from '../domain/outcome.ts';
import type { TransferStore } from '../ports.ts';

/**
 * The record of a transfer; undefined while none is stored. Read strongly consistent, so that nobody who has been told of an
 * outcome reads an older one afterwards.
 */
export async function readTransfer(
  transfers: TransferStore,
  scope: string,
  transfer: string,
): Promise<TransferOnRecord | undefined> {
  const id = transferClaimId(scope, transfer);
  const record = (await transfers.get([id], { consistent: true })).get(id);
  return record !== undefined && isTransferOnRecord(record) ? record : undefined;
}
