/**
 * Accounts over HTTP: opening, freezing, unfreezing and closing them, and reading them. The real handlers run over the whole
 * pipeline in memory.
 */
import { describe, expect, test } from 'vitest';
import { MemoryApi, nextId, transferBody } from '../memory-api.ts';

const ACCOUNTS = '/v1/wallet/accounts';
const opening = { account_id: 'alice', currency: 'USD', owner: 'Alice', overdraft_limit: '20' };
const withKey = (key: string) => ({ headers: { 'Idempotency-Key': key } });

describe('opening', () => {
  test('is a 201 with the account, and a 200 when it is open already', async () => {
    const api = new MemoryApi();
    const first = await api.post(ACCOUNTS, opening);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      status: 'success',
      account_id: 'alice',
      kind: 'customer',
      account_status: 'open',
      balance: '0.00',
      available: '20.00',
      overdraft_limit: '20.00',
      version: 1,
    });
    const second = await api.post(ACCOUNTS, opening);
    expect(second).toMatchObject({ status: 200, body: { status: 'success', account_id: 'alice' } });
  });

  test('with other properties is a 409', async () => {
    const api = new MemoryApi();
    await api.post(ACCOUNTS, opening);
    const { status, body } = await api.post(ACCOUNTS, { ...opening, owner: 'Mallory' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ reason: 'account_exists', state: 'rejected', account_id: 'alice', fields: ['owner'] });
    expect(JSON.stringify(body)).not.toContain('Alice');
  });

  test('with the same key is answered alike, also much later', async () => {
    const api = new MemoryApi();
    const first = await api.post(ACCOUNTS, opening, withKey('"open-alice"'));
    await api.post(`${ACCOUNTS}/alice/freeze`);
    const commands = api.wallet.commands.records.length;
    const again = await api.post(ACCOUNTS, opening, withKey('open-alice'));
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(api.wallet.commands.records).toHaveLength(commands);
  });

  test('with the key of another request is a 409', async () => {
    const api = new MemoryApi();
    await api.post(ACCOUNTS, opening, withKey('k'));
    const other = await api.post(ACCOUNTS, { ...opening, account_id: 'bob' }, withKey('k'));
    expect(other).toMatchObject({ status: 409, body: { reason: 'content_conflict', fields: ['account_id'] } });
    const richer = await api.post(ACCOUNTS, { ...opening, overdraft_limit: '99' }, withKey('k'));
    expect(richer).toMatchObject({ status: 409, body: { reason: 'content_conflict', fields: ['overdraft_limit'] } });
  });

  test('of a settlement account takes its kind from its id', async () => {
    const api = new MemoryApi();
    const { status, body } = await api.post(ACCOUNTS, {
      account_id: 'settlement:cash',
      currency: 'EUR',
      owner: 'bank',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'settlement', available: null });
  });

  test('that takes too long is a 202, whose Location leads to the account once it is open', async () => {
    const api = new MemoryApi();
    api.stopPipeline();
    const pending = await api.post(ACCOUNTS, opening);
    expect(pending).toMatchObject({
      status: 202,
      body: { status: 'pending', account_id: 'alice', request_id: 'request-1' },
    });
    expect((await api.follow(ACCOUNTS, pending)).status).toBe(404);
    await api.wallet.settle();
    expect((await api.follow(ACCOUNTS, pending)).body).toMatchObject({ account_id: 'alice', status: 'open' });
  });

  test('names the caller in the ledger', async () => {
    const api = new MemoryApi();
    await api.post(ACCOUNTS, opening);
    const [opened] = api.wallet.events('alice');
    expect(opened).toMatchObject({ type: 'Opened', actor: 'operator' });
  });
});

describe('freeze, unfreeze, close', () => {
  test('change the status, and say it again when nothing is to change', async () => {
    const api = new MemoryApi();
    await api.post(ACCOUNTS, opening);
    const steps = ['freeze', 'freeze', 'unfreeze', 'close'];
    const answers = [];
    for (const step of steps) answers.push(await api.post(`${ACCOUNTS}/alice/${step}`));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const statuses = answers.map(({ body }) => body['account_status']);
    expect(statuses.slice(0, 3)).toEqual(['frozen', 'frozen', 'open']);
    expect(['closing', 'closed']).toContain(statuses[3]);
  });

  test('take an empty object for a body, and a path with an escaped id', async () => {
    const api = new MemoryApi();
    await api.post(ACCOUNTS, { account_id: 'settlement:cash', currency: 'EUR', owner: 'bank' });
    const { status, body } = await api.post(`${ACCOUNTS}/settlement%3Acash/freeze`, {});
    expect({ status, account: body['account_id'] }).toEqual({ status: 200, account: 'settlement:cash' });
  });

  test('of an account that was never opened are a 404, and it stays unopened', async () => {
    const api = new MemoryApi();
    expect(await api.post(`${ACCOUNTS}/nobody/freeze`)).toMatchObject({
      status: 404,
      body: { reason: 'account_not_found' },
    });
    expect(await api.get(`${ACCOUNTS}/nobody`)).toMatchObject({ status: 404, body: { reason: 'account_not_found' } });
    expect((await api.get(`${ACCOUNTS}/nobody/balance`)).status).toBe(404);
  });

  test('refuse to close an account with money on it', async () => {
    const api = new MemoryApi();
    await api.funded('alice', '5');
    expect(await api.post(`${ACCOUNTS}/alice/close`)).toMatchObject({ status: 409, body: { reason: 'not_empty' } });
  });

  test('with the key of an earlier request for something else are a 409', async () => {
    const api = new MemoryApi();
    await api.post(ACCOUNTS, opening);
    await api.post(`${ACCOUNTS}/alice/freeze`, undefined, withKey('k'));
    const { status, body } = await api.post(`${ACCOUNTS}/alice/close`, undefined, withKey('k'));
    expect({ status, fields: body['fields'] }).toEqual({ status: 409, fields: ['operation'] });
  });

  test('a repeated freeze does not freeze again after an unfreeze', async () => {
    const api = new MemoryApi();
    await api.post(ACCOUNTS, opening);
    const first = await api.post(`${ACCOUNTS}/alice/freeze`, undefined, withKey('k'));
    await api.post(`${ACCOUNTS}/alice/unfreeze`);
    expect((await api.post(`${ACCOUNTS}/alice/freeze`, undefined, withKey('k'))).body).toEqual(first.body);
    expect((await api.get(`${ACCOUNTS}/alice`)).body).toMatchObject({ status: 'open' });
  });
});

describe('limits', () => {
  test('are set at the opening, changed, taken away, and told', async () => {
    const api = new MemoryApi();
    await api.post(ACCOUNTS, { ...opening, transfer_limit: '10', daily_limit: '15.50' });
    expect((await api.get(`${ACCOUNTS}/alice`)).body).toMatchObject({ transfer_limit: '10.00', daily_limit: '15.50' });
    const change = { currency: 'USD', overdraft_limit: '5', transfer_limit: null };
    const changed = await api.post(`${ACCOUNTS}/alice/limits`, change);
    expect(changed).toMatchObject({
      status: 200,
      body: { overdraft_limit: '5.00', transfer_limit: null, daily_limit: '15.50' },
    });
    expect(api.wallet.eventTypes('alice')).toEqual(['Opened', 'LimitsChanged']);
  });

  test('refuse a transfer, and say which of them did', async () => {
    const api = new MemoryApi();
    await api.funded('alice', '100');
    await api.post(ACCOUNTS, { account_id: 'bob', currency: 'USD', owner: 'Bob' });
    await api.post(`${ACCOUNTS}/alice/limits`, { currency: 'USD', transfer_limit: '10', daily_limit: '15' });
    const pay = (amount: string) =>
      api.post('/v1/wallet/balance_transfer', transferBody(nextId(), 'alice', 'bob', amount));
    expect(await pay('10.01')).toMatchObject({ status: 422, body: { reason: 'transfer_limit_exceeded' } });
    expect(await pay('10')).toMatchObject({ status: 200 });
    expect(await pay('5.01')).toMatchObject({ status: 422, body: { reason: 'daily_limit_exceeded' } });
    expect(await pay('5')).toMatchObject({ status: 200, body: { balance_after: '85.00' } });
  });

  test('are changed once per key, and another content under the key names its fields', async () => {
    const api = new MemoryApi();
    await api.post(ACCOUNTS, opening);
    const change = { currency: 'USD', daily_limit: '5' };
    const first = await api.post(`${ACCOUNTS}/alice/limits`, change, withKey('k'));
    await api.post(`${ACCOUNTS}/alice/limits`, { currency: 'USD', daily_limit: '7' });
    expect(await api.post(`${ACCOUNTS}/alice/limits`, change, withKey('k'))).toMatchObject({ body: first.body });
    expect((await api.get(`${ACCOUNTS}/alice`)).body).toMatchObject({ daily_limit: '7.00' });
    const other = await api.post(`${ACCOUNTS}/alice/limits`, { ...change, transfer_limit: '1' }, withKey('k'));
    expect(other).toMatchObject({ status: 409, body: { reason: 'content_conflict', fields: ['transfer_limit'] } });
  });

  test.each([
    ['no limit', { currency: 'USD' }, 'missing_field', 'body'],
    ['a JSON number', { currency: 'USD', daily_limit: 5 }, 'wrong_type', 'daily_limit'],
    [
      'decimals that the currency lacks',
      { currency: 'JPY', transfer_limit: '1.5' },
      'too_many_decimals',
      'transfer_limit',
    ],
    ['a sign', { currency: 'USD', overdraft_limit: '-1' }, 'not_a_decimal', 'overdraft_limit'],
    ['an unknown member', { currency: 'USD', weekly_limit: '1' }, 'unknown_field', 'weekly_limit'],
  ])('with %s are a 400 that names the field', async (_, body, reason, field) => {
    const api = new MemoryApi();
    const answer = await api.post(`${ACCOUNTS}/alice/limits`, body);
    expect(answer).toMatchObject({ status: 400, body: { reason, field } });
    expect(api.wallet.commands.records).toHaveLength(0);
  });

  test('are not for settlement accounts', async () => {
    const api = new MemoryApi();
    const change = await api.post(`${ACCOUNTS}/settlement:cash/limits`, { currency: 'USD', daily_limit: '5' });
    expect(change).toMatchObject({ status: 400, body: { reason: 'limits_on_settlement', field: 'account_id' } });
    const cash = { account_id: 'settlement:cash', currency: 'USD', owner: 'bank', daily_limit: '5' };
    expect(await api.post(ACCOUNTS, cash)).toMatchObject({
      body: { reason: 'limits_on_settlement', field: 'daily_limit' },
    });
  });
});

test('a balance is told in decimals, with its version and time', async () => {
  const api = new MemoryApi();
  await api.post(ACCOUNTS, opening);
  await api.funded('bob', '50.00');
  await api.post('/v1/wallet/balance_transfer', transferBody(nextId(), 'bob', 'alice', '7.5'));
  const { status, body } = await api.get(`${ACCOUNTS}/alice/balance?consistent=true`);
  expect(status).toBe(200);
  const asOf = new Date(api.wallet.clock.now()).toISOString();
  expect(body).toEqual({
    account_id: 'alice',
    balance: '7.50',
    available: '27.50',
    currency: 'USD',
    version: 2,
    as_of: asOf,
  });
});

describe('a balance at a past moment', () => {
  const at = (ms: number) => `at=${new Date(ms).toISOString()}`;

  test('is told by the commit of that moment, with the reads it took', async () => {
    const api = new MemoryApi();
    await api.post(ACCOUNTS, opening);
    await api.funded('bob', '50.00');
    const moments: number[] = [];
    for (let n = 1; n <= 9; n += 1) {
      await api.post('/v1/wallet/balance_transfer', transferBody(nextId(), 'bob', 'alice', '1'));
      moments.push(api.wallet.clock.now());
      api.wallet.clock.advance(60_000);
    }
    for (const [i, moment] of moments.entries()) {
      const { status, body, headers } = await api.get(`${ACCOUNTS}/alice/balance?${at(moment)}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ balance: `${i + 1}.00`, version: i + 2, as_of: new Date(moment).toISOString() });
      expect(Number(headers['x-ledger-reads'])).toBeLessThanOrEqual(6);
    }
  });

  test('takes a time without milliseconds, and a future one for now', async () => {
    const api = new MemoryApi();
    await api.post(ACCOUNTS, opening);
    const now = new Date(api.wallet.clock.now()).toISOString();
    expect((await api.get(`${ACCOUNTS}/alice/balance?at=2999-01-01T00:00:00Z`)).body).toMatchObject({ as_of: now });
  });

  test('before the opening is a 404: there was no account, and no currency to tell a zero in', async () => {
    const api = new MemoryApi();
    const before = api.wallet.clock.now() - 1;
    await api.post(ACCOUNTS, opening);
    const { status, body } = await api.get(`${ACCOUNTS}/alice/balance?${at(before)}`);
    expect(status).toBe(404);
    expect(body).toMatchObject({ reason: 'account_not_found', account_id: 'alice' });
  });

  test.each(['yesterday', '2026-02-30T00:00:00Z', '2026-02-01T24:00:00Z', '2026-02-01T00:00:00', '', '1767225600000'])(
    'at "%s" is a 400 that names the field',
    async (text) => {
      const { status, body } = await new MemoryApi().get(`${ACCOUNTS}/alice/balance?at=${text}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ reason: 'invalid_value', field: 'at' });
    },
  );
});
