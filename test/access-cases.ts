/**
 * The access matrix: for every operation of the table, what becomes of a request without a good token, without the scope, by
 * somebody whose account it is not, and by an operator. A row for each operation has to be here: a new operation does not compile
 * without one.
 */
import type { OperationId } from '../core/contracts/operations.ts';

export interface AccessCase {
  /** Path with its values, of an account of Alice or a transfer that she made. */
  readonly path: string;
  readonly body?: object;
  /** What Mallory is told, who may do what customers may; `operators` where no customer has the scope, `own` where there is nothing of others, `public` where no token is asked for. */
  readonly other: { readonly status: number; readonly reason?: string } | 'operators' | 'own' | 'public';
}

/** What there is when the cases are asked. */
export interface AccessScene {
  /** An account of Alice with money on it. */
  readonly account: string;
  /** A transfer from that account that is over. */
  readonly transfer: string;
  /** A new UUID. */
  readonly newId: () => string;
}

const webhooks = '/v1/wallet/webhooks';
/** What is not there answers an operator as well as what is: it was let in. */
const unknownWebhook = `${webhooks}/wh_${'0'.repeat(32)}`;
const hidden = { status: 404 };
const bank = 'settlement:bank';
const refused = { status: 403, reason: 'not_owner' };

export function accessCases({ account, transfer, newId }: AccessScene): Readonly<Record<OperationId, AccessCase>> {
  const accounts = '/v1/wallet/accounts';
  const debit = () => ({
    transaction_id: newId(),
    from_account: account,
    to_account: 'nobody-in-particular',
    amount: '1',
    currency: 'USD',
  });
  return {
    sendTransfer: { path: '/v1/wallet/balance_transfer', body: debit(), other: { status: 422, reason: 'not_owner' } },
    sendTransfers: {
      path: '/v1/wallet/balance_transfers',
      body: { transfers: [debit()] },
      other: { status: 200, reason: 'not_owner' },
    },
    deposit: {
      path: '/v1/wallet/deposits',
      body: { transaction_id: newId(), account_id: account, settlement_account: bank, amount: '1', currency: 'USD' },
      other: 'operators',
    },
    withdraw: {
      path: '/v1/wallet/withdrawals',
      body: { transaction_id: newId(), account_id: account, settlement_account: bank, amount: '1', currency: 'USD' },
      other: 'operators',
    },
    openAccount: {
      path: accounts,
      body: { account_id: account, currency: 'USD', owner: 'mallory' },
      other: refused,
    },
    changeLimits: {
      path: `${accounts}/${account}/limits`,
      body: { currency: 'USD', transfer_limit: '5' },
      other: 'operators',
    },
    freezeAccount: { path: `${accounts}/${account}/freeze`, other: 'operators' },
    unfreezeAccount: { path: `${accounts}/${account}/unfreeze`, other: 'operators' },
    closeAccount: { path: `${accounts}/${account}/close`, other: refused },
    getTransfer: { path: `/v1/wallet/transfers/${transfer}`, other: hidden },
    lookUpTransfers: { path: '/v1/wallet/transfers/lookup', body: { transaction_ids: [transfer] }, other: 'own' },
    listOpenTransfers: { path: '/v1/wallet/transfers?state=open', other: 'operators' },
    listAccounts: { path: accounts, other: 'own' },
    listAccountTransfers: { path: `${accounts}/${account}/transfers`, other: hidden },
    getStatement: { path: `${accounts}/${account}/statement`, other: hidden },
    getAccount: { path: `${accounts}/${account}`, other: hidden },
    getBalance: { path: `${accounts}/${account}/balance`, other: hidden },
    getOpenApi: { path: '/v1/openapi.json', other: 'public' },
    getDocs: { path: '/v1/docs', other: 'public' },
    getDocsFile: { path: '/v1/docs/swagger-ui.css', other: 'public' },
    getTrialBalance: { path: '/v1/wallet/trial_balance', other: 'operators' },
    registerWebhook: { path: webhooks, body: { url: 'https://hooks.example.com/' }, other: 'operators' },
    listWebhooks: { path: webhooks, other: 'operators' },
    getWebhook: { path: unknownWebhook, other: 'operators' },
    deleteWebhook: { path: unknownWebhook, other: 'operators' },
    rotateWebhookSecret: { path: `${unknownWebhook}/rotate_secret`, other: 'operators' },
    pingWebhook: { path: `${unknownWebhook}/ping`, other: 'operators' },
    listDeadDeliveries: { path: `${unknownWebhook}/dead_deliveries`, other: 'operators' },
    replayDeadDeliveries: { path: `${unknownWebhook}/replay`, other: 'operators' },
  };
}
