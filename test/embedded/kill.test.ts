/**
 * The embedded wallet is killed (SIGKILL) fifty times in the middle of its work, at random moments, and started again on the same
 * folder each time. Afterwards the ledger is read from disk and judged by the invariants, and by what clients were told: whatever
 * was acknowledged stands as it was told, and what was not acknowledged is done once or not at all, also when it is sent again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';
import { WalletStore } from '../../adapters/embedded/wallet-store.ts';
import { operatorsToken } from '../../local/issuer.ts';
import { violations } from '../invariants.ts';

const KILLS = 50;
const ACCOUNTS = 12;
const CLIENTS = 4;
const BATCH = 25;
/** The wallet lives so long under load at most; a turn takes some milliseconds, so kills meet every stage of it. */
const LONGEST_LIFE_MS = 120;

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-kill-'));
afterAll(() => rmSync(folder, { recursive: true }));

const answerSchema = z.object({
  results: z.array(z.looseObject({ transaction_id: z.string(), status: z.unknown(), state: z.string() })),
});

interface Transfer {
  readonly transaction_id: string;
  readonly from_account: string;
  readonly to_account: string;
  readonly amount: string;
  readonly currency: string;
}

/** State of every transfer that the wallet has answered for. */
const told = new Map<string, string>();
/** Transfers that were sent and not answered. */
const unanswered = new Map<string, Transfer>();

const authorization = `Bearer ${await operatorsToken()}`;

async function started(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, ['test/embedded/wallet-process.ts', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('the process has no output');
  const [url] = await once(createInterface(child.stdout), 'line');
  return { child, url: String(url) };
}

async function post(url: string, route: string, body: unknown): Promise<unknown> {
  const headers = { authorization, 'content-type': 'application/json', prefer: 'wait=10' };
  const response = await fetch(`${url}/v1/wallet/${route}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json();
}

/** One in six goes to an account that was never opened and comes back; one in six asks for more than there is. */
function randomTransfer(): Transfer {
  const account = () => `account-${Math.floor(Math.random() * ACCOUNTS)}`;
  const from = account();
  const other = account();
  const luck = Math.random();
  const to = luck < 1 / 6 ? 'nobody' : other === from ? 'settlement:bank' : other;
  const amount = luck > 5 / 6 ? '999999.00' : '0.01';
  return { transaction_id: randomUUID(), from_account: from, to_account: to, amount, currency: 'USD' };
}

async function send(url: string, transfers: readonly Transfer[]): Promise<void> {
  for (const transfer of transfers) unanswered.set(transfer.transaction_id, transfer);
  const { results } = answerSchema.parse(await post(url, 'balance_transfers', { transfers }));
  for (const { transaction_id, state } of results) {
    expect(state).not.toBe('pending');
    told.set(transaction_id, state);
    unanswered.delete(transaction_id);
  }
}

/** Sends until the wallet is dead; half of what was left unanswered in earlier lives is sent again. */
async function load(url: string): Promise<void> {
  for (;;) {
    const again = [...unanswered.values()].slice(0, BATCH / 2);
    const fresh = Array.from({ length: BATCH - again.length }, randomTransfer);
    try {
      await send(url, [...again, ...fresh]);
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
  }
}

async function openAccounts(url: string): Promise<void> {
  await post(url, 'accounts', { account_id: 'settlement:bank', currency: 'USD', owner: 'bank' });
  for (let n = 0; n < ACCOUNTS; n += 1) {
    await post(url, 'accounts', { account_id: `account-${n}`, currency: 'USD', owner: 'owner' });
    const transfer = { ...randomTransfer(), from_account: 'settlement:bank', to_account: `account-${n}` };
    await send(url, [{ ...transfer, amount: '1000.00' }]);
  }
}

async function liveAndDie(): Promise<void> {
  const { child, url } = await started();
  const clients = Array.from({ length: CLIENTS }, () => load(url));
  await pause(Math.random() * LONGEST_LIFE_MS);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await Promise.all(clients);
}

/** Everything on disk, as an auditor reads it. */
async function faultsOnDisk(): Promise<readonly string[]> {
  const store = new WalletStore(folder);
  const records = [...store.transfers()];
  const faults = violations([...store.commits()], records);
  const statuses = new Map(records.map(({ id, status }) => [id.slice(id.indexOf('#') + 1), status]));
  await store.close();
  const lost = [...told].filter(([id, state]) => statuses.get(id) !== state);
  return [...faults, ...lost.map(([id, state]) => `${id} was told as ${state} and is ${statuses.get(id)}`)];
}

test('killed fifty times under load, it loses nothing that was acknowledged and does nothing twice', async () => {
  const first = await started();
  await openAccounts(first.url);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  for (let kill = 0; kill < KILLS; kill += 1) await liveAndDie();
  expect(await faultsOnDisk()).toEqual([]);

  const last = await started();
  const rest = [...unanswered.values()];
  for (let from = 0; from < rest.length; from += BATCH) await send(last.url, rest.slice(from, from + BATCH));
  last.child.kill('SIGKILL');
  await once(last.child, 'exit');
  expect(unanswered.size).toBe(0);
  expect(await faultsOnDisk()).toEqual([]);
  expect(told.size).toBeGreaterThan(KILLS * BATCH);
}, 240_000);
