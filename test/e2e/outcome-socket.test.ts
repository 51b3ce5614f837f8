/**
 * Waiting for outcomes by WebSocket, end to end: handshakes that are refused, a transfer that ends after a client began to wait and
 * one that ended before, a stranger who is told nothing, and the client helper. It runs where the stack has a WebSocket: on MiniStack
 * and on the embedded wallet, not on LocalStack's community edition.
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { waitForOutcomes } from '../../client/outcome-socket.ts';
import { LocalIssuer } from '../../local/issuer.ts';
import { badTokens } from '../bad-tokens.ts';
import { freshAccount, funded, OUTCOME_LIMIT_MS, open, settle, transferOf } from './api.ts';

const { socketUrl } = inject('stack');
const issuer = await LocalIssuer.at();
const bad = await badTokens(issuer);
const messageSchema = z.looseObject({ type: z.string() });
type Message = z.infer<typeof messageSchema>;

const tokenOf = (subject: string) => issuer.token({ subject, scope: 'wallet:read' });

/** A connection, and what it has heard. */
function connect(token: string | undefined) {
  const socket = new WebSocket(socketUrl, token === undefined ? ['wallet.v1'] : ['wallet.v1', `bearer.${token}`]);
  const heard: Message[] = [];
  socket.addEventListener('message', ({ data }) => heard.push(messageSchema.parse(JSON.parse(String(data)))));
  const opened = new Promise<boolean>((resolve) => {
    socket.addEventListener('open', () => resolve(true));
    socket.addEventListener('error', () => resolve(false));
  });
  const until = (fits: (heard: readonly Message[]) => boolean) =>
    expect.poll(() => fits(heard), { timeout: OUTCOME_LIMIT_MS }).toBe(true);
  const subscribe = async (...ids: readonly string[]) => {
    const answers = () => heard.filter(({ type }) => type === 'subscribed').length;
    const before = answers();
    socket.send(JSON.stringify({ action: 'subscribe', transaction_ids: ids }));
    await until(() => answers() > before);
    return heard.findLast(({ type }) => type === 'subscribed');
  };
  return { socket, heard, opened, until, subscribe };
}

test('is there, unless the stack stands where somebody else chose', () => {
  expect(socketUrl === '').toBe((process.env['AWS_ENDPOINT_URL'] ?? '') !== '');
});

describe.runIf(socketUrl !== '')('the WebSocket', () => {
  test.each(Object.entries(bad))('lets nobody in with %s', async (_, token) => {
    expect(await connect(token).opened).toBe(false);
  });

  test('lets nobody in without the scope', async () => {
    const token = await issuer.token({ subject: 'alice', scope: 'wallet:transfer' });
    expect(await connect(token).opened).toBe(false);
  });

  test('tells the payer of what ends, and of what has ended, and a stranger nothing', async () => {
    const alice = freshAccount('alice');
    const from = await funded('payer', '10.00', { owner: alice });
    const to = await open(freshAccount('payee'));
    const payer = connect(await tokenOf(alice));
    const stranger = connect(await tokenOf(freshAccount('mallory')));
    expect(await Promise.all([payer.opened, stranger.opened])).toEqual([true, true]);
    expect(payer.socket.protocol).toBe('wallet.v1');

    const [done, refused] = [transferOf(from, to, '1.00'), transferOf(from, to, '1000.00')];
    const ids = [done.transaction_id, refused.transaction_id];
    for (const one of [payer, stranger])
      expect(await one.subscribe(...ids)).toEqual({ type: 'subscribed', outcomes: [], waiting: ids });
    await Promise.all([settle(done), settle(refused)]);
    await payer.until((heard) => heard.filter(({ type }) => type === 'outcome').length >= 2);
    const outcomes = [
      { transaction_id: done.transaction_id, status: 'success', state: 'completed' },
      { transaction_id: refused.transaction_id, status: 'failed', state: 'rejected', reason: 'insufficient_funds' },
    ];
    for (const outcome of outcomes) expect(payer.heard).toContainEqual({ type: 'outcome', ...outcome });

    const again = await payer.subscribe(...ids);
    expect(again).toEqual({ type: 'subscribed', outcomes, waiting: [] });
    expect(await stranger.subscribe(...ids)).toEqual({ type: 'subscribed', outcomes: [], waiting: ids });
    expect(stranger.heard.filter(({ type }) => type === 'outcome')).toEqual([]);
    for (const { socket } of [payer, stranger]) socket.close();
  });

  test('says what is wrong with a message, and goes on', async () => {
    const one = connect(await tokenOf('alice'));
    expect(await one.opened).toBe(true);
    one.socket.send('{"action":"ping","action":"subscribe"}');
    await one.until((heard) => heard.length === 1);
    one.socket.send('{"action":"ping"}');
    await one.until((heard) => heard.length === 2);
    expect(one.heard).toMatchObject([{ type: 'problem', problem: { reason: 'malformed_body' } }, { type: 'pong' }]);
    one.socket.close();
  });

  test('is what the client helper waits with, without asking once', async () => {
    const alice = freshAccount('alice');
    const from = await funded('payer', '10.00', { owner: alice });
    const to = await open(freshAccount('payee'));
    const transfers = Array.from({ length: 3 }, () => transferOf(from, to, '0.50'));
    const ids = [...transfers.map(({ transaction_id }) => transaction_id)];
    const look = async () => Promise.reject(new Error('nobody asks'));
    const settings = { socketUrl, token: await tokenOf(alice), look, forMs: OUTCOME_LIMIT_MS };
    const waiting = waitForOutcomes(ids, settings);
    for (const transfer of transfers) await settle(transfer);
    const outcomes = await waiting;
    expect([...outcomes.keys()].sort()).toEqual(ids.toSorted());
    expect(outcomes.get(randomUUID())).toBeUndefined();
  });
});
