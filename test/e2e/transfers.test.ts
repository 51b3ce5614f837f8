/**
 * Transfers through the deployed stack: real HTTP in, real functions, streams and state machines behind, and an assertion on the
 * money. Every case says what the payer and the payee have in the end.
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ask, balanceOf, freshAccount, funded, get, open, post, settle, transferOf, until } from './api.ts';

describe('a transfer that settles', () => {
  test('moves the money once, tells the payer what is left, and tells its phases', async () => {
    const [alice, bob] = [await funded('alice', '100.00'), await open(freshAccount('bob'))];
    const transfer = transferOf(alice, bob, '40.25');
    const { status, body } = await settle(transfer);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...transfer, status: 'success', state: 'completed', balance_after: '59.75' });
    expect(await balanceOf(alice)).toBe('59.75');
    expect(await balanceOf(bob)).toBe('40.25');

    const read = await get(`/v1/wallet/transfers/${transfer.transaction_id}`);
    expect(read.body).toEqual(body);
    expect(read.body['phases']).toMatchObject([
      { phase: 'accepted', outcome: 'ok' },
      { phase: 'debit', outcome: 'ok' },
      { phase: 'credit_sent', outcome: 'ok' },
      { phase: 'credit', outcome: 'ok' },
    ]);
  });

  test('can be accepted at once and asked for later', async () => {
    const [alice, bob] = [await funded('alice', '10'), await open(freshAccount('bob'))];
    const transfer = transferOf(alice, bob, '1');
    const accepted = await post('/v1/wallet/balance_transfer', transfer, { prefer: 'respond-async' });
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('preference-applied')).toContain('respond-async');
    expect(accepted.body).toMatchObject({
      status: 'pending',
      state: 'pending',
      transaction_id: transfer.transaction_id,
    });
    const location = accepted.headers.get('location') ?? '';
    expect(location).toContain(`/v1/wallet/transfers/${transfer.transaction_id}?accepted_at=`);
    const path = location.slice(location.indexOf('/v1/wallet'));
    const { body } = await until(
      () => get(path),
      (answer) => answer.body['status'] !== 'pending',
    );
    expect(body).toMatchObject({ status: 'success', balance_after: '9.00' });
  });

  test('sent 20 times at once moves money once, and every answer is the same', async () => {
    const [alice, bob] = [await funded('alice', '100'), await open(freshAccount('bob'))];
    const transfer = transferOf(alice, bob, '7');
    const answers = await Promise.all(Array.from({ length: 20 }, () => settle(transfer)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect([await balanceOf(alice), await balanceOf(bob)]).toEqual(['93.00', '7.00']);
  });
});

describe('a transfer that does not settle', () => {
  test('for want of funds is rejected, and stays rejected when there are funds later', async () => {
    const [alice, bob] = [await funded('alice', '5'), await open(freshAccount('bob'))];
    const transfer = transferOf(alice, bob, '5.01');
    await settle(transfer);
    const { status, headers, body } = await post('/v1/wallet/balance_transfer', transfer);
    expect(status).toBe(422);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({
      reason: 'insufficient_funds',
      state: 'rejected',
      transaction_id: transfer.transaction_id,
    });
    await settle(transferOf(`settlement:${alice}`, alice, '100'));
    expect((await settle(transfer)).body).toMatchObject({ reason: 'insufficient_funds' });
    expect([await balanceOf(alice), await balanceOf(bob)]).toEqual(['105.00', '0.00']);
  });

  test.each([
    ['was never opened', 'account_not_found', async () => freshAccount('nobody')],
    [
      'is frozen',
      'account_frozen',
      async () => {
        const account = await open(freshAccount('frozen'));
        expect((await post(`/v1/wallet/accounts/${account}/freeze`)).status).toBe(200);
        return account;
      },
    ],
    [
      'is closed',
      'account_closed',
      async () => {
        const account = await open(freshAccount('closed'));
        expect((await post(`/v1/wallet/accounts/${account}/close`)).status).toBe(200);
        return account;
      },
    ],
    ['is held in another currency', 'currency_mismatch', async () => open(freshAccount('euro'), { currency: 'EUR' })],
  ])('to a payee that %s comes back', async (_, reason, payee) => {
    const [alice, to] = [await funded('alice', '50'), await payee()];
    const { status, body } = await settle(transferOf(alice, to, '20'));
    expect(status).toBe(422);
    expect(body).toMatchObject({ reason, state: 'reversed', balance_after: '50.00' });
    expect(body['phases']).toMatchObject([
      { phase: 'accepted' },
      { phase: 'debit', outcome: 'ok' },
      { phase: 'credit_sent' },
      { phase: 'credit', outcome: reason },
      { phase: 'refund_sent' },
      { phase: 'refund', outcome: 'ok' },
    ]);
    expect(await balanceOf(alice)).toBe('50.00');
  });

  test('by a frozen payer is rejected, and settles with a new id after an unfreeze', async () => {
    const [alice, bob] = [await funded('alice', '50'), await open(freshAccount('bob'))];
    await post(`/v1/wallet/accounts/${alice}/freeze`);
    expect((await settle(transferOf(alice, bob, '1'))).body).toMatchObject({ reason: 'account_frozen' });
    await post(`/v1/wallet/accounts/${alice}/unfreeze`);
    expect((await settle(transferOf(alice, bob, '1'))).body).toMatchObject({ status: 'success' });
  });

  test('with an id that stands for other content is a conflict that names the fields', async () => {
    const [alice, bob] = [await funded('alice', '50'), await open(freshAccount('bob'))];
    const transfer = transferOf(alice, bob, '1');
    await settle(transfer);
    const { status, body } = await post('/v1/wallet/balance_transfer', {
      ...transfer,
      amount: '2',
      to_account: `settlement:${alice}`,
    });
    expect(status).toBe(409);
    expect(JSON.stringify(body)).toMatch(/amount/);
    expect(JSON.stringify(body)).toMatch(/to_account/);
    expect(await balanceOf(alice)).toBe('49.00');
  });

  test('and arrives together with another of the same id: one stands, the other is told of the conflict', async () => {
    const [alice, bob] = [await funded('alice', '50'), await open(freshAccount('bob'))];
    const transfer = transferOf(alice, bob, '1');
    const answers = await Promise.all(['1', '2', '3', '4'].map((amount) => settle({ ...transfer, amount })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    const amount = String(answers.find(({ status }) => status === 200)?.body['amount']);
    expect(await balanceOf(bob)).toBe(amount);
  });
});

describe('malformed requests', () => {
  const good = { from_account: 'alice', to_account: 'bob', amount: '1', currency: 'USD' };

  test.each([
    ['10.005 USD', { amount: '10.005' }, 'amount'],
    ['an exponent', { amount: '1e3' }, 'amount'],
    ['a blank', { amount: ' 1' }, 'amount'],
    ['a sign', { amount: '-5' }, 'amount'],
    ['zero', { amount: '0' }, 'amount'],
    ['an empty amount', { amount: '' }, 'amount'],
    ['a JSON number', { amount: 10.5 }, 'amount'],
    ['decimals of a currency that has none', { amount: '10.5', currency: 'JPY' }, 'amount'],
    ['19 digits', { amount: '12345678901234567.89' }, 'amount'],
    ['an unknown currency', { currency: 'XXX' }, 'currency'],
    ['an account id with capitals', { from_account: 'Alice' }, 'from_account'],
    ['an id that is no UUID', { transaction_id: '17' }, 'transaction_id'],
    ['the same account twice', { to_account: 'alice' }, 'to_account'],
    ['a member that nobody knows', { fee: '1' }, 'fee'],
    ['no payee', { to_account: undefined }, 'to_account'],
  ])('%s is a 400 that names the field', async (_, wrong, field) => {
    const transfer = { transaction_id: randomUUID(), ...good, ...wrong };
    const { status, headers, body } = await post('/v1/wallet/balance_transfer', transfer);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ status: 400, field });
    expect(body['reason']).toEqual(expect.any(String));
    const looked = await get(`/v1/wallet/transfers/${transfer.transaction_id}`);
    expect([400, 404]).toContain(looked.status);
  });

  test('bodies that are no JSON object are a 400, other content types a 415, unknown routes a 404', async () => {
    for (const body of ['', '{', '[]', 'null', '"x"', '{"transaction_id":']) {
      expect((await post('/v1/wallet/balance_transfer', body)).status, body).toBe(400);
    }
    const text = await ask('POST', '/v1/wallet/balance_transfer', '{}', { 'content-type': 'text/plain' });
    expect(text.status).toBe(415);
    expect((await get('/v1/wallet/transfers/00000000-0000-4000-8000-000000000000')).status).toBe(404);
    expect((await get(`/v1/wallet/accounts/${freshAccount('nobody')}`)).status).toBe(404);
  });
});

describe('a batch', () => {
  test('of 500 with everything mixed settles each item on its own, and again gives the same answers', async () => {
    const [alice, bob, frozen] = [
      await funded('alice', '10000'),
      await open(freshAccount('bob')),
      await open(freshAccount('frozen')),
    ];
    await post(`/v1/wallet/accounts/${frozen}/freeze`);
    const poor = await open(freshAccount('poor'));
    const good = Array.from({ length: 480 }, (_, i) => transferOf(alice, bob, `${1 + (i % 7)}.50`));
    const [first = transferOf(alice, bob, '1')] = good;
    const mixed = [
      ...good,
      ...Array.from({ length: 5 }, () => transferOf(poor, bob, '1')),
      ...Array.from({ length: 5 }, () => transferOf(alice, frozen, '1')),
      { ...first },
      { ...first, amount: '9' },
      ...Array.from({ length: 5 }, () => transferOf(alice, bob, '1.001')),
      transferOf(alice, alice, '1'),
      { transaction_id: randomUUID() },
      transferOf(alice, freshAccount('nobody'), '3'),
    ];
    expect(mixed).toHaveLength(500);
    const send = () => post('/v1/wallet/balance_transfers', { transfers: mixed });
    const { status, body } = await until(send, (answer) => !JSON.stringify(answer.body).includes('"pending"'));
    expect(status).toBe(200);
    const results = Array.isArray(body['results']) ? body['results'] : [];
    const kinds = results.map((item) => item.reason ?? item.status);
    expect(kinds.slice(0, 480)).toEqual(Array.from({ length: 480 }, () => 'success'));
    expect(kinds.slice(480)).toEqual([
      ...Array.from({ length: 5 }, () => 'insufficient_funds'),
      ...Array.from({ length: 5 }, () => 'account_frozen'),
      'success',
      'content_conflict',
      ...Array.from({ length: 5 }, () => 'too_many_decimals'),
      'same_account',
      'missing_field',
      'account_not_found',
    ]);
    const moved = good.reduce((sum, { amount }) => sum + Number(amount), 0);
    expect(await balanceOf(bob)).toBe(moved.toFixed(2));
    expect(await balanceOf(alice)).toBe((10_000 - moved).toFixed(2));
    expect((await send()).body).toEqual(body);
    expect(await balanceOf(bob)).toBe(moved.toFixed(2));
  });

  test('that is no batch is refused as a whole', async () => {
    for (const body of [
      {},
      { transfers: [] },
      { transfers: {} },
      { transfers: Array.from({ length: 501 }, () => ({})) },
    ]) {
      expect((await post('/v1/wallet/balance_transfers', body)).status).toBe(400);
    }
  });
});

describe('accounts', () => {
  test('opening again with the same content succeeds, with other content conflicts', async () => {
    const account = await open(freshAccount('alice'), { overdraft_limit: '10.00' });
    const content = { account_id: account, currency: 'USD', owner: 'tester', overdraft_limit: '10.00' };
    expect((await post('/v1/wallet/accounts', content)).status).toBe(200);
    const other = await post('/v1/wallet/accounts', { ...content, overdraft_limit: '11.00' });
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ reason: 'account_exists' });
    const { body } = await get(`/v1/wallet/accounts/${account}`);
    expect(body).toMatchObject({
      account_id: account,
      status: 'open',
      balance: '0.00',
      available: '10.00',
      overdraft_limit: '10.00',
    });
  });

  test('an account goes below zero by its overdraft limit and no further; one with money on it cannot be closed', async () => {
    const alice = await funded('alice', '5', { overdraft_limit: '10.00' });
    const bob = await open(freshAccount('bob'));
    expect((await post(`/v1/wallet/accounts/${alice}/close`)).body).toMatchObject({ reason: 'not_empty' });
    expect((await settle(transferOf(alice, bob, '15'))).body).toMatchObject({
      status: 'success',
      balance_after: '-10.00',
    });
    expect((await settle(transferOf(alice, bob, '0.01'))).body).toMatchObject({ reason: 'insufficient_funds' });
  });
});

test('the trial balance is zero in every currency', async () => {
  const { status, body } = await until(
    () => get('/v1/wallet/trial_balance'),
    (answer) => answer.body['balanced'] === true,
  );
  expect(status).toBe(200);
  expect(body['balanced']).toBe(true);
  expect(body['as_of']).toEqual(expect.any(String));
  const currencies = Array.isArray(body['currencies']) ? body['currencies'] : [];
  expect(currencies.length).toBeGreaterThan(0);
  for (const { sum } of currencies) expect(Number(sum)).toBe(0);
});
