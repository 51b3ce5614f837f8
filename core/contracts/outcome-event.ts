/**
 * Outcomes of transfers as others are told of them: domain events on the bus, and what webhooks carry. Their names and fields are
 * a contract: a field may be added, none is renamed, removed or given another meaning without a new version.
 *
 * An event is told at least once and in no order. `event_id` is the same each time, so whoever keeps the ids that were handled
 * handles each outcome once; a transfer has one outcome, so it has one id for ever.
 */
import * as z from 'zod/mini';
import { formatAmount } from '../domain/money.ts';
import type { Reason } from '../domain/reason.ts';
import { accountId, currencyCode, scopeName, transferId } from './json.ts';
import { timestampOf } from './timestamp.ts';

export const OUTCOME_VERSION = 1;

/** The ends of a transfer, and the type of the event that tells each. */
export const outcomeTypes = {
  completed: 'wallet.transfer.completed',
  rejected: 'wallet.transfer.rejected',
  reversed: 'wallet.transfer.reversed',
} as const;
export type OutcomeState = keyof typeof outcomeTypes;
export type OutcomeType = (typeof outcomeTypes)[OutcomeState];

const timestamp = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/));

/** Version 1. Readers must let fields pass that they do not know. */
export const outcomeEventSchema = z.object({
  v: z.literal(OUTCOME_VERSION),
  event_id: z.string().check(z.regex(/^[a-z0-9_:-]{1,128}$/)),
  type: z.enum(Object.values(outcomeTypes)),
  tenant: scopeName,
  transaction_id: transferId,
  state: z.enum(['completed', 'rejected', 'reversed']),
  /** Why a transfer was rejected or reversed; absent of one that completed. There may be new reasons within a version. */
  reason: z.exactOptional(z.string().check(z.regex(/^[a-z_]{1,64}$/))),
  from_account: accountId,
  to_account: accountId,
  /** Decimal string in major units. */
  amount: z.string().check(z.regex(/^[0-9]+(\.[0-9]+)?$/)),
  currency: currencyCode,
  /** Absent where the debit of a reversed transfer is too old to stand in the ledger's table. */
  accepted_at: z.exactOptional(timestamp),
  completed_at: timestamp,
});

export type OutcomeEvent = z.output<typeof outcomeEventSchema>;

/** What the log says of a transfer that is over. */
export interface Outcome {
  readonly scope: string;
  readonly transfer: string;
  readonly state: OutcomeState;
  readonly reason?: Reason;
  readonly from: string;
  readonly to: string;
  /** Minor units. */
  readonly amount: bigint;
  readonly currency: string;
  /** UTC milliseconds. */
  readonly acceptedAt?: number;
  /** Time of the commit that ended it, UTC milliseconds. */
  readonly completedAt: number;
}

/** The event that tells an outcome. The same outcome gives the same event, byte for byte. */
export function outcomeEvent(outcome: Outcome): OutcomeEvent {
  const { scope, transfer, state, from, to, amount, currency, acceptedAt, completedAt } = outcome;
  return {
    v: OUTCOME_VERSION,
    event_id: `${scope}:${transfer}:${state}`,
    type: outcomeTypes[state],
    tenant: scope,
    transaction_id: transfer,
    state,
    ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
    from_account: from,
    to_account: to,
    amount: formatAmount(amount, currency),
    currency,
    ...(acceptedAt === undefined ? {} : { accepted_at: timestampOf(acceptedAt) }),
    completed_at: timestampOf(completedAt),
  };
}
