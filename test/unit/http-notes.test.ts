/**
 * What a client writes beside a transfer, over HTTP: it is kept with the transfer that it came with and shown with it, it is a part
 * of what the transfer's id stands for, and nobody can add to, replace or read what is not theirs. The real handlers run over the
 * whole pipeline in memory.
 */
import { describe, expect, test } from 'vitest';
import { MemoryApi, nextId, transferBody } from '../memory-api.ts';

const SEND = '/v1/wallet/balance_transfer';
const note = { description: 'Miete f\u00fcr Mai \u2014 \u{1f3e0}', metadata: { invoice: '2026-05', flat: '3b' } };

async function ready(): Promise<MemoryApi> {
  const api = new MemoryApi();
  await api.funded('alice', '100');
  await api.post('/v1/wallet/accounts', { account_id: 'bob', currency: 'USD', owner: 'bob' });
  return api;
}

describe('a note', () => {
  test('is shown with its transfer wherever that is shown, and the answer is the same again', async () => {
    const api = await ready();
    const transfer = transferBody(nextId(), 'alice', 'bob', '5', note);
    const sent = await api.post(SEND, transfer);
    expect(sent).toMatchObject({ status: 200, body: note });
    expect((await api.post(SEND, transfer)).body).toEqual(sent.body);
    expect((await api.get(`/v1/wallet/transfers/${transfer.transaction_id}`)).body).toEqual(sent.body);
    const looked = await api.post('/v1/wallet/transfers/lookup', { transaction_ids: [transfer.transaction_id] });
    expect(looked.body).toMatchObject({ transfers: [note] });
    expect((await api.get('/v1/wallet/accounts/alice/transfers?limit=1')).body).toMatchObject({ transfers: [note] });
    const { body } = await api.get('/v1/wallet/accounts/alice/statement');
    expect(body).toMatchObject({ entries: [{ type: 'credit' }, { description: note.description }] });
  });

  test('of a transfer that failed is shown too', async () => {
    const api = await ready();
    const transfer = transferBody(nextId(), 'alice', 'bob', '500', note);
    expect(await api.post(SEND, transfer)).toMatchObject({ status: 422, body: note });
    expect((await api.get(`/v1/wallet/transfers/${transfer.transaction_id}`)).body).toMatchObject(note);
  });

  test('is a part of what the id stands for: another is a conflict that names what differs, and the first stays', async () => {
    const api = await ready();
    const id = nextId();
    await api.post(SEND, transferBody(id, 'alice', 'bob', '5', note));
    const others: readonly [object, readonly string[]][] = [
      [{ ...note, description: 'Rent' }, ['description']],
      [{ ...note, metadata: { invoice: '2026-06' } }, ['metadata']],
      [{ description: note.description }, ['metadata']],
      [{}, ['description', 'metadata']],
    ];
    for (const [other, fields] of others)
      expect(await api.post(SEND, transferBody(id, 'alice', 'bob', '5', other))).toMatchObject({
        status: 409,
        body: { reason: 'content_conflict', fields },
      });
    expect(await api.post(SEND, transferBody(id, 'alice', 'bob', '6', note))).toMatchObject({
      status: 409,
      body: { fields: ['amount'] },
    });
    expect((await api.get(`/v1/wallet/transfers/${id}`)).body).toMatchObject(note);
  });

  test('comes too late for a transfer that was sent without one', async () => {
    const api = await ready();
    const bare = transferBody(nextId(), 'alice', 'bob', '5');
    await api.post(SEND, bare);
    expect(await api.post(SEND, { ...bare, ...note })).toMatchObject({ status: 409 });
    const { body } = await api.get(`/v1/wallet/transfers/${bare.transaction_id}`);
    expect(body).not.toHaveProperty('description');
  });

  test('is the same in whatever order its metadata comes, and empty metadata is none', async () => {
    const api = await ready();
    const id = nextId();
    await api.post(SEND, transferBody(id, 'alice', 'bob', '5', note));
    const turned = { ...note, metadata: { flat: '3b', invoice: '2026-05' } };
    expect((await api.post(SEND, transferBody(id, 'alice', 'bob', '5', turned))).status).toBe(200);
    const bare = transferBody(nextId(), 'alice', 'bob', '5');
    await api.post(SEND, { ...bare, metadata: {} });
    expect((await api.post(SEND, bare)).status).toBe(200);
  });

  test('is kept before its transfer can be known, and an ordinary transfer keeps none', async () => {
    const api = await ready();
    api.stopPipeline();
    await api.post(SEND, transferBody(nextId(), 'alice', 'bob', '5'), { headers: { Prefer: 'respond-async' } });
    expect(api.wallet.notes.notes.size).toBe(0);
    await api.post(SEND, transferBody(nextId(), 'alice', 'bob', '5', note), { headers: { Prefer: 'respond-async' } });
    expect([...api.wallet.notes.notes.values()]).toEqual([note]);
  });

  test('comes with each transfer of a batch on its own, and with deposits', async () => {
    const api = await ready();
    const [first, second] = [nextId(), nextId()];
    const batch = await api.post('/v1/wallet/balance_transfers', {
      transfers: [
        transferBody(first, 'alice', 'bob', '1', { description: 'one' }),
        transferBody(second, 'alice', 'bob', '2'),
      ],
    });
    expect(batch.body).toMatchObject({ results: [{ description: 'one' }, { transaction_id: second }] });
    expect(JSON.stringify(batch.body).match(/description/g)).toHaveLength(1);
    const cash = { transaction_id: nextId(), account_id: 'alice', settlement_account: 'settlement:bank' };
    const deposit = await api.post('/v1/wallet/deposits', { ...cash, amount: '1', currency: 'USD', ...note });
    expect(deposit).toMatchObject({ status: 200, body: note });
  });
});

describe('what is no note', () => {
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`key${n}`, '']));
  const long = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`key${n}`, 'x'.repeat(500)]));
  test.each([
    ['an empty description', { description: '' }, 'description'],
    ['one of 201 characters', { description: 'x'.repeat(201) }, 'description'],
    ['a control character', { description: 'a\u0000b' }, 'description'],
    ['a text that turns around', { description: 'a\u202eb' }, 'description'],
    ['a number', { description: 5 }, 'description'],
    ['metadata that is a list', { metadata: [] }, 'metadata'],
    ['21 entries', { metadata: many }, 'metadata'],
    ['more bytes than are kept', { metadata: long }, 'metadata'],
    ['a value of 501 characters', { metadata: { a: 'x'.repeat(501) } }, 'metadata.a'],
    ['a value that is no text', { metadata: { a: 1 } }, 'metadata.a'],
  ])('%s is a 400 that names the field', async (_, wrong, field) => {
    const api = await ready();
    const answer = await api.post(SEND, transferBody(nextId(), 'alice', 'bob', '1', wrong));
    expect(answer).toMatchObject({ status: 400, body: { field } });
    expect(api.wallet.notes.notes.size).toBe(0);
  });

  test.each(['__proto__', 'a b', '', 'x'.repeat(41)])('the key "%s" is a 400', async (key) => {
    const api = await ready();
    const text = `{"${key}":"1"}`;
    const body = JSON.stringify(transferBody(nextId(), 'alice', 'bob', '1', { metadata: 'M' })).replace('"M"', text);
    expect(await api.post(SEND, body)).toMatchObject({ status: 400 });
  });
});
