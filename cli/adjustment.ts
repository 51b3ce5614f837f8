/** The transfer that makes up for a break, asked of the wallet's API like any other: claimed, decided, audited. */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { KeptBreak } from '../core/domain/kept-break.ts';
import { formatAmount } from '../core/domain/money.ts';
import { adjustmentOf } from '../core/flows/resolve-break.ts';
import { CommandError, exitCodes } from './exit-codes.ts';

/** The API answers within 29 s. */
const PATIENCE_MS = 35_000;

export interface AdjustmentOptions {
  readonly against: string;
  readonly api: string;
  readonly token?: string;
}

const answerSchema = z.object({
  status: z.optional(z.union([z.string(), z.number()])),
  detail: z.optional(z.string()),
  title: z.optional(z.string()),
});

/** Makes the transfer and waits for it; making it again is the same transfer. Gives back its identity. */
export async function sendAdjustment(kept: KeptBreak, { against, api, token }: AdjustmentOptions): Promise<string> {
  const adjustment = adjustmentOf(kept, against);
  if (adjustment === undefined)
    throw new CommandError(
      exitCodes.wrong,
      `there is nothing to adjust in ${kept.id}: no difference, or no settlement account`,
    );
  const transaction_id = transferOf(kept.id);
  const response = await fetch(new URL('v1/wallet/balance_transfer', api.endsWith('/') ? api : `${api}/`), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      prefer: 'wait=25',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({
      transaction_id,
      from_account: adjustment.from,
      to_account: adjustment.to,
      amount: formatAmount(adjustment.amount, kept.currency),
      currency: kept.currency,
      description: `Adjusts ${kept.id}`,
      metadata: { break: kept.id },
    }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const answer = answerSchema.safeParse(await response.json());
  if (response.ok && answer.success && answer.data.status === 'success') return transaction_id;
  const why = answer.success ? (answer.data.detail ?? answer.data.title ?? String(answer.data.status)) : '';
  throw new CommandError(
    exitCodes.wrong,
    `the adjusting transfer ${transaction_id} did not complete (${response.status}): ${why}`,
  );
}

/** A UUID that follows from the break (version 8, RFC 9562): asked twice, moved once. */
function transferOf(id: string): string {
  const hash = createHash('sha256').update(`adjustment of ${id}`).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
