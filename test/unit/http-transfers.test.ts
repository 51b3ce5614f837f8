/**
 * Transfers over HTTP: what the client is told when a transfer settles, fails, takes too long, comes twice or conflicts. The real
 * handlers run over the whole pipeline in memory; time is a clock that only waiting moves.
 */
import { describe, expect, test } from 'vitest';
import { decodeRecord } from '../../core/contracts/commands.ts';
import { metrics } from '../../core/contracts/env.ts';
import { accountKey } from '../../core/domain/lane.ts';
import { MemoryApi, nextId, transferBody } from '../memory-api.ts';
import { SCOPE } from '../memory-wallet.ts';

const ONE = '/v1/wallet/balance_transfer';
const MANY = '/v1/wallet/balance_transfers';

async function apiWithAliceAndBob(): Promise<MemoryApi> {
  const api = new MemoryApi();
  await api.funded('alice', '100.00');
  await api.funded('bob', '1.00');
  return api;
}

function sentCommands(api: MemoryApi): number {
  return api.wallet.commands.records.flatMap(({ data }) => decodeRecord(data)).length;
}

describe('one transfer', () => {
  test('that settles is a 200 with the resource that a GET gives too', async () => {
    const api = await apiWithAliceAndBob();
    const body = transferBody(nextId(), 'alice', 'bob', '10.5');
    const posted = await api.post(ONE, body);
    expect(posted.status).toBe(200);
    expect(posted.headers['content-type']).toBe('application/json');
    expect(posted.body).toMatchObject({
      ...body,
      amount: '10.50',
      status: 'success',
      state: 'completed',
      balance_after: '89.50',
    });
    const phases = ['accepted', 'debit', 'credit_sent', 'credit'].map((phase) => ({ phase, outcome: 'ok' }));
    expect(posted.body['phases']).toMatchObject(phases);
    const got = await api.get(`/v1/wallet/transfers/${body.transaction_id.toUpperCase()}`);
    expect(got).toMatchObject({ status: 200, body: posted.body });
    expect(got.headers).not.toHaveProperty('retry-after');
  });

  test('with an id in capitals is the same as in small letters', async () => {
    const api = await apiWithAliceAndBob();
    const body = transferBody(nextId(), 'alice', 'bob', '1');
    const first = await api.post(ONE, body);
    const again = await api.post(ONE, { ...body, transaction_id: body.transaction_id.toUpperCase() });
    expect(again.body).toEqual(first.body);
    expect(await api.wallet.balance('bob')).toBe(200n);
  });

  test('that the payer refuses is a problem, and on asking again a resource', async () => {
    const api = await apiWithAliceAndBob();
    const body = transferBody(nextId(), 'bob', 'alice', '1.01');
    const { status, headers, body: problem } = await api.post(ONE, body);
    expect({ status, type: headers['content-type'] }).toEqual({ status: 422, type: 'application/problem+json' });
    expect(problem).toMatchObject({ status: 422, reason: 'insufficient_funds', state: 'rejected', ...body });
    expect(problem['title']).toEqual(expect.any(String));
    const got = await api.get(`/v1/wallet/transfers/${body.transaction_id}`);
    expect(got).toMatchObject({
      status: 200,
      body: { status: 'failed', state: 'rejected', reason: 'insufficient_funds' },
    });
    expect(api.wallet.meter.sum(metrics.requestsRefused)).toBe(1);
  });

  test('that the payee refuses is a problem after the money came back', async () => {
    const api = await apiWithAliceAndBob();
    const { status, body } = await api.post(ONE, transferBody(nextId(), 'alice', 'nobody', '5'));
    expect(status).toBe(422);
    expect(body).toMatchObject({ reason: 'account_not_found', state: 'reversed', balance_after: '100.00' });
    const phases = ['accepted', 'debit', 'credit_sent', 'credit', 'refund_sent', 'refund'].map((phase) => ({ phase }));
    expect(body['phases']).toMatchObject(phases);
  });
});

describe('a transfer that takes longer than its client waits', () => {
  test.each([
    ['no preference', undefined, 5_000, undefined],
    ['wait=2', 'wait=2', 2_000, 'wait=2'],
    ['more than is granted', 'wait=100', 25_000, 'wait=25'],
    ['respond-async', 'respond-async', 0, 'respond-async'],
    ['respond-async and a wait', 'respond-async, wait=1', 1_000, 'respond-async, wait=1'],
    ['nonsense', 'wait=soon', 5_000, undefined],
  ])('is a 202 in time: %s', async (_, prefer, waitMs, applied) => {
    const api = await apiWithAliceAndBob();
    api.stopPipeline();
    const before = api.wallet.clock.now();
    const headers: Record<string, string> = prefer === undefined ? {} : { Prefer: prefer };
    const {
      status,
      headers: answered,
      body,
    } = await api.post(ONE, transferBody(nextId(), 'alice', 'bob', '1'), { headers });
    expect(status).toBe(202);
    expect(api.wallet.clock.now() - before).toBe(waitMs);
    expect(answered['preference-applied']).toBe(applied);
    expect(answered['retry-after']).toBe('1');
    expect(body).toMatchObject({ status: 'pending', state: 'pending', from_account: 'alice', phases: [] });
  });

  test('does not wait beyond the time of its function', async () => {
    const api = await apiWithAliceAndBob();
    api.stopPipeline();
    const before = api.wallet.clock.now();
    const options = { headers: { Prefer: 'wait=25' }, remainingMs: 4_000 };
    expect((await api.post(ONE, transferBody(nextId(), 'alice', 'bob', '1'), options)).status).toBe(202);
    expect(api.wallet.clock.now() - before).toBe(2_000);
  });

  test('can be followed by its Location, before anything is stored and after', async () => {
    const api = await apiWithAliceAndBob();
    api.stopPipeline();
    const body = transferBody(nextId(), 'alice', 'bob', '1');
    const accepted = await api.post(ONE, body, { headers: { Prefer: 'respond-async' } });
    const early = await api.follow(ONE, accepted);
    expect(early).toMatchObject({ status: 200, body: { status: 'pending', transaction_id: body.transaction_id } });
    expect(early.headers['retry-after']).toBe('1');
    await api.wallet.deliverNew();
    const claimed = await api.follow(ONE, accepted);
    expect(claimed.body).toMatchObject({ status: 'pending', amount: '1.00', phases: [{ phase: 'accepted' }] });
    await api.wallet.settle();
    expect((await api.follow(ONE, accepted)).body).toMatchObject({ status: 'success' });
  });

  test('that is asked for again while it is claimed waits for the first, and sends nothing', async () => {
    const api = await apiWithAliceAndBob();
    api.stopPipeline();
    const body = transferBody(nextId(), 'alice', 'bob', '1');
    await api.post(ONE, body, { headers: { Prefer: 'respond-async' } });
    await api.wallet.deliverNew();
    const commands = sentCommands(api);
    expect((await api.post(ONE, body)).status).toBe(202);
    expect(sentCommands(api)).toBe(commands);
  });
});

describe('GET of a transfer that nothing is stored of', () => {
  const at = (ms: number) => `?accepted_at=${new Date(ms).toISOString()}`;
  const day = 24 * 3_600_000;

  test.each([
    ['without a time', () => '', 404],
    ['accepted now', at, 200],
    ['accepted by a clock that is 59 s ahead', (now: number) => at(now + 59_000), 200],
    ['accepted two minutes from now', (now: number) => at(now + 120_000), 404],
    ['accepted 6 days ago', (now: number) => at(now - 6 * day), 200],
    ['accepted before all that the stream holds', (now: number) => at(now - 8 * day), 404],
  ])('%s', async (_, query, status) => {
    const api = new MemoryApi();
    const id = nextId();
    const answer = await api.get(`/v1/wallet/transfers/${id}${query(api.wallet.clock.now())}`);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(status === 404 ? { reason: 'transfer_not_found' } : { status: 'pending' });
  });
});

describe('an identity that is used again', () => {
  test('with other content is a 409 that names what differs, and sends nothing', async () => {
    const api = await apiWithAliceAndBob();
    const body = transferBody(nextId(), 'alice', 'bob', '1');
    await api.post(ONE, body);
    const commands = sentCommands(api);
    const answer = await api.post(ONE, { ...body, amount: '2', to_account: 'carol' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ reason: 'content_conflict', fields: ['to_account', 'amount'] });
    expect(JSON.stringify(answer.body)).not.toContain('bob');
    expect(sentCommands(api)).toBe(commands);
  });

  test('with other content at the same moment is a 409 for whoever is claimed second', async () => {
    const api = await apiWithAliceAndBob();
    const body = transferBody(nextId(), 'alice', 'bob', '1');
    // Neither finds a claim when it looks; the stream's order decides.
    const answers = await Promise.all([api.post(ONE, body), api.post(ONE, { ...body, currency: 'EUR' })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
    expect(answers[1]?.body).toMatchObject({ fields: ['currency'] });
    expect(await api.wallet.balance('bob')).toBe(200n);
  });
});

describe('a batch', () => {
  test('answers each item in its place, and settles what can be settled', async () => {
    const api = await apiWithAliceAndBob();
    const [good, poor, nobody] = [nextId(), nextId(), nextId()];
    const transfers = [
      transferBody(good, 'alice', 'bob', '1'),
      transferBody(poor, 'bob', 'alice', '1000'),
      transferBody(good, 'alice', 'bob', '1.00'),
      transferBody(good, 'alice', 'bob', '3'),
      transferBody(nobody, 'alice', 'nobody', '1'),
      { amount: 1 },
    ];
    const { status, body } = await api.post(MANY, { transfers });
    expect(status).toBe(200);
    expect(body['results']).toMatchObject([
      { status: 'success', transaction_id: good },
      { status: 422, reason: 'insufficient_funds', transaction_id: poor },
      { status: 'success', transaction_id: good },
      { status: 409, reason: 'content_conflict', transaction_id: good, fields: ['amount'] },
      { status: 422, reason: 'account_not_found', state: 'reversed', transaction_id: nobody },
      { status: 400, reason: 'missing_field' },
    ]);
    expect(await api.wallet.balance('bob')).toBe(200n);
    expect(api.wallet.meter.sum(metrics.conflicts)).toBe(1);
    expect(api.wallet.meter.sum(metrics.requestsInvalid)).toBe(1);
    expect((await api.post(MANY, { transfers })).body).toEqual(body);
  });

  test('goes into the stream as one, and what is not over when the time is up is pending', async () => {
    const api = await apiWithAliceAndBob();
    api.stopPipeline();
    const records = api.wallet.commands.records.length;
    const transfers = Array.from({ length: 500 }, () => transferBody(nextId(), 'alice', 'bob', '0.01'));
    const { status, headers, body } = await api.post(MANY, { transfers }, { headers: { Prefer: 'wait=1' } });
    expect({ status, applied: headers['preference-applied'] }).toEqual({ status: 200, applied: 'wait=1' });
    const results = Array.isArray(body['results']) ? body['results'] : [];
    expect(results.map(({ transaction_id }) => transaction_id)).toEqual(
      transfers.map(({ transaction_id }) => transaction_id),
    );
    expect(new Set(results.map((result) => result.status))).toEqual(new Set(['pending']));
    expect(api.wallet.commands.records.length - records).toBeLessThan(3);
    await api.wallet.settle();
    expect(await api.wallet.balance('bob')).toBe(600n);
  });

  test('of 500 times the same moves money once, in whatever case the id is written', async () => {
    const api = await apiWithAliceAndBob();
    const id = nextId();
    const transfers = Array.from({ length: 500 }, (_, n) =>
      transferBody(n % 2 === 0 ? id : id.toUpperCase(), 'alice', 'bob', '0.01'),
    );
    const { body } = await api.post(MANY, { transfers });
    const results = Array.isArray(body['results']) ? body['results'] : [];
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(results[499]).toMatchObject({ status: 'success', transaction_id: id, balance_after: '99.99' });
    expect(await api.wallet.balance('bob')).toBe(101n);
  });

  test('of 500 amounts under one id moves the first, and all others are conflicts', async () => {
    const api = await apiWithAliceAndBob();
    const id = nextId();
    const transfers = Array.from({ length: 500 }, (_, n) => transferBody(id, 'alice', 'bob', `0.0${1 + (n % 9)}`));
    const { body } = await api.post(MANY, { transfers });
    const results = Array.isArray(body['results']) ? body['results'] : [];
    const same = transfers.map(({ amount }) => (amount === '0.01' ? 'success' : 'content_conflict'));
    expect(results.map((result) => result.reason ?? result.status)).toEqual(same);
    expect(await api.wallet.balance('bob')).toBe(101n);
  });

  test.each([
    '1e999999999',
    '9'.repeat(500_000),
    `0.${'0'.repeat(500_000)}1`,
    `${'0'.repeat(500_000)}1`,
    '1_000',
    '0x10',
    '１',
  ])('refuses an amount that only looks like one, and repeats none of it', async (amount) => {
    const api = await apiWithAliceAndBob();
    const { body } = await api.post(MANY, { transfers: [transferBody(nextId(), 'alice', 'bob', amount)] });
    expect(body['results']).toMatchObject([{ status: 400, field: 'transfers[0].amount' }]);
    expect(JSON.stringify(body).length).toBeLessThan(1_000);
  });

  test('of which nothing can be read sends nothing', async () => {
    const api = new MemoryApi();
    const { status, body } = await api.post(MANY, { transfers: [1, null, 'x'] });
    expect(status).toBe(200);
    expect(body['results']).toMatchObject([{ status: 400 }, { status: 400 }, { status: 400 }]);
    expect(api.wallet.commands.records).toEqual([]);
  });
});

test('the trial balance over HTTP is zero with what is in flight', async () => {
  const api = await apiWithAliceAndBob();
  await api.wallet.settle();
  const { status, body } = await api.get('/v1/wallet/trial_balance');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    balanced: true,
    currencies: [{ currency: 'USD', balances: '0.00', in_flight: '0.00', sum: '0.00' }],
  });
  expect(await api.wallet.log.newest(accountKey({ scope: SCOPE, account: 'alice' }))).toBeDefined();
});
