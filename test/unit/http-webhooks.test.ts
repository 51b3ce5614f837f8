/** Webhooks over HTTP: what operators send and get, with secrets shown once and addresses that could do harm refused. */
import { beforeEach, describe, expect, test } from 'vitest';
import { outcomeEvent } from '../../core/contracts/outcome-event.ts';
import { deliveryOf } from '../../core/contracts/webhook.ts';
import { type Answer, MemoryApi } from '../memory-api.ts';
import { transferId } from '../memory-wallet.ts';

const PATH = '/v1/wallet/webhooks';
const url = 'https://hooks.example.com/wallet';
const everything = ['wallet.transfer.completed', 'wallet.transfer.rejected', 'wallet.transfer.reversed'];

let api: MemoryApi;
beforeEach(() => {
  api = new MemoryApi();
});

async function registered(): Promise<string> {
  const { body } = await api.post(PATH, { url });
  return `${PATH}/${String(body['webhook_id'])}`;
}

test('a registration answers with the secret, and nothing after it does', async () => {
  const made = await api.post(PATH, { url, description: 'bookkeeping' });
  expect(made).toMatchObject({
    status: 201,
    body: { url, events: everything, secret: expect.stringMatching(/^whsec_/) },
  });
  const one = `${PATH}/${String(made.body['webhook_id'])}`;
  for (const answer of [await api.get(one), await api.get(PATH)]) {
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).not.toContain('whsec_');
  }
  expect((await api.get(PATH)).body['webhooks']).toHaveLength(1);
});

test('a registration that is repeated is answered the same; other content is a conflict', async () => {
  const headers = { 'Idempotency-Key': 'once' };
  const first = await api.post(PATH, { url }, { headers });
  expect(await api.post(PATH, { url }, { headers })).toEqual(first);
  const other = await api.post(PATH, { url: 'https://other.example.com/' }, { headers });
  expect(other).toMatchObject({ status: 409, body: { reason: 'content_conflict', fields: ['url'] } });
  expect(api.webhookStore.webhooks.size).toBe(1);
});

test('a registration that comes again after its webhook was deleted does not bring it back', async () => {
  const headers = { 'Idempotency-Key': 'once' };
  const { body } = await api.post(PATH, { url }, { headers });
  await api.request('DELETE', `${PATH}/${String(body['webhook_id'])}`);
  const again = await api.post(PATH, { url }, { headers });
  expect(again).toMatchObject({ status: 404, body: { reason: 'webhook_not_found' } });
  expect((await api.get(PATH)).body).toEqual({ webhooks: [] });
  expect((await api.post(PATH, { url })).status).toBe(201);
});

describe('a registration is refused', () => {
  test.each<readonly [unknown, string, string]>([
    [{}, 'missing_field', 'url'],
    [{ url: 7 }, 'wrong_type', 'url'],
    [{ url, secret: 'whsec_mine' }, 'unknown_field', 'secret'],
    [{ url, events: ['wallet.transfer.lost'] }, 'invalid_value', 'events[0]'],
    [{ url, events: [everything[0], everything[0]] }, 'invalid_value', 'events'],
    [{ url, description: 'é' }, 'invalid_value', 'description'],
    [{ url: 'http://hooks.example.com/' }, 'webhook_refused', 'url'],
    [{ url: 'https://user:secret@hooks.example.com/' }, 'webhook_refused', 'url'],
    [{ url: 'https://169.254.169.254/latest/meta-data/' }, 'webhook_refused', 'url'],
    [{ url: 'https://[::ffff:127.0.0.1]/' }, 'webhook_refused', 'url'],
  ])('for %j: %s', async (body, reason, field) => {
    expect(await api.post(PATH, body)).toMatchObject({ status: 400, body: { reason, field } });
    expect(api.webhookStore.webhooks.size).toBe(0);
  });
});

test('a webhook is deleted, and not there any more', async () => {
  const one = await registered();
  expect((await api.request('DELETE', one)).body).toMatchObject({ status: 'deleted' });
  const answers = [
    await api.request('DELETE', one),
    await api.get(one),
    await api.post(`${one}/rotate_secret`),
    await api.post(`${one}/ping`),
    await api.get(`${one}/dead_deliveries`),
    await api.post(`${one}/replay`),
  ];
  for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { reason: 'webhook_not_found' } });
});

test('an id that is none is refused', async () => {
  expect(await api.get(`${PATH}/whatever`)).toMatchObject({ status: 400, body: { field: 'webhook_id' } });
});

test('a rotation shows the new secret and how long the old one signs', async () => {
  const one = await registered();
  const rotated = await api.post(`${one}/rotate_secret`, {}, { headers: { 'Idempotency-Key': 'rotate-1' } });
  expect(rotated).toMatchObject({ status: 200, body: { secret: expect.any(String) } });
  const until = api.wallet.clock.now() + 24 * 3_600_000;
  expect(Date.parse(String(rotated.body['previous_secret_until']))).toBe(until);
});

test('a ping is on its way once per request', async () => {
  const one = await registered();
  const headers = { 'Idempotency-Key': 'ping-1' };
  const [first, second]: readonly Answer[] = [
    await api.post(`${one}/ping`, undefined, { headers }),
    await api.post(`${one}/ping`, undefined, { headers }),
  ];
  expect(first).toMatchObject({ status: 202, body: second?.body ?? {} });
  expect(new Set([...api.deliveries.waiting].map(({ delivery }) => delivery.id)).size).toBe(1);
});

test('dead deliveries are listed and replayed', async () => {
  const one = await registered();
  const [webhook] = api.webhookStore.webhooks.values();
  if (webhook === undefined) throw new Error('no webhook is there');
  const content = { scope: 'default', transfer: transferId(1), from: 'alice', to: 'bob', amount: 1n, currency: 'USD' };
  const event = outcomeEvent({ ...content, state: 'completed', completedAt: 0 });
  await api.webhookStore.bury({ delivery: deliveryOf(webhook, event, 0), fault: 'answered 500', diedAt: 0 });
  const { body } = await api.get(`${one}/dead_deliveries`);
  expect(body['dead_deliveries']).toMatchObject([{ event_id: event.event_id, fault: 'answered 500' }]);
  expect(await api.post(`${one}/replay`)).toMatchObject({ status: 202, body: { replayed: 1, more: false } });
  expect((await api.get(`${one}/dead_deliveries`)).body['dead_deliveries']).toEqual([]);
  expect(api.deliveries.waiting.size).toBe(1);
});
