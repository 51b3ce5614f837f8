/**
 * Malformed requests: each is a problem document that names the field and the reason, and leaves nothing in the stream. The
 * requests go through the real handlers, over memory adapters.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryApi, nextId, transferBody } from '../memory-api.ts';

const good = transferBody('0190A5D4-7B3E-7C62-9A4F-3C1D5E6F7A8B', 'alice', 'bob', '10.50');
const opening = { account_id: 'alice', currency: 'USD', owner: 'Alice' };

/** What is wrong, the body, the field and the reason that are told. */
type Case = readonly [string, unknown, string, string];

const badTransfers: readonly Case[] = [
  ['no body', undefined, 'body', 'wrong_type'],
  ['a list', [good], 'body', 'wrong_type'],
  ['null', null, 'body', 'wrong_type'],
  ['a text', '"transfer"', 'body', 'wrong_type'],
  ['an empty object', {}, 'transaction_id', 'missing_field'],
  ['no payer', { ...good, from_account: undefined }, 'from_account', 'missing_field'],
  ['a null payee', { ...good, to_account: null }, 'to_account', 'wrong_type'],
  ['an amount as a number', { ...good, amount: 10.5 }, 'amount', 'wrong_type'],
  ['an amount with too many decimals', { ...good, amount: '10.005' }, 'amount', 'too_many_decimals'],
  ['an amount with an exponent', { ...good, amount: '1e3' }, 'amount', 'not_a_decimal'],
  ['an amount with a blank', { ...good, amount: ' 1' }, 'amount', 'not_a_decimal'],
  ['a negative amount', { ...good, amount: '-5' }, 'amount', 'not_a_decimal'],
  ['an empty amount', { ...good, amount: '' }, 'amount', 'not_a_decimal'],
  ['an amount with a leading zero', { ...good, amount: '01' }, 'amount', 'not_a_decimal'],
  ['an amount with a bare point', { ...good, amount: '1.' }, 'amount', 'not_a_decimal'],
  ['an amount in other digits', { ...good, amount: '١٢' }, 'amount', 'not_a_decimal'],
  ['nothing to move', { ...good, amount: '0.00' }, 'amount', 'not_positive'],
  ['too many digits', { ...good, amount: '10000000000000000.00' }, 'amount', 'too_many_digits'],
  ['decimals of yen', { ...good, amount: '1.5', currency: 'JPY' }, 'amount', 'too_many_decimals'],
  ['a currency in small letters', { ...good, currency: 'usd' }, 'currency', 'unknown_currency'],
  ['a currency that is none', { ...good, currency: 'ABC' }, 'currency', 'unknown_currency'],
  ['an id that is no UUID', { ...good, transaction_id: '17' }, 'transaction_id', 'invalid_value'],
  ['an id as a number', { ...good, transaction_id: 17 }, 'transaction_id', 'wrong_type'],
  ['capitals in an account', { ...good, from_account: 'Alice' }, 'from_account', 'invalid_value'],
  ['a hash in an account', { ...good, to_account: 'bob#1' }, 'to_account', 'invalid_value'],
  ['an account with a line break', { ...good, to_account: 'bob\n' }, 'to_account', 'invalid_value'],
  ['an empty account', { ...good, from_account: '' }, 'from_account', 'invalid_value'],
  ['an account of 65 characters', { ...good, to_account: 'b'.repeat(65) }, 'to_account', 'invalid_value'],
  ['the same account twice', { ...good, to_account: 'alice' }, 'to_account', 'same_account'],
  ['an unknown field', { ...good, note: 'for lunch' }, 'note', 'unknown_field'],
  ['a field of the inside', { ...good, recheck: true }, 'recheck', 'unknown_field'],
];

const badOpenings: readonly Case[] = [
  ['no owner', { ...opening, owner: undefined }, 'owner', 'missing_field'],
  ['an owner of 65 characters', { ...opening, owner: 'o'.repeat(65) }, 'owner', 'invalid_value'],
  ['an owner that is not printable', { ...opening, owner: 'Al\u0007ice' }, 'owner', 'invalid_value'],
  ['a kind that is none', { ...opening, kind: 'bank' }, 'kind', 'invalid_value'],
  [
    'a settlement id of a customer',
    { ...opening, account_id: 'settlement:x', kind: 'customer' },
    'kind',
    'kind_mismatch',
  ],
  ['a customer id of a settlement account', { ...opening, kind: 'settlement' }, 'kind', 'kind_mismatch'],
  ['a limit as a number', { ...opening, overdraft_limit: 5 }, 'overdraft_limit', 'wrong_type'],
  ['a limit with too many decimals', { ...opening, overdraft_limit: '0.001' }, 'overdraft_limit', 'too_many_decimals'],
  ['a limit below zero', { ...opening, overdraft_limit: '-1' }, 'overdraft_limit', 'not_a_decimal'],
  [
    'a limit of a settlement account',
    { ...opening, account_id: 'settlement:x', overdraft_limit: '1' },
    'overdraft_limit',
    'overdraft_on_settlement',
  ],
  ['a currency that is none', { ...opening, currency: 'XXX' }, 'currency', 'unknown_currency'],
  ['an unknown field', { ...opening, balance: '5' }, 'balance', 'unknown_field'],
];

const badBatches: readonly Case[] = [
  ['a list', [], 'body', 'wrong_type'],
  ['no transfers', {}, 'transfers', 'missing_field'],
  ['an empty list', { transfers: [] }, 'transfers', 'invalid_value'],
  ['an object for a list', { transfers: { 0: good } }, 'transfers', 'wrong_type'],
  ['501 transfers', { transfers: Array.from({ length: 501 }, () => good) }, 'transfers', 'invalid_value'],
  ['an unknown field', { transfers: [good], atomic: true }, 'atomic', 'unknown_field'],
];

describe.each([
  ['/v1/wallet/balance_transfer', badTransfers],
  ['/v1/wallet/accounts', badOpenings],
  ['/v1/wallet/balance_transfers', badBatches],
])('POST %s', (path, cases) => {
  test.each(cases)('with %s is a 400 of its own', async (_, body, field, reason) => {
    const api = new MemoryApi();
    const headers = { 'Content-Type': 'application/json' };
    const { status, headers: answered, body: problem } = await api.post(path, body, { headers });
    expect({ status, field: problem['field'], reason: problem['reason'] }).toEqual({ status: 400, field, reason });
    expect(answered['content-type']).toBe('application/problem+json');
    expect(problem['type']).toBe(`urn:problem-type:wallet:${reason.replaceAll('_', '-')}`);
    expect(problem['detail']).toContain(field);
    expect(api.wallet.commands.records).toEqual([]);
  });
});

test('items of a batch fail alone, each with its own path in the body', async () => {
  const api = new MemoryApi();
  await api.funded('alice', '100');
  await api.funded('bob', '1');
  const items = [
    transferBody(nextId(), 'alice', 'bob', '1'),
    ...badTransfers.flatMap(([, body]) => (body === undefined ? [] : [body])),
    transferBody(nextId(), 'alice', 'bob', '2'),
  ];
  const { status, body } = await api.post('/v1/wallet/balance_transfers', { transfers: items });
  expect(status).toBe(200);
  const results = Array.isArray(body['results']) ? body['results'] : [];
  expect(results).toHaveLength(items.length);
  expect([results.at(0).status, results.at(-1).status]).toEqual(['success', 'success']);
  const expected = badTransfers
    .filter(([, body]) => body !== undefined)
    .map(([, , field, reason], i) => {
      const path = field === 'body' ? `transfers[${i + 1}]` : `transfers[${i + 1}].${field}`;
      return { status: 400, field: path, reason };
    });
  expect(results.slice(1, -1)).toMatchObject(expected);
  expect(results[8]).toMatchObject({ transaction_id: good.transaction_id.toLowerCase() });
  expect(results[4]).not.toHaveProperty('transaction_id');
});

test.each([
  ['an account with capitals', '/v1/wallet/accounts/Alice', 'account_id'],
  ['an account that cannot be decoded', '/v1/wallet/accounts/%E0%A4%A', 'account_id'],
  ['a transfer that is no UUID', '/v1/wallet/transfers/17', 'transaction_id'],
  ['a time that is none', `/v1/wallet/transfers/${good.transaction_id}?accepted_at=yesterday`, 'accepted_at'],
  [
    'a day that is none',
    `/v1/wallet/transfers/${good.transaction_id}?accepted_at=2026-13-41T00:00:00.000Z`,
    'accepted_at',
  ],
  ['a flag that is none', '/v1/wallet/accounts/alice/balance?consistent=yes', 'consistent'],
  ['a cut that is no time', '/v1/wallet/trial_balance?at=now', 'at'],
])('GET with %s is a 400', async (_, path, field) => {
  const { status, body } = await new MemoryApi().get(path);
  expect({ status, field: body['field'], reason: body['reason'] }).toEqual({
    status: 400,
    field,
    reason: 'invalid_value',
  });
});

test.each([
  ['an account with capitals', '/v1/wallet/accounts/Alice/freeze', undefined, {}, 'account_id'],
  ['a body with content', '/v1/wallet/accounts/alice/freeze', { reason: 'lost' }, {}, 'reason'],
  ['a key with blanks', '/v1/wallet/accounts/alice/close', undefined, { 'Idempotency-Key': 'a b' }, 'Idempotency-Key'],
  ['an empty key', '/v1/wallet/accounts', opening, { 'Idempotency-Key': '' }, 'Idempotency-Key'],
  ['a key of the wallet itself', '/v1/wallet/accounts', opening, { 'Idempotency-Key': 'finish-1' }, 'Idempotency-Key'],
  ['a key of 65 characters', '/v1/wallet/accounts', opening, { 'Idempotency-Key': 'k'.repeat(65) }, 'Idempotency-Key'],
])('POST with %s is a 400 and leaves nothing in the stream', async (_, path, body, headers, field) => {
  const api = new MemoryApi();
  const answer = await api.post(path, body, { headers });
  expect({ status: answer.status, field: answer.body['field'] }).toEqual({ status: 400, field });
  expect(api.wallet.commands.records).toEqual([]);
});

test('whatever comes in, nothing but a sound request leaves a trace, and no answer is a failure of the wallet', async () => {
  const api = new MemoryApi();
  const paths = ['balance_transfer', 'balance_transfers', 'accounts', 'accounts/alice/freeze'];
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('alice', '10.50', 'USD', good.transaction_id, [good], {}));
  const member = fc.constantFrom(...Object.keys(good), ...Object.keys(opening), 'transfers', 'kind', 'constructor');
  const body = fc.oneof(fc.dictionary(member, value), value, fc.constant({ ...good, extra: 1 }));
  const request = fc.tuple(fc.constantFrom(...paths), body);
  await fc.assert(
    fc.asyncProperty(request, async ([path, candidate]) => {
      const sent = api.wallet.commands.records.length;
      const text = JSON.stringify(candidate);
      const { status } = await api.post(`/v1/wallet/${path}`, text, { headers: { Prefer: 'wait=0' } });
      expect(status).toBeLessThan(500);
      if (status === 400) expect(api.wallet.commands.records).toHaveLength(sent);
    }),
    { numRuns: 500 },
  );
});
