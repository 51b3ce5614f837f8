/**
 * Closed days on the deployed stack, by its own state machine and functions with the rights of their roles: a past of twelve days is
 * written into the stack's ledger, its first part is closed before, and the machine catches up with the last two days, seals them, and
 * lets what is older than a week leave the table. Then every command that asks about the past is run on the stack: archive, proofs,
 * seals, audit, replay, checks, reconciliation. At the end the ledger is forged, and the seal tells.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { itemOfCommit } from '../../adapters/aws/commit-item.ts';
import { DynamoDbEventLog } from '../../adapters/aws/dynamodb-event-log.ts';
import { sha256, sha256Bytes } from '../../adapters/node/sha256.ts';
import { buildDecisions } from '../../cli/build-decisions.ts';
import { openSource, type Source, sealsOf } from '../../cli/open-source.ts';
import { DAY_MS, dayOf, endOfDay, startOfDay } from '../../core/contracts/day.ts';
import { canonicalText, decodeState, encodeState, type StoredCommit } from '../../core/contracts/stored-commit.ts';
import { accountKey } from '../../core/domain/lane.ts';
import { formatAmount } from '../../core/domain/money.ts';
import { closeDay, lastClosedDay } from '../../core/flows/close-day.ts';
import { sealNextClosedDay } from '../../core/flows/seal-closed-days.ts';
import { newestSealableDay, readSeal } from '../../core/flows/seal-day.ts';
import { debit, openAccount, SCOPE } from '../memory-wallet.ts';
import { get } from './api.ts';
import { PastWallet } from './past-wallet.ts';
import { wallet } from './wallet-command.ts';

const { endpoint, region, ledgerTable } = inject('stack');
const stack = { stack: 'Wallet', endpoint, region };
const NOON_MS = DAY_MS / 2;
/** As in preset `local`. */
const SEGMENTS = 4;

/** Longer than the tests of this file take: no other day may become the newest meanwhile. */
const ROOM_MS = 180_000;
while (newestSealableDay(Date.now() + ROOM_MS) !== newestSealableDay(Date.now())) await pause(1_000);

/** The days are counted from the newest that may be closed and sealed, which shortly after midnight is not yesterday. */
const newest = startOfDay(newestSealableDay(Date.now()));
const daysAgo = (days: number): string => dayOf(newest - (days - 1) * DAY_MS);
/** Long enough ago to leave the table. */
const old = [12, 11, 10].map(daysAgo);
/** The days that are closed; the first one takes in everything before it. */
const [first, second, third] = [daysAgo(3), daysAgo(2), daysAgo(1)];
const run = randomUUID().slice(0, 8);
const [bank, alice, bob] = [`settlement:past-${run}`, `past-alice-${run}`, `past-bob-${run}`];
const folder = mkdtempSync(path.join(tmpdir(), 'wallet-closing-'));
/** One on each of the old days: 100.00, then 1.00 twice. */
const deposits = old.map((day, i) => ({ day, id: randomUUID(), amount: i === 0 ? 10_000n : 100n }));
let source: Source;
/** Where a stack was closed before, its past cannot be written any more, and most of what follows is skipped. */
let isUsed = false;

const proofSchema = z.object({ day: z.string() });
const statementSchema = z.object({ entries: z.array(z.object({ balance: z.string() })) });
const reportsSchema = z.object({
  reports: z.array(z.object({ open_breaks: z.number(), breaks: z.array(z.looseObject({ break_id: z.string() })) })),
});

const noon = (day: string): number => startOfDay(day) + NOON_MS;

beforeAll(async () => {
  source = await openSource(stack);
  isUsed = (await lastClosedDay(source.archive)) !== undefined;
  if (isUsed) return;
  const past = new PastWallet(noon(old[0] ?? ''));
  await past.settle(...[bank, alice, bob].map((account) => openAccount(account)));
  for (const { day, id, amount } of deposits) {
    past.clock.set(noon(day) + 60_000);
    await past.settle(debit(id, bank, alice, amount));
  }
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

test('the stack is new, unless it stands where somebody else chose', () => {
  expect(isUsed && (process.env['AWS_ENDPOINT_URL'] ?? '') === '').toBe(false);
});

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
    const rows = await Array.fromAsync(source.dailyBalances.of(keyOf(alice), old[0] ?? '', third));
    expect(rows.map(({ day, balance, credited, debited }) => [day, balance, credited, debited])).toEqual([
      [old[0], 10_000n, 10_000n, 0n],
      [old[1], 10_100n, 100n, 0n],
      [old[2], 10_200n, 100n, 0n],
      [second, 7_200n, 0n, 3_000n],
    ]);
  });

  test('lets commits that are older than a week leave the table, down to where look-ups end', async (context) => {
    if (isUsed) return context.skip();
    const table = new DynamoDbEventLog({ tableName: ledgerTable });
    expect(await Promise.all([alice, bank, bob].map((account) => table.oldest(keyOf(account))))).toEqual([4, 3, 1]);
    for (const version of [1, 2, 3]) {
      expect(await table.read(keyOf(alice), version)).toBeUndefined();
      expect(await source.log.read(keyOf(alice), version)).toMatchObject({ version });
    }
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
      [alice, old[0] ?? '', '100.00'],
      [alice, third, '72.00'],
      [bob, second, '25.00'],
      [bob, third, '30.00'],
    ] as const) {
      const at = new Date(endOfDay(day) - 1).toISOString();
      const { code, told } = await wallet('audit', 'prove', account, '--at', at);
      expect(code).toBe(0);
      const file = path.join(folder, 'proof.json');
      writeFileSync(file, JSON.stringify(told));
      const root = await rootOf(proofSchema.parse(told).day);
      const check = await wallet('audit', 'check-proof', file, '--root', root);
      expect(check).toMatchObject({ code: 0, told: { proven: true, account_id: account, balance } });
      expect((await wallet('audit', 'check-proof', file, '--root', '0'.repeat(64))).code).toBe(1);
    }
    const now = new Date().toISOString();
    expect(await wallet('audit', 'prove', alice, '--at', now)).toMatchObject({ code: 3 });
  });
});

describe('what is asked about the past', () => {
  test('has an answer at any moment, with few reads', async (context) => {
    if (isUsed) return context.skip();
    const at = new Date(noon(second) - 1).toISOString();
    expect(await wallet('balance', alice, '--at', at)).toMatchObject({ code: 0, told: { balance: '102.00' } });
    expect(await wallet('balance', alice)).toMatchObject({ code: 0, told: { balance: '72.00' } });
  });

  test('has the same answer from the API, also for what has left the table', async (context) => {
    if (isUsed) return context.skip();
    for (const [i, balance] of ['100.00', '101.00', '102.00'].entries()) {
      const at = new Date(endOfDay(old[i] ?? '') - 1).toISOString();
      const { status, body, headers } = await get(`/v1/wallet/accounts/${alice}/balance?at=${at}`);
      expect({ status, body }).toMatchObject({ status: 200, body: { balance } });
      // Six commits: 1 + ceil(log2(6)) reads.
      expect(Number(headers.get('x-ledger-reads'))).toBeLessThanOrEqual(4);
    }
    const statement = await wallet('statement', alice);
    expect(statement.code).toBe(0);
    const { entries } = statementSchema.parse(statement.told);
    expect(entries.map(({ balance }) => balance).sort()).toEqual(
      ['100.00', '101.00', '102.00', '77.00', '72.00'].sort(),
    );
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
    const booked = deposits.map(({ day, id, amount }) => `${day},${formatAmount(amount, 'USD')},${id}`);
    writeFileSync(statement, ['date,amount,reference', ...booked, `${old[2]},7.00,nobody-knows`, ''].join('\n'));
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
