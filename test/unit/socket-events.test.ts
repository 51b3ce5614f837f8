/**
 * Events of API Gateway's WebSocket API and what is answered: handshakes by the token among the subprotocols, whatever is wrong with
 * it; messages; ends. A token is never said back and never logged, also when something fails.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProcessSubscriptions } from '../../adapters/node/process-subscriptions.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { JwtTokenVerifier } from '../../adapters/node/token-verifier.ts';
import { metrics } from '../../core/contracts/env.ts';
import { MAX_MESSAGE_BYTES, SUBPROTOCOL } from '../../core/contracts/outcome-socket.ts';
import { AccountHolders } from '../../core/flows/see-transfer.ts';
import type { Journal } from '../../core/ports.ts';
import { serveEvent } from '../../functions/socket/serve-event.ts';
import { SocketApi } from '../../functions/socket/socket-api.ts';
import { LocalIssuer } from '../../local/issuer.ts';
import { badTokens } from '../bad-tokens.ts';
import { MemoryWallet, transferId } from '../memory-wallet.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-socket-events-'));
afterAll(() => rmSync(folder, { recursive: true }));

const issuer = await LocalIssuer.at(path.join(folder, 'key.json'));
const bad = await badTokens(issuer);
const good = await issuer.token({ subject: 'alice', scope: 'wallet:read' });

let subscriptions: ProcessSubscriptions;
let closed: string[];
let logged: string[];
let wallet: MemoryWallet;

beforeEach(() => {
  subscriptions = new ProcessSubscriptions();
  closed = [];
  logged = [];
  wallet = new MemoryWallet();
});

function serve(
  eventType: string,
  more: object = {},
  settings: Partial<ConstructorParameters<typeof SocketApi>[0]> = {},
) {
  const { transfers, log, meter } = wallet;
  const journal: Journal = {
    warn: (message, fields) => void logged.push(message, JSON.stringify(fields), String(fields['error'])),
  };
  const api = new SocketApi({
    subscriptions,
    transfers,
    holders: new AccountHolders(log),
    verifier: new JwtTokenVerifier(issuer.settings),
    clock: new SystemClock(),
    meter,
    journal,
    ...settings,
  });
  const channel = { close: async (id: string) => void closed.push(id) };
  return serveEvent(api, channel, { requestContext: { connectionId: 'c1', eventType, routeKey: '$x' }, ...more });
}

const offering = (...protocols: readonly string[]) => ({ headers: { 'Sec-WebSocket-Protocol': protocols.join(', ') } });

describe('a handshake', () => {
  test.each(['Sec-WebSocket-Protocol', 'sec-websocket-protocol'])(
    'with a good token in %s is accepted',
    async (name) => {
      const result = await serve('CONNECT', { headers: { [name]: `${SUBPROTOCOL},bearer.${good}` } });
      expect(result).toEqual({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } });
      expect(await subscriptions.connections(['c1'])).toMatchObject([{ caller: { subject: 'alice' } }]);
    },
  );

  test.each(Object.entries(bad))('with %s is refused', async (_, token) => {
    const protocols = token === undefined ? [SUBPROTOCOL] : [SUBPROTOCOL, `bearer.${token}`];
    expect(await serve('CONNECT', offering(...protocols))).toEqual({ statusCode: 401 });
    expect(await subscriptions.connections(['c1'])).toEqual([]);
  });

  test('without headers, without the protocol, or with the token elsewhere is refused', async () => {
    const elsewhere = { queryStringParameters: { token: good }, headers: { Authorization: `Bearer ${good}` } };
    for (const event of [{}, { headers: null }, offering(`bearer.${good}`), elsewhere])
      expect(await serve('CONNECT', event)).toEqual({ statusCode: 401 });
  });

  test('without the scope is refused', async () => {
    const token = await issuer.token({ subject: 'alice', scope: 'wallet:transfer' });
    expect(await serve('CONNECT', offering(SUBPROTOCOL, `bearer.${token}`))).toEqual({ statusCode: 403 });
  });

  test('is to come again when the keys of the issuer, or the table, cannot be had, and the log has no token', async () => {
    const keys = { ...issuer.settings, keys: { jwksUri: 'https://127.0.0.1:1/jwks.json' } };
    const verifier = new JwtTokenVerifier(keys);
    vi.spyOn(subscriptions, 'connect').mockRejectedValueOnce(
      Object.assign(new Error('slow'), { name: 'ThrottlingException' }),
    );
    expect(await serve('CONNECT', offering(SUBPROTOCOL, `bearer.${good}`))).toEqual({ statusCode: 429 });
    const { statusCode } = await serve('CONNECT', offering(SUBPROTOCOL, `bearer.${good}`), { verifier });
    expect(statusCode).toBeGreaterThanOrEqual(500);
    expect(wallet.meter.sum(metrics.socketTrouble)).toBe(2);
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.join('\n')).not.toContain(good);
    expect(logged.join('\n')).not.toContain(good.split('.')[2]);
  });
});

describe('a message', () => {
  const say = (body: string, more: object = {}) => serve('MESSAGE', { body, ...more });
  const reasonIn = async (result: ReturnType<typeof say>) => JSON.parse((await result).body ?? '{}').problem?.reason;

  beforeEach(async () => {
    await serve('CONNECT', offering(SUBPROTOCOL, `bearer.${good}`));
  });

  test('is answered with a message', async () => {
    const { body = '' } = await say(JSON.stringify({ action: 'subscribe', transaction_ids: [transferId(1)] }));
    expect(JSON.parse(body)).toEqual({ type: 'subscribed', outcomes: [], waiting: [transferId(1)] });
    expect(await say('{"action":"ping"}')).toEqual({ statusCode: 200, body: '{"type":"pong"}' });
  });

  test('that is too large, no text, or no JSON is a problem, and the connection goes on', async () => {
    expect(await reasonIn(say(`"${'x'.repeat(MAX_MESSAGE_BYTES)}"`))).toBe('body_too_large');
    expect(await reasonIn(say('eyJ9', { isBase64Encoded: true }))).toBe('malformed_body');
    expect(await reasonIn(say(''))).toBe('malformed_body');
    expect(closed).toEqual([]);
  });

  test('that meets trouble says so, and nothing of it', async () => {
    vi.spyOn(subscriptions, 'subscribe').mockRejectedValueOnce(new Error('table of customer alice'));
    const { body = '' } = await say(JSON.stringify({ action: 'subscribe', transaction_ids: [transferId(1)] }));
    expect(JSON.parse(body)).toMatchObject({ problem: { reason: 'internal_error', status: 500 } });
    expect(body).not.toContain('alice');
  });

  test('after the end of the token, or of a connection that nobody knows, ends the connection', async () => {
    vi.useFakeTimers({ now: Date.now() + 3 * 3_600_000, toFake: ['Date'] });
    try {
      expect(await say('{"action":"ping"}')).toEqual({ statusCode: 200 });
    } finally {
      vi.useRealTimers();
    }
    await serve('DISCONNECT');
    expect(await say('{"action":"ping"}')).toEqual({ statusCode: 200 });
    expect(closed).toEqual(['c1', 'c1']);
  });
});

test('an end takes the connection away, also one that was never there', async () => {
  await serve('CONNECT', offering(SUBPROTOCOL, `bearer.${good}`));
  for (let i = 0; i < 2; i += 1) expect(await serve('DISCONNECT')).toEqual({ statusCode: 200 });
  expect(await subscriptions.connections(['c1'])).toEqual([]);
});

test('what is no event of a WebSocket is refused loudly', async () => {
  await expect(serve('UPLOAD')).rejects.toThrow();
});
