/**
 * Webhooks of the embedded wallet: a receiver gets outcomes, signed; an outcome and its delivery are on disk together, so a wallet
 * that is killed before it sent anything sends it after its next start.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import type { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { kinds } from '../../adapters/embedded/entries.ts';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { hmacSha256 } from '../../adapters/node/hmac.ts';
import { newWebhookSecret } from '../../adapters/node/webhook-secret.ts';
import type { Webhook } from '../../core/contracts/webhook.ts';
import { DeliveryLoop } from '../../local/delivery-loop.ts';
import { startEmbeddedServer } from '../../local/embedded-server.ts';
import { operatorsToken } from '../../local/issuer.ts';
import { debit, openAccount, request, transferId } from '../memory-wallet.ts';
import { silentWallet } from './silent-wallet.ts';

const LIMIT_MS = 20_000;
const bodySchema = z.record(z.string(), z.unknown());

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

let folder: string;
let receiver: Server;
let url: string;
let received: Received[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'wallet-webhooks-'));
  received = [];
  receiver = createServer(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += String(chunk);
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    received.push({ headers, body });
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port }: Partial<AddressInfo> = Object(receiver.address());
  url = `http://127.0.0.1:${port}/hook`;
});

afterEach(() => {
  receiver.close().closeAllConnections();
  rmSync(folder, { recursive: true });
});

async function untilReceived(count: number): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (received.length < count && Date.now() < deadline) await pause(20);
  expect(received.length).toBeGreaterThanOrEqual(count);
}

const events = ['wallet.transfer.completed', 'wallet.transfer.rejected', 'wallet.transfer.reversed'] as const;
const secret = newWebhookSecret();
function webhook(n: number): Webhook {
  const id = `wh_${String(n).padStart(32, '0')}`;
  return { v: 1, scope: 'default', id, url, events: [...events], secret, createdAt: 0, revision: 1 };
}

function openWallet(snapshotEvery?: number): EmbeddedWallet {
  return silentWallet(folder, new ManualClock(), snapshotEvery === undefined ? {} : { snapshotEvery });
}

test('a receiver gets the outcome of a transfer over HTTP, signed', async () => {
  const server = await startEmbeddedServer({ folder, allowLoopbackWebhooks: true });
  try {
    const post = async (at: string, body: object) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${await operatorsToken()}` };
      const answer = await fetch(`${server.url}${at}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return bodySchema.parse(await answer.json());
    };
    const { secret } = await post('/v1/wallet/webhooks', { url });
    for (const account_id of ['settlement:bank', 'alice']) {
      await post('/v1/wallet/accounts', { account_id, currency: 'USD', owner: 'bank' });
    }
    const transfer = { transaction_id: transferId(1), from_account: 'settlement:bank', to_account: 'alice' };
    await post('/v1/wallet/balance_transfer', { ...transfer, amount: '1.50', currency: 'USD' });
    await untilReceived(1);
    const [{ body, headers } = { body: '', headers: {} }] = received;
    expect(new Verifier(String(secret)).verify(body, headers)).toMatchObject({
      type: 'wallet.transfer.completed',
      data: { ...transfer, amount: '1.50' },
    });
  } finally {
    await server.close();
  }
});

test('a webhook on this machine is refused unless it is allowed', async () => {
  const server = await startEmbeddedServer({ folder });
  try {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await operatorsToken()}` };
    const answer = await fetch(`${server.url}/v1/wallet/webhooks`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ url }),
    });
    expect(answer.status).toBe(400);
  } finally {
    await server.close();
  }
});

test('every outcome has its delivery on disk when it is told, and is sent after a restart, once each', async () => {
  const wallet = openWallet();
  await wallet.webhooks.insert(webhook(0));
  await wallet.commands.send([openAccount('settlement:bank'), openAccount('alice'), openAccount('bob')]);
  await wallet.commands.send([request('FreezeAccount', 'bob')]);
  await wallet.commands.send([
    debit(transferId(1), 'settlement:bank', 'alice', 5n),
    debit(transferId(2), 'settlement:bank', 'bob', 5n),
    debit(transferId(3), 'alice', 'bob', 500n),
  ]);
  // Nothing was sent: whoever dies here has only what is on disk.
  await wallet.close();
  const again = openWallet();
  expect(again.deliveries.due(again.clock.now(), 100, () => false)).toHaveLength(3);
  const post = async (_: string, headers: Readonly<Record<string, string>>, body: string) => {
    received.push({ headers: { ...headers }, body });
    return { kind: 'answered', status: 204 } as const;
  };
  const transport = { refusal: async () => undefined, post };
  const loop = new DeliveryLoop({ ...again, transport, hmac: hmacSha256, random: () => 0.5 });
  loop.begin();
  loop.begin();
  await loop.end();
  loop.begin();
  await loop.end();
  const types = received.map(({ body }) => bodySchema.parse(JSON.parse(body))['type']);
  expect(types.sort()).toEqual(events.toSorted());
  await again.close();
  const last = openWallet();
  expect(last.deliveries.due(last.clock.now(), 100, () => false)).toEqual([]);
  await last.close();
});

/** Puts a webhook away as earlier versions did: an entry without a body took its place. */
function removeAsBefore({ store }: EmbeddedWallet, key: string): Promise<void> {
  store.put(kinds.webhook, key, '');
  return store.durable(store.seal());
}

test.each(['now', 'by an earlier version'])(
  'a webhook that was removed %s costs no turn anything, and does not come back',
  async (how) => {
    const wallet = openWallet();
    const gone = webhook(1);
    await wallet.webhooks.insert(gone);
    await wallet.webhooks.insert(webhook(2));
    if (how === 'now') expect(await wallet.webhooks.remove('default', gone.id)).toBe(true);
    else await removeAsBefore(wallet, `default#${gone.id}`);
    await wallet.webhooks.remove('default', webhook(2).id);
    await wallet.commands.send([openAccount('settlement:bank'), openAccount('alice')]);
    await wallet.close();
    // The first start reads the ledger, the second a snapshot that knows of it.
    for (let n = 1; n <= 2; n += 1) {
      const again = openWallet(1);
      expect(again.store.count(kinds.webhook)).toBe(0);
      expect(await again.webhooks.insert(gone)).toBe('removed');
      expect(await again.webhooks.get('default', gone.id)).toBeUndefined();
      expect(await again.webhooks.list('default')).toEqual([]);
      expect(await again.webhooks.remove('default', gone.id)).toBe(false);
      await again.commands.send([debit(transferId(n), 'settlement:bank', 'alice', 5n)]);
      await again.close();
      expect(existsSync(path.join(folder, 'snapshot.json'))).toBe(true);
    }
  },
);

test('a wallet without webhooks keeps no deliveries', async () => {
  const wallet = openWallet();
  await wallet.commands.send([openAccount('settlement:bank'), openAccount('alice')]);
  await wallet.commands.send([debit(transferId(1), 'settlement:bank', 'alice', 5n)]);
  expect(wallet.deliveries.due(wallet.clock.now(), 100, () => false)).toEqual([]);
  await wallet.close();
});
