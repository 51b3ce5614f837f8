/**
 * The table of operations: everything that the HTTP API can be asked for. The functions' routes, the resources of API Gateway, the
 * OpenAPI document, the docs and the matrix of who may do what are all made from it.
 *
 * To add an operation:
 *   1. add its row here;
 *   2. add its page to `operation-documents.ts` (nothing compiles until it is there);
 *   3. add its handler, under the same id, to the function that serves it (again, nothing compiles before);
 *   4. `npm run openapi` writes what is generated; tests say if that was forgotten.
 *
 * The rows are plain data and import nothing: every function loads them, schemas are in the documents only.
 */

/** What a token can permit. An operator (`wallet:operate`) may do everything within one tenant. */
export const scopes = ['wallet:read', 'wallet:transfer', 'wallet:accounts', 'wallet:operate'] as const;
export type Scope = (typeof scopes)[number];

/** The functions that serve HTTP; each is a folder under `functions/`. */
export type ServingFunction = 'intake' | 'query' | 'webhooks' | 'documentation';

export interface Operation {
  readonly served: ServingFunction;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path with names in braces, each for one segment: `/v1/wallet/accounts/{account_id}`. */
  readonly path: string;
  /** One of these is enough. Empty: anybody may ask, also without a token. */
  readonly scopes: readonly Scope[];
  /** Whether a request needs a body; one that needs none may have an empty object. */
  readonly body: 'json' | 'none';
  /** Names of the query parameters; any other is refused, and so is one that comes twice. */
  readonly query: readonly string[];
  /** Headers that mean something here, beside those of every request. */
  readonly headers: readonly RequestHeader[];
}

/** `Prefer` says how long to wait (RFC 7240), `Idempotency-Key` is the identity of a request that has none in its body. */
export type RequestHeader = 'Prefer' | 'Idempotency-Key';

const ACCOUNT = '/v1/wallet/accounts/{account_id}';
const WEBHOOK = '/v1/wallet/webhooks/{webhook_id}';

export const operations = {
  sendTransfer: {
    served: 'intake',
    method: 'POST',
    path: '/v1/wallet/balance_transfer',
    scopes: ['wallet:transfer', 'wallet:operate'],
    body: 'json',
    query: [],
    headers: ['Prefer'],
  },
  sendTransfers: {
    served: 'intake',
    method: 'POST',
    path: '/v1/wallet/balance_transfers',
    scopes: ['wallet:transfer', 'wallet:operate'],
    body: 'json',
    query: [],
    headers: ['Prefer'],
  },
  deposit: {
    served: 'intake',
    method: 'POST',
    path: '/v1/wallet/deposits',
    scopes: ['wallet:operate'],
    body: 'json',
    query: [],
    headers: ['Prefer'],
  },
  withdraw: {
    served: 'intake',
    method: 'POST',
    path: '/v1/wallet/withdrawals',
    scopes: ['wallet:operate'],
    body: 'json',
    query: [],
    headers: ['Prefer'],
  },
  openAccount: {
    served: 'intake',
    method: 'POST',
    path: '/v1/wallet/accounts',
    scopes: ['wallet:accounts', 'wallet:operate'],
    body: 'json',
    query: [],
    headers: ['Prefer', 'Idempotency-Key'],
  },
  changeLimits: {
    served: 'intake',
    method: 'POST',
    path: `${ACCOUNT}/limits`,
    scopes: ['wallet:operate'],
    body: 'json',
    query: [],
    headers: ['Prefer', 'Idempotency-Key'],
  },
  freezeAccount: {
    served: 'intake',
    method: 'POST',
    path: `${ACCOUNT}/freeze`,
    scopes: ['wallet:operate'],
    body: 'none',
    query: [],
    headers: ['Prefer', 'Idempotency-Key'],
  },
  unfreezeAccount: {
    served: 'intake',
    method: 'POST',
    path: `${ACCOUNT}/unfreeze`,
    scopes: ['wallet:operate'],
    body: 'none',
    query: [],
    headers: ['Prefer', 'Idempotency-Key'],
  },
  closeAccount: {
    served: 'intake',
    method: 'POST',
    path: `${ACCOUNT}/close`,
    scopes: ['wallet:accounts', 'wallet:operate'],
    body: 'none',
    query: [],
    headers: ['Prefer', 'Idempotency-Key'],
  },
  lookUpTransfers: {
    served: 'query',
    method: 'POST',
    path: '/v1/wallet/transfers/lookup',
    scopes: ['wallet:read', 'wallet:operate'],
    body: 'json',
    query: [],
    headers: [],
  },
  listOpenTransfers: {
    served: 'query',
    method: 'GET',
    path: '/v1/wallet/transfers',
    scopes: ['wallet:operate'],
    body: 'none',
    query: ['state', 'account_id', 'limit', 'cursor'],
    headers: [],
  },
  getTransfer: {
    served: 'query',
    method: 'GET',
    path: '/v1/wallet/transfers/{transaction_id}',
    scopes: ['wallet:read', 'wallet:operate'],
    body: 'none',
    query: ['accepted_at'],
    headers: [],
  },
  listAccounts: {
    served: 'query',
    method: 'GET',
    path: '/v1/wallet/accounts',
    scopes: ['wallet:read', 'wallet:operate'],
    body: 'none',
    query: ['owner', 'limit', 'cursor'],
    headers: [],
  },
  getAccount: {
    served: 'query',
    method: 'GET',
    path: ACCOUNT,
    scopes: ['wallet:read', 'wallet:operate'],
    body: 'none',
    query: ['consistent'],
    headers: [],
  },
  getBalance: {
    served: 'query',
    method: 'GET',
    path: `${ACCOUNT}/balance`,
    scopes: ['wallet:read', 'wallet:operate'],
    body: 'none',
    query: ['consistent', 'at'],
    headers: [],
  },
  listAccountTransfers: {
    served: 'query',
    method: 'GET',
    path: `${ACCOUNT}/transfers`,
    scopes: ['wallet:read', 'wallet:operate'],
    body: 'none',
    query: ['from', 'to', 'direction', 'limit', 'cursor'],
    headers: [],
  },
  getStatement: {
    served: 'query',
    method: 'GET',
    path: `${ACCOUNT}/statement`,
    scopes: ['wallet:read', 'wallet:operate'],
    body: 'none',
    query: ['from', 'to', 'limit', 'cursor'],
    headers: [],
  },
  getTrialBalance: {
    served: 'query',
    method: 'GET',
    path: '/v1/wallet/trial_balance',
    scopes: ['wallet:operate'],
    body: 'none',
    query: ['at'],
    headers: [],
  },
  getOpenApi: {
    served: 'documentation',
    method: 'GET',
    path: '/v1/openapi.json',
    scopes: [],
    body: 'none',
    query: [],
    headers: [],
  },
  getDocs: {
    served: 'documentation',
    method: 'GET',
    path: '/v1/docs',
    scopes: [],
    body: 'none',
    query: [],
    headers: [],
  },
  getDocsFile: {
    served: 'documentation',
    method: 'GET',
    path: '/v1/docs/{file}',
    scopes: [],
    body: 'none',
    query: [],
    headers: [],
  },
  registerWebhook: {
    served: 'webhooks',
    method: 'POST',
    path: '/v1/wallet/webhooks',
    scopes: ['wallet:operate'],
    body: 'json',
    query: [],
    headers: ['Idempotency-Key'],
  },
  listWebhooks: {
    served: 'webhooks',
    method: 'GET',
    path: '/v1/wallet/webhooks',
    scopes: ['wallet:operate'],
    body: 'none',
    query: [],
    headers: [],
  },
  getWebhook: {
    served: 'webhooks',
    method: 'GET',
    path: WEBHOOK,
    scopes: ['wallet:operate'],
    body: 'none',
    query: [],
    headers: [],
  },
  deleteWebhook: {
    served: 'webhooks',
    method: 'DELETE',
    path: WEBHOOK,
    scopes: ['wallet:operate'],
    body: 'none',
    query: [],
    headers: [],
  },
  rotateWebhookSecret: {
    served: 'webhooks',
    method: 'POST',
    path: `${WEBHOOK}/rotate_secret`,
    scopes: ['wallet:operate'],
    body: 'none',
    query: [],
    headers: ['Idempotency-Key'],
  },
  pingWebhook: {
    served: 'webhooks',
    method: 'POST',
    path: `${WEBHOOK}/ping`,
    scopes: ['wallet:operate'],
    body: 'none',
    query: [],
    headers: ['Idempotency-Key'],
  },
  listDeadDeliveries: {
    served: 'webhooks',
    method: 'GET',
    path: `${WEBHOOK}/dead_deliveries`,
    scopes: ['wallet:operate'],
    body: 'none',
    query: [],
    headers: [],
  },
  replayDeadDeliveries: {
    served: 'webhooks',
    method: 'POST',
    path: `${WEBHOOK}/replay`,
    scopes: ['wallet:operate'],
    body: 'none',
    query: [],
    headers: ['Idempotency-Key'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

export type Operations = typeof operations;
export type OperationId = keyof Operations;

/** Ids of the operations that a function serves. */
export type ServedBy<Served extends ServingFunction> = {
  [Id in OperationId]: Operations[Id]['served'] extends Served ? Id : never;
}[OperationId];

/** Ids in the order of the table. */
export const operationIds: readonly OperationId[] = Object.keys(operations).filter(isOperationId);

function isOperationId(name: string): name is OperationId {
  return Object.hasOwn(operations, name);
}

/** A row of the table, as any other. */
export function operation(id: OperationId): Operation {
  return operations[id];
}
