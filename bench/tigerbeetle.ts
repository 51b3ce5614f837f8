/**
 * A TigerBeetle server that is running already (`--with tigerbeetle=ADDRESS`), over its own client, which is no dependency of the
 * wallet: `npm install --no-save tigerbeetle-node` installs it for a run.
 */
import { randomBytes } from 'node:crypto';
import { type Measurement, percentile } from './measurement.ts';
import { ACCOUNTS, randomPair, type Workload } from './workload.ts';

/** Most transfers of one request of its protocol. */
const BATCH = 8_189;
const BATCHES = 60;
const CLIENTS = 2;
const LEDGER = 1;
const CODE = 1;
const PACKAGE = 'tigerbeetle-node';

interface Client {
  createAccounts(accounts: readonly object[]): Promise<readonly unknown[]>;
  createTransfers(transfers: readonly object[]): Promise<readonly unknown[]>;
  destroy(): void;
}
interface Library {
  createClient(settings: { cluster_id: bigint; replica_addresses: readonly string[] }): Client;
}

export async function measureTigerBeetle(
  address: string,
  workload: Workload,
  repetitions: number,
): Promise<Measurement[]> {
  const library = await load();
  const clients = Array.from({ length: CLIENTS }, () => {
    return library.createClient({ cluster_id: 0n, replica_addresses: [address] });
  });
  try {
    const first = randomIdentity();
    const accounts = Array.from({ length: ACCOUNTS }, (_, n) => accountOf(first + BigInt(n)));
    for (let at = 0; at < ACCOUNTS; at += BATCH) await clients[0]?.createAccounts(accounts.slice(at, at + BATCH));
    const runs: Measurement[] = [];
    for (let run = 0; run < repetitions; run += 1) runs.push(await measureOnce(clients, workload, first));
    return runs;
  } finally {
    for (const client of clients) client.destroy();
  }
}

async function load(): Promise<Library> {
  try {
    const library: unknown = await import(PACKAGE);
    if (isLibrary(library)) return library;
    throw new Error('it has no createClient');
  } catch (cause) {
    throw new Error(`${PACKAGE} is missing; install it with: npm install --no-save ${PACKAGE}`, { cause });
  }
}

function isLibrary(candidate: unknown): candidate is Library {
  return typeof candidate === 'object' && candidate !== null && 'createClient' in candidate;
}

async function measureOnce(clients: readonly Client[], workload: Workload, first: bigint): Promise<Measurement> {
  const batches = Array.from({ length: BATCHES }, () => transfersOf(workload, first));
  const queue = batches.entries();
  const latencies = new Float64Array(BATCHES);
  const startedAt = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (const [index, batch] of queue) {
        const sentAt = performance.now();
        checkCreated(await client.createTransfers(batch));
        latencies[index] = performance.now() - sentAt;
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  latencies.sort();
  return {
    perSecond: (BATCHES * BATCH) / seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  };
}

/** Since its version 0.17 the client tells a status for each transfer, and this one for those that were made; before, failures alone. */
const CREATED = 0xffff_ffff;

function checkCreated(results: readonly unknown[]): void {
  const failed = results.find((result) => !isCreated(result));
  if (failed !== undefined) throw new Error(`a transfer was not made: ${JSON.stringify(failed, digits)}`);
}

function isCreated(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'status' in result && result.status === CREATED;
}

function digits(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function transfersOf(workload: Workload, first: bigint): readonly object[] {
  return Array.from({ length: BATCH }, () => {
    const { from, to } = randomPair(workload);
    return {
      id: randomIdentity(),
      debit_account_id: first + BigInt(from),
      credit_account_id: first + BigInt(to),
      amount: 1n,
      pending_id: 0n,
      user_data_128: 0n,
      user_data_64: 0n,
      user_data_32: 0,
      timeout: 0,
      ledger: LEDGER,
      code: CODE,
      flags: 0,
      timestamp: 0n,
    };
  });
}

function accountOf(id: bigint): object {
  const amounts = { debits_pending: 0n, debits_posted: 0n, credits_pending: 0n, credits_posted: 0n };
  const data = { user_data_128: 0n, user_data_64: 0n, user_data_32: 0, reserved: 0 };
  return { id, ...amounts, ...data, ledger: LEDGER, code: CODE, flags: 0, timestamp: 0n };
}

function randomIdentity(): bigint {
  return BigInt(`0x${randomBytes(15).toString('hex')}`) + 1n;
}
