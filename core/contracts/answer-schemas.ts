/**
 * Schemas of what the API answers, for its document and for tests: the builders in `http-answers.ts` and `trial-balance.ts` make
 * the resources, and their types hold both together. No function loads this.
 */
import * as z from 'zod/mini';
import type {
  AccountResource,
  BalanceResource,
  PhaseResource,
  TransferResource,
  TransferState,
  TransferStatus,
} from './http-answers.ts';
import { accountId, accountKind, currencyCode, partyName, reason, requestId, transferId } from './json.ts';
import {
  type AccountPage,
  type AccountTransferPage,
  type EntryResource,
  type LookupResource,
  STATEMENT_COLUMNS,
  type StatementResource,
  type TransferPage,
} from './list-answers.ts';
import { type Problem, problemReasons } from './problems.ts';
import type { trialBalanceResource } from './trial-balance.ts';

/** An amount in major units that may be below zero. */
export const decimal = z
  .string()
  .check(
    z.regex(/^-?(0|[1-9][0-9]{0,37})(\.[0-9]{1,4})?$/),
    z.meta({ id: 'Decimal', description: 'Amount in major units, with all decimals of its currency.' }),
  );
const GIVEN_TIMESTAMP = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3})?Z$/;
const TIMESTAMP = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;
export const timestamp = z
  .string()
  .check(
    z.regex(TIMESTAMP),
    z.meta({ id: 'Timestamp', description: 'Time in UTC with milliseconds (RFC 3339).', format: 'date-time' }),
  );
/** A time that a client gives; the answers' own schema has a name, so it cannot have another description. */
export function givenTimestamp(description: string): z.ZodMiniType {
  return z
    .string()
    .check(
      z.regex(GIVEN_TIMESTAMP),
      z.meta({ description, format: 'date-time', examples: ['2026-01-31T12:00:00.000Z'] }),
    );
}
export const count = z.int().check(z.nonnegative());
const version = z
  .int()
  .check(z.positive(), z.meta({ description: 'Version of the account: how many commits its log has.' }));

const transferStatus: z.ZodMiniType<TransferStatus> = z.enum(['pending', 'success', 'failed']);
const transferState: z.ZodMiniType<TransferState> = z.enum(['pending', 'completed', 'rejected', 'reversed']).check(
  z.meta({
    description: 'What became of it, exactly: `rejected` by the payer, or `reversed` after the payee refused.',
  }),
);

const phase: z.ZodMiniType<PhaseResource> = z
  .object({
    phase: z.enum(['accepted', 'debit', 'credit_sent', 'credit', 'refund_sent', 'refund', 'request']),
    at: timestamp,
    outcome: z.union([z.literal('ok'), reason]),
  })
  .check(z.meta({ id: 'Phase', description: 'A step of a transfer: when it was done, and with what result.' }));

const transferFields = {
  transaction_id: transferId,
  state: transferState,
  from_account: z.exactOptional(accountId),
  to_account: z.exactOptional(accountId),
  amount: z.exactOptional(decimal),
  currency: z.exactOptional(currencyCode),
  balance_after: z.exactOptional(decimal),
  reason: z.exactOptional(reason),
  description: z.exactOptional(z.string()),
  metadata: z.exactOptional(z.record(z.string(), z.string())),
  accepted_at: timestamp,
  completed_at: z.exactOptional(timestamp),
  phases: z.array(phase),
};

export const transfer: z.ZodMiniType<TransferResource> = z
  .object({ ...transferFields, status: transferStatus })
  .check(z.meta({ id: 'Transfer', description: 'A transfer. `balance_after` is the payer’s balance after it.' }));

const accountStatus = z.enum(['unopened', 'open', 'frozen', 'closing', 'closed']);

const accountFields = {
  account_id: accountId,
  kind: accountKind,
  currency: currencyCode,
  owner: partyName,
  balance: decimal,
  available: z
    .nullable(decimal)
    .check(z.meta({ description: 'What may be debited now; null where there is no limit.' })),
  held: decimal,
  overdraft_limit: decimal,
  transfer_limit: z
    .nullable(decimal)
    .check(z.meta({ description: 'Most that one transfer may take; null where there is no such limit.' })),
  daily_limit: z
    .nullable(decimal)
    .check(
      z.meta({ description: 'Most that the transfers of a day (UTC) may take; null where there is no such limit.' }),
    ),
  version,
  as_of: timestamp,
};

export const account: z.ZodMiniType<AccountResource> = z
  .object({ ...accountFields, status: accountStatus })
  .check(z.meta({ id: 'Account', description: 'An account at one version of its log.' }));

export const balance: z.ZodMiniType<BalanceResource> = z
  .object({
    account_id: accountId,
    balance: decimal,
    available: accountFields.available,
    currency: currencyCode,
    version,
    as_of: timestamp,
  })
  .check(z.meta({ id: 'Balance', description: 'The balance of an account at one version of its log.' }));

/** The account after a request that asked for something; `status` is the request's own. */
export const requestDone = z
  .object({ ...accountFields, status: z.literal('success'), account_status: accountStatus, request_id: requestId })
  .check(
    z.meta({ id: 'AccountRequestDone', description: 'The account after the request; `account_status` is its status.' }),
  );

export const requestPending = z
  .object({ status: z.literal('pending'), account_id: accountId, request_id: requestId, accepted_at: timestamp })
  .check(z.meta({ id: 'AccountRequestPending', description: 'The request is on its way; follow `Location`.' }));

const nextCursor = z
  .nullable(z.string())
  .check(z.meta({ description: 'Where the next page begins; null if there is none.' }));

export const accountPage: z.ZodMiniType<AccountPage> = z
  .object({ accounts: z.array(account), next_cursor: nextCursor })
  .check(z.meta({ id: 'AccountPage', description: 'A page of accounts, each as its newest commit says.' }));

export const transferPage: z.ZodMiniType<TransferPage> = z
  .object({ transfers: z.array(transfer), next_cursor: nextCursor })
  .check(z.meta({ id: 'TransferPage', description: 'A page of transfers.' }));

const direction = z
  .enum(['in', 'out'])
  .check(z.meta({ description: '`in` if the account is the payee, `out` if it is the payer.' }));

export const accountTransferPage: z.ZodMiniType<AccountTransferPage> = z
  .object({
    account_id: accountId,
    transfers: z.array(z.object({ ...transferFields, status: transferStatus, direction })),
    next_cursor: nextCursor,
  })
  .check(
    z.meta({
      id: 'AccountTransferPage',
      description: 'A page of an account’s transfers, newest first. `balance_after` is told of outgoing ones only.',
    }),
  );

export const lookup: z.ZodMiniType<LookupResource> = z
  .object({ transfers: z.array(transfer), unknown: z.array(transferId) })
  .check(z.meta({ id: 'TransferLookup', description: 'What is known, in the order of the request, and what is not.' }));

const entry: z.ZodMiniType<EntryResource> = z
  .object({
    at: timestamp,
    type: z.enum(['debit', 'credit', 'refund']),
    transaction_id: transferId,
    counterparty: accountId,
    amount: decimal,
    balance: decimal,
    version,
    index: count,
    description: z.exactOptional(z.string()),
  })
  .check(
    z.meta({
      id: 'StatementEntry',
      description: 'A movement: what was added to the balance, and the balance after it.',
    }),
  );

export const statement: z.ZodMiniType<StatementResource> = z
  .object({
    account_id: accountId,
    currency: currencyCode,
    from: z.nullable(timestamp),
    to: z.nullable(timestamp),
    opening_balance: decimal,
    closing_balance: decimal,
    entries: z.array(entry),
    next_cursor: nextCursor,
  })
  .check(
    z.meta({
      id: 'Statement',
      description: 'The opening balance and the amounts of all pages together are the closing balance.',
    }),
  );

export const statementCsv = z.string().check(
  z.meta({
    id: 'StatementCsv',
    description: `RFC 4180 with the columns ${STATEMENT_COLUMNS.join(', ')}; the next page is in the header \`Link\`.`,
  }),
);

export const trialBalance: z.ZodMiniType<ReturnType<typeof trialBalanceResource>> = z
  .object({
    as_of: timestamp,
    balanced: z.boolean(),
    currencies: z.array(
      z.object({ currency: currencyCode, balances: decimal, in_flight: decimal, sum: decimal, accounts: count }),
    ),
    unmatched_transfers: z.array(
      z.object({
        transaction_id: transferId,
        amount: decimal,
        currency: currencyCode,
        debits: count,
        credits: count,
        refunds: count,
      }),
    ),
  })
  .check(
    z.meta({ id: 'TrialBalance', description: 'Per currency: all balances, what is in flight, and their sum: zero.' }),
  );

export const problem: z.ZodMiniType<Problem> = z
  .looseObject({
    type: z
      .string()
      .check(z.meta({ format: 'uri', description: 'Identifies the reason to programs; a name, not an address.' })),
    title: z.string(),
    status: z.int().check(z.gte(400), z.lte(599)),
    detail: z.string(),
    reason: z.enum(problemReasons),
    field: z.exactOptional(
      z
        .string()
        .check(
          z.meta({ description: 'Path in the body (`transfers[3].amount`), or the name of a parameter or header.' }),
        ),
    ),
    fields: z.exactOptional(
      z.array(z.string()).check(z.meta({ description: 'Fields that differ from what the identity stands for.' })),
    ),
    ...problemIdentities(),
  })
  .check(
    z.meta({
      id: 'Problem',
      description: 'Why something was not done (RFC 9457). A failed transfer has its members beside these.',
    }),
  );

function problemIdentities() {
  return {
    transaction_id: z.exactOptional(transferId),
    account_id: z.exactOptional(accountId),
    request_id: z.exactOptional(requestId),
    state: z.exactOptional(transferState),
  };
}

export const batchResults = z
  .object({ results: z.array(z.union([transfer, problem])) })
  .check(z.meta({ id: 'BatchResults', description: 'What became of each transfer, in the order of the request.' }));
