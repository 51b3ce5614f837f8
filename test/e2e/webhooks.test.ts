/**
 * Webhooks on the deployed stack, end to end: a transfer settles, and a receiver on this machine gets its outcome, signed; it is
 * told again when it did not take it, and a receiver that is not there holds up nobody. Preset `local` lets webhooks be on this machine.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../local/free-port.ts';
import { ask, freshAccount, funded, get, open, post, settle, transferOf, until } from './api.ts';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const received: Received[] = [];
/** Answers of the next requests; 204 once there are none left. */
const answers: number[] = [];
let server: Server;
let url = '';
const registered: string[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    received.push({ headers, body });
    response.writeHead(answers.shift() ?? 204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: Partial<AddressInfo> = Object(server.address());
  url = `http://127.0.0.1:${port}/hook`;
});

afterAll(async () => {
  for (const id of registered) await ask('DELETE', `/v1/wallet/webhooks/${id}`);
  server.close().closeAllConnections();
});

async function register(address: string): Promise<{ readonly id: string; readonly secret: string }> {
  const { status, body } = await post('/v1/wallet/webhooks', { url: address });
  expect(status, JSON.stringify(body)).toBe(201);
  const id = String(body['webhook_id']);
  registered.push(id);
  return { id, secret: String(body['secret']) };
}

/** Requests that carried the outcome of a transfer. */
function outcomesOf(transfer: string): readonly Received[] {
  return received.filter(({ headers }) => headers['webhook-id']?.includes(transfer));
}

test('a receiver gets the outcome of a transfer, signed, again if it did not take it, whatever becomes of others', async () => {
  await register(`http://127.0.0.1:${await freePort()}/nobody`);
  const { id, secret } = await register(url);
  answers.push(500);
  const [alice, bob] = [await funded('alice', '9'), await open(freshAccount('bob'))];
  const transfer = transferOf(alice, bob, '4.50');
  await settle(transfer);
  const got = await until(
    async () => outcomesOf(transfer.transaction_id),
    (requests) => requests.length > 0,
  );
  const [request] = got;
  if (request === undefined) throw new Error('nothing was received');
  const event = { state: 'completed', from_account: alice, to_account: bob, amount: '4.50', currency: 'USD' };
  expect(new Verifier(secret).verify(request.body, request.headers)).toMatchObject({
    type: 'wallet.transfer.completed',
    data: { ...event, transaction_id: transfer.transaction_id },
  });
  const repeated = await until(
    async () => received.filter(({ headers }) => headers['webhook-id'] === received[0]?.headers['webhook-id']),
    (requests) => requests.length > 1,
  );
  expect(repeated.length).toBeGreaterThan(1);
  expect((await get(`/v1/wallet/webhooks/${id}`)).body).not.toHaveProperty('secret');
});

test('a rejected transfer is told too', async () => {
  const [alice, bob] = [await open(freshAccount('alice')), await open(freshAccount('bob'))];
  const transfer = transferOf(alice, bob, '1');
  await settle(transfer);
  const [request] = await until(
    async () => outcomesOf(transfer.transaction_id),
    (requests) => requests.length > 0,
  );
  expect(JSON.parse(request?.body ?? '{}')).toMatchObject({
    type: 'wallet.transfer.rejected',
    data: { reason: 'insufficient_funds' },
  });
});

test('an address of the network beyond this machine is refused', async () => {
  for (const address of [
    'http://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'https://localhost.internal/',
  ]) {
    const { status, body } = await post('/v1/wallet/webhooks', { url: address });
    expect([status, body['reason']]).toEqual([400, 'webhook_refused']);
  }
});
