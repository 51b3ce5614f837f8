/**
 * `npm run bench [-- [--repetitions N] [--out FOLDER] [--with tigerbeetle=ADDRESS]]`: the embedded wallet and, on the same machine
 * in the same run, what a team would use instead. Writes results.json, results.md and results.svg.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ratioTable } from './goals.ts';
import { httpLoads, measureHttp } from './http-bench.ts';
import { measureInProcess } from './in-process.ts';
import { type Result, spreadOf } from './measurement.ts';
import { Postgres, postgresLoads, postgresPrograms } from './postgres.ts';
import { markdown, svg, thisMachine } from './report.ts';
import { measureTigerBeetle } from './tigerbeetle.ts';
import { type Workload, workloads } from './workload.ts';

const REPETITIONS = 3;
const POSTGRES_SECONDS = 4;
const TIGERBEETLE = 'tigerbeetle=';

const { values } = parseArgs({
  options: { repetitions: { type: 'string' }, out: { type: 'string' }, with: { type: 'string' } },
});
const repetitions = Number(values.repetitions ?? REPETITIONS);
const results: Result[] = [];
const machine = thisMachine();

// One after the other for each workload, so that both meet the same machine, should it change.
for (const workload of workloads) {
  await measureWallet(workload);
  measurePostgres(workload);
}
await measureOthers();
write();

async function measureWallet(workload: Workload): Promise<void> {
  for (const load of httpLoads) {
    const runs = await measureHttp(load, workload, repetitions);
    tell({ system: 'wallet', how: load.name, workload, unit: 'transfers', runs });
  }
  for (const result of await measureInProcess(workload, repetitions)) tell(result);
}

function measurePostgres(workload: Workload): void {
  const programs = postgresPrograms();
  if (programs === undefined) {
    console.log('PostgreSQL is left out: it is not installed (Debian: apt-get install postgresql).');
    return;
  }
  const server = Postgres.start(programs);
  try {
    for (const load of postgresLoads) {
      const runs = Array.from({ length: repetitions }, () => server.measure(load, workload, POSTGRES_SECONDS));
      tell({ system: 'PostgreSQL', how: load.name, workload, unit: 'transfers', runs });
    }
  } finally {
    server.stop();
  }
}

async function measureOthers(): Promise<void> {
  const address = values.with?.startsWith(TIGERBEETLE) ? values.with.slice(TIGERBEETLE.length) : undefined;
  if (address === undefined) return;
  for (const workload of workloads) {
    const runs = await measureTigerBeetle(address, workload, repetitions);
    tell({ system: 'TigerBeetle', how: 'batches of 8,189, 2 clients', workload, unit: 'transfers', runs });
  }
}

function tell(result: Result): void {
  results.push(result);
  const median = Math.round(spreadOf(result.runs, 'perSecond')?.median ?? 0).toLocaleString('en-US');
  console.log(`${median.padStart(12)} ${result.unit}/s  ${result.system}, ${result.how} ${result.workload}`);
}

function write(): void {
  const folder = path.resolve(values.out ?? path.join('data', 'bench'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'results.json'), `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
  const table = `${markdown(machine, results)}\n${ratioTable(results, ['wallet'])}\n`;
  writeFileSync(path.join(folder, 'results.md'), table);
  writeFileSync(path.join(folder, 'results.svg'), svg(results));
  console.log(`\n${table}\nWritten to ${folder}`);
}
