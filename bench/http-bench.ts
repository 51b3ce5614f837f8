/** The wallet's API under load: batches and single requests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PreparedRequest, prepareRequest, sendAll } from './http-client.ts';
import { type Measurement, percentile } from './measurement.ts';
import { WalletProcess } from './wallet-process.ts';
import { ACCOUNTS, accountName, transferJson, type Workload } from './workload.ts';

export interface HttpLoad {
  readonly name: string;
  /** Transfers in a request. */
  readonly batch: number;
  readonly connections: number;
  /** Requests of one repetition. */
  readonly requests: number;
}

/** Names of loads appear in the report; their sizes make a repetition last some seconds. */
export const httpLoads: readonly HttpLoad[] = [
  { name: 'HTTP, batches of 500, 8 connections', batch: 500, connections: 8, requests: 200 },
  { name: 'HTTP, single, 16 connections', batch: 1, connections: 16, requests: 10_000 },
  { name: 'HTTP, single, 256 connections', batch: 1, connections: 256, requests: 15_000 },
];

/** Connections over which accounts are opened. */
const OPENING_CONNECTIONS = 64;

/** Runs one load so often, each time on the same wallet, which is fresh at the beginning. */
export async function measureHttp(load: HttpLoad, workload: Workload, repetitions: number): Promise<Measurement[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-bench-'));
  const wallet = await WalletProcess.start(folder);
  try {
    await openAccounts(wallet);
    await warmUp(load, workload, wallet);
    const runs: Measurement[] = [];
    for (let run = 0; run < repetitions; run += 1) runs.push(await measureOnce(load, workload, wallet));
    return runs;
  } finally {
    await wallet.stop();
    rmSync(folder, { recursive: true });
  }
}

/** The first requests are not counted: code is slow until it is compiled. */
export async function warmUp(load: HttpLoad, workload: Workload, wallet: WalletProcess): Promise<void> {
  await sendAll(wallet.url, load.connections, requestsOf(load, workload, wallet, 1 / 3));
}

export async function measureOnce(load: HttpLoad, workload: Workload, wallet: WalletProcess): Promise<Measurement> {
  const requests = requestsOf(load, workload, wallet, 1);
  const cpu = wallet.cpuSeconds();
  const disk = wallet.diskBytes();
  const startedAt = performance.now();
  const latencies = (await sendAll(wallet.url, load.connections, requests)).sort();
  const seconds = (performance.now() - startedAt) / 1_000;
  const transfers = load.batch * load.requests;
  return {
    perSecond: transfers / seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    bytesPerTransfer: (wallet.diskBytes() - disk) / transfers,
    cpuMicroseconds: ((wallet.cpuSeconds() - cpu) / transfers) * 1e6,
  };
}

function requestsOf(
  { batch, requests }: HttpLoad,
  workload: Workload,
  wallet: WalletProcess,
  part: number,
): readonly PreparedRequest[] {
  return Array.from({ length: Math.ceil(requests * part) }, () => {
    if (batch === 1) return prepareRequest(wallet, '/v1/wallet/balance_transfer', transferJson(workload), 1);
    const transfers = Array.from({ length: batch }, () => transferJson(workload)).join(',');
    return prepareRequest(wallet, '/v1/wallet/balance_transfers', `{"transfers":[${transfers}]}`, batch);
  });
}

/** Accounts may go so far below zero that no transfer of the benchmark is refused. */
export async function openAccounts(wallet: WalletProcess): Promise<void> {
  const requests = Array.from({ length: ACCOUNTS }, (_, n) => {
    const account = { account_id: accountName(n), currency: 'USD', owner: 'bench', overdraft_limit: '1000000.00' };
    return prepareRequest(wallet, '/v1/wallet/accounts', JSON.stringify(account), 1);
  });
  await sendAll(wallet.url, OPENING_CONNECTIONS, requests);
}
