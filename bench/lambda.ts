/** The Lambda side of speed: bundles, the time to load them cold, and the processor's CPU per transfer by size of batch. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CountingMeter } from '../adapters/memory/counting-meter.ts';
import { ManualClock } from '../adapters/memory/manual-clock.ts';
import { MemoryCommandStream } from '../adapters/memory/memory-command-stream.ts';
import { MemoryEventLog } from '../adapters/memory/memory-event-log.ts';
import { MemoryOpenWork } from '../adapters/memory/memory-open-work.ts';
import { MemoryQuarantine } from '../adapters/memory/memory-quarantine.ts';
import { MemorySagaStarter } from '../adapters/memory/memory-saga-starter.ts';
import { MemoryTransferStore } from '../adapters/memory/memory-transfer-store.ts';
import { SilentJournal } from '../adapters/memory/silent-journal.ts';
import { sha256 } from '../adapters/node/sha256.ts';
import { env } from '../core/contracts/env.ts';
import { DEFAULT_SCOPE } from '../core/contracts/scope.ts';
import type { DebitAccount, OpenAccount } from '../core/domain/account.ts';
import { AccountCache } from '../core/flows/account-cache.ts';
import { processShard } from '../core/flows/process-shard.ts';
import { bundle, functionNames } from './bundles.ts';
import { accountName, randomId, randomPair } from './workload.ts';

/** Transfers per size of batch, in as many batches as that makes. */
const TRANSFERS = 20_000;
const BATCHES = [1, 100, 10_000];
const ACCOUNTS = 1_000;
const SETTINGS = { lanes: 64, epoch: 1 };
const LOADS = 5;
/** What a number would not do for. */
const texts: Readonly<Record<string, string>> = {
  [env.tokenIssuer]: 'https://issuer.example',
  [env.tokenJwksUri]: 'https://issuer.example/keys',
  [env.tokenJwks]: '',
  [env.clientTiers]: '',
  [env.socketEndpoint]: 'https://socket.example',
  [env.emulatedSocketPath]: '',
  [env.hotDays]: '30',
};

/** A table in Markdown of every function: size, and the median time of loading it in a new process. */
export async function bundleTable(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-bundles-'));
  try {
    const rows: string[] = [];
    for (const name of functionNames()) {
      const { file, ownBytes, sdkBytes } = await bundle(name, folder);
      const times = Array.from({ length: LOADS }, () => loadMs(file)).sort((a, b) => a - b);
      const loaded = times[Math.floor(LOADS / 2)]?.toFixed(0);
      rows.push(`| ${name} | ${Math.round(ownBytes / 1_024)} | ${Math.round(sdkBytes / 1_024)} | ${loaded} |`);
    }
    return ['| function | own KB, minified | AWS SDK KB | cold load ms |', '|---|---|---|---|', ...rows, ''].join('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds that a bundle takes to load in a new process, all settings given. @throws if it does not load */
export function loadMs(file: string): number {
  const settings = Object.fromEntries(Object.values(env).map((name) => [name, texts[name] ?? '1']));
  const program = 'const t = performance.now(); await import(process.argv[1]); console.log(performance.now() - t)';
  const told = execFileSync(process.execPath, ['--input-type=module', '-e', program, file], {
    encoding: 'utf8',
    env: { ...settings, AWS_REGION: 'us-east-1', POWERTOOLS_DEV: 'true' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number(told.trim().split('\n').at(-1));
}

/** The table of `npm run cost`: requests, units and records of a transfer on AWS, by size of batch; or why there is none. */
export function requestsTable(): string {
  const { status, stdout } = spawnSync('npm', ['run', '--silent', 'cost'], { encoding: 'utf8' });
  const lines = stdout.split('\n');
  const first = lines.findIndex((line) => line.startsWith('What one transfer costs'));
  if (status !== 0 || first < 0) return 'Requests per transfer were not counted: `npm run cost` tells why.\n';
  const table = lines.slice(first + 1);
  // Behind it comes what the test runner has to say.
  const end = table.findIndex((line) => !/^ +(batch|[0-9]+) /.test(line));
  return ['Requests and units per transfer:', '', '```', ...table.slice(0, end), '```', ''].join('\n');
}

/** A table in Markdown: CPU of the processor per transfer (its debit alone), over stores in memory, by size of batch. */
export async function processorTable(): Promise<string> {
  const rows: string[] = [];
  for (const batch of BATCHES) rows.push(`| ${batch} | ${(await processorMicroseconds(batch)).toFixed(1)} |`);
  return ['| transfers in a batch | processor CPU us per debit |', '|---|---|', ...rows, ''].join('\n');
}

async function processorMicroseconds(batch: number): Promise<number> {
  const clock = new ManualClock(Date.now());
  const commands = new MemoryCommandStream({ lanes: SETTINGS.lanes, digest: sha256, clock });
  const ports = portsOf(clock);
  await commands.send(Array.from({ length: ACCOUNTS }, (_, n) => opening(n)));
  await processShard(ports, SETTINGS, commands.records);
  const batches = [];
  for (let sent = 0; sent < TRANSFERS; sent += batch) {
    const from = commands.records.length;
    await commands.send(Array.from({ length: batch }, debit));
    batches.push(commands.records.slice(from));
  }
  const before = process.cpuUsage();
  for (const records of batches) await processShard(ports, SETTINGS, records);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / TRANSFERS;
}

function portsOf(clock: ManualClock) {
  return {
    log: new MemoryEventLog(),
    transfers: new MemoryTransferStore(),
    sagas: new MemorySagaStarter(),
    openWork: new MemoryOpenWork(),
    quarantine: new MemoryQuarantine(),
    meter: new CountingMeter(),
    journal: new SilentJournal(),
    cache: new AccountCache(),
    digest: sha256,
    clock,
  };
}

function opening(n: number): OpenAccount {
  const properties = { kind: 'customer', currency: 'USD', owner: 'bench', overdraftLimit: 100_000_000n } as const;
  const identity = { scope: DEFAULT_SCOPE, recheck: false, request: `open-${n}`, account: accountName(n) };
  return { type: 'OpenAccount', ...identity, ...properties };
}

function debit(): DebitAccount {
  const { from, to } = randomPair('uniform');
  const accounts = { from: accountName(from % ACCOUNTS), to: accountName(to) };
  const content = { transfer: randomId(), ...accounts, amount: 1n, currency: 'USD' };
  return { type: 'DebitAccount', scope: DEFAULT_SCOPE, recheck: false, ...content };
}
