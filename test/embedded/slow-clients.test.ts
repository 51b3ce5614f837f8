/**
 * Clients of the embedded wallet's WebSocket that read slowly or are gone: one is cut off once too much waits for it, others hear as
 * ever, and its place is free again. A stop takes leave of all, answers what has come, and waits for nobody
 * who was refused and stays, or who does not say what he wants.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { CountingMeter } from '../../adapters/memory/counting-meter.ts';
import { MemoryEventLog } from '../../adapters/memory/memory-event-log.ts';
import { MemoryTransferStore } from '../../adapters/memory/memory-transfer-store.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { ProcessSubscriptions } from '../../adapters/node/process-subscriptions.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { AccountHolders } from '../../core/flows/see-transfer.ts';
import { SocketApi } from '../../functions/socket/socket-api.ts';
import { serveHttp } from '../../local/http-server.ts';
import { OutcomeSockets, SOCKET_PATH } from '../../local/outcome-sockets.ts';

const LIMIT_MS = 20_000;

/** Everybody is an operator here, and who is connected is told by id. */
async function server() {
  const ids: string[] = [];
  const subscriptions = new ProcessSubscriptions();
  const connect = subscriptions.connect.bind(subscriptions);
  subscriptions.connect = async (connection, most, now) => {
    ids.push(connection.id);
    return connect(connection, most, now);
  };
  const permissions = new Set(['wallet:operate'] as const);
  const sockets = new OutcomeSockets(
    new SocketApi({
      subscriptions,
      transfers: new MemoryTransferStore(),
      holders: new AccountHolders(new MemoryEventLog()),
      verifier: {
        verify: async (subject) => ({
          caller: { scope: 'default', subject, permissions },
          expiresAt: Date.now() + LIMIT_MS,
        }),
      },
      clock: new SystemClock(),
      meter: new CountingMeter(),
      journal: new SilentJournal(),
    }),
  );
  const answer = async () => ({ statusCode: 404, body: '' });
  const http = await serveHttp(answer, { host: '127.0.0.1', port: 0 }, sockets.upgrade);
  const client = async (name: string): Promise<WebSocket> => {
    const socket = new WebSocket(`${http.url.replace('http', 'ws')}${SOCKET_PATH}`, ['wallet.v1', `bearer.${name}`]);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return socket;
  };
  const close = async () => {
    await sockets.end();
    await http.close();
  };
  return { url: http.url, sockets, subscriptions, ids, client, close };
}

test('a client that does not read is cut off; another hears as ever', async () => {
  const { sockets, subscriptions, ids, client, close } = await server();
  const slow = await client('slow');
  const quick = await client('quick');
  const heard: string[] = [];
  quick.on('message', (data) => heard.push(String(data)));
  const [slowId = '', quickId = ''] = ids;
  slow.pause();
  const message = JSON.stringify({ type: 'outcome', filler: 'x'.repeat(50_000) });
  let sent = 0;
  // What the kernel takes for a connection is some megabytes; the wallet's own share comes on top.
  while (sent < 2_000 && (await sockets.send(slowId, message)) === 'sent') sent += 1;
  expect(sent).toBeLessThan(2_000);
  expect(await sockets.send(slowId, 'anything')).toBe('gone');
  expect(await sockets.send(quickId, '{"type":"pong"}')).toBe('sent');
  await expect.poll(() => heard, { timeout: LIMIT_MS }).toEqual(['{"type":"pong"}']);
  await expect.poll(() => subscriptions.connections([slowId]), { timeout: LIMIT_MS }).toEqual([]);
  expect(await sockets.send('nobody', 'x')).toBe('gone');
  slow.terminate();
  await close();
});

test('a stop says goodbye to all, and lets nobody in any more', async () => {
  const { client, close } = await server();
  const codes: number[] = [];
  for (const name of ['one', 'two']) (await client(name)).on('close', (code) => codes.push(code));
  await close();
  await expect.poll(() => codes, { timeout: LIMIT_MS }).toEqual([1001, 1001]);
  await expect(client('three')).rejects.toThrow();
});

const asksToUpgrade = ['host: wallet', 'connection: Upgrade', 'upgrade: websocket'].join('\r\n');

test.each([
  ['a WebSocket without a token', `GET ${SOCKET_PATH} HTTP/1.1\r\n${asksToUpgrade}\r\n\r\n`, '401'],
  ['a WebSocket elsewhere', `GET /v2/ws HTTP/1.1\r\n${asksToUpgrade}\r\n\r\n`, '404'],
  ['nothing that is HTTP', 'Good morning\r\n\r\n', '400'],
])('a stop does not wait for a client that asked for %s, was refused and does not go', async (_, said, status) => {
  const { url, close } = await server();
  const { hostname, port } = new URL(url);
  const heard: string[] = [];
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.on('error', () => {});
  socket.on('data', (bytes) => heard.push(String(bytes)));
  socket.write(said);
  await expect.poll(() => heard.join(''), { timeout: LIMIT_MS }).toContain('urn:problem-type:wallet:');
  expect(heard.join('')).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  await close();
  socket.destroy();
});

test.each([
  ['has said nothing', ''],
  ['is in the middle of its head', 'GET /v1/docs HTTP/1.1\r\nhost: wallet\r\n'],
  ['is in the middle of its body', 'POST /v1/docs HTTP/1.1\r\nhost: wallet\r\ncontent-length: 10\r\n\r\nabc'],
])('a stop does not wait for a client that %s', async (_, said) => {
  const { url, close } = await server();
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(said);
  await close();
  socket.destroy();
});

test('a stop waits for the answer to a request that has come', async () => {
  const begun = Promise.withResolvers<void>();
  const answer = async () => {
    begun.resolve();
    // Longer than a connection without a request is let be.
    await pause(2_500);
    return { statusCode: 200, body: 'done' };
  };
  const http = await serveHttp(answer, { host: '127.0.0.1', port: 0 });
  const asked = fetch(http.url).then((response) => response.text());
  await begun.promise;
  await http.close();
  expect(await asked).toBe('done');
});
