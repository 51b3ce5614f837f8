/** What the wallet does without HTTP around it, in this process: transfers to disk, decisions, replay. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmbeddedWallet } from '../adapters/embedded/embedded-wallet.ts';
import { LEDGER_FILE } from '../adapters/embedded/frame-file.ts';
import { sha256 } from '../adapters/node/sha256.ts';
import { SystemClock } from '../adapters/node/system-clock.ts';
import { DEFAULT_SCOPE } from '../core/contracts/scope.ts';
import { canonicalText, decodeEvents, type StoredCommit } from '../core/contracts/stored-commit.ts';
import {
  type AccountEvent,
  type AccountState,
  type DebitAccount,
  decide,
  evolve,
  type OpenAccount,
  unopened,
} from '../core/domain/account.ts';
import { type Measurement, percentile, type Result } from './measurement.ts';
import { ACCOUNTS, accountName, randomId, randomPair, type Workload } from './workload.ts';

interface SendingLoad {
  readonly name: string;
  readonly batch: number;
  readonly atOnce: number;
  readonly batches: number;
}

const sendingLoads: readonly SendingLoad[] = [
  { name: 'in process, batches of 500, 8 at once', batch: 500, atOnce: 8, batches: 150 },
  { name: 'in process, single, 256 at once', batch: 1, atOnce: 256, batches: 20_000 },
];
const DECISIONS = 1_000_000;
const OVERDRAFT_LIMIT = 100_000_000n;

/** Everything of this file, for one workload. */
export async function measureInProcess(workload: Workload, repetitions: number): Promise<readonly Result[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-bench-'));
  const wallet = new EmbeddedWallet({ folder, clock: new SystemClock(), digest: sha256, meter, journal });
  try {
    await openAccounts(wallet);
    const results: Result[] = [];
    for (const load of sendingLoads) {
      const runs: Measurement[] = [];
      for (let run = 0; run < repetitions; run += 1) runs.push(await measureSending(wallet, load, workload, folder));
      results.push({ system: 'wallet', how: load.name, workload, unit: 'transfers', runs });
    }
    return workload === 'uniform' ? [...results, ...measureCore(wallet, repetitions)] : results;
  } finally {
    await wallet.close();
    rmSync(folder, { recursive: true });
  }
}

const meter = { count: () => {} };
const journal = { warn: console.error };

/** A debit of one minor unit. */
export function debitOf(workload: Workload): DebitAccount {
  const { from, to } = randomPair(workload);
  const content = { transfer: randomId(), from: accountName(from), to: accountName(to), amount: 1n, currency: 'USD' };
  return { type: 'DebitAccount', scope: DEFAULT_SCOPE, recheck: false, ...content };
}

/** Opens all accounts of the benchmark; they may go so far below zero that nothing is refused. */
export async function openAccounts(wallet: EmbeddedWallet): Promise<void> {
  const commands = Array.from({ length: ACCOUNTS }, (_, n): OpenAccount => {
    const properties = { kind: 'customer', currency: 'USD', owner: 'bench', overdraftLimit: OVERDRAFT_LIMIT } as const;
    const identity = { scope: DEFAULT_SCOPE, recheck: false, request: `open-${n}`, account: accountName(n) };
    return { type: 'OpenAccount', ...identity, ...properties };
  });
  await wallet.commands.send(commands);
}

async function measureSending(
  wallet: EmbeddedWallet,
  { batch, atOnce, batches }: SendingLoad,
  workload: Workload,
  folder: string,
): Promise<Measurement> {
  const work = Array.from({ length: batches }, () => Array.from({ length: batch }, () => debitOf(workload)));
  const bytes = () => statSync(path.join(folder, LEDGER_FILE)).size;
  const latencies = new Float64Array(batches);
  const queue = work.entries();
  const bytesBefore = bytes();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const sender = async (): Promise<void> => {
    for (const [index, commands] of queue) {
      const sentAt = performance.now();
      await wallet.commands.send(commands);
      latencies[index] = performance.now() - sentAt;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const transfers = batch * batches;
  latencies.sort();
  return {
    perSecond: transfers / seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    bytesPerTransfer: (bytes() - bytesBefore) / transfers,
    cpuMicroseconds: (user + system) / transfers,
  };
}

function measureCore(wallet: EmbeddedWallet, repetitions: number): readonly Result[] {
  const commits = [...wallet.store.commits()];
  const events = commits.map((commit) => decodeEvents(commit.events));
  const count = events.reduce((sum, ofCommit) => sum + ofCommit.length, 0);
  const results: readonly (readonly [string, string, number, () => void])[] = [
    ['decide and evolve', 'decisions', DECISIONS, decisions],
    ['replay: fold of decoded events', 'events', count, () => fold(commits, events)],
    ['replay: decoding', 'events', count, () => commits.forEach(({ events: text }) => void decodeEvents(text))],
    ['replay: checking hashes', 'commits', commits.length, () => checkHashes(commits)],
  ];
  return results.map(([how, unit, times, run]) => {
    run();
    const runs = Array.from({ length: repetitions }, () => ({ perSecond: times / secondsOf(run) }));
    return { system: 'core', how, workload: '', unit, runs };
  });
}

function secondsOf(run: () => void): number {
  const startedAt = performance.now();
  run();
  return (performance.now() - startedAt) / 1_000;
}

function decisions(): void {
  const command = debitOf('uniform');
  let state: AccountState = { ...unopened, status: 'open', currency: 'USD', overdraftLimit: OVERDRAFT_LIMIT };
  for (let n = 0; n < DECISIONS; n += 1) state = evolve(state, decide(state, command, n), 1);
  if (state.balance !== -BigInt(DECISIONS)) throw new Error(`the balance is ${state.balance}`);
}

function fold(commits: readonly StoredCommit[], events: readonly (readonly AccountEvent[])[]): void {
  const states = new Map<string, AccountState>();
  for (const [n, { account, version }] of commits.entries()) {
    let state = states.get(account) ?? unopened;
    for (const event of events[n] ?? []) state = evolve(state, event, version);
    states.set(account, state);
  }
}

function checkHashes(commits: readonly StoredCommit[]): void {
  for (const commit of commits) {
    if (sha256(canonicalText(commit)) !== commit.hash) throw new Error(`${commit.account}@${commit.version} is broken`);
  }
}
