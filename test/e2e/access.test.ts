/**
 * Who may do what on the running wallet, with tokens that are really signed and really checked: customers with accounts of their
 * own, an operator, and the access matrix over all operations.
 */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type OperationId, operation, operationIds } from '../../core/contracts/operations.ts';
import { LocalIssuer } from '../../local/issuer.ts';
import { type AccessCase, accessCases } from '../access-cases.ts';
import { badTokens } from '../bad-tokens.ts';
import {
  type Answer,
  ask,
  balanceOf,
  customer,
  freshAccount,
  get,
  open,
  post,
  settle,
  transferOf,
  until,
} from './api.ts';

const ACCOUNTS = '/v1/wallet/accounts';
const issuer = await LocalIssuer.at();
const bad = await badTokens(issuer);

/** Names that no other run has used. */
const alice = freshAccount('alice');
const bob = freshAccount('bob');
const mallory = freshAccount('mallory');
const payment = transferOf(alice, bob, '2.00');
let cases: Readonly<Record<OperationId, AccessCase>>;

/** As a customer whose one account has the customer's own name. */
async function as(name: string) {
  const headers = await customer(name);
  return {
    headers,
    open: () => post(ACCOUNTS, { account_id: name, currency: 'USD', owner: name }, headers),
    pay: (transfer: object) =>
      until(
        () => post('/v1/wallet/balance_transfer', transfer, headers),
        ({ status }) => status !== 202 && status < 500,
      ),
    get: (path: string) => get(path, headers),
  };
}

beforeAll(async () => {
  for (const name of [alice, bob]) expect((await (await as(name)).open()).status).toBe(201);
  const bank = await open(`settlement:${alice}`, { kind: 'settlement' });
  expect((await settle(transferOf(bank, alice, '10.00'))).body).toMatchObject({ status: 'success' });
  expect((await (await as(alice)).pay(payment)).body).toMatchObject({ status: 'success', balance_after: '8.00' });
  cases = accessCases({ account: alice, transfer: payment.transaction_id, newId: randomUUID });
});

describe('customers', () => {
  test('see what is theirs', async () => {
    const path = `/v1/wallet/transfers/${payment.transaction_id}`;
    expect((await (await as(alice)).get(path)).body).toMatchObject({ state: 'completed', balance_after: '8.00' });
    const payee = await (await as(bob)).get(path);
    expect(payee.body).toMatchObject({ state: 'completed', amount: '2.00' });
    expect(payee.body).not.toHaveProperty('balance_after');
    expect((await (await as(bob)).get(`${ACCOUNTS}/${bob}/balance`)).body).toMatchObject({ balance: '2.00' });
    expect((await (await as(bob)).get(`${ACCOUNTS}/${alice}/balance`)).status).toBe(404);
  });

  test('take nothing from others, also with the id and content of a transfer that they know', async () => {
    const thief = await as(mallory);
    for (const transfer of [transferOf(alice, bob, '1.00'), payment, { ...payment, amount: '3.00' }]) {
      expect(await thief.pay(transfer)).toMatchObject({
        status: 422,
        body: { reason: 'not_owner', state: 'rejected' },
      });
    }
    expect(await balanceOf(alice)).toBe('8.00');
  });

  test('make no money', async () => {
    const thief = await as(mallory);
    const bank = `settlement:${mallory}`;
    const opening = await post(ACCOUNTS, { account_id: bank, currency: 'USD', owner: mallory }, thief.headers);
    expect(opening).toMatchObject({ status: 403, body: { reason: 'operators_only' } });
    expect((await thief.pay(transferOf(`settlement:${alice}`, bob, '1.00'))).body).toMatchObject({
      reason: 'not_owner',
    });
  });
});

function askAs(id: OperationId, token: string | undefined): Promise<Answer> {
  const { path, body } = cases[id];
  // An empty header is as good as none, and keeps the operator's token from being sent.
  return ask(operation(id).method, path, body, { authorization: token === undefined ? '' : `Bearer ${token}` });
}

describe.each(operationIds.filter((id) => operation(id).scopes.length > 0))('%s', (id) => {
  test.each(Object.entries(bad))('is not for %s', async (_, token) => {
    const { status, headers } = await askAs(id, token);
    expect(status).toBe(401);
    expect(headers.get('content-type')).toContain('application/problem+json');
  });

  test('is not for a token without its scope', async () => {
    const answer = await askAs(id, await issuer.token({ subject: alice, scope: 'openid' }));
    expect(answer).toMatchObject({ status: 403, body: { reason: 'missing_scope' } });
  });
});
