/**
 * Shows what customers learn of each other: nothing. Alice pays Bob; Mallory knows the transfer's id and content, and tries all that
 * an id can be used for. Bob sees what concerns him, operators of the tenant see everything, another tenant has its own ids.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeEvents } from '../../core/contracts/stored-commit.ts';
import { customer, eventOf, MemoryApi, nextId, transferBody } from '../memory-api.ts';

const ONE = '/v1/wallet/balance_transfer';
const ACCOUNTS = '/v1/wallet/accounts';
const alice = { caller: customer('alice') };
const bob = { caller: customer('bob') };
const mallory = { caller: customer('mallory') };
const stranger = { caller: customer('alice', 'elsewhere') };

let api: MemoryApi;
let id: string;

beforeEach(async () => {
  api = new MemoryApi();
  id = nextId();
  await api.funded('alice', '100');
  await api.funded('bob', '1');
  await api.funded('mallory', '5');
});

const pay = (amount = '10', as = alice, from = 'alice') => api.post(ONE, transferBody(id, from, 'bob', amount, {}), as);
const look = (as: typeof alice) => api.get(`/v1/wallet/transfers/${id}`, as);

describe('an id that Mallory learns and sends before Alice does', () => {
  test.each([
    ['in her name', 'alice', { status: 422, body: { reason: 'not_owner', state: 'rejected' } }],
    ['for an account of Mallory’s own', 'mallory', { status: 409, body: { reason: 'content_conflict' } }],
  ])('%s is lost to Alice and moves nothing of hers; a new id does', async (_, from, refusal) => {
    await pay('1', mallory, from);
    expect(await pay('1')).toMatchObject(refusal);
    expect(await api.wallet.balance('alice')).toBe(10_000n);
    id = nextId();
    expect((await pay('1')).body).toMatchObject({ status: 'success', balance_after: '99.00' });
  });

  test('is refused in the ledger with Mallory’s name, not with that of Alice', async () => {
    await pay('1', mallory);
    const events = api.wallet.commitsOf('alice').flatMap(({ events: text }) => decodeEvents(text));
    expect(events.at(-1)).toMatchObject({ type: 'DebitRejected', reason: 'not_owner', actor: 'mallory' });
  });
});

describe('a transfer of Alice to Bob', () => {
  beforeEach(async () => {
    expect((await pay()).body).toMatchObject({ status: 'success', balance_after: '90.00' });
  });

  test('is shown to her, and without her balance to him', async () => {
    expect((await look(alice)).body).toMatchObject({ state: 'completed', balance_after: '90.00' });
    const { status, body } = await look(bob);
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'completed', amount: '10.00', from_account: 'alice' });
    expect(body).not.toHaveProperty('balance_after');
  });

  test('does not exist for anybody else', async () => {
    const unknown = nextId();
    for (const as of [mallory, stranger]) {
      const { status, body } = await look(as);
      const never = await api.get(`/v1/wallet/transfers/${unknown}`, as);
      expect(status).toBe(404);
      expect({ ...body, transaction_id: '' }).toEqual({ ...never.body, transaction_id: '' });
    }
  });

  test.each([
    ['the same content', '10', 'alice'],
    ['another amount', '11', 'alice'],
  ])('sent by Mallory with %s is refused as it would be under a new id', async (_, amount, from) => {
    const under = await pay(amount, mallory, from);
    id = nextId();
    const fresh = await pay(amount, mallory, from);
    expect(under.status).toBe(422);
    expect(under.body).toMatchObject({ reason: 'not_owner', state: 'rejected' });
    expect(fresh).toMatchObject({ status: 422, body: { reason: 'not_owner', state: 'rejected' } });
    expect(JSON.stringify(under.body)).not.toContain('90.00');
    expect(await api.wallet.balance('alice')).toBe(9_000n);
  });

  test('leaves Mallory a conflict that does not say in what, if the id is used for her own account', async () => {
    for (const amount of ['10', '11']) {
      const { status, body } = await pay(amount, mallory, 'mallory');
      expect(status).toBe(409);
      expect(body).toMatchObject({ reason: 'content_conflict', fields: [] });
    }
    expect((await pay('11')).body).toMatchObject({ reason: 'content_conflict', fields: ['amount'] });
  });

  test('in a batch is answered alike', async () => {
    const transfers = [transferBody(id, 'alice', 'bob', '10'), transferBody(id, 'mallory', 'bob', '10')];
    const { body } = await api.post('/v1/wallet/balance_transfers', { transfers }, mallory);
    expect(body['results']).toMatchObject([{ reason: 'not_owner' }, { reason: 'content_conflict', fields: [] }]);
  });

  test('is looked up by those whom it concerns', async () => {
    const ask = (as: typeof alice) =>
      api.ask(
        'query',
        eventOf('POST', '/v1/wallet/transfers/lookup', JSON.stringify({ transaction_ids: [id] }), {
          ...as,
          headers: { 'Content-Type': 'application/json' },
        }),
      );
    expect((await ask(alice)).body).toMatchObject({ transfers: [{ balance_after: '90.00' }], unknown: [] });
    const seen = await ask(bob);
    expect(seen.body).toMatchObject({ transfers: [{ transaction_id: id, amount: '10.00' }], unknown: [] });
    expect(JSON.stringify(seen.body)).not.toContain('balance_after');
    for (const as of [mallory, stranger]) expect((await ask(as)).body).toEqual({ transfers: [], unknown: [id] });
  });

  test('is of another tenant somebody else entirely', async () => {
    expect((await pay('10', stranger)).body).toMatchObject({ reason: 'account_not_found' });
    expect(await api.wallet.balance('alice')).toBe(9_000n);
  });
});

test('a debit of her account is refused by the account, and she can see who tried', async () => {
  expect(await pay('10', mallory)).toMatchObject({ status: 422, body: { reason: 'not_owner', state: 'rejected' } });
  expect(api.wallet.events('alice').at(-1)).toMatchObject({
    type: 'DebitRejected',
    reason: 'not_owner',
    actor: 'mallory',
    asOwner: true,
  });
  expect((await look(alice)).body).toMatchObject({ state: 'rejected', reason: 'not_owner' });
});

test('nobody but operators debits a settlement account', async () => {
  const { body } = await pay('10', { caller: customer('bank') }, 'settlement:bank');
  expect(body).toMatchObject({ reason: 'not_owner' });
});

describe('an account', () => {
  test.each(['', '/balance', '/balance?at=2026-01-01T00:10:00Z'])(
    'at %s is shown to its owner and to nobody else',
    async (path) => {
      const never = await api.get(`${ACCOUNTS}/nobody${path}`, mallory);
      for (const as of [mallory, stranger]) {
        const { status, body, headers } = await api.get(`${ACCOUNTS}/alice${path}`, as);
        expect(status).toBe(404);
        expect({ ...body, account_id: 'nobody' }).toEqual(never.body);
        expect(headers).toEqual(never.headers);
      }
      if (!path.includes('at=')) expect((await api.get(`${ACCOUNTS}/alice${path}`, alice)).status).toBe(200);
    },
  );

  test('is listed for its owner, with its statement, and for nobody else', async () => {
    const names = async (path: string, as: typeof alice) =>
      JSON.stringify((await api.get(`${ACCOUNTS}${path}`, as)).body['accounts']);
    expect(await names('', alice)).toContain('"account_id":"alice"');
    expect(await names('', alice)).not.toContain('"account_id":"bob"');
    const asked = await api.get(`${ACCOUNTS}?owner=alice`, mallory);
    expect(asked).toMatchObject({ status: 403, body: { reason: 'operators_only', field: 'owner' } });
    expect(await names('', mallory)).not.toContain('"account_id":"alice"');
    expect(await names('', { caller: customer('bank') })).toBe('[]');
    for (const path of ['/alice/transfers', '/alice/statement']) {
      expect((await api.get(`${ACCOUNTS}${path}`, alice)).status).toBe(200);
      expect((await api.get(`${ACCOUNTS}${path}`, mallory)).status).toBe(404);
    }
  });

  test('is closed by its owner, and by nobody else', async () => {
    expect(await api.post(`${ACCOUNTS}/bob/close`, undefined, mallory)).toMatchObject({
      status: 403,
      body: { reason: 'not_owner' },
    });
    expect(await api.post(`${ACCOUNTS}/bob/close`, undefined, bob)).toMatchObject({
      status: 409,
      body: { reason: 'not_empty' },
    });
  });

  const opening = { account_id: 'carol', currency: 'USD', owner: 'carol' };
  test.each([
    ['for somebody else', { ...opening, owner: 'alice' }, 'owner'],
    ['with an overdraft', { ...opening, overdraft_limit: '1' }, 'overdraft_limit'],
    ['that makes money', { ...opening, account_id: 'settlement:carol' }, 'kind'],
  ])('cannot be opened by a customer %s', async (_, body, field) => {
    const refused = await api.post(ACCOUNTS, body, { caller: customer('carol') });
    expect(refused).toMatchObject({ status: 403, body: { reason: 'operators_only', field } });
    expect(api.wallet.events(body.account_id)).toEqual([]);
  });

  test('is opened by its owner, once per id', async () => {
    const carol = { caller: customer('carol') };
    expect((await api.post(ACCOUNTS, opening, carol)).status).toBe(201);
    expect((await api.post(ACCOUNTS, opening, carol)).status).toBe(200);
    const taken = await api.post(ACCOUNTS, { ...opening, owner: 'mallory' }, mallory);
    expect(taken).toMatchObject({ status: 403, body: { reason: 'not_owner' } });
    expect(api.wallet.events('carol')[0]).toMatchObject({ type: 'Opened', actor: 'carol', asOwner: true });
  });

  test("is nobody's to find by the key of a request: each customer has keys of their own", async () => {
    const key = { headers: { 'Idempotency-Key': 'k' } };
    const open = (name: string) =>
      api.post(ACCOUNTS, { ...opening, account_id: name, owner: name }, { ...key, caller: customer(name) });
    const [carol, dave] = [await open('carol'), await open('dave')];
    expect([carol.status, dave.status]).toEqual([201, 201]);
    expect(carol.body['request_id']).not.toBe(dave.body['request_id']);
    expect(await open('carol')).toMatchObject({ status: 201, body: carol.body });
  });
});
