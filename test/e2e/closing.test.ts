/**
 * Closed days on the deployed stack, by its own state machine and functions with the rights of their roles: an account's past of three
 * days is written into the stack's ledger, the first day is closed before, and the machine catches up with the other two. Then every
 * command that asks about the past is run on the stack: archive, proofs, seals, audit, replay, checks, reconciliation. At the end the
 * ledger is forged, and the seal tells.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { itemOfCommit } from '../../adapters/aws/commit-item.ts';
import { sha256, sha256Bytes } from '../../adapters/node/sha256.ts';
import { buildDecisions } from '../../cli/build-decisions.ts';
import { openSource, type Source, sealsOf } from '../../cli/open-source.ts';
import { DAY_MS, dayOf, endOfDay, startOfDay } from '../../core/contracts/day.ts';
import { canonicalText, decodeState, encodeState, type StoredCommit } from '../../core/contracts/stored-commit.ts';
import { accountKey } from '../../core/domain/lane.ts';
import { closeDay, lastClosedDay } from '../../core/flows/close-day.ts';
import { sealNextClosedDay } from '../../core/flows/seal-closed-days.ts';
import { readSeal } from '../../core/flows/seal-day.ts';
import { debit, openAccount, SCOPE } from '../memory-wallet.ts';
import { PastWallet } from './past-wallet.ts';
import { wallet } from './wallet-command.ts';

const { endpoint, region, ledgerTable } = inject('stack');
const stack = { stack: 'Wallet', endpoint, region };
const NOON_MS = DAY_MS / 2;
/** As in preset `local`. */
const SEGMENTS = 4;

const days = [3, 2, 1].map((ago) => dayOf(Date.now() - ago * DAY_MS));
const [first = '', second = '', third = ''] = days;
const run = randomUUID().slice(0, 8);
const [bank, alice, bob] = [`settlement:past-${run}`, `past-alice-${run}`, `past-bob-${run}`];
const folder = mkdtempSync(path.join(tmpdir(), 'wallet-closing-'));
const deposit = randomUUID();
let source: Source;
/** Where a stack was closed before, its past cannot be written any more. */
let isUsed = false;

const reportsSchema = z.object({
  reports: z.array(z.object({ open_breaks: z.number(), breaks: z.array(z.looseObject({ break_id: z.string() })) })),
});

const noon = (day: string): number => startOfDay(day) + NOON_MS;

beforeAll(async () => {
  source = await openSource(stack);
  isUsed = (await lastClosedDay(source.archive)) !== undefined;
  if (isUsed) return;
  const past = new PastWallet(noon(first));
  await past.settle(...[bank, alice, bob].map((account) => openAccount(account)));
  await past.settle(debit(deposit, bank, alice, 10_000n));
  past.clock.set(noon(second));
  await past.settle(debit(randomUUID(), alice, bob, 2_500n));
  // Debited a second before midnight, credited after it: in flight at the cut.
  past.clock.set(endOfDay(second) - 1_000);
  await past.decide(debit(randomUUID(), alice, bob, 500n));
  past.clock.set(noon(third));
  await past.settle();
  await closeFirstDay();
});
afterAll(async () => {
  await source.close();
  rmSync(folder, { recursive: true });
});

/** As the machine did it two days ago. */
async function closeFirstDay(): Promise<void> {
  const clock = { now: () => noon(second) };
  expect(await closeDay({ ...source, clock }, SEGMENTS)).toMatchObject({ day: first, balanced: true });
  const ports = { ...source, clock, seals: sealsOf(source), hash: sha256Bytes };
  expect(await sealNextClosedDay(ports)).toMatchObject({ day: first, previous: null });
}

async function rootOf(day: string): Promise<string> {
  const seal = await readSeal(sealsOf(source), day);
  if (seal === undefined) throw new Error(`day ${day} is not sealed`);
  return seal.root;
}

const keyOf = (account: string): string => accountKey({ scope: SCOPE, account });

describe('the closing of days', () => {
  test('catches up with every day that is over, each with what was in flight, and all sums are zero', async (context) => {
    if (isUsed) return context.skip();
    const { code, told, complaints } = await wallet('archive', 'close');
    expect({ code, complaints }).toEqual({ code: 0, complaints: [] });
    const sound = { balanced: true, damaged: [], late: 0 };
    const usd = (balances: string, inFlight: string) => [{ currency: 'USD', balances, inFlight, sum: '0' }];
    expect(told).toMatchObject({
      closed: [
        { day: second, previous: first, commits: 3, currencies: usd('-500', '500'), ...sound },
        { day: third, previous: second, commits: 1, currencies: usd('0', '0'), ...sound },
      ],
    });
  });

  test('has nothing to do when it is started again', async (context) => {
    if (isUsed) return context.skip();
    expect(await wallet('archive', 'close')).toMatchObject({ code: 0, told: { closed: [] } });
    expect(await wallet('archive', 'show')).toMatchObject({ code: 0, told: { day: third, balanced: true } });
    expect(await wallet('archive', 'show', '1999-01-01')).toMatchObject({ code: 3 });
  });

  test('keeps the balance of each day in which something moved', async (context) => {
    if (isUsed) return context.skip();
    const rows = await Array.fromAsync(source.dailyBalances.of(keyOf(alice), first, third));
    expect(rows.map(({ day, balance, credited, debited }) => [day, balance, credited, debited])).toEqual([
      [first, 10_000n, 10_000n, 0n],
      [second, 7_000n, 0n, 3_000n],
    ]);
  });
});

describe('the seals of days', () => {
  test('were made by the machine, each names the one before, and the ledger gives the same', async (context) => {
    if (isUsed) return context.skip();
    for (const [day, before] of [
      [third, second],
      [second, first],
    ] as const) {
      const seal = await readSeal(sealsOf(source), day);
      expect(seal?.previous).toEqual({ day: before, root: await rootOf(before) });
      const again = await wallet('audit', 'seal', '--day', day);
      expect(again).toMatchObject({ code: 0, told: { sealed: [{ day, root: seal?.root }] } });
    }
    expect(await wallet('audit', 'seal')).toMatchObject({ code: 0, told: { sealed: [] } });
  });

  test('prove balances to whoever has a file and a root', async (context) => {
    if (isUsed) return context.skip();
    for (const [account, day, balance] of [
      [alice, first, '100.00'],
      [alice, third, '70.00'],
      [bob, second, '25.00'],
      [bob, third, '30.00'],
    ] as const) {
      const at = new Date(endOfDay(day) - 1).toISOString();
      const { code, told } = await wallet('audit', 'prove', account, '--at', at);
      expect(code).toBe(0);
      const file = path.join(folder, 'proof.json');
      writeFileSync(file, JSON.stringify(told));
      const check = await wallet('audit', 'check-proof', file, '--root', await rootOf(day));
      expect(check).toMatchObject({ code: 0, told: { proven: true, account_id: account, balance } });
      expect((await wallet('audit', 'check-proof', file, '--root', '0'.repeat(64))).code).toBe(1);
    }
    const today = new Date().toISOString();
    expect(await wallet('audit', 'prove', alice, '--at', today)).toMatchObject({ code: 3 });
  });
});

describe('what is asked about the past', () => {
  test('has an answer at any moment, with few reads', async (context) => {
    if (isUsed) return context.skip();
    const at = new Date(noon(second) - 1).toISOString();
    expect(await wallet('balance', alice, '--at', at)).toMatchObject({ code: 0, told: { balance: '100.00' } });
    expect(await wallet('balance', alice)).toMatchObject({ code: 0, told: { balance: '70.00' } });
  });

  test('is decided the same by this build, over everything that was ever recorded', async () => {
    const file = path.join(folder, 'same.mjs');
    await buildDecisions(file);
    expect(await wallet('audit', 'replay', '--with', file)).toMatchObject({ code: 0, told: { count: 0 } });
  });

  test('is in the views as in the log, also after they are made again', async () => {
    const rebuilt = await wallet('rebuild');
    expect(rebuilt).toMatchObject({ code: 0, told: { swapped: true, differences: [] } });
    const { code, told } = await wallet('check');
    expect({ code, told }).toMatchObject({ code: 0, told: { differences: [] } });
  });

  test('is reconciled with a bank, and what the bank has alone is a break that somebody is given', async (context) => {
    if (isUsed) return context.skip();
    const mapping = path.join(folder, 'mapping.json');
    const columns = { bookingDate: 'date', amount: 'amount', references: ['reference'] };
    writeFileSync(mapping, JSON.stringify({ decimal: '.', dateFormat: 'YYYY-MM-DD', currency: 'USD', columns }));
    const statement = path.join(folder, 'statement.csv');
    writeFileSync(statement, `date,amount,reference\n${first},100.00,${deposit}\n${first},7.00,nobody-knows\n`);
    const file = ['reconcile', 'statement', statement, '--mapping', mapping, '--account', bank];
    const { code, told, complaints } = await wallet(...file);
    expect({ code, complaints }).toEqual({ code: 1, complaints: [] });
    const { reports } = reportsSchema.parse(told);
    expect(reports).toMatchObject([{ open_breaks: 1, breaks: [{ cause: 'bank_only', difference: '7.00' }] }]);
    const id = reports[0]?.breaks[0]?.break_id ?? '';
    expect((await wallet('reconcile', 'assign', id, '--to', 'auditor', '--by', 'operator')).code).toBe(0);
    expect(await wallet('reconcile', 'show', id)).toMatchObject({ code: 0, told: { assignee: 'auditor' } });
  });
});

describe('an audit', () => {
  const dynamoDb = new DynamoDBClient({ endpoint, region });
  const put = (commit: StoredCommit): Promise<unknown> =>
    dynamoDb.send(new PutItemCommand({ TableName: ledgerTable, Item: itemOfCommit(commit) }));

  test('of the whole stack finds nothing wrong, and looks at every seal', async (context) => {
    if (isUsed) return context.skip();
    const { code, told } = await wallet('audit', 'verify');
    expect({ code, told }).toMatchObject({ code: 0, told: { findings: [], seals: 3 } });
  });

  test('names a newest commit that was forged, though its hash is right', async (context) => {
    if (isUsed) return context.skip();
    const sound = await source.log.newest(keyOf(bob));
    if (sound === undefined) throw new Error('bob has no commit');
    const state = decodeState(sound.state);
    const richer = { ...sound, state: encodeState({ ...state, balance: state.balance + 1n }) };
    await put({ ...richer, hash: sha256(canonicalText(richer)) });
    try {
      const { code, told } = await wallet('audit', 'verify');
      expect(code).toBe(1);
      const finding = { kind: 'seal_broken', account: keyOf(bob), version: sound.version };
      expect(told).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining(finding)]) });
      const at = new Date(endOfDay(third) - 1).toISOString();
      expect((await wallet('audit', 'prove', bob, '--at', at)).code).toBe(1);
    } finally {
      await put(sound);
    }
    expect((await wallet('audit', 'verify')).code).toBe(0);
  });
});
