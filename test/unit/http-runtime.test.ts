/**
 * What surrounds every route: unknown paths, wrong methods, bodies that are no JSON, trouble below and faults of our own. All of it
 * comes out as a problem document under an id that the log has too.
 */
import { describe, expect, test } from 'vitest';
import { StoreFailure, StreamFailure } from '../../adapters/aws/failures.ts';
import { metrics } from '../../core/contracts/env.ts';
import { operations } from '../../core/contracts/operations.ts';
import { apiHandler } from '../../functions/runtime/http.ts';
import { byAuthorizer } from '../../functions/runtime/identify.ts';
import { MAX_BODY_BYTES } from '../../functions/runtime/read-request.ts';
import { eventOf, MemoryApi, nextId, transferBody } from '../memory-api.ts';

const ONE = '/v1/wallet/balance_transfer';

test.each([
  ['intake', 'POST', '/v1/wallet/nothing', 404, undefined],
  ['intake', 'POST', '/v1/wallet/accounts/', 404, undefined],
  ['intake', 'POST', '/v1/wallet/accounts/alice/burn', 404, undefined],
  ['intake', 'GET', ONE, 405, 'POST'],
  ['intake', 'DELETE', '/v1/wallet/accounts/alice/freeze', 405, 'POST'],
  ['query', 'PUT', '/v1/wallet/transfers/17', 405, 'GET'],
  ['query', 'GET', '/', 404, undefined],
  ['query', 'DELETE', '/v1/wallet/transfers/lookup', 405, 'POST'],
] as const)('%s: %s %s is a %i', async (api, method, path, status, allow) => {
  const answer = await new MemoryApi().ask(api, eventOf(method, path, null));
  expect({ status: answer.status, allow: answer.headers['allow'] }).toEqual({ status, allow });
  expect(answer.headers['content-type']).toBe('application/problem+json');
});

describe('below the base path of a custom domain', () => {
  const account = '/v1/wallet/accounts/{account_id}';

  test.each([
    ['', '/v1/wallet/accounts/alice', account, 200],
    ['/pay', '/v1/wallet/accounts/alice', account, 200],
    ['/pay/eu', '/v1/wallet/accounts/alice', account, 200],
    ['/v1', '/v1/wallet/accounts/alice', account, 200],
    ['', '/v1/wallet/accounts/alice/', account, 404],
    // An account without a name: API Gateway finds the list of accounts there.
    ['', '/v1/wallet/accounts/', '/v1/wallet/accounts', 400],
    ['/pay', '/v1/wallet/accounts/', '/v1/wallet/accounts', 400],
  ])('"%s" before %s of %s: %i', async (basePath, path, resource, status) => {
    const api = new MemoryApi();
    await api.funded('alice', '1.00');
    expect((await api.get(path, { basePath, resource })).status).toBe(status);
  });

  test('a transfer that is not over yet is found where the answer says', async () => {
    const body = transferBody(nextId(), 'alice', 'bob', '1.00');
    const options = { basePath: '/pay', resource: ONE, headers: { prefer: 'respond-async' } };
    const answer = await new MemoryApi().post(ONE, body, options);
    expect(answer.status).toBe(202);
    const place = new URL(String(answer.headers['location']), `https://api.example/pay${ONE}`);
    expect(place.pathname).toBe(`/pay/v1/wallet/transfers/${body.transaction_id}`);
  });
});

describe('a body', () => {
  test.each([
    ['that is no JSON', '{"amount":', 'application/json', 400, 'malformed_body'],
    ['that is empty', '', 'application/json', 400, 'malformed_body'],
    ['with a key that would change prototypes', '{"__proto__":{"a":1}}', 'application/json', 400, 'malformed_body'],
    ['nested deeper than any stack', '['.repeat(200_000), 'application/json', 400, 'malformed_body'],
    ['of another type', '{}', 'text/plain', 415, 'unsupported_media_type'],
    ['of no type', '{}', '', 415, 'unsupported_media_type'],
    ['with a member twice', '{"amount":"1","amount":"2"}', 'application/json', 400, 'malformed_body'],
    ['of a kind of JSON', '{}', 'application/merge-patch+json', 415, 'unsupported_media_type'],
    ['in another charset', '{}', 'application/json; charset=utf-16', 415, 'unsupported_media_type'],
    ['that is too large', `"${'x'.repeat(MAX_BODY_BYTES)}"`, 'application/json', 413, 'body_too_large'],
  ])('%s is refused', async (_, body, type, status, reason) => {
    const api = new MemoryApi();
    const answer = await api.post(ONE, body, { headers: { 'Content-Type': type } });
    expect({ status: answer.status, reason: answer.body['reason'] }).toEqual({ status, reason });
    expect(api.wallet.commands.records).toEqual([]);
    expect(api.wallet.journal.warnings).toEqual([]);
  });

  test('of bytes that are no UTF-8 is refused', async () => {
    const event = eventOf('POST', ONE, '{"amount":"1"}', { headers: { 'content-type': 'application/json' } });
    const body = Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]).toString('base64');
    const answer = await new MemoryApi().ask('intake', { ...event, body, isBase64Encoded: true });
    expect(answer).toMatchObject({ status: 400, body: { reason: 'malformed_body', detail: 'The body is not UTF-8.' } });
  });

  test('in base64 and with a charset is read', async () => {
    const api = new MemoryApi();
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const opening = JSON.stringify({ account_id: 'alice', currency: 'USD', owner: 'Alice' });
    expect((await api.post('/v1/wallet/accounts', opening, { headers, base64: true })).status).toBe(201);
  });
});

test.each([
  ['is not known', '/v1/wallet/accounts/alice?consistant=true', 'unknown_parameter', 'consistant'],
  ['is known elsewhere', '/v1/wallet/accounts/alice?at=2026-01-01T00:00:00.000Z', 'unknown_parameter', 'at'],
  ['comes twice', '/v1/wallet/accounts/alice?consistent=true&consistent=false', 'repeated_parameter', 'consistent'],
])('a query parameter that %s is refused', async (_, path, reason, field) => {
  const { status, body } = await new MemoryApi().get(path);
  expect({ status, reason: body['reason'], field: body['field'] }).toEqual({ status: 400, reason, field });
});

/** An error as the AWS SDK throws it. */
function awsError(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error('secret of the inside'), { name, $metadata: { httpStatusCode } });
}

describe('an exception', () => {
  test.each([
    ['throttling', new StoreFailure('x', { cause: awsError('ThrottlingException', 400) }), 429, 'throttled'],
    ['a fault of the stream', new StreamFailure('x', { cause: awsError('InternalFailure', 500) }), 503, 'unavailable'],
    ['a missing right', new StoreFailure('x', { cause: awsError('AccessDeniedException', 400) }), 503, 'unavailable'],
    ['a lost connection', Object.assign(new Error('x'), { code: 'ECONNRESET' }), 503, 'unavailable'],
    ['a fault of our own', new TypeError('secret of the inside'), 500, 'internal_error'],
    ['something that is no error', 'secret of the inside', 500, 'internal_error'],
  ])('by %s is a problem that tells nothing of the inside', async (_, exception, status, reason) => {
    const api = new MemoryApi();
    api.wallet.commands.hooks.beforeWrite = () => {
      throw exception;
    };
    const answer = await api.post(ONE, transferBody(nextId(), 'alice', 'bob', '1'), {
      headers: { 'X-Correlation-Id': 'mine' },
    });
    expect({ status: answer.status, reason: answer.body['reason'] }).toEqual({ status, reason });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(answer.headers).toMatchObject({ 'retry-after': '1', 'x-correlation-id': 'mine' });
    expect(api.wallet.journal.warnings).toMatchObject([{ fields: { correlation_id: 'mine', reason } }]);
  });

  test('after a command was sent leaves a transfer that its client finds by sending it again', async () => {
    const api = new MemoryApi();
    await api.funded('alice', '10');
    await api.funded('bob', '1');
    const body = transferBody(nextId(), 'alice', 'bob', '1');
    const { onSleep } = api.wallet.clock;
    api.wallet.clock.onSleep = () => {
      throw new StoreFailure('the table does not answer');
    };
    expect((await api.post(ONE, body)).status).toBe(503);
    api.wallet.clock.onSleep = onSleep;
    expect((await api.post(ONE, body)).body).toMatchObject({ status: 'success' });
    expect(await api.wallet.balance('bob')).toBe(200n);
  });

  test('by a route that does not come back in time is a 503 before the function ends', async () => {
    const { wallet } = new MemoryApi();
    const handle = () => new Promise<never>(() => {});
    const handler = apiHandler([{ ...operations.getTrialBalance, path: '/', handle }], {
      ...wallet,
      identify: byAuthorizer,
    });
    const context = { getRemainingTimeInMillis: () => 510 };
    const result = await handler(eventOf('GET', '/', null), Object.assign(Object.create(null), context));
    expect(result.statusCode).toBe(503);
    expect(wallet.meter.sum(metrics.requestsUnserved)).toBe(1);
  });
});

test.each([
  ['harmless', { 'X-Correlation-ID': 'abc-1' }, 'abc-1'],
  ['missing', {}, 'request-of-api-gateway'],
  ['too long', { 'x-correlation-id': 'a'.repeat(129) }, 'request-of-api-gateway'],
  ['no word', { 'x-correlation-id': 'a b' }, 'request-of-api-gateway'],
])('a correlation id that is %s', async (_, headers, expected) => {
  const answer = await new MemoryApi().get('/v1/wallet/accounts/alice', { headers });
  expect(answer.headers).toMatchObject({ 'x-correlation-id': expected, 'cache-control': 'no-store' });
});
