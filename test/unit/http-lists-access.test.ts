/**
 * Shows what customers see of lists: their own accounts and no others, transfers of theirs, of those that they are paid by nothing
 * that is the payer's business, and of everybody else's nothing, as if it did not exist.
 */
import { expect, test } from 'vitest';
import type { Caller } from '../../core/contracts/caller.ts';
import { MemoryApi, nextId, transferBody } from '../memory-api.ts';

const ACCOUNTS = '/v1/wallet/accounts';

function customer(subject: string): { readonly caller: Caller } {
  return { caller: { scope: 'default', subject, permissions: new Set(['wallet:read', 'wallet:transfer']) } };
}

/** Alice, whose account has her name, has paid Bob, with a note. */
async function paid() {
  const api = new MemoryApi();
  await api.funded('alice', '100');
  await api.post(ACCOUNTS, { account_id: 'bob', currency: 'USD', owner: 'bob' });
  const id = nextId();
  const note = { description: 'Rent', metadata: { secret: '7' } };
  await api.post('/v1/wallet/balance_transfer', transferBody(id, 'alice', 'bob', '5', note));
  return { api, id };
}

test('accounts are listed to their owner, also without being asked for by name; nobody else\u2019s can be asked for', async () => {
  const { api } = await paid();
  expect((await api.get(ACCOUNTS, customer('alice'))).body).toMatchObject({ accounts: [{ account_id: 'alice' }] });
  expect((await api.get(`${ACCOUNTS}?owner=alice`, customer('alice'))).body['accounts']).toHaveLength(1);
  expect((await api.get(ACCOUNTS, customer('mallory'))).body).toMatchObject({ accounts: [], next_cursor: null });
  expect(await api.get(`${ACCOUNTS}?owner=alice`, customer('mallory'))).toMatchObject({
    status: 403,
    body: { reason: 'operators_only', field: 'owner' },
  });
  expect((await api.get(ACCOUNTS, customer('bank'))).body).toMatchObject({ accounts: [] });
});

test('transfers and statements of an account are there for its owner, and for others as if it were not', async () => {
  const { api } = await paid();
  for (const list of ['transfers', 'statement']) {
    expect((await api.get(`${ACCOUNTS}/alice/${list}`, customer('alice'))).status).toBe(200);
    const hidden = await api.get(`${ACCOUNTS}/alice/${list}`, customer('mallory'));
    const missing = await api.get(`${ACCOUNTS}/nobody/${list}`, customer('mallory'));
    expect(hidden).toMatchObject({ status: 404, body: { reason: 'account_not_found' } });
    expect({ ...hidden.body, account_id: '' }).toEqual({ ...missing.body, account_id: '' });
  }
});

test('a payee sees the transfer and its description, and not the payer\u2019s balance or metadata', async () => {
  const { api, id } = await paid();
  const looked = await api.post('/v1/wallet/transfers/lookup', { transaction_ids: [id] }, customer('bob'));
  const listed = await api.get(`${ACCOUNTS}/bob/transfers`, customer('bob'));
  for (const { body } of [looked, listed]) {
    expect(body).toMatchObject({ transfers: [{ transaction_id: id, description: 'Rent' }] });
    expect(JSON.stringify(body)).not.toMatch(/balance_after|secret/);
  }
  const own = await api.post('/v1/wallet/transfers/lookup', { transaction_ids: [id] }, customer('alice'));
  expect(own.body).toMatchObject({ transfers: [{ balance_after: '95.00', metadata: { secret: '7' } }] });
});

test('a payee that asks for the transfer itself sees no more of it', async () => {
  const { api, id } = await paid();
  const { status, body } = await api.get(`/v1/wallet/transfers/${id}`, customer('bob'));
  expect({ status, description: body['description'] }).toEqual({ status: 200, description: 'Rent' });
  expect(JSON.stringify(body)).not.toMatch(/balance_after|secret/);
});

test('a look-up of what is somebody else\u2019s business is as unknown as what does not exist', async () => {
  const { api, id } = await paid();
  const ids = [id, nextId()];
  const { body } = await api.post('/v1/wallet/transfers/lookup', { transaction_ids: ids }, customer('mallory'));
  expect(body).toEqual({ transfers: [], unknown: ids });
});
