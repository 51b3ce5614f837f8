/**
 * The WebSocket of the embedded wallet, over real connections: who waits for a transfer is told how it ended, whichever came first,
 * the transfer or the waiting; nobody is told what he may not see; nobody gets in without a good token; a client that misbehaves is
 * told so or cut off; and the client helper waits through a restart of the wallet.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod';
import { waitForOutcomes } from '../../client/outcome-socket.ts';
import { MAX_MESSAGE_BYTES, MOST_CONNECTIONS, MOST_WAITS } from '../../core/contracts/outcome-socket.ts';
import { type EmbeddedServer, startEmbeddedServer } from '../../local/embedded-server.ts';
import { LocalIssuer } from '../../local/issuer.ts';
import { badTokens } from '../bad-tokens.ts';

const LIMIT_MS = 20_000;
const messageSchema = z.looseObject({ type: z.string() });
type Message = z.infer<typeof messageSchema>;

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-socket-'));
const issuer = await LocalIssuer.at(path.join(folder, 'key.json'));
const bad = await badTokens(issuer);
const operator = await issuer.token({ subject: 'operator' });
const customersScopes = 'wallet:read wallet:transfer wallet:accounts';
const tokenOf = (subject: string, more: object = {}) => issuer.token({ subject, scope: customersScopes, ...more });

let server: EmbeddedServer;
const start = (port = 0) => startEmbeddedServer({ folder: path.join(folder, 'data'), port, tokens: issuer.settings });

beforeAll(async () => {
  server = await start();
  for (const account of ['settlement:bank', 'alice', 'bob']) {
    await post('accounts', { account_id: account, currency: 'USD', owner: account });
  }
  await pay('settlement:bank', 'alice', '1000');
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function post(route: string, body: object, token = operator) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(`${server.url}/v1/wallet/${route}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return z.record(z.string(), z.unknown()).parse(await answer.json());
}

function pay(from: string, to: string, amount: string, id: string = randomUUID()) {
  const transfer = { transaction_id: id, from_account: from, to_account: to, amount, currency: 'USD' };
  return post('balance_transfer', transfer);
}

/** A connection that keeps what it hears. */
class Listener {
  readonly heard: Message[] = [];
  readonly socket: WebSocket;
  closed: number | undefined;

  constructor(protocols: readonly string[], url = `${socketUrl()}`) {
    this.socket = new WebSocket(url, [...protocols]);
    this.socket.on('message', (data) => this.heard.push(messageSchema.parse(JSON.parse(String(data)))));
    this.socket.on('close', (code) => {
      this.closed = code;
    });
  }

  /** HTTP status of a refusal, or 101. */
  opened(): Promise<number> {
    return new Promise((resolve) => {
      this.socket.once('open', () => resolve(101));
      this.socket.once('unexpected-response', (_, { statusCode = 0 }) => resolve(statusCode));
      this.socket.on('error', () => {});
    });
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async until(fits: (heard: readonly Message[]) => boolean): Promise<readonly Message[]> {
    await expect.poll(() => fits(this.heard), { timeout: LIMIT_MS }).toBe(true);
    return this.heard;
  }

  async untilClosed(): Promise<number | undefined> {
    await expect.poll(() => this.closed, { timeout: LIMIT_MS }).toBeDefined();
    return this.closed;
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.untilClosed();
  }
}

const socketUrl = () => `${server.url.replace('http', 'ws')}/v1/ws`;

async function listener(token: string): Promise<Listener> {
  const made = new Listener(['wallet.v1', `bearer.${token}`]);
  expect(await made.opened()).toBe(101);
  return made;
}

const outcomesOf = (heard: readonly Message[]) => heard.filter(({ type }) => type === 'outcome');

describe('who waits for a transfer', () => {
  test('is told when it has ended, however it ended', async () => {
    const alice = await listener(await tokenOf('alice'));
    const [done, refused] = [randomUUID(), randomUUID()];
    alice.say({ action: 'subscribe', transaction_ids: [done, refused.toUpperCase()] });
    await alice.until((heard) => heard.length === 1);
    expect(alice.heard).toEqual([{ type: 'subscribed', outcomes: [], waiting: [done, refused] }]);
    await pay('alice', 'bob', '2', done);
    await pay('alice', 'bob', '5000', refused);
    const outcomes = outcomesOf(await alice.until((heard) => heard.length === 3));
    expect(outcomes).toEqual([
      { type: 'outcome', transaction_id: done, status: 'success', state: 'completed' },
      { type: 'outcome', transaction_id: refused, status: 'failed', state: 'rejected', reason: 'insufficient_funds' },
    ]);
    await alice.leave();
  });

  test('is told at once of what has ended before', async () => {
    const id = randomUUID();
    await pay('alice', 'bob', '1', id);
    const bob = await listener(await tokenOf('bob'));
    const later = randomUUID();
    bob.say({ action: 'subscribe', transaction_ids: [id, later] });
    await bob.until((heard) => heard.length === 1);
    const outcomes = [{ transaction_id: id, status: 'success', state: 'completed' }];
    expect(bob.heard).toEqual([{ type: 'subscribed', outcomes, waiting: [later] }]);
    await bob.leave();
  });

  test('misses none of many that end while he begins to wait', async () => {
    const alice = await listener(await tokenOf('alice'));
    const ids = Array.from({ length: 100 }, () => randomUUID());
    const paid = Promise.all(ids.map((id) => pay('alice', 'bob', '0.01', id)));
    for (let i = 0; i < ids.length; i += 10) {
      alice.say({ action: 'subscribe', transaction_ids: ids.slice(i, i + 10) });
      await alice.until((heard) => heard.filter(({ type }) => type === 'subscribed').length > i / 10);
    }
    const told = (heard: readonly Message[]) =>
      new Set(
        heard.flatMap((message) => {
          const { outcomes } = z.looseObject({ outcomes: z.array(messageIds).default([]) }).parse(message);
          return message.type === 'outcome'
            ? [messageIds.parse(message).transaction_id]
            : outcomes.map((o) => o.transaction_id);
        }),
      );
    await alice.until((heard) => told(heard).size === ids.length);
    await paid;
    await alice.leave();
  });

  test('is told of no other transfer', async () => {
    const alice = await listener(await tokenOf('alice'));
    const id = randomUUID();
    alice.say({ action: 'subscribe', transaction_ids: [id] });
    await alice.until((heard) => heard.length === 1);
    for (let n = 0; n < 20; n += 1) await pay('alice', 'bob', '0.01');
    await pay('alice', 'bob', '0.01', id);
    await alice.until((heard) => heard.length === 2);
    expect(outcomesOf(alice.heard)).toMatchObject([{ transaction_id: id }]);
    await alice.leave();
  });
});

const messageIds = z.looseObject({ transaction_id: z.string() });

describe('what is not the business of the caller', () => {
  test('is as unknown as what there is not, before its end and after', async () => {
    const mallory = await listener(await tokenOf('mallory'));
    const stranger = await listener(await tokenOf('alice', { tenant: 'elsewhere' }));
    const [before, after, none] = [randomUUID(), randomUUID(), randomUUID()];
    await pay('alice', 'bob', '1', before);
    for (const one of [mallory, stranger]) {
      one.say({ action: 'subscribe', transaction_ids: [before, after, none] });
      await one.until((heard) => heard.length === 1);
      expect(one.heard).toEqual([{ type: 'subscribed', outcomes: [], waiting: [before, after, none] }]);
    }
    const all = await listener(operator);
    all.say({ action: 'subscribe', transaction_ids: [before, after, none] });
    await all.until((heard) => heard.length === 1);
    await pay('alice', 'bob', '1', after);
    // Once the operator has heard of it, the others would have, too: all are told together.
    await all.until((heard) => heard.length === 2);
    for (const one of [mallory, stranger]) {
      one.say({ action: 'ping' });
      await one.until((heard) => heard.some(({ type }) => type === 'pong'));
      expect(outcomesOf(one.heard)).toEqual([]);
      await one.leave();
    }
    await all.leave();
  });
});

describe('the door', () => {
  test.each(Object.entries(bad))('is not open for %s', async (_, token) => {
    const protocols = token === undefined ? ['wallet.v1'] : ['wallet.v1', `bearer.${token}`];
    expect(await new Listener(protocols).opened()).toBe(401);
  });

  test('is not open for a token without the scope', async () => {
    const token = await issuer.token({ subject: 'alice', scope: 'wallet:transfer wallet:accounts' });
    expect(await new Listener(['wallet.v1', `bearer.${token}`]).opened()).toBe(403);
  });

  test('is not open for a good token without the protocol, with another token, or in the query', async () => {
    const good = await tokenOf('alice');
    expect(await new Listener([`bearer.${good}`]).opened()).toBe(401);
    expect(await new Listener(['wallet.v1', `bearer.${good}`, `bearer.${operator}`]).opened()).toBe(401);
    expect(await new Listener(['wallet.v1', `bearer.${good}`], `${socketUrl()}?token=${good}`).opened()).toBe(404);
    expect(await new Listener(['wallet.v1', `bearer.${good}`], `${socketUrl()}s`).opened()).toBe(404);
  });

  test('does not say the token back', async () => {
    const one = await listener(await tokenOf('alice'));
    expect(one.socket.protocol).toBe('wallet.v1');
    await one.leave();
  });

  test('has room for so many of one caller, and for another again once one has left', async () => {
    const token = await tokenOf('crowd');
    const crowd = await Promise.all(Array.from({ length: MOST_CONNECTIONS }, () => listener(token)));
    expect(await new Listener(['wallet.v1', `bearer.${token}`]).opened()).toBe(429);
    const others = await listener(await tokenOf('somebody-else'));
    await crowd[0]?.leave();
    await expect.poll(() => new Listener(['wallet.v1', `bearer.${token}`]).opened(), { timeout: LIMIT_MS }).toBe(101);
    for (const one of [...crowd.slice(1), others]) await one.leave();
  });

  test('closes when the token ends', async () => {
    const one = await listener(await tokenOf('alice', { expires: '2s' }));
    expect(await one.untilClosed()).toBe(1008);
  });

  test('other requests that ask for other protocols are answered as ever', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const headers = { connection: 'Upgrade', upgrade: 'h2c' };
      const sent = request(`${server.url}/v1/openapi.json`, { headers }, ({ statusCode }) => resolve(statusCode));
      sent.on('error', reject).end();
    });
    expect(status).toBe(200);
  });
});

describe('a client that misbehaves', () => {
  test.each([
    ['no JSON', 'subscribe!', 'malformed_body'],
    ['JSON that two readers understand differently', '{"action":"ping","action":"subscribe"}', 'malformed_body'],
    ['JSON that is nested deeply', `{"action":${'['.repeat(50)}${']'.repeat(50)}}`, 'malformed_body'],
    ['something else than an object', '[]', 'wrong_type'],
    ['no action', '{}', 'invalid_value'],
    ['another action', { action: 'pay' }, 'invalid_value'],
    ['a ping with more in it', { action: 'ping', payload: 'x' }, 'unknown_field'],
    ['no ids', { action: 'subscribe' }, 'missing_field'],
    ['an id that is none', { action: 'subscribe', transaction_ids: ['1'] }, 'invalid_value'],
    ['no id', { action: 'subscribe', transaction_ids: [] }, 'invalid_value'],
    [
      'too many ids',
      { action: 'subscribe', transaction_ids: Array.from({ length: 101 }, () => randomUUID()) },
      'invalid_value',
    ],
  ])('is told what is wrong with %s, and may go on', async (_, message, reason) => {
    const one = await listener(await tokenOf('alice'));
    one.say(message);
    one.say({ action: 'ping' });
    await one.until((heard) => heard.length === 2);
    expect(one.heard).toMatchObject([{ type: 'problem', problem: { reason } }, { type: 'pong' }]);
    await one.leave();
  });

  test('cannot wait for more than its share', async () => {
    const one = await listener(await tokenOf('alice'));
    const some = () => ({ action: 'subscribe', transaction_ids: Array.from({ length: 100 }, () => randomUUID()) });
    for (let n = 0; n <= MOST_WAITS / 100; n += 1) one.say(some());
    await one.until((heard) => heard.length === MOST_WAITS / 100 + 1);
    expect(one.heard.at(-1)).toMatchObject({ type: 'problem', problem: { reason: 'throttled', status: 429 } });
    await one.leave();
  });

  test('is cut off for a message beyond measure, for bytes in fragments without end, and for a flood', async () => {
    const large = await listener(await tokenOf('alice'));
    large.say('x'.repeat(MAX_MESSAGE_BYTES + 1));
    expect(await large.untilClosed()).toBe(1009);
    const fragments = await listener(await tokenOf('alice'));
    for (let n = 0; n < 20; n += 1) fragments.socket.send('x'.repeat(1_000), { fin: false });
    expect(await fragments.untilClosed()).toBe(1009);
    const flood = await listener(await tokenOf('alice'));
    for (let n = 0; n < 1_000; n += 1) flood.say({ action: 'ping' });
    expect(await flood.untilClosed()).toBe(1008);
  });

  test('is told that bytes are no text', async () => {
    const one = await listener(await tokenOf('alice'));
    one.socket.send(Buffer.from('{"action":"ping"}'), { binary: true });
    await one.until((heard) => heard.length === 1);
    expect(one.heard).toMatchObject([{ type: 'problem', problem: { reason: 'malformed_body' } }]);
    await one.leave();
  });
});

describe('the client helper', () => {
  const look = async (ids: readonly string[]) => {
    const { transfers } = await post('transfers/lookup', { transaction_ids: ids });
    const shape = z.looseObject({
      transaction_id: z.string(),
      status: z.enum(['pending', 'success', 'failed']),
      state: z.string(),
    });
    return z
      .array(shape)
      .parse(transfers)
      .flatMap(({ status, transaction_id, state }) =>
        status === 'pending' ? [] : [{ status, transaction_id, state }],
      );
  };

  test('waits for more than one connection may wait for', async () => {
    const ids = Array.from({ length: 250 }, () => randomUUID());
    const settings = { socketUrl: socketUrl(), token: await tokenOf('alice'), look: async () => [], forMs: LIMIT_MS };
    const waiting = waitForOutcomes(ids, settings);
    for (const id of ids) await pay('alice', 'bob', '0.01', id);
    const outcomes = await waiting;
    expect([...outcomes.keys()].sort()).toEqual(ids.toSorted());
  });

  test('waits on through a stop and a start of the wallet', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const token = await tokenOf('alice');
    const settings = { socketUrl: socketUrl(), token, look, forMs: LIMIT_MS, firstPauseMs: 20 };
    const waiting = waitForOutcomes([first, second], settings);
    await pay('alice', 'bob', '1', first);
    const port = Number(new URL(server.url).port);
    await server.close();
    server = await start(port);
    await pay('alice', 'bob', '1', second);
    expect((await waiting).get(second)).toMatchObject({ status: 'success', state: 'completed' });
    expect((await waiting).get(first)).toMatchObject({ status: 'success' });
  });

  test('asks the API where there is no WebSocket, and gives up in time what does not end', async () => {
    const [ended, never] = [randomUUID(), randomUUID()];
    await pay('alice', 'bob', '1', ended);
    const settings = { socketUrl: 'ws://127.0.0.1:1/', token: 'none', look, forMs: 500, firstPauseMs: 20 };
    const outcomes = await waitForOutcomes([ended, never], settings);
    expect([...outcomes.keys()]).toEqual([ended]);
  });
});
