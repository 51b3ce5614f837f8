/**
 * `wallet reconcile` as a person runs it: on the folder of a wallet that lived through the shipped bank file, with the bank's camt.053
 * that has wrongs planted in it. What it finds, how it ends, that a bad file keeps nothing, that a second run finds the same; and
 * the way of a break from its finding to its adjustment by a transfer through the API, or to its acceptance.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json as readJson } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { parseAmount } from '../../core/domain/money.ts';
import { readBankFile } from '../../local/bank/bank-file.ts';
import { liveThrough } from '../../local/bank/dated-wallet.ts';
import { makeCamt, type PlantedBreak } from '../../local/bank/make-camt.ts';
import { samplePath } from '../../local/bank/make-sample.ts';
import { debit, openAccount } from '../memory-wallet.ts';
import { runCommand } from '../wallet-command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-reconcile-cli-'));
const data = path.join(folder, 'data');
const statement = path.join(folder, 'statement.xml');
const page = path.join(folder, 'report.html');
let wallet: EmbeddedWallet;
let planted: readonly PlantedBreak[];

beforeAll(async () => {
  const plan = await readBankFile(samplePath);
  wallet = await liveThrough(plan, data);
  await wallet.commands.send([openAccount('settlement:suspense', { currency: 'CZK' })]);
  const made = makeCamt(plan, { seed: 1, breaks: 20 });
  planted = made.planted;
  await writeFile(statement, made.xml);
});
afterAll(async () => {
  await wallet.close();
  rmSync(folder, { recursive: true });
});

const run = (...args: readonly string[]) => runCommand('reconcile', ...args, '--data', data);

const breakSchema = z.object({
  break_id: z.string(),
  account_id: z.string(),
  cause: z.string(),
  class: z.string(),
  status: z.string(),
  assignee: z.nullable(z.string()),
  resolution: z.nullable(z.looseObject({ kind: z.string() })),
  difference: z.string(),
  is_new: z.boolean().optional(),
  history: z.array(z.object({ type: z.string(), by: z.string(), at: z.string() })),
});
const reportsSchema = z.object({
  reports: z.array(
    z.object({ open_breaks: z.number(), breaks: z.array(breakSchema), change: z.object({ unexplained: z.string() }) }),
  ),
});
type Break = z.infer<typeof breakSchema>;

async function reconcile(
  ...more: readonly string[]
): Promise<{ readonly code: number; readonly breaks: readonly Break[] }> {
  const { code, text } = await run(statement, '--json', '--by', 'auditor', ...more);
  const { reports } = reportsSchema.parse(JSON.parse(text));
  expect(reports.every(({ change }) => /^[0.]+$/.test(change.unexplained))).toBe(true);
  return { code, breaks: reports.flatMap(({ breaks }) => breaks) };
}

function first(breaks: readonly Break[], fits: (one: Break) => boolean): Break {
  const found = breaks.find(fits);
  if (found === undefined) throw new Error('no break fits');
  return found;
}

describe('a statement with wrongs', () => {
  test('ends with 1, says each wrong once, and the same when it is run again', async () => {
    const words = (list: readonly { cause: string; account: string }[]) =>
      list.map((one) => `${one.account} ${one.cause}`).sort();
    const { code, breaks } = await reconcile('--html', page);
    expect(code).toBe(1);
    expect(words(breaks.map((one) => ({ ...one, account: one.account_id })))).toEqual(words(planted));
    expect(breaks.every((one) => one.is_new === true)).toBe(true);
    const again = await reconcile();
    expect(again.code).toBe(1);
    expect(again.breaks.map(({ break_id }) => break_id).sort()).toEqual(breaks.map(({ break_id }) => break_id).sort());
    expect(again.breaks.some((one) => one.is_new === true)).toBe(false);
  });

  test('is told to people as tables and as a page without scripts', async () => {
    const { breaks } = await reconcile();
    const { text } = await run(statement);
    const html = await readFile(page, 'utf8');
    for (const { break_id } of breaks) {
      expect(text).toContain(break_id);
      expect(html).toContain(break_id);
    }
    expect(html).toContain("default-src 'none'");
    expect(html).not.toContain('<script');
  });

  test('keeps its breaks where they are listed by account', async () => {
    const account = planted[0]?.account ?? '';
    const { text } = await run('breaks', '--account', account, '--json');
    const listed = z.object({ breaks: z.array(breakSchema) }).parse(JSON.parse(text)).breaks;
    expect(listed).toHaveLength(planted.filter((one) => one.account === account).length);
    expect((await run('breaks', '--account', 'settlement:none')).text).toContain('No breaks.');
  });
});

/** The break names its transfer, the ledger holds it, and an audit of everything finds nothing wrong with that. */
async function expectAudited(break_id: string, transfer: string): Promise<void> {
  const shown = breakSchema.parse(JSON.parse((await run('show', break_id, '--json')).text));
  expect(shown.resolution).toEqual({ kind: 'adjusted', transfer });
  expect(shown.history.at(-1)?.type).toBe('Resolved');
  const statement = await runCommand('statement', 'settlement:suspense', '--data', data);
  expect(statement).toMatchObject({ code: 0, text: expect.stringContaining(transfer) });
  const audit = await runCommand('audit', 'verify', '--data', data);
  expect(audit).toMatchObject({ code: 0, text: expect.stringContaining('nothing is wrong') });
}

describe('a break', () => {
  test('is assigned, and shown with who did what and when', async () => {
    const { break_id } = first((await reconcile()).breaks, ({ cause }) => cause === 'ledger_only');
    expect((await run('assign', break_id, '--to', 'alice', '--by', 'bob')).code).toBe(0);
    const { text } = await run('show', break_id, '--json');
    const shown = breakSchema.parse(JSON.parse(text));
    expect(shown).toMatchObject({
      assignee: 'alice',
      history: [
        { type: 'Found', by: 'auditor' },
        { type: 'Assigned', by: 'bob' },
      ],
    });
  });

  test('that is a matter of time is accepted, and no other is', async () => {
    const { breaks } = await reconcile();
    const timing = first(breaks, (one) => one.class === 'timing' && one.status === 'open');
    expect((await run('accept', timing.break_id, '--note', 'month end')).code).toBe(0);
    expect((await run('accept', first(breaks, (one) => one.class === 'amount').break_id)).code).toBe(1);
    const after = await reconcile();
    expect(first(after.breaks, ({ break_id }) => break_id === timing.break_id).status).toBe('resolved');
  });

  test('is adjusted by a transfer through the API, once, and not found open again', async () => {
    const open = (await reconcile()).breaks.filter((one) => one.class === 'amount' && one.status === 'open');
    const { break_id } = first(open, () => true);
    const api = await serveTransfers();
    const args = ['adjust', break_id, '--against', 'settlement:suspense', '--api', api.url, '--token', 'secret'];
    expect((await run(...args)).code).toBe(0);
    expect((await run(...args)).code).toBe(0);
    await api.close();
    expect(api.asked).toHaveLength(2);
    expect(new Set(api.asked).size).toBe(1);
    const { breaks } = await reconcile();
    expect(first(breaks, (one) => one.break_id === break_id).status).toBe('resolved');
    expect(breaks.filter((one) => one.class === 'amount' && one.status === 'open')).toHaveLength(open.length - 1);
    await expectAudited(break_id, api.asked[0] ?? '');
  });

  test('is not adjusted by a transfer that is refused', async () => {
    const open = (await reconcile()).breaks.filter((one) => one.class === 'amount' && one.status === 'open');
    const { break_id } = first(open, () => true);
    const api = await serveTransfers('refused');
    const args = ['adjust', break_id, '--against', 'settlement:suspense', '--api', api.url, '--token', 'secret'];
    const { code, complaints } = await run(...args);
    await api.close();
    expect(code).toBe(1);
    expect(complaints.join()).toContain('did not complete (422): The account is frozen.');
    const { breaks } = await reconcile();
    expect(first(breaks, (one) => one.break_id === break_id).status).toBe('open');
  });

  test('is not adjusted by a transfer that the ledger does not have', async () => {
    const { breaks } = await reconcile();
    const { break_id } = first(breaks, (one) => one.class === 'missing_here' && one.status === 'open');
    const transfer = '0190a5d4-7b3e-7c62-9a4f-3c1d5e6f7a8c';
    const { code, complaints } = await run('resolve', break_id, '--transfer', transfer);
    expect({ code, complaints }).toEqual({ code: 1, complaints: ['nothing was changed: transfer not in ledger'] });
  });
});

describe('what is not understood', () => {
  test.each<[string, number, (file: string) => readonly string[], string]>([
    ['a file that is none', 2, () => [path.join(folder, 'none.xml')], ''],
    ['a file that is no statement', 2, (file) => [file], '<Document/>'],
    ['bookings that do not add up', 2, (file) => [file], 'cut'],
    ['a window that is too wide', 2, () => [statement, '--window-days', '99'], ''],
    ['an account that is none', 3, () => [statement, '--account', '*=settlement:no-*'], ''],
    ['a break that is none', 3, () => ['show', 'brk-0'], ''],
  ])('%s ends with %i and keeps nothing', async (_, code, argsOf, content) => {
    const file = path.join(folder, 'bad.xml');
    const xml = await readFile(statement, 'utf8');
    await writeFile(file, content === 'cut' ? xml.replace(/<Ntry>.*<\/Ntry>\n/, '') : content);
    const elsewhere = path.join(data, 'reconciliation');
    const before = existsSync(elsewhere) ? await listing(elsewhere) : '';
    expect((await run(...argsOf(file))).code).toBe(code);
    expect(existsSync(elsewhere) ? await listing(elsewhere) : '').toBe(before);
  });
});

async function listing(at: string): Promise<string> {
  const { readdir } = await import('node:fs/promises');
  return (await readdir(at, { recursive: true })).sort().join();
}

const bodySchema = z.object({
  transaction_id: z.string(),
  from_account: z.string(),
  to_account: z.string(),
  amount: z.string(),
  currency: z.string(),
});

const frozen = { type: 'urn:problem-type:wallet:account-frozen', title: 'The account is frozen.', status: 422 };
const refusal = { ...frozen, detail: frozen.title, reason: 'account_frozen', state: 'rejected' };

/** Stands for the API in front of the same wallet: takes transfers from whoever has the token, or refuses them all. */
async function serveTransfers(kind: 'taken' | 'refused' = 'taken') {
  const asked: string[] = [];
  const server: Server = createServer(async (request, response) => {
    expect(request.headers.authorization).toBe('Bearer secret');
    expect(request.url).toBe('/v1/wallet/balance_transfer');
    const { transaction_id, from_account, to_account, amount, currency } = bodySchema.parse(await readJson(request));
    if (kind === 'refused') {
      response.writeHead(422).end(JSON.stringify({ ...refusal, transaction_id }));
      return;
    }
    const parsed = parseAmount(amount, currency);
    const minor = parsed.ok ? parsed.minor : 0n;
    await wallet.commands.send([debit(transaction_id, from_account, to_account, minor, { currency })]);
    asked.push(transaction_id);
    response.end(JSON.stringify({ status: 'success', transaction_id }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.custom<AddressInfo>().parse(server.address());
  return { url: `http://127.0.0.1:${port}`, asked, close: () => new Promise((resolve) => server.close(resolve)) };
}
