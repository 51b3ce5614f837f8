/**
 * The client over an API that stumbles: what passes is tried again with the same identity, what is final is told, and what is pending
 * is followed. The API behind it is the real one, in memory.
 */
import { describe, expect, test } from 'vitest';
import { ApiUnreachableError, type FetchPorts, realFetch } from '../../client/retrying-fetch.ts';
import { ApiContractError, WalletClient } from '../../client/wallet-client.ts';
import { MemoryApi, nextId, transferBody } from '../memory-api.ts';

/** What happens to a request on its way, before it reaches the API: nothing, an answer from in between, or a lost connection. */
type Stumble = 'none' | 'lost' | 'answer lost' | Response;

/** A client over the API in memory; `stumbles` are used up, one per request. */
function clientOver(api: MemoryApi, stumbles: Stumble[] = []) {
  const sent: Request[] = [];
  const paused: number[] = [];
  const ports: FetchPorts = {
    fetch: async (request) => {
      sent.push(request);
      const stumble = stumbles.shift() ?? 'none';
      if (stumble instanceof Response) return stumble;
      if (stumble === 'lost') throw new TypeError('fetch failed');
      const answer = await forward(api, request);
      if (stumble === 'answer lost') throw new TypeError('terminated');
      return answer;
    },
    pauseMs: async (ms) => {
      paused.push(ms);
      if (sent.length > 0) await api.wallet.settle();
    },
    random: () => 0,
  };
  const client = new WalletClient({ baseUrl: 'https://wallet.example/prod/', token: () => 'a.b.c', ports });
  return { client, sent, paused };
}

async function forward(api: MemoryApi, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const text = await request.clone().text();
  // Who calls is the business of other tests: the API in memory makes its own tokens.
  const { authorization: _, ...headers } = Object.fromEntries(request.headers);
  const path = pathname.replace(/^\/prod/, '') + search;
  const answer = await api.request(request.method, path, text === '' ? undefined : text, { headers });
  return Response.json(answer.body, { status: answer.status, headers: textsOf(answer.headers) });
}

function textsOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

async function apiWithMoney(): Promise<MemoryApi> {
  const api = new MemoryApi();
  await api.funded('alice', '100.00');
  await api.funded('bob', '1.00');
  return api;
}

/** A success whose body ends in a broken connection. */
function cutOff(): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"status":'));
      controller.error(new TypeError('terminated'));
    },
  });
  return new Response(body, { status: 200 });
}

const throttled = () => new Response('{}', { status: 429, headers: { 'retry-after': '3' } });

describe('what passes', () => {
  test.each<[string, Stumble[]]>([
    ['a lost connection', ['lost']],
    ['an answer that was lost on its way back', ['answer lost', 'answer lost']],
    ['a failure of the gateway', [new Response('<html>', { status: 502 }), new Response('', { status: 504 })]],
    ['throttling', [throttled()]],
    ['an answer that is cut off in the middle', [cutOff()]],
  ])('%s is tried again, and money moves once', async (_, stumbles) => {
    const api = await apiWithMoney();
    const attempts = stumbles.length + 1;
    const { client, sent } = clientOver(api, stumbles);
    const outcome = await client.transfer(transferBody(nextId(), 'alice', 'bob', '10'));
    expect(outcome).toMatchObject({
      ok: true,
      httpStatus: 200,
      resource: { status: 'success', balance_after: '90.00' },
    });
    expect(sent).toHaveLength(attempts);
    expect(await api.wallet.balance('bob')).toBe(1100n);
  });

  test('is waited for as long as it asks, and longer each time', async () => {
    const api = await apiWithMoney();
    const { client, paused } = clientOver(api, [throttled(), 'lost', 'lost', new Response('', { status: 503 })]);
    await client.balance('alice');
    expect(paused).toEqual([3_000, 200, 400, 800]);
  });

  test('is tried again with the key that it had', async () => {
    const { client, sent } = clientOver(new MemoryApi(), ['answer lost']);
    const outcome = await client.openAccount({ account_id: 'carol', currency: 'EUR', owner: 'carol' });
    expect(outcome).toMatchObject({ ok: true, httpStatus: 201 });
    const keys = sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('and does not pass is told in the end', async () => {
    const lost = clientOver(
      new MemoryApi(),
      Array.from({ length: 99 }, (): Stumble => 'lost'),
    );
    await expect(lost.client.balance('alice')).rejects.toThrow('failed 9 times');
    expect(lost.sent).toHaveLength(9);
    const broken = clientOver(
      new MemoryApi(),
      Array.from({ length: 99 }, () => new Response('<html>', { status: 502 })),
    );
    const failure: unknown = await broken.client.balance('alice').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiUnreachableError);
    expect(failure).toMatchObject({ cause: { message: 'HTTP 502: <html>' } });
  });
});

describe('a caller that gives up', () => {
  const reason = new Error('the user has left');

  /** A client whose requests end as told, and whose pauses are real and longer than any test. */
  function patientClient(fetch: FetchPorts['fetch']) {
    const controller = new AbortController();
    const patience = { attempts: 9, firstPauseMs: 600_000, longestPauseMs: 600_000 };
    const client = new WalletClient({ baseUrl: 'https://wallet.example', patience, ports: { ...realFetch, fetch } });
    const ask = () => client.api.GET('/v1/wallet/trial_balance', { signal: controller.signal });
    return { controller, ask };
  }

  test('is not kept waiting by a request under way', async () => {
    let sent = 0;
    const { controller, ask } = patientClient((request) => {
      sent += 1;
      return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)));
    });
    const asked = ask();
    await expect.poll(() => sent).toBe(1);
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(sent).toBe(1);
  });

  test('is not kept waiting by a pause', async () => {
    let sent = 0;
    const { controller, ask } = patientClient(async () => {
      sent += 1;
      setTimeout(() => controller.abort(reason), 20);
      throw new TypeError('fetch failed');
    });
    await expect(ask()).rejects.toBe(reason);
    expect(sent).toBe(1);
  });

  test('before anything is sent sends nothing', async () => {
    let sent = 0;
    const { controller, ask } = patientClient(async () => {
      sent += 1;
      throw new TypeError('fetch failed');
    });
    controller.abort(reason);
    await expect(ask()).rejects.toBe(reason);
    expect(sent).toBe(0);
  });
});

test('what is final is sent once and told with its reason', async () => {
  const { client, sent } = clientOver(await apiWithMoney());
  const outcome = await client.transfer(transferBody(nextId(), 'bob', 'alice', '5'));
  expect(outcome).toMatchObject({
    ok: false,
    httpStatus: 422,
    problem: { reason: 'insufficient_funds', state: 'rejected' },
  });
  expect(sent).toHaveLength(1);
});

test('what is pending is followed to its end, also before anything of it is stored', async () => {
  const api = await apiWithMoney();
  api.stopPipeline();
  const { client, sent, paused } = clientOver(api);
  const outcome = await client.transfer(transferBody(nextId(), 'alice', 'bob', '10'));
  expect(outcome).toMatchObject({ ok: true, httpStatus: 200, resource: { status: 'success' } });
  expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET']);
  expect(new URL(sent[1]?.url ?? '').searchParams.has('accepted_at')).toBe(true);
  expect(paused).toEqual([1_000]);
});

test('what fails while it is followed is the same problem as what fails at once', async () => {
  const api = await apiWithMoney();
  api.stopPipeline();
  const { client, sent } = clientOver(api);
  const outcome = await client.transfer(transferBody(nextId(), 'alice', 'bob', '1000'));
  expect(outcome).toMatchObject({
    ok: false,
    httpStatus: 422,
    problem: { reason: 'insufficient_funds', state: 'rejected' },
  });
  expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
});

test('what may not be looked at is not taken for a transfer that failed', async () => {
  const api = await apiWithMoney();
  api.stopPipeline();
  const refused = { type: 'urn:problem-type:wallet:missing-scope', title: 'No.', status: 403, reason: 'missing_scope' };
  const { client, sent } = clientOver(api, ['none', Response.json(refused, { status: 403 })]);
  const outcome = await client.transfer(transferBody(nextId(), 'alice', 'bob', '10'));
  expect(outcome).toMatchObject({ ok: true, resource: { status: 'success', balance_after: '90.00' } });
  expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
  expect(await api.wallet.balance('bob')).toBe(1100n);
});

test.each([
  ['a page of a proxy', () => new Response('<html>Forbidden</html>', { status: 403 }), /403 .*<html>Forbidden/],
  ['half an answer', () => new Response('{"account_id":', { status: 200 }), /no JSON/],
  ['JSON that is no problem', () => Response.json({ message: 'Forbidden' }, { status: 403 }), /403 .*"message"/],
])('%s is no answer of the API', async (_, answer, message) => {
  const { client, sent } = clientOver(new MemoryApi(), [answer()]);
  const failure: unknown = await client.balance('alice').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiContractError);
  expect(String(failure)).toMatch(message);
  expect(sent).toHaveLength(1);
});

test('a balance is read as it was written last if that is asked for', async () => {
  const { client, sent } = clientOver(await apiWithMoney());
  await client.balance('alice', { consistent: true });
  await client.balance('alice');
  expect(sent.map(({ url }) => new URL(url).search)).toEqual(['?consistent=true', '']);
});

test('a batch has the result of each transfer in its place, and results of others are a breach of the contract', async () => {
  const api = await apiWithMoney();
  const batch = [transferBody(nextId(), 'alice', 'bob', '1'), transferBody(nextId(), 'bob', 'alice', '1000')];
  const { client } = clientOver(api);
  const outcome = await client.transfers(batch);
  expect(outcome.ok && outcome.resource).toMatchObject([{ status: 'success' }, { reason: 'insufficient_funds' }]);
  const foreign = clientOver(api, [Response.json({ results: [{ transaction_id: nextId() }] })]);
  await expect(foreign.client.transfers(batch.slice(0, 1))).rejects.toThrow(ApiContractError);
});

test('every request has the token, and the base address is kept as it is', async () => {
  const { client, sent } = clientOver(await apiWithMoney());
  await client.account('alice');
  expect(await client.trialBalance()).toMatchObject({ ok: true, resource: { balanced: true } });
  expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer a.b.c', 'Bearer a.b.c']);
  expect(sent[0]?.url).toBe('https://wallet.example/prod/v1/wallet/accounts/alice');
});
