/**
 * Lists over HTTP: accounts, the transfers of an account, statements, open transfers and look-ups; how they page, what they show to
 * whom, and that a cursor of one list opens no other. The real handlers run over the whole pipeline in memory.
 */
import { describe, expect, test } from 'vitest';
import { FIRST_CHECK_MS, openClosing } from '../../core/contracts/open-work.ts';
import { type Answer, MemoryApi, nextId, transferBody } from '../memory-api.ts';

const ACCOUNTS = '/v1/wallet/accounts';
const SEND = '/v1/wallet/balance_transfer';

/** Alice has 100.00 and pays 1.00, 2.00, ... to Bob; gives the ids of these. */
async function withPayments(count: number) {
  const api = new MemoryApi();
  await api.funded('alice', '100');
  await api.post(ACCOUNTS, { account_id: 'bob', currency: 'USD', owner: 'bob' });
  const ids: string[] = [];
  for (let n = 1; n <= count; n += 1) {
    const id = nextId();
    await api.post(SEND, transferBody(id, 'alice', 'bob', `${n}`));
    ids.push(id);
  }
  return { api, ids };
}

function listed(answer: Answer, name: string): readonly Readonly<Record<string, unknown>>[] {
  const list = answer.body[name];
  if (!Array.isArray(list)) throw new Error(`no ${name} in ${JSON.stringify(answer.body)}`);
  return list;
}

/** All pages of a list, in order. */
async function pages(api: MemoryApi, path: string, name: string) {
  const found: (readonly Readonly<Record<string, unknown>>[])[] = [];
  let cursor: unknown = '';
  while (cursor !== null) {
    const answer = await api.get(cursor === '' ? path : `${path}&cursor=${String(cursor)}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    found.push(listed(answer, name));
    cursor = answer.body['next_cursor'];
    if (found.length > 50) throw new Error('the pages do not end');
  }
  return found;
}

describe('the transfers of an account', () => {
  test('come newest first, each once, in pages that stay where they are while transfers go on', async () => {
    const { api, ids } = await withPayments(7);
    const path = `${ACCOUNTS}/alice/transfers?direction=out&limit=3`;
    const first = await api.get(path);
    expect(listed(first, 'transfers').map(({ transaction_id: id }) => id)).toEqual(ids.slice(4).reverse());
    await api.post(SEND, transferBody(nextId(), 'alice', 'bob', '0.50'));
    const second = await api.get(`${path}&cursor=${String(first.body['next_cursor'])}`);
    expect(listed(second, 'transfers').map(({ transaction_id: id }) => id)).toEqual(ids.slice(1, 4).reverse());
    expect((await pages(api, path, 'transfers')).flat()).toHaveLength(8);
  });

  test('are of both directions, and tell what became of them, refused and returned ones too', async () => {
    const { api } = await withPayments(1);
    const [poor, back] = [nextId(), nextId()];
    await api.post(SEND, transferBody(poor, 'alice', 'bob', '1000'));
    await api.post(SEND, transferBody(back, 'alice', 'nobody', '3'));
    const all = listed(await api.get(`${ACCOUNTS}/alice/transfers`), 'transfers');
    expect(all.map(({ direction, state }) => [direction, state])).toEqual([
      ['out', 'reversed'],
      ['out', 'rejected'],
      ['out', 'completed'],
      ['in', 'completed'],
    ]);
    const incoming = listed(await api.get(`${ACCOUNTS}/alice/transfers?direction=in`), 'transfers');
    expect(incoming).toMatchObject([{ from_account: 'settlement:bank', to_account: 'alice', amount: '100.00' }]);
  });

  test('of a time are those committed from its beginning on, up to and without its end', async () => {
    const { api, ids } = await withPayments(5);
    const commits = api.wallet.commitsOf('alice').slice(2);
    const at = (n: number) => new Date(commits[n]?.at ?? 0).toISOString();
    const between = await api.get(`${ACCOUNTS}/alice/transfers?from=${at(1)}&to=${at(3)}`);
    expect(listed(between, 'transfers').map(({ transaction_id: id }) => id)).toEqual([ids[2], ids[1]]);
    const after = await api.get(`${ACCOUNTS}/alice/transfers?from=${at(4)}`);
    expect(listed(after, 'transfers').map(({ transaction_id: id }) => id)).toEqual([ids[4]]);
    expect(listed(await api.get(`${ACCOUNTS}/alice/transfers?to=2020-01-01T00:00:00.000Z`), 'transfers')).toEqual([]);
  });

  test('of a commit that holds many are told apart: a page may end in its midst', async () => {
    const { api } = await withPayments(0);
    const ids = Array.from({ length: 9 }, nextId);
    await api.post('/v1/wallet/balance_transfers', {
      transfers: ids.map((id) => transferBody(id, 'alice', 'bob', '1')),
    });
    expect(api.wallet.commitsOf('bob')).toHaveLength(2);
    const found = await pages(api, `${ACCOUNTS}/bob/transfers?limit=4`, 'transfers');
    expect(found.map((page) => page.length)).toEqual([4, 4, 1]);
    expect(new Set(found.flat().map(({ transaction_id: id }) => id))).toEqual(new Set(ids));
  });
});

describe('a statement', () => {
  test('goes from the opening balance to the closing one, entry by entry, over all pages alike', async () => {
    const { api } = await withPayments(6);
    await api.post(SEND, transferBody(nextId(), 'alice', 'nobody', '5'));
    const path = `${ACCOUNTS}/alice/statement?limit=3`;
    const first = await api.get(path);
    expect(first.body).toMatchObject({ account_id: 'alice', currency: 'USD', from: null, to: null });
    expect(first.body).toMatchObject({ opening_balance: '0.00', closing_balance: '79.00' });
    expect(listed(first, 'entries')).toMatchObject([
      { type: 'credit', counterparty: 'settlement:bank', amount: '100.00', balance: '100.00' },
      { type: 'debit', counterparty: 'bob', amount: '-1.00', balance: '99.00' },
      { type: 'debit', amount: '-2.00', balance: '97.00' },
    ]);
    await api.post(SEND, transferBody(nextId(), 'alice', 'bob', '9'));
    const second = await api.get(`${path}&cursor=${String(first.body['next_cursor'])}`);
    expect(second.body).toMatchObject({ opening_balance: '0.00', closing_balance: '79.00' });
    const third = await api.get(`${path}&cursor=${String(second.body['next_cursor'])}`);
    expect(listed(third, 'entries')).toMatchObject([
      { type: 'debit', counterparty: 'bob', amount: '-6.00', balance: '79.00' },
      { type: 'debit', counterparty: 'nobody', amount: '-5.00', balance: '74.00' },
      { type: 'refund', counterparty: 'nobody', amount: '5.00', balance: '79.00' },
    ]);
    expect(third.body['next_cursor']).toBeNull();
  });

  test('of a time begins with the balance before it, and one of a time without entries has none', async () => {
    const { api } = await withPayments(4);
    const [, , second, third] = api.wallet.commitsOf('alice').map(({ at }) => new Date(at).toISOString());
    const { body } = await api.get(`${ACCOUNTS}/alice/statement?from=${second}&to=${third}`);
    expect(body).toMatchObject({ from: second, to: third, opening_balance: '100.00', closing_balance: '99.00' });
    expect(body['entries']).toHaveLength(1);
    const early = await api.get(`${ACCOUNTS}/alice/statement?to=2020-01-01T00:00:00.000Z`);
    expect(early.body).toMatchObject({ opening_balance: '0.00', closing_balance: '0.00', entries: [] });
    const late = await api.get(`${ACCOUNTS}/alice/statement?from=2999-01-01T00:00:00.000Z`);
    expect(late.body).toMatchObject({ opening_balance: '90.00', closing_balance: '90.00', entries: [] });
  });

  test('is CSV for who asks for it, with the next page in a header', async () => {
    const { api } = await withPayments(2);
    const csv = { headers: { Accept: 'text/csv, application/json;q=0.5' } };
    const { headers, body } = await api.get(`${ACCOUNTS}/alice/statement?limit=2`, csv);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = String(body['text']).split('\r\n');
    expect(lines[0]).toBe('at,type,transaction_id,counterparty,amount,currency,balance,description');
    expect(lines[1]).toMatch(/^[^,]+Z,credit,[0-9a-f-]{36},settlement:bank,100.00,USD,100.00,$/);
    expect(lines[2]).toMatch(/,debit,[0-9a-f-]{36},bob,-1.00,USD,99.00,$/);
    expect(lines.slice(3)).toEqual(['']);
    const next = /^<(.+)>; rel="next"$/.exec(String(headers['link']))?.[1];
    const rest = await api.get(`${ACCOUNTS}/alice/statement${next}`, csv);
    expect(String(rest.body['text']).split('\r\n')).toHaveLength(3);
    expect(rest.headers).not.toHaveProperty('link');
    const json = await api.get(`${ACCOUNTS}/alice/statement`, { headers: { Accept: 'application/json, text/csv' } });
    expect(json.body['entries']).toHaveLength(3);
  });

  test('as CSV leaves no text that a spreadsheet would run', async () => {
    const { api } = await withPayments(0);
    await api.post(ACCOUNTS, { account_id: '-2_3', currency: 'USD', owner: 'eve' });
    await api.post(SEND, transferBody(nextId(), 'alice', '-2_3', '1'));
    const { body } = await api.get(`${ACCOUNTS}/alice/statement`, { headers: { Accept: 'text/csv' } });
    expect(body['text']).toContain(",'-2_3,-1.00,");
    for (const description of ['=1+1', '+1', '-1', '@SUM(A1)', '\uff1d1', '\uff0b1', '\uff0d1', '\uff20A1']) {
      await api.post(SEND, { ...transferBody(nextId(), 'alice', '-2_3', '0.01'), description });
      const shown = await api.get(`${ACCOUNTS}/alice/statement`, { headers: { Accept: 'text/csv' } });
      expect(shown.body['text']).toContain(`,'${description}\r\n`);
    }
  });
});

describe('accounts', () => {
  test('are listed, those of an owner or all, with their balances', async () => {
    const api = new MemoryApi();
    await api.funded('alice', '5');
    for (const id of ['shop-1', 'shop-2', 'shop-3'])
      await api.post(ACCOUNTS, { account_id: id, currency: 'EUR', owner: 'Shop & Co. #1' });
    const own = await pages(api, `${ACCOUNTS}?owner=${encodeURIComponent('Shop & Co. #1')}&limit=2`, 'accounts');
    expect(own.map((page) => page.map(({ account_id: id }) => id))).toEqual([['shop-1', 'shop-2'], ['shop-3']]);
    const all = (await pages(api, `${ACCOUNTS}?limit=2`, 'accounts')).flat();
    expect(all.map(({ account_id: id }) => id).sort()).toEqual([
      'alice',
      'settlement:bank',
      'shop-1',
      'shop-2',
      'shop-3',
    ]);
    expect(all).toContainEqual(expect.objectContaining({ account_id: 'alice', balance: '5.00', status: 'open' }));
    expect(listed(await api.get(`${ACCOUNTS}?owner=nobody`), 'accounts')).toEqual([]);
  });
});

describe('open transfers', () => {
  test('are those that are debited and not over, of all accounts or of one', async () => {
    const { api } = await withPayments(1);
    await api.post(ACCOUNTS, { account_id: 'carol', currency: 'USD', owner: 'carol' });
    api.stopPipeline();
    const ids = Array.from({ length: 5 }, nextId);
    for (const [n, id] of ids.entries())
      await api.post(SEND, transferBody(id, 'alice', n === 4 ? 'carol' : 'bob', '1'), {
        headers: { Prefer: 'wait=0' },
      });
    expect(listed(await api.get('/v1/wallet/transfers?state=open'), 'transfers')).toEqual([]);
    await api.wallet.deliverNew();
    const found = await pages(api, '/v1/wallet/transfers?state=open&limit=2', 'transfers');
    expect(found.flat().map(({ transaction_id: id }) => id)).toEqual(ids);
    expect(found.flat()).toMatchObject(ids.map(() => ({ status: 'pending' })));
    expect(found.map((page) => page.length)).toEqual([2, 2, 1]);
    const carols = await api.get('/v1/wallet/transfers?state=open&account_id=carol');
    expect(listed(carols, 'transfers')).toMatchObject([{ transaction_id: ids[4], to_account: 'carol' }]);
    await api.wallet.settle();
    expect((await pages(api, '/v1/wallet/transfers?state=open', 'transfers')).flat()).toEqual([]);
  });

  test.each([60, 1_200])(
    'are found behind %i closings of another tenant, and no cursor names one of these',
    async (closings) => {
      const { api } = await withPayments(0);
      api.stopPipeline();
      const id = nextId();
      await api.post(SEND, transferBody(id, 'alice', 'bob', '1'), { headers: { Prefer: 'wait=0' } });
      await api.wallet.deliverNew();
      const due = [...api.wallet.openWork.records.values()][0]?.dueAt ?? 0;
      const at = due - FIRST_CHECK_MS - closings;
      await api.wallet.openWork.open(
        Array.from({ length: closings }, (_, n) => openClosing(`rival#secret-${n}`, 2, at + n)),
      );
      const first = await api.get('/v1/wallet/transfers?state=open');
      expect(listed(first, 'transfers')).toEqual([]);
      expect(atob(String(first.body['next_cursor']))).toMatch(/^open 0 [0-9]{14}#[0-9a-f]{64}$/);
      const found = await pages(api, '/v1/wallet/transfers?state=open', 'transfers');
      expect(found.flat()).toMatchObject([{ transaction_id: id }]);
    },
  );

  test('end where nothing but closings is left', async () => {
    const api = new MemoryApi();
    await api.wallet.openWork.open(Array.from({ length: 1_200 }, (_, n) => openClosing(`rival#secret-${n}`, 2, n)));
    expect((await api.get('/v1/wallet/transfers')).body).toEqual({ transfers: [], next_cursor: null });
  });

  test.each(['open 0 00000000000000#closing rival#secret 2', 'open 0 ', 'open x 00000000000000#ab'])(
    'have no cursor "%s"',
    async (place) => {
      const cursor = btoa(place).replace(/=+$/, '');
      expect(await new MemoryApi().get(`/v1/wallet/transfers?cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { field: 'cursor' },
      });
    },
  );
});

describe('a look-up', () => {
  test('gives what is known in the order of the request, and names what is not; each id counts once', async () => {
    const { api, ids } = await withPayments(3);
    const [first = '', second = ''] = ids;
    const unknown = nextId();
    const { status, body } = await api.post('/v1/wallet/transfers/lookup', {
      transaction_ids: [second, unknown, first.toUpperCase(), second],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      transfers: [{ transaction_id: second, state: 'completed' }, { transaction_id: first }],
      unknown: [unknown],
    });
  });

  test.each([
    ['no list', {}, 'transaction_ids'],
    ['nothing', { transaction_ids: [] }, 'transaction_ids'],
    ['101 ids', { transaction_ids: Array.from({ length: 101 }, nextId) }, 'transaction_ids'],
    ['what is no id', { transaction_ids: [nextId(), '17'] }, 'transaction_ids[1]'],
  ])('of %s is a 400 that names the field', async (_, body, field) => {
    expect(await new MemoryApi().post('/v1/wallet/transfers/lookup', body)).toMatchObject({
      status: 400,
      body: { field },
    });
  });
});

describe('deposits and withdrawals', () => {
  const cash = (id: string, more: object = {}) => {
    const basics = { transaction_id: id, account_id: 'alice', settlement_account: 'settlement:bank' };
    return { ...basics, amount: '30', currency: 'USD', ...more };
  };

  test('are transfers from and to a settlement account, once per id', async () => {
    const { api } = await withPayments(0);
    const [into, out] = [nextId(), nextId()];
    const deposit = await api.post('/v1/wallet/deposits', cash(into));
    expect(deposit).toMatchObject({
      status: 200,
      body: { from_account: 'settlement:bank', to_account: 'alice', amount: '30.00', state: 'completed' },
    });
    expect((await api.post('/v1/wallet/deposits', cash(into))).body).toEqual(deposit.body);
    const withdrawal = await api.post('/v1/wallet/withdrawals', cash(out, { amount: '130' }));
    expect(withdrawal).toMatchObject({ status: 200, body: { from_account: 'alice', balance_after: '0.00' } });
    expect(await api.post('/v1/wallet/withdrawals', cash(nextId()))).toMatchObject({
      status: 422,
      body: { reason: 'insufficient_funds' },
    });
    expect(await api.post('/v1/wallet/deposits', cash(out))).toMatchObject({ status: 409 });
  });

  test.each([
    ['a settlement account that is none', { settlement_account: 'bob' }, 'kind_mismatch', 'settlement_account'],
    ['a settlement account for a customer', { account_id: 'settlement:b' }, 'kind_mismatch', 'account_id'],
    ['no amount', { amount: undefined }, 'missing_field', 'amount'],
    ['an amount of nothing', { amount: '0' }, 'not_positive', 'amount'],
  ])('with %s are a 400 that names the field', async (_, wrong, reason, field) => {
    for (const path of ['deposits', 'withdrawals'])
      expect(await new MemoryApi().post(`/v1/wallet/${path}`, cash(nextId(), wrong))).toMatchObject({
        status: 400,
        body: { reason, field },
      });
  });
});

describe('what a list is asked for', () => {
  test.each([
    ['transfers?limit=0', 'limit'],
    ['transfers?limit=101', 'limit'],
    ['transfers?limit=x', 'limit'],
    ['transfers?direction=up', 'direction'],
    ['transfers?from=yesterday', 'from'],
    ['transfers?from=2026-01-02T00:00:00.000Z&to=2026-01-02T00:00:00.000Z', 'to'],
    ['transfers?cursor=***', 'cursor'],
    [`transfers?cursor=${btoa('log 1 -1').replace(/=+$/, '')}`, 'cursor'],
    [`transfers?cursor=${btoa('statement 1 0 1').replace(/=+$/, '')}`, 'cursor'],
    [`transfers?cursor=${btoa('log 0 0').replace(/=+$/, '')}`, 'cursor'],
    [`statement?cursor=${btoa('log 1 0').replace(/=+$/, '')}`, 'cursor'],
    [`statement?cursor=${btoa('statement 0 0 1').replace(/=+$/, '')}`, 'cursor'],
    [`statement?cursor=${btoa('statement 1 0 0').replace(/=+$/, '')}`, 'cursor'],
    [`statement?cursor=${'A'.repeat(600)}`, 'cursor'],
  ])('%s is a 400 that names the parameter', async (asked, field) => {
    const { api } = await withPayments(0);
    expect(await api.get(`${ACCOUNTS}/alice/${asked}`)).toMatchObject({ status: 400, body: { field } });
  });

  test('of an account that was never opened is a 404', async () => {
    for (const asked of ['transfers', 'statement'])
      expect(await new MemoryApi().get(`${ACCOUNTS}/nobody/${asked}`)).toMatchObject({ status: 404 });
  });

  test('with a cursor beyond the log\u2019s end shows what is there, and nothing of other accounts', async () => {
    const { api } = await withPayments(1);
    const beyond = btoa('log 999999 0').replace(/=+$/, '');
    const found = listed(await api.get(`${ACCOUNTS}/bob/transfers?cursor=${beyond}`), 'transfers');
    expect(found).toMatchObject([{ from_account: 'alice', to_account: 'bob' }]);
    const past = btoa('statement 5 0 999999').replace(/=+$/, '');
    expect((await api.get(`${ACCOUNTS}/bob/statement?cursor=${past}`)).body).toMatchObject({ entries: [] });
  });

  test('transfers are listed in the one state that can be, accounts of an owner that can be one', async () => {
    const api = new MemoryApi();
    expect(await api.get('/v1/wallet/transfers')).toMatchObject({ status: 200, body: { transfers: [] } });
    expect(await api.get('/v1/wallet/transfers?state=done')).toMatchObject({ status: 400, body: { field: 'state' } });
    expect(await api.get(`${ACCOUNTS}?owner=`)).toMatchObject({ status: 400, body: { field: 'owner' } });
  });
});
