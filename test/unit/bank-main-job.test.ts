/**
 * Shows that the main job moves a whole file and proves it, on a network and a wallet that misbehave: answers that get lost after
 * the work was done, errors that pass, outcomes that come late. A small wallet in memory stands for the API behind a real HTTP
 * server; each test tells it which requests are to go wrong. With BANK_FILE in the environment the whole of that file is moved as well.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiUnreachableError } from '../../client/retrying-fetch.ts';
import { ApiContractError } from '../../client/wallet-client.ts';
import { formatAmount, parseAmount } from '../../core/domain/money.ts';
import { bankColumns } from '../../local/bank/movements.ts';
import { type MainJobPace, runMainJob } from '../../local/bank/run-main-job.ts';

const account = z.object({
  account_id: z.string(),
  currency: z.string(),
  kind: z.enum(['settlement', 'customer']),
  owner: z.string(),
  overdraft_limit: z.string(),
});
const transfer = z.object({
  transaction_id: z.string(),
  from_account: z.string(),
  to_account: z.string(),
  amount: z.string(),
  currency: z.string(),
});
type Transfer = z.infer<typeof transfer>;

/** What may go wrong with a request; `lost` does the work and then cuts the connection. */
type Mishap = 'unavailable' | 'throttled' | 'cut' | 'lost' | 'garbled' | 'html';

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** A problem document as the API has them. */
function problem(status: number, reason: string, detail: string): object {
  return { type: `urn:problem-type:wallet:${reason}`, title: reason, status, detail, reason };
}

/** A wallet in memory: transfers settle at once, except those that `settlesAfter` makes wait for some askings. */
class FakeWallet {
  readonly accounts = new Map<string, z.infer<typeof account> & { minor: bigint; version: number }>();
  readonly settled = new Set<string>();
  readonly requests: { line: string; headers: IncomingMessage['headers']; body: unknown }[] = [];
  readonly askings = new Map<string, number>();
  /** Mishap of a request by its number within its kind, from 0. */
  mishap: (line: string, count: number) => Mishap | undefined = () => undefined;
  settlesAfter: (id: string) => number = () => 0;
  refuses: (sent: Transfer) => string | undefined = () => undefined;
  /** Added to the account's balance once money moved on it, as a wallet that books wrongly would. */
  readonly faults = new Map<string, bigint>();

  answer(line: string, body: unknown): Reply {
    if (line === 'POST /v1/wallet/accounts') return this.#open(account.parse(body));
    if (line === 'POST /v1/wallet/balance_transfers') {
      const { transfers } = z.object({ transfers: z.array(transfer) }).parse(body);
      return { status: 200, body: { results: transfers.map((sent) => this.#move(sent)) } };
    }
    if (line === 'GET /v1/wallet/trial_balance') return { status: 200, body: this.#trialBalance() };
    const [, id = ''] = /^GET \/v1\/wallet\/accounts\/([^/]+)\/balance\?consistent=true$/.exec(line) ?? [];
    return this.#balance(decodeURIComponent(id));
  }

  #open(wanted: z.infer<typeof account>): Reply {
    const present = this.accounts.get(wanted.account_id);
    if (present !== undefined && present.overdraft_limit !== wanted.overdraft_limit) {
      return { status: 409, body: problem(409, 'account_exists', 'open with other properties') };
    }
    if (this.#isPending(wanted.account_id)) return { status: 202, body: { status: 'pending' } };
    if (present === undefined) this.accounts.set(wanted.account_id, { ...wanted, minor: 0n, version: 1 });
    return { status: present === undefined ? 201 : 200, body: { status: 'success', ...wanted } };
  }

  #move(sent: Transfer): object {
    const { transaction_id } = sent;
    if (this.#isPending(transaction_id)) return { status: 'pending', state: 'pending', transaction_id };
    const reason = this.refuses(sent);
    if (reason !== undefined) return { ...problem(422, reason, 'no'), state: 'rejected', transaction_id };
    if (!this.settled.has(transaction_id)) {
      const parsed = parseAmount(sent.amount, sent.currency);
      if (!parsed.ok) return { ...problem(400, 'not_a_decimal', parsed.fault), transaction_id };
      this.#add(sent.from_account, -parsed.minor);
      this.#add(sent.to_account, parsed.minor);
      this.settled.add(transaction_id);
    }
    return { status: 'success', state: 'completed', ...sent };
  }

  #isPending(id: string): boolean {
    const asked = this.askings.get(id) ?? 0;
    this.askings.set(id, asked + 1);
    return asked < this.settlesAfter(id);
  }

  #add(id: string, minor: bigint): void {
    const changed = this.accounts.get(id);
    if (changed === undefined) throw new Error(`${id} is not open`);
    changed.minor += minor;
    changed.version += 1;
  }

  #balance(id: string): Reply {
    const found = this.accounts.get(id);
    if (found === undefined) return { status: 404, body: problem(404, 'account_not_found', 'Account not found') };
    const { currency, version } = found;
    const fault = version > 1 ? (this.faults.get(id) ?? 0n) : 0n;
    const balance = formatAmount(found.minor + fault, currency);
    return { status: 200, body: { account_id: id, balance, available: balance, currency, version, as_of: 'now' } };
  }

  #trialBalance(): object {
    const balances = [...this.accounts.values()].reduce((sum, { minor }) => sum + minor, 0n);
    const sum = formatAmount(balances, 'CZK');
    const currencies = [{ currency: 'CZK', balances: sum, in_flight: '0.00', sum }];
    return { as_of: '2024-01-01T00:00:00.000Z', balanced: balances === 0n, currencies };
  }
}

/** Serves the wallet under a stage, as API Gateway does, and lets requests go wrong as the wallet's `mishap` says. */
function serve(wallet: FakeWallet): Server {
  const counts = new Map<string, number>();
  return createServer(async (request, response) => {
    const line = `${request.method} ${(request.url ?? '').replace(/^\/stage/, '')}`;
    const body: unknown = await readBody(request);
    wallet.requests.push({ line, headers: request.headers, body });
    const count = counts.get(line) ?? 0;
    counts.set(line, count + 1);
    respond(wallet.mishap(line, count), () => wallet.answer(line, body), response);
  });
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = await request.toArray();
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
}

function respond(mishap: Mishap | undefined, work: () => Reply, response: ServerResponse): void {
  const send = (status: number, text: string) => response.writeHead(status).end(text);
  switch (mishap) {
    case 'unavailable':
      return void send(503, '{"message":"Service Unavailable"}');
    case 'throttled':
      return void send(429, '{"message":"Too Many Requests"}');
    case 'html':
      return void send(403, '<html>Forbidden</html>');
    case 'garbled':
      return void send(200, '{"results":');
    case 'cut':
      return void response.destroy();
    case 'lost':
      work();
      return void response.destroy();
    default: {
      const { status, body } = work();
      send(status, JSON.stringify(body));
    }
  }
}

class Transcript extends Writable {
  text = '';
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Impatient, so that no test waits: pauses of a millisecond, and batches of three so that a short file makes several. */
const pace: Partial<MainJobPace> = {
  patience: { attempts: 4, firstPauseMs: 1, longestPauseMs: 2 },
  requestsAtOnce: 3,
  batchesAtOnce: 2,
  batchSize: 3,
  askAgainMs: 1,
  giveUpMs: 5_000,
};

const rows = [
  '1,7,930101,PRIJEM,VKLAD,100.00,100.00,,,',
  '2,8,930101,PRIJEM,VKLAD,200.00,200.00,,,',
  '3,9,930101,PRIJEM,PREVOD Z UCTU,50.00,50.00,,AB,4711',
  '4,7,930102,VYDAJ,VYBER,130.25,-30.25,,,',
  '5,7,930103,PRIJEM,VKLAD,1.00,-29.25,,,',
  '6,8,930103,VYDAJ,PREVOD NA UCET,10.00,190.00,,AB,4712',
  '7,7,930104,PRIJEM,VKLAD,2.00,-27.25,,,',
  '8,7,930131,VYDAJ,VYBER,14.60,-41.85,SLUZBY,,',
  '9,8,930131,PRIJEM,,0.40,190.40,UROK,,',
  '10,9,930131,VYDAJ,VYBER,14.60,35.40,SLUZBY,,',
];

let wallet: FakeWallet;
let server: Server;
let folder: string;
let file: string;
let apiUrl: string;
let out: Transcript;

beforeEach(async () => {
  wallet = new FakeWallet();
  server = serve(wallet);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  apiUrl = `http://127.0.0.1:${address.port}/stage/`;
  folder = await mkdtemp(join(tmpdir(), 'wallet-bank-'));
  file = join(folder, 'bank.csv');
  await writeFile(file, [bankColumns.join(), ...rows, ''].join('\n'));
  out = new Transcript();
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await rm(folder, { recursive: true });
});

function run(change: Partial<MainJobPace> = {}) {
  return runMainJob({ apiUrl, token: 'a-token', file, out, pace: { ...pace, ...change } });
}

/** After the usual file, one more, of which only the first batch arrives. */
async function leaveOtherFileHalfWay(): Promise<void> {
  await run();
  file = join(folder, 'other.csv');
  const lines = [1, 2, 3, 4].map((n) => `${10 + n},10,93020${n},PRIJEM,VKLAD,${n}.00,${(n * (n + 1)) / 2}.00,,,`);
  await writeFile(file, [bankColumns.join(), ...lines, ''].join('\n'));
  let batches = 0;
  wallet.mishap = (line) => {
    if (isBatch(line)) batches += 1;
    return batches > 1 ? 'cut' : undefined;
  };
  await expect(run()).rejects.toBeInstanceOf(ApiUnreachableError);
}

const isBatch = (line: string) => line.endsWith('/balance_transfers');
const isOpening = (line: string) => line === 'POST /v1/wallet/accounts';

describe('a wallet that behaves', () => {
  it('holds in the end what the file says', async () => {
    const result = await run();
    expect(result).toMatchObject({ ok: true, exitCode: 0, byOutcome: { completed: 10 }, differences: [], failed: [] });
    expect(result).toMatchObject({ accounts: 7, changedAccounts: 7, trialBalance: { balanced: true } });
    expect(wallet.accounts.get('berka:7')?.minor).toBe(-41_85n);
    expect(wallet.accounts.get('settlement:cash')?.minor).toBe(-172_75n);
  });

  it('tells what it did, and what to try next', async () => {
    await run();
    for (const part of ['Trial balance as of', 'completed    10', 'differ from the file: none', 'changed 7 of 7']) {
      expect(out.text).toContain(part);
    }
    const [, next = ''] = /curl -s -H "authorization: .*" '([^']+)'/.exec(out.text) ?? [];
    expect(await (await fetch(next)).json()).toMatchObject({ account_id: 'berka:9', balance: '35.40' });
  });

  it('is asked to wait, and gets settlement accounts before customers', async () => {
    await run();
    const opened = wallet.requests.filter(({ line }) => isOpening(line)).map(({ body }) => account.parse(body).kind);
    expect(opened.indexOf('customer')).toBeGreaterThan(opened.lastIndexOf('settlement'));
    const posts = wallet.requests.filter(({ line }) => line.startsWith('POST'));
    expect(posts.every(({ headers }) => headers['prefer'] === 'wait=25')).toBe(true);
    expect(posts.filter(({ line }) => isOpening(line)).every(({ headers }) => headers['idempotency-key'])).toBe(true);
  });

  it('gets each customer’s movements in their order, in batches no larger than wanted', async () => {
    await run();
    const batches = wallet.requests
      .filter(({ line }) => isBatch(line))
      .map(({ body }) => z.object({ transfers: z.array(transfer) }).parse(body).transfers);
    expect(batches.every(({ length }) => length <= 3)).toBe(true);
    const ofSeven = batches
      .flat()
      .filter(({ from_account, to_account }) => [from_account, to_account].includes('berka:7'));
    expect(ofSeven.map(({ amount }) => amount)).toEqual(['100.00', '130.25', '1.00', '2.00', '14.60']);
  });

  it('is changed by nothing when the file comes again', async () => {
    await run();
    const before = structuredClone([...wallet.accounts]);
    const again = await run();
    expect(again).toMatchObject({ ok: true, changedAccounts: 0, byOutcome: { completed: 10 } });
    expect([...wallet.accounts]).toEqual(before);
    expect(out.text).toContain('Nothing moved');
  });

  it('may hold another file’s money: shared settlement accounts are told, not taken for a difference', async () => {
    await run();
    file = join(folder, 'other.csv');
    const other = '11,10,930201,PRIJEM,VKLAD,5.00,5.00,,,';
    await writeFile(file, [bankColumns.join(), other, ''].join('\n'));
    const shared = [{ account_id: 'settlement:cash', expected: '-5.00', actual: '-177.75' }];
    expect(await run()).toMatchObject({ ok: true, differences: [], shared });
    expect(await run()).toMatchObject({ ok: true, differences: [], shared, changedAccounts: 0 });
  });
});

describe('a wallet in trouble', () => {
  const mishaps: readonly Mishap[] = ['unavailable', 'throttled', 'cut', 'lost'];

  it.each(mishaps)('every first request of a kind is %s: all arrives once', async (mishap) => {
    wallet.mishap = (_, count) => (count === 0 ? mishap : undefined);
    expect(await run()).toMatchObject({ ok: true, byOutcome: { completed: 10 } });
  });

  it('every other batch is lost after its work: all arrives once', async () => {
    wallet.mishap = (line, count) => (isBatch(line) && count % 2 === 0 ? 'lost' : undefined);
    expect(await run()).toMatchObject({ ok: true, byOutcome: { completed: 10 } });
  });

  it('answers late: what is pending is asked for until it is settled', async () => {
    wallet.settlesAfter = (id) => (id.startsWith('settlement:') ? 2 : id.charCodeAt(0) % 4);
    expect(await run()).toMatchObject({ ok: true, byOutcome: { completed: 10 } });
  });

  it('fails single transfers of a batch for a while: they are sent again', async () => {
    const failed = new Set<string>();
    const { answer } = wallet;
    wallet.answer = (line, body) => {
      const reply = answer.call(wallet, line, body);
      if (!isBatch(line)) return reply;
      const { results } = z
        .object({ results: z.array(z.looseObject({ transaction_id: z.string() })) })
        .parse(reply.body);
      const once = results.map((result) => {
        if (failed.has(result.transaction_id)) return result;
        failed.add(result.transaction_id);
        return { ...problem(503, 'unavailable', 'try again'), transaction_id: result.transaction_id };
      });
      return { status: 200, body: { results: once } };
    };
    expect(await run()).toMatchObject({ ok: true, byOutcome: { completed: 10 } });
  });

  it('never settles one: it is reported as pending, after the patience for it', async () => {
    wallet.settlesAfter = (id) => (id.includes(':') ? 0 : Number.POSITIVE_INFINITY);
    const result = await run({ giveUpMs: 50 });
    expect(result).toMatchObject({ ok: false, exitCode: 1 });
    expect(result.byOutcome['pending']).toBe(10);
  });

  it('stays away: the job ends with the last failure as its cause', async () => {
    wallet.mishap = (line) => (isBatch(line) ? 'unavailable' : undefined);
    const failure: unknown = await run().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiUnreachableError);
    expect(failure).toMatchObject({
      message: expect.stringContaining('failed 4 times'),
      cause: { message: expect.stringContaining('503') },
    });
  });

  it('was left half way: another run makes up for what is missing', async () => {
    wallet.mishap = (line, count) => (isBatch(line) && count > 0 ? 'cut' : undefined);
    await expect(run()).rejects.toBeInstanceOf(ApiUnreachableError);
    expect(wallet.settled.size).toBeGreaterThan(0);
    wallet.mishap = () => undefined;
    expect(await run()).toMatchObject({ ok: true, byOutcome: { completed: 10 } });
  });

  it('was left half way, with money of another file on its settlement accounts: that is told apart all the same', async () => {
    await leaveOtherFileHalfWay();
    wallet.mishap = () => undefined;
    const shared = [{ account_id: 'settlement:cash', expected: '-10.00', actual: '-182.75' }];
    expect(await run()).toMatchObject({ ok: true, differences: [], shared, changedAccounts: 2 });
  });

  it('loses money of a file that was left half way on a shared settlement account: it differs', async () => {
    await leaveOtherFileHalfWay();
    wallet.mishap = (line) => {
      if (isBatch(line)) wallet.faults.set('settlement:cash', 1n);
      return undefined;
    };
    expect((await run()).differences).toMatchObject([{ account_id: 'settlement:cash' }]);
  });

  it('answers with something that is no answer', async () => {
    wallet.mishap = (line) => (isBatch(line) ? 'garbled' : undefined);
    await expect(run()).rejects.toBeInstanceOf(ApiContractError);
  });
});

describe('differences', () => {
  it('a balance that is off by a haléř is found, with both figures', async () => {
    wallet.faults.set('berka:8', -1n);
    const result = await run();
    const differences = [{ account_id: 'berka:8', expected: '190.40', actual: '190.39' }];
    expect(result).toMatchObject({ ok: false, exitCode: 1, differences });
    expect(out.text).toContain('berka:8 holds 190.39, the file says 190.40');
  });

  it('a settlement account that is off is found in the run that moved the money', async () => {
    wallet.faults.set('settlement:fees', 100n);
    expect((await run()).differences).toMatchObject([{ account_id: 'settlement:fees' }]);
  });

  it('a refused transfer is told with its reason, and both its accounts differ', async () => {
    wallet.refuses = ({ amount }) => (amount === '50.00' ? 'account_frozen' : undefined);
    const result = await run();
    expect(result).toMatchObject({ ok: false, byOutcome: { completed: 9, rejected: 1 } });
    expect(result.failed).toMatchObject([{ outcome: 'rejected', detail: 'no' }]);
    expect(result.differences.map(({ account_id }) => account_id)).toEqual(['berka:9', 'settlement:bank:ab']);
  });

  it('an account that is open with other properties stops the job before any money moves', async () => {
    const other = { currency: 'CZK', kind: 'customer', owner: 'holder of 7', overdraft_limit: '1.00' } as const;
    wallet.accounts.set('berka:7', { account_id: 'berka:7', ...other, minor: 0n, version: 1 });
    const result = await run();
    expect(result).toMatchObject({ ok: false, exitCode: 1, byOutcome: {}, trialBalance: undefined });
    expect(result.refusedAccounts).toEqual([{ account_id: 'berka:7', reason: 'open with other properties' }]);
    expect(wallet.requests.some(({ line }) => isBatch(line))).toBe(false);
  });

  it('a refusal from before the wallet is told by its status and its words', async () => {
    wallet.mishap = (line) => (isOpening(line) ? 'html' : undefined);
    const failure: unknown = await run().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiContractError);
    expect(failure).toMatchObject({ message: expect.stringMatching(/answered 403 .*<html>Forbidden/) });
  });
});

const bankFile = process.env['BANK_FILE'];

describe.skipIf(bankFile === undefined)('the file in BANK_FILE', () => {
  it('moves as a whole, though every seventh request is lost after its work, and a second run moves nothing', async () => {
    file = bankFile ?? '';
    let requests = 0;
    wallet.mishap = () => {
      requests += 1;
      return requests % 7 === 0 ? 'lost' : undefined;
    };
    const usual = { batchSize: 500, batchesAtOnce: 4, requestsAtOnce: 16 };
    const first = await run(usual);
    expect(first).toMatchObject({
      ok: true,
      changedAccounts: first.accounts,
      byOutcome: { completed: first.transfers },
    });
    const second = await run(usual);
    expect(second).toMatchObject({ ok: true, changedAccounts: 0, byOutcome: { completed: first.transfers } });
  }, 60_000);
});
