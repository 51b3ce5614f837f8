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
    const programs = postgresPrograms();
    const postgres = programs === undefined ? undefined : Postgres.start(programs);
    try {
      results.push(...(await measured(servers, postgres, workload)));
    } finally {
      postgres?.stop();
    }
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

async function measured(
  servers: readonly Server[],
  postgres: Postgres | undefined,
  workload: Workload,
): Promise<readonly Candidate[]> {
  const candidates = [
    ...servers.flatMap((server) => underLoads(server, workload)),
    ...underPostgresLoads(postgres, workload),
  ];
  for (let turn = 0; turn < repetitions; turn += 1)
    for (const { runs, measure } of candidates) runs.push(await measure());
  return candidates;
}

async function floor(kept: 'texts' | 'records'): Promise<Server> {
  const folder = temporaryFolder();
  const server = await started(WalletProcess.of(['bench/floor-server.ts', kept, folder], folder));
  return warm(`${kept} alone`, server);
}

async function wallet(): Promise<Server> {
  const server = await started(WalletProcess.start(temporaryFolder()));
  await openAccounts(server);
  return warm('wallet', server);
}

async function started(starting: Promise<WalletProcess>): Promise<WalletProcess> {
  const server = await starting;
  ends.push(() => server.stop());
  return server;
}

async function warm(system: string, server: WalletProcess): Promise<Server> {
  for (const load of httpLoads) await warmUp(load, 'uniform', server);
  return [system, server];
}

function underLoads([system, server]: Server, workload: Workload): readonly Candidate[] {
  return httpLoads.map((load) => {
    const measure = () => measureOnce(load, workload, server);
    return { system, how: load.name, workload, unit: 'transfers', runs: [], measure };
  });
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
