/**
 * The access matrix, over the whole API in memory: every operation of the table, asked for without a good token, without its scope,
 * by a customer whose account it is not, and by an operator. Tokens are real ones, and really checked.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { JwtTokenVerifier } from '../../adapters/node/token-verifier.ts';
import { type OperationId, operation, operationIds, scopes } from '../../core/contracts/operations.ts';
import { byToken } from '../../functions/runtime/identify.ts';
import { LocalIssuer } from '../../local/issuer.ts';
import { type AccessCase, accessCases } from '../access-cases.ts';
import { badTokens } from '../bad-tokens.ts';
import { type Answer, eventOf, MemoryApi, nextId, transferBody } from '../memory-api.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-access-'));
afterAll(() => rmSync(folder, { recursive: true }));

const issuer = await LocalIssuer.at(path.join(folder, 'key.json'));
const bad = await badTokens(issuer);
const operator = await issuer.token({ subject: 'operator' });
const customersScopes = 'wallet:read wallet:transfer wallet:accounts';
const mallory = await issuer.token({ subject: 'mallory', scope: customersScopes });
const alice = await issuer.token({ subject: 'alice', scope: customersScopes });

let api: MemoryApi;
let cases: Readonly<Record<OperationId, AccessCase>>;

beforeEach(async () => {
  api = new MemoryApi(byToken(new JwtTokenVerifier(issuer.settings)));
  const transfer = nextId();
  cases = accessCases({ account: 'alice', transfer, newId: nextId });
  const asOperator = { headers: { authorization: `Bearer ${operator}` } };
  const asAlice = { headers: { authorization: `Bearer ${alice}` } };
  for (const [account_id, owner] of [
    ['settlement:bank', 'bank'],
    ['alice', 'alice'],
    ['bob', 'bob'],
  ])
    await api.post('/v1/wallet/accounts', { account_id, currency: 'USD', owner }, asOperator);
  const one = '/v1/wallet/balance_transfer';
  await api.post(one, transferBody(nextId(), 'settlement:bank', 'alice', '10'), asOperator);
  const { body } = await api.post(one, transferBody(transfer, 'alice', 'bob', '2'), asAlice);
  expect(body).toMatchObject({ status: 'success' });
});

function ask(id: OperationId, token: string | undefined): Promise<Answer> {
  const { method, served } = operation(id);
  const { path: url, body } = cases[id];
  const headers = {
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  };
  const event = eventOf(method, url, body === undefined ? null : JSON.stringify(body), { headers, caller: null });
  return api.ask(served, event);
}

const isPublic = (id: OperationId): boolean => operation(id).scopes.length === 0;
const publicIds = operationIds.filter(isPublic);

test('what is public is the document and the page that shows it', () => {
  expect(publicIds).toEqual(['getOpenApi', 'getDocs', 'getDocsFile']);
});

test.each(publicIds)('%s is for everybody', async (id) => {
  expect((await ask(id, undefined)).status).toBeLessThan(400);
});

describe.each(operationIds.filter((id) => !isPublic(id)))('%s', (id) => {
  const { scopes: needed } = operation(id);

  test.each(Object.entries(bad))('is not for %s', async (_, token) => {
    const records = api.wallet.commands.records.length;
    const answer = await ask(id, token);
    expect(answer).toMatchObject({ status: 401, body: { reason: 'not_authenticated' } });
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    expect(api.wallet.commands.records).toHaveLength(records);
  });

  test('is not for a token without its scope', async () => {
    const others = scopes.filter((scope) => !needed.some((own) => own === scope));
    const records = api.wallet.commands.records.length;
    const answer = await ask(id, await issuer.token({ subject: 'alice', scope: others.join(' ') }));
    expect(answer).toMatchObject({ status: 403, body: { reason: 'missing_scope', scopes: needed } });
    expect(api.wallet.commands.records).toHaveLength(records);
  });

  test('of what is another customer’s', async () => {
    const { other } = cases[id];
    const { status, body } = await ask(id, mallory);
    const before = await api.wallet.balance('alice');
    if (other === 'operators')
      expect({ status, reason: body['reason'] }).toEqual({ status: 403, reason: 'missing_scope' });
    else if (typeof other === 'string') {
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain('alice');
    } else {
      expect(status).toBe(other.status);
      if (other.reason !== undefined) expect(JSON.stringify(body)).toContain(`"reason":"${other.reason}"`);
    }
    // What she has is told to nobody, and taken by nobody.
    expect(JSON.stringify(body)).not.toContain('8.00');
    expect(before).toBe(800n);
  });

  test('is for operators', async () => {
    const { status, body } = await ask(id, operator);
    expect([401, 403]).not.toContain(status);
    expect(JSON.stringify(body)).not.toMatch(/not_owner|missing_scope|operators_only/);
  });
});
