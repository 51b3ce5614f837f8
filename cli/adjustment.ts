/** The transfer that makes up for a break, asked of the wallet's API like any other: claimed, decided, audited. */
import { createHash } from 'node:crypto';
import { WalletClient } from '../client/wallet-client.ts';
import type { KeptBreak } from '../core/domain/kept-break.ts';
import { formatAmount } from '../core/domain/money.ts';
import { adjustmentOf } from '../core/flows/resolve-break.ts';
import { CommandError, exitCodes } from './exit-codes.ts';

export interface AdjustmentOptions {
  readonly against: string;
  readonly api: string;
  readonly token?: string;
}

/** Makes the transfer and waits for it; making it again is the same transfer. Gives back its identity. */
export async function sendAdjustment(kept: KeptBreak, { against, api, token }: AdjustmentOptions): Promise<string> {
  const adjustment = adjustmentOf(kept, against);
  if (adjustment === undefined)
    throw new CommandError(
      exitCodes.wrong,
      `there is nothing to adjust in ${kept.id}: no difference, or no settlement account`,
    );
  const transaction_id = transferOf(kept.id);
  const wallet = new WalletClient({ baseUrl: api, ...(token === undefined ? {} : { token }) });
  const outcome = await wallet.transfer({
    transaction_id,
    from_account: adjustment.from,
    to_account: adjustment.to,
    amount: formatAmount(adjustment.amount, kept.currency),
    currency: kept.currency,
    description: `Adjusts ${kept.id}`,
    metadata: { break: kept.id },
  });
  if (outcome.ok && outcome.resource.status === 'success') return transaction_id;
  const why = outcome.ok ? `it is ${outcome.resource.status}` : outcome.problem.detail;
  throw new CommandError(
    exitCodes.wrong,
    `the adjusting transfer ${transaction_id} did not complete (${outcome.httpStatus}): ${why}`,
  );
}

/** A UUID that follows from the break (version 8, RFC 9562): asked twice, moved once. */
function transferOf(id: string): string {
  const hash = createHash('sha256').update(`adjustment of ${id}`).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
