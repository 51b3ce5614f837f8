/**
 * `npm run bench:floor [-- REPETITIONS]`: what stands between the wallet and PostgreSQL whatever the wallet decides, and however fast. In
 * turns, in one run: servers that keep what they are sent and decide nothing (`floor-server.ts`), the wallet, and PostgreSQL.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ratioTable } from './goals.ts';
import { httpLoads, measureOnce, openAccounts, warmUp } from './http-bench.ts';
import type { Measurement, Result } from './measurement.ts';
import { Postgres, postgresLoads, postgresPrograms } from './postgres.ts';
import { markdown, thisMachine } from './report.ts';
import { WalletProcess } from './wallet-process.ts';
import { type Workload, workloads } from './workload.ts';

const REPETITIONS = 5;
const POSTGRES_SECONDS = 3;

/** Something that is measured once in each turn. */
interface Candidate extends Result {
  readonly runs: Measurement[];
  readonly measure: () => Measurement | Promise<Measurement>;
}

type Server = readonly [system: string, process: WalletProcess];

const repetitions = Number(process.argv[2] ?? REPETITIONS);
const machine = thisMachine();
const results: Candidate[] = [];
const ends: (() => unknown)[] = [];
try {
  const servers = [await floor('texts'), await floor('records'), await wallet()];
  for (const workload of workloads) {
    const server = startPostgres();
    const candidates = [
      ...servers.flatMap((each) => underLoads(each, workload)),
      ...underPostgresLoads(server, workload),
    ];
    for (let turn = 0; turn < repetitions; turn += 1)
      for (const { runs, measure } of candidates) runs.push(await measure());
    results.push(...candidates);
    server?.stop();
  }
  console.log(markdown(machine, results));
  console.log(
    ratioTable(
      results,
      servers.map(([system]) => system),
    ),
  );
} finally {
  for (const end of ends.reverse()) await end();
}

async function floor(kept: 'texts' | 'records'): Promise<Server> {
  const folder = temporaryFolder();
  return warm(`${kept} alone`, await WalletProcess.of(['bench/floor-server.ts', kept, folder], folder));
}

async function wallet(): Promise<Server> {
  const server = await WalletProcess.start(temporaryFolder());
  await openAccounts(server);
  return warm('wallet', server);
}

async function warm(system: string, server: WalletProcess): Promise<Server> {
  ends.push(() => server.stop());
  for (const load of httpLoads) await warmUp(load, 'uniform', server);
  return [system, server];
}

function underLoads([system, server]: Server, workload: Workload): readonly Candidate[] {
  return httpLoads.map((load) => {
    const measure = () => measureOnce(load, workload, server);
    return { system, how: load.name, workload, unit: 'transfers', runs: [], measure };
  });
}

function startPostgres(): Postgres | undefined {
  const programs = postgresPrograms();
  return programs === undefined ? undefined : Postgres.start(programs);
}

function underPostgresLoads(server: Postgres | undefined, workload: Workload): readonly Candidate[] {
  if (server === undefined) return [];
  return postgresLoads.map((load) => {
    const measure = () => server.measure(load, workload, POSTGRES_SECONDS);
    return { system: 'PostgreSQL', how: load.name, workload, unit: 'transfers', runs: [], measure };
  });
}

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-floor-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  return folder;
}
