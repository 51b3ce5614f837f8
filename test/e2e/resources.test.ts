/**
 * Lists, statements, limits, cash and notes through a running wallet: real HTTP in, whatever stores it has behind. What each of them
 * does in every case is shown by the unit tests; here it is shown that the stores and the routes are really there.
 */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { ask, freshAccount, funded, get, open, post, settle, transferOf, until } from './api.ts';

function listIn(body: Readonly<Record<string, unknown>>, name: string): readonly Readonly<Record<string, unknown>>[] {
  const list = body[name];
  return Array.isArray(list) ? list : [];
}

test('the transfers of an account are listed newest first, page by page', async () => {
  const [alice, bob] = [await funded('alice', '100'), await open(freshAccount('bob'))];
  const sent = ['1', '2', '3'].map((amount) => transferOf(alice, bob, amount));
  for (const transfer of sent) await settle(transfer);
  const first = await get(`/v1/wallet/accounts/${alice}/transfers?direction=out&limit=2`);
  const cursor = String(first.body['next_cursor']);
  const second = await get(`/v1/wallet/accounts/${alice}/transfers?direction=out&limit=2&cursor=${cursor}`);
  const ids = [first, second].flatMap(({ body }) => listIn(body, 'transfers')).map(({ transaction_id: id }) => id);
  expect(ids).toEqual(sent.map(({ transaction_id: id }) => id).reverse());
  expect(second.body['next_cursor']).toBeNull();
});

test('a statement adds up, as JSON and as CSV', async () => {
  const [alice, bob] = [await funded('alice', '50'), await open(freshAccount('bob'))];
  await settle(transferOf(alice, bob, '20.25'));
  const { body } = await get(`/v1/wallet/accounts/${alice}/statement`);
  expect(body).toMatchObject({ opening_balance: '0.00', closing_balance: '29.75', next_cursor: null });
  expect(listIn(body, 'entries').map(({ amount, balance }) => [amount, balance])).toEqual([
    ['50.00', '50.00'],
    ['-20.25', '29.75'],
  ]);
  const csv = await ask('GET', `/v1/wallet/accounts/${alice}/statement`, undefined, { accept: 'text/csv' });
  expect(csv.status).toBe(200);
  expect(csv.headers.get('content-type')).toContain('text/csv');
  expect(String(csv.body['text']).split('\r\n')[2]).toMatch(/,debit,.+,-20.25,USD,29.75,$/);
});

test('an owner’s accounts are listed, and nobody else’s', async () => {
  const owner = `owner ${randomUUID()}`;
  const own = [await open(freshAccount('own'), { owner }), await open(freshAccount('own'), { owner })].sort();
  const { body } = await until(
    () => get(`/v1/wallet/accounts?owner=${encodeURIComponent(owner)}`),
    (answer) => listIn(answer.body, 'accounts').length === own.length,
  );
  expect(listIn(body, 'accounts').map(({ account_id: id }) => id)).toEqual(own);
});

test('limits refuse what is above them, and are changed', async () => {
  const [alice, bob] = [await funded('alice', '100'), await open(freshAccount('bob'))];
  const limits = { currency: 'USD', transfer_limit: '10', daily_limit: '15' };
  const changed = await post(`/v1/wallet/accounts/${alice}/limits`, limits);
  expect(changed).toMatchObject({ status: 200, body: { transfer_limit: '10.00', daily_limit: '15.00' } });
  expect((await settle(transferOf(alice, bob, '10.01'))).body).toMatchObject({ reason: 'transfer_limit_exceeded' });
  expect((await settle(transferOf(alice, bob, '10'))).status).toBe(200);
  expect((await settle(transferOf(alice, bob, '6'))).body).toMatchObject({ reason: 'daily_limit_exceeded' });
});

test('a deposit with a note is looked up with it, and the same id with another note is a conflict', async () => {
  const alice = await funded('alice', '1');
  const note = { description: 'Salary for May', metadata: { payroll: '2026-05' } };
  const deposit = { transaction_id: randomUUID(), account_id: alice, settlement_account: `settlement:${alice}` };
  const body = { ...deposit, amount: '12', currency: 'USD', ...note };
  const done = await until(
    () => post('/v1/wallet/deposits', body),
    ({ status }) => status !== 202,
  );
  expect(done).toMatchObject({ status: 200, body: { to_account: alice, ...note } });
  const unknown = randomUUID();
  const looked = await post('/v1/wallet/transfers/lookup', { transaction_ids: [deposit.transaction_id, unknown] });
  expect(looked).toMatchObject({
    status: 200,
    body: { transfers: [{ state: 'completed', ...note }], unknown: [unknown] },
  });
  const other = await post('/v1/wallet/deposits', { ...body, description: 'Bonus' });
  expect(other).toMatchObject({ status: 409, body: { fields: ['description'] } });
  expect((await get('/v1/wallet/transfers?state=open')).status).toBe(200);
});
