/**
 * A page of the API's document for each row of the table of operations: what it is for, what it takes, what it answers and the
 * reasons for which it refuses. The OpenAPI document is made from it, and tests hold every answer to it. No function loads this.
 */
import * as z from 'zod/mini';
import { knownCurrencies } from '../domain/money.ts';
import {
  account,
  accountPage,
  accountTransferPage,
  balance,
  batchResults,
  givenTimestamp,
  lookup,
  requestDone,
  requestPending,
  statement,
  statementCsv,
  transfer,
  transferPage,
  trialBalance,
} from './answer-schemas.ts';
import {
  accountField,
  cashSchema,
  currencyField,
  descriptionField,
  limitsSchema,
  lookupSchema,
  MAX_BATCH_TRANSFERS,
  MAX_LOOKUP_TRANSFERS,
  MOST_METADATA,
  metadataField,
  metadataValueField,
  nothingSchema,
  openingSchema,
  transferField,
  transferSchema,
} from './http-requests.ts';
import { accountId, PARTY_NAME, transferId } from './json.ts';
import type { Operation, OperationId, Operations } from './operations.ts';
import { DEFAULT_PAGE_ITEMS, MOST_PAGE_ITEMS } from './paging.ts';
import type { ProblemReason } from './problems.ts';
import { webhookId } from './webhook.ts';
import {
  deadDeliveries,
  deletedWebhook,
  pingedWebhook,
  replayedWebhook,
  secretWebhook,
  webhookList,
  webhookResource,
} from './webhook-answers.ts';
import { webhookRequestSchema } from './webhook-requests.ts';

/** Sections of the document. */
export const tags = {
  Transfers: 'Money from one account to another, exactly once.',
  Accounts: 'Who holds what.',
  Ledger: 'The books as a whole.',
  Documentation: 'The API about itself.',
  Webhooks: 'Addresses that are told how transfers ended.',
} as const;

export type AnswerHeader =
  | 'Link'
  | 'Location'
  | 'Retry-After'
  | 'Preference-Applied'
  | 'X-Ledger-Reads'
  | 'WWW-Authenticate';

export interface AnswerDocument {
  readonly description: string;
  /** Schema by media type. */
  readonly content: Readonly<Record<string, z.ZodMiniType>>;
  readonly headers: readonly AnswerHeader[];
}

/** A call that a test makes of a wallet in which {@link exampleWorld} is the case. */
export interface Example {
  /** Values of the names in the path. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** The answer's HTTP status; what else it holds is recorded in `docs/examples.json` by the test that makes the calls. */
  readonly status: number;
  /** False for answers that the document should not show: they are long, or no JSON. */
  readonly isRecorded?: boolean;
}

export interface OperationDocument<Row extends Operation = Operation> {
  readonly tag: keyof typeof tags;
  readonly summary: string;
  readonly description: string;
  readonly query: Readonly<Record<Row['query'][number], z.ZodMiniType>>;
  readonly request?: z.ZodMiniType;
  readonly answers: Readonly<Record<number, AnswerDocument>>;
  /** Beside those that any request can meet. */
  readonly problems: readonly ProblemReason[];
  /** Problems of a transfer that failed: these reasons with the one status of all failed transfers. */
  readonly failures?: readonly ProblemReason[];
  readonly examples: Readonly<Record<string, Example>>;
}

/** Names in braces in a path. */
type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** Values of the names in paths. */
export const pathParameters: Readonly<Record<NamesIn<Operations[OperationId]['path']>, z.ZodMiniType>> = {
  account_id: accountField,
  transaction_id: transferField,
  file: z.enum(['start.js', 'swagger-ui.css', 'swagger-ui-bundle.js']),
  webhook_id: webhookId,
};

/** What is the case before each example. */
export const exampleWorld = {
  bank: { account_id: 'settlement:bank', currency: 'USD', owner: 'bank' },
  customers: [
    { account_id: 'alice', currency: 'USD', owner: 'alice' },
    { account_id: 'bob', currency: 'USD', owner: 'bob' },
    { account_id: 'empty', currency: 'USD', owner: 'bob' },
  ],
  /** Transfers that are settled: money for both. */
  transfers: [
    {
      transaction_id: '0190a5d4-7b3e-7c62-9a4f-000000000001',
      from_account: 'settlement:bank',
      to_account: 'alice',
      amount: '100.00',
      currency: 'USD',
    },
  ],
} as const;

const newTransferId = '0190a5d4-7b3e-7c62-9a4f-3c1d5e6f7a8b';
const newTransfer = {
  transaction_id: newTransferId,
  from_account: 'alice',
  to_account: 'bob',
  amount: '10.50',
  currency: 'USD',
};
const dearTransfer = {
  transaction_id: '0190a5d4-7b3e-7c62-9a4f-3c1d5e6f7a8c',
  from_account: 'bob',
  to_account: 'alice',
  amount: '10.50',
  currency: 'USD',
};
const knownTransfer = exampleWorld.transfers[0];
const unknownWebhook = { webhook_id: 'wh_0190a5d47b3e7c629a4f3c1d5e6f7a8b' };

describe(accountId, {
  id: 'AccountId',
  description: 'Accounts whose ids begin with `settlement:` are where money enters and leaves.',
});
describe(accountField, {
  id: 'AccountIdGiven',
  description: 'Id of an account, chosen by whoever opens it.',
  examples: ['alice'],
});
describe(transferId, { id: 'TransferId', description: 'UUID in lower case.', format: 'uuid' });
describe(transferField, {
  id: 'TransferIdGiven',
  description:
    'UUID that the client makes: the identity of the transfer. The same id moves money once, however often it is sent.',
  format: 'uuid',
});
describe(transferSchema, { id: 'TransferRequest', description: 'What to move.' });
describe(
  transferSchema.shape.amount,
  moneyGiven('Amount in major units, above zero, with at most the decimals of the currency.'),
);
describe(currencyField, {
  id: 'CurrencyGiven',
  description: 'Alphabetic code of ISO 4217.',
  enum: [...knownCurrencies()],
  examples: ['USD'],
});
describe(openingSchema, { id: 'AccountRequest', description: 'The account to open.' });
describe(openingSchema.shape.owner, { description: 'Whose account it is: a name that the caller’s own system knows.' });
describe(
  openingSchema.shape.overdraft_limit,
  moneyGiven('How far below zero the balance may go, in major units; zero unless given.'),
);
describe(
  openingSchema.shape.transfer_limit,
  moneyGiven('Most that one transfer may take, in major units; unlimited unless given.'),
);
describe(
  openingSchema.shape.daily_limit,
  moneyGiven('Most that the transfers of a day (UTC) may take together, in major units; unlimited unless given.'),
);
describe(limitsSchema, {
  id: 'LimitsRequest',
  description:
    'Limits to change: one that is not named stays as it is, and null takes one away. At least one is named.',
  // The currency and one limit.
  minProperties: 2,
});
/** Without the halves of surrogate pairs, which many programs cannot read in a pattern, and which no body may hold anyway. */
const SHOWN_TEXT = '^[^\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]';
describe(descriptionField, {
  description:
    'What the transfer is for. Both parties see it, and statements show it. A part of what the id stands for.',
  examples: ['Rent for May'],
  pattern: `${SHOWN_TEXT}{1,200}$`,
});
describe(metadataValueField, { pattern: `${SHOWN_TEXT}{0,500}$` });
describe(metadataField, {
  description: `At most ${MOST_METADATA} texts for the caller's own use, shown to the payer's side alone. A part of what the id stands for.`,
  examples: [{ invoice: '2026-05' }],
});
describe(cashSchema, { id: 'CashRequest', description: 'Money that enters or leaves by a settlement account.' });
describe(
  cashSchema.shape.amount,
  moneyGiven('Amount in major units, above zero, with at most the decimals of the currency.'),
);
describe(lookupSchema, { id: 'LookupRequest', description: 'Ids of transfers, each looked up once.' });
describe(limitsSchema.shape.overdraft_limit, moneyGiven('How far below zero the balance may go, in major units.'));
describe(limitsSchema.shape.transfer_limit, moneyGiven('Most that one transfer may take, in major units.'));
describe(
  limitsSchema.shape.daily_limit,
  moneyGiven('Most that the transfers of a day (UTC) may take together, in major units.'),
);
describe(nothingSchema, { id: 'Nothing', description: 'An empty object, or no body at all.' });

const manyTransfers = z
  .strictObject({ transfers: z.array(transferSchema).check(z.minLength(1), z.maxLength(MAX_BATCH_TRANSFERS)) })
  .check(
    z.meta({
      id: 'BatchRequest',
      description: 'Transfers, each on its own: what is wrong with one is no trouble for the others.',
    }),
  );

describe(webhookId, { id: 'WebhookId', description: 'Id of a webhook, made by the wallet.' });
describe(webhookRequestSchema.shape.events, { description: 'All events unless given.', uniqueItems: true });
describe(webhookRequestSchema, { id: 'WebhookRequest', description: 'Where to send which events.' });

const consistent = z
  .enum(['true', 'false'])
  .check(
    z.meta({ description: 'Every answer is strongly consistent; the parameter is for readers that count on it.' }),
  );

const limit = z.int().check(
  z.gte(1),
  z.lte(MOST_PAGE_ITEMS),
  z.meta({
    description: `Items of the page, ${DEFAULT_PAGE_ITEMS} unless given. A page may have fewer, and still not be the last.`,
  }),
);
const cursor = z
  .string()
  .check(z.maxLength(512), z.meta({ description: 'The `next_cursor` of the page before, of the same question.' }));
const period = {
  from: givenTimestamp('The first moment that is asked for.'),
  to: givenTimestamp('The first moment that is not asked for any more.'),
};
const cash = {
  transaction_id: newTransferId,
  account_id: 'alice',
  settlement_account: 'settlement:bank',
  amount: '25.00',
  currency: 'USD',
};
const settledTransfer: Readonly<Record<number, AnswerDocument>> = {
  200: found('The transfer is settled.', transfer, ['Preference-Applied']),
  202: found('The transfer is on its way; `Location` says where to look.', transfer, [
    'Location',
    'Retry-After',
    'Preference-Applied',
  ]),
};

const moneyFaults = ['unknown_currency', 'not_a_decimal', 'too_many_decimals', 'too_many_digits'] as const;
const accountRefusals = [
  'account_not_found',
  'not_owner',
  'account_closed',
  'account_frozen',
  'currency_mismatch',
] as const;
const transferFailures = [
  ...accountRefusals,
  'cancelled',
  'transfer_limit_exceeded',
  'daily_limit_exceeded',
  'insufficient_funds',
] as const;

const done = (description: string): AnswerDocument => ({
  description,
  content: { 'application/json': requestDone },
  headers: ['Preference-Applied'],
});
const pending: AnswerDocument = {
  description: 'It is on its way; `Location` says where to look.',
  content: { 'application/json': requestPending },
  headers: ['Location', 'Retry-After', 'Preference-Applied'],
};

export const operationDocuments: { readonly [Id in OperationId]: OperationDocument<Operations[Id]> } = {
  sendTransfer: {
    tag: 'Transfers',
    summary: 'Move money',
    description:
      'Sends one transfer and waits for its outcome. Sent again with the same `transaction_id` and content it moves nothing, and is answered with what became of it.',
    query: {},
    request: transferSchema,
    answers: {
      200: found('The transfer is settled.', transfer, ['Preference-Applied']),
      202: found('The transfer is on its way; `Location` says where to look.', transfer, [
        'Location',
        'Retry-After',
        'Preference-Applied',
      ]),
    },
    problems: [...moneyFaults, 'not_positive', 'same_account', 'content_conflict'],
    failures: transferFailures,
    examples: {
      settled: {
        body: newTransfer,
        status: 200,
      },
      noted: { body: { ...newTransfer, description: 'Rent for May', metadata: { invoice: '2026-05' } }, status: 200 },
      refused: { body: dearTransfer, status: 422 },
      duplicate: { body: knownTransfer, status: 200 },
      conflict: {
        body: { ...knownTransfer, amount: '1' },
        status: 409,
      },
      inexact: {
        body: { ...newTransfer, amount: '10.005' },
        status: 400,
      },
    },
  },
  sendTransfers: {
    tag: 'Transfers',
    summary: 'Move money many times',
    description: `Sends up to ${MAX_BATCH_TRANSFERS} transfers. Each has its own outcome: pending, settled, or a problem.`,
    query: {},
    request: manyTransfers,
    answers: { 200: found('What became of each, in their order.', batchResults, ['Preference-Applied']) },
    problems: [],
    examples: {
      mixed: {
        body: { transfers: [newTransfer, dearTransfer] },
        status: 200,
      },
    },
  },
  deposit: {
    tag: 'Transfers',
    summary: 'Take money in',
    description:
      'Moves money from a settlement account to a customer. It is a transfer like any other: looked at, listed and repeated as such.',
    query: {},
    request: cashSchema,
    answers: settledTransfer,
    problems: [...moneyFaults, 'not_positive', 'kind_mismatch', 'content_conflict'],
    failures: transferFailures,
    examples: { settled: { body: cash, status: 200 } },
  },
  withdraw: {
    tag: 'Transfers',
    summary: 'Pay money out',
    description:
      'Moves money from a customer to a settlement account. It is a transfer like any other: looked at, listed and repeated as such.',
    query: {},
    request: cashSchema,
    answers: settledTransfer,
    problems: [...moneyFaults, 'not_positive', 'kind_mismatch', 'content_conflict'],
    failures: transferFailures,
    examples: { settled: { body: cash, status: 200 } },
  },
  openAccount: {
    tag: 'Accounts',
    summary: 'Open an account',
    description:
      'Opens an account, or one that is still closing again. Opening it again with the same properties succeeds.',
    query: {},
    request: openingSchema,
    answers: { 200: done('The account was open already.'), 201: done('The account is open.'), 202: pending },
    problems: [
      ...moneyFaults,
      'kind_mismatch',
      'overdraft_on_settlement',
      'limits_on_settlement',
      'account_exists',
      'not_owner',
      'operators_only',
      'account_closed',
      'content_conflict',
    ],
    examples: {
      opened: {
        body: { account_id: 'carol', currency: 'EUR', owner: 'carol' },
        status: 201,
      },
      taken: {
        body: { account_id: 'alice', currency: 'USD', owner: 'mallory' },
        status: 409,
      },
    },
  },
  changeLimits: {
    tag: 'Accounts',
    summary: 'Change limits',
    description:
      'Sets the overdraft limit, and what one transfer and the transfers of a day (UTC) may take, or takes them away. An overdraft limit below what is used of it is accepted: nothing is debited then until the account is covered.',
    query: {},
    request: limitsSchema,
    answers: { 200: done('The account has these limits.'), 202: pending },
    problems: [
      ...moneyFaults,
      'limits_on_settlement',
      'account_not_found',
      'not_owner',
      'account_closed',
      'currency_mismatch',
      'content_conflict',
    ],
    examples: {
      changed: {
        params: { account_id: 'alice' },
        body: { currency: 'USD', transfer_limit: '50.00', daily_limit: '200.00' },
        status: 200,
      },
    },
  },
  freezeAccount: {
    tag: 'Accounts',
    summary: 'Freeze an account',
    description: 'A frozen account refuses debits and credits, never refunds.',
    query: {},
    request: nothingSchema,
    answers: { 200: done('The account is frozen.'), 202: pending },
    problems: ['account_not_found', 'not_owner', 'account_closed', 'content_conflict'],
    examples: { frozen: { params: { account_id: 'alice' }, status: 200 } },
  },
  unfreezeAccount: {
    tag: 'Accounts',
    summary: 'Unfreeze an account',
    description: 'Takes a freeze away.',
    query: {},
    request: nothingSchema,
    answers: { 200: done('The account is open.'), 202: pending },
    problems: ['account_not_found', 'not_owner', 'account_closed', 'content_conflict'],
    examples: { open: { params: { account_id: 'alice' }, status: 200 } },
  },
  closeAccount: {
    tag: 'Accounts',
    summary: 'Close an account',
    description:
      'Closes an account whose balance and holds are zero. It is `closing` until all its transfers are over, and `closed` then.',
    query: {},
    request: nothingSchema,
    answers: { 200: done('The account is closing.'), 202: pending },
    problems: ['account_not_found', 'not_owner', 'account_closed', 'account_frozen', 'not_empty', 'content_conflict'],
    examples: {
      closing: { params: { account_id: 'empty' }, status: 200 },
      not_empty: { params: { account_id: 'alice' }, status: 409 },
    },
  },
  lookUpTransfers: {
    tag: 'Transfers',
    summary: 'Look at many transfers',
    description: `Up to ${MAX_LOOKUP_TRANSFERS} transfers by their ids, in one strongly consistent read. It changes nothing, and may be sent again.`,
    query: {},
    request: lookupSchema,
    answers: { 200: found('What is known of them.', lookup) },
    problems: [],
    examples: {
      mixed: { body: { transaction_ids: [knownTransfer.transaction_id, newTransferId] }, status: 200 },
    },
  },
  listOpenTransfers: {
    tag: 'Transfers',
    summary: 'List open transfers',
    description:
      'Transfers that were debited and are not over, from the records of the work that is under way; those first that are looked after first.',
    query: {
      state: z
        .literal('open')
        .check(z.meta({ description: 'The only state that there is a list of, and so what is listed without it.' })),
      account_id: accountField,
      limit,
      cursor,
    },
    answers: { 200: found('A page of them.', transferPage) },
    problems: [],
    examples: { none: { query: { state: 'open' }, status: 200 } },
  },
  getTransfer: {
    tag: 'Transfers',
    summary: 'Look at a transfer',
    description:
      'The transfer with its phases. Read strongly consistent: who was told of an outcome never reads an older one.',
    query: {
      accepted_at: givenTimestamp(
        'From the `Location` of a 202: the transfer is known to be on its way, also before anything is stored of it.',
      ),
    },
    answers: { 200: found('What is known of the transfer.', transfer, ['Retry-After']) },
    problems: ['transfer_not_found'],
    examples: {
      found: {
        params: { transaction_id: knownTransfer.transaction_id },
        status: 200,
      },
      unknown: {
        params: { transaction_id: newTransfer.transaction_id },
        status: 404,
      },
    },
  },
  listAccounts: {
    tag: 'Accounts',
    summary: 'List accounts',
    description:
      'Accounts of the caller, or for operators those of any `owner`, or all. In an order of the wallet’s own; an account that was just opened may be missing for a moment.',
    query: {
      owner: z
        .string()
        .check(z.regex(PARTY_NAME), z.meta({ description: 'Accounts of this owner only.', examples: ['alice'] })),
      limit,
      cursor,
    },
    answers: { 200: found('A page of them.', accountPage) },
    problems: ['operators_only'],
    examples: { owned: { query: { owner: 'bob' }, status: 200 } },
  },
  getAccount: {
    tag: 'Accounts',
    summary: 'Look at an account',
    description: 'The account as its newest commit says.',
    query: { consistent },
    answers: { 200: found('The account.', account) },
    problems: ['account_not_found'],
    examples: {
      found: { params: { account_id: 'alice' }, status: 200 },
      unknown: { params: { account_id: 'nobody' }, status: 404 },
    },
  },
  getBalance: {
    tag: 'Accounts',
    summary: 'Look at a balance',
    description: 'Balance, and what may be debited now.',
    query: {
      consistent,
      at: givenTimestamp('The balance at this moment instead of now, from the log itself.'),
    },
    answers: { 200: found('The balance.', balance, ['X-Ledger-Reads']) },
    problems: ['account_not_found'],
    examples: {
      found: {
        params: { account_id: 'alice' },
        query: { consistent: 'true' },
        status: 200,
      },
    },
  },
  listAccountTransfers: {
    tag: 'Transfers',
    summary: 'List the transfers of an account',
    description:
      'Every transfer that the account paid, was to pay, was paid or was to be paid, newest first, from the account’s own log. Pages stay where they are while transfers go on.',
    query: {
      ...period,
      direction: z.enum(['in', 'out']).check(z.meta({ description: 'Incoming or outgoing transfers only.' })),
      limit,
      cursor,
    },
    answers: { 200: found('A page of them.', accountTransferPage) },
    problems: ['account_not_found'],
    examples: { incoming: { params: { account_id: 'alice' }, query: { direction: 'in', limit: '10' }, status: 200 } },
  },
  getStatement: {
    tag: 'Accounts',
    summary: 'Read a statement',
    description:
      'Every movement of money on the account, oldest first, with the balance after each, as JSON or, if `Accept` names `text/csv` first, as CSV. All pages are of one statement, whatever happens meanwhile.',
    query: { ...period, limit, cursor },
    answers: {
      200: {
        description: 'A page of the statement.',
        content: { 'application/json': statement, 'text/csv': statementCsv },
        headers: ['Link'],
      },
    },
    problems: ['account_not_found'],
    examples: { whole: { params: { account_id: 'alice' }, status: 200 } },
  },
  getTrialBalance: {
    tag: 'Ledger',
    summary: 'Do the books balance?',
    description:
      'Sums of all accounts per currency with what is in flight, at a cut through the ledger. Of a very large wallet the last one that was computed.',
    query: { at: givenTimestamp('The cut: everything committed at this time or before.') },
    answers: { 200: found('The trial balance.', trialBalance) },
    problems: [],
    examples: { balanced: { status: 200 } },
  },
  getOpenApi: {
    tag: 'Documentation',
    summary: 'This document',
    description: 'The description of the API in the format of OpenAPI 3.1.',
    query: {},
    answers: { 200: found('The document.', z.looseObject({ openapi: z.string(), paths: z.looseObject({}) })) },
    problems: [],
    examples: { document: { status: 200, isRecorded: false } },
  },
  getDocs: {
    tag: 'Documentation',
    summary: 'This document as a page',
    description: 'A page for people, with all its files from here.',
    query: {},
    answers: { 200: { description: 'The page.', content: { 'text/html': z.string() }, headers: [] } },
    problems: [],
    examples: { page: { status: 200, isRecorded: false } },
  },
  getDocsFile: {
    tag: 'Documentation',
    summary: 'A file of the page',
    description: 'Scripts and styles of the page.',
    query: {},
    answers: {
      200: {
        description: 'The file.',
        content: { 'text/javascript': z.string(), 'text/css': z.string() },
        headers: [],
      },
    },
    problems: ['route_not_found'],
    examples: {
      script: { params: { file: 'start.js' }, status: 200, isRecorded: false },
      unknown: { params: { file: 'index.html' }, status: 404 },
    },
  },
  registerWebhook: {
    tag: 'Webhooks',
    summary: 'Register a webhook',
    description:
      'Tells an https address how transfers of this tenant end, signed as Standard Webhooks. The secret is in this answer and in none that comes later, except where the same request is repeated within a day.',
    query: {},
    request: webhookRequestSchema,
    answers: { 201: found('The webhook, with its secret.', secretWebhook) },
    problems: ['webhook_refused', 'too_many_webhooks', 'content_conflict', 'webhook_not_found'],
    examples: {
      registered: { body: { url: 'https://hooks.example.com/wallet', description: 'bookkeeping' }, status: 201 },
      private: { body: { url: 'https://169.254.169.254/latest/meta-data/' }, status: 400 },
    },
  },
  listWebhooks: {
    tag: 'Webhooks',
    summary: 'List webhooks',
    description: 'All webhooks of the tenant, without their secrets.',
    query: {},
    answers: { 200: found('The webhooks.', webhookList) },
    problems: [],
    examples: { none: { status: 200 } },
  },
  getWebhook: {
    tag: 'Webhooks',
    summary: 'Look at a webhook',
    description: 'One webhook, without its secret.',
    query: {},
    answers: { 200: found('The webhook.', webhookResource) },
    problems: ['webhook_not_found'],
    examples: { unknown: { params: unknownWebhook, status: 404 } },
  },
  deleteWebhook: {
    tag: 'Webhooks',
    summary: 'Delete a webhook',
    description: 'Nothing more is sent to it, also not what is on its way.',
    query: {},
    answers: { 200: found('It is deleted.', deletedWebhook) },
    problems: ['webhook_not_found'],
    examples: { unknown: { params: unknownWebhook, status: 404 } },
  },
  rotateWebhookSecret: {
    tag: 'Webhooks',
    summary: 'Rotate the secret of a webhook',
    description: 'Makes a new secret. For a day deliveries are signed with both, so that a receiver can change over.',
    query: {},
    request: nothingSchema,
    answers: { 200: found('The webhook, with its new secret.', secretWebhook) },
    problems: ['webhook_not_found'],
    examples: { unknown: { params: unknownWebhook, status: 404 } },
  },
  pingWebhook: {
    tag: 'Webhooks',
    summary: 'Ping a webhook',
    description: 'Sends an event of type `wallet.ping` by the way that all events go.',
    query: {},
    request: nothingSchema,
    answers: { 202: found('The ping is on its way.', pingedWebhook) },
    problems: ['webhook_not_found'],
    examples: { unknown: { params: unknownWebhook, status: 404 } },
  },
  listDeadDeliveries: {
    tag: 'Webhooks',
    summary: 'List dead deliveries',
    description: 'Events that the webhook did not take in a day, at most 100 of them.',
    query: {},
    answers: { 200: found('The dead deliveries.', deadDeliveries) },
    problems: ['webhook_not_found'],
    examples: { unknown: { params: unknownWebhook, status: 404 } },
  },
  replayDeadDeliveries: {
    tag: 'Webhooks',
    summary: 'Replay dead deliveries',
    description: 'Sends up to 100 dead deliveries on their way again, each with the id that it always had.',
    query: {},
    request: nothingSchema,
    answers: { 202: found('They are on their way.', replayedWebhook) },
    problems: ['webhook_not_found'],
    examples: { unknown: { params: unknownWebhook, status: 404 } },
  },
};

/** Gives a schema a description and a name for the document. It changes nothing of what the schema accepts. */
function describe(schema: z.ZodMiniType, meta: z.core.GlobalMeta): void {
  z.globalRegistry.add(schema, meta);
}

/** What the parser of amounts accepts, as far as it does not depend on the currency. */
function moneyGiven(description: string): z.core.GlobalMeta {
  return { description, examples: ['10.50'], pattern: '^(0|[1-9][0-9]{0,17})(\\.[0-9]{1,4})?$' };
}

function found(description: string, schema: z.ZodMiniType, headers: readonly AnswerHeader[] = []): AnswerDocument {
  return { description, content: { 'application/json': schema }, headers };
}
