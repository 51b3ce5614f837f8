/**
 * PostgreSQL as a team would use it instead: double entry in two tables, an id per transfer that makes it idempotent, durable
 * commits. One procedure call per transfer, as people write it, and one call for 1,000 transfers, as it goes fastest. The server is
 * the machine's own package, started on loopback in a temporary folder and taken away again.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import type { Measurement } from './measurement.ts';
import { ACCOUNTS, type Workload } from './workload.ts';

export interface PostgresLoad {
  readonly name: string;
  readonly script: (workload: Workload) => string;
  readonly connections: number;
  /** Transfers of one call. */
  readonly batch: number;
}

export const postgresLoads: readonly PostgresLoad[] = [
  { name: 'one procedure call per transfer, 16 connections', script: oneByOne, connections: 16, batch: 1 },
  {
    name: 'set-based procedure, 1,000 transfers a call, 2 connections',
    script: setBased,
    connections: 2,
    batch: 1_000,
  },
];

const PORT = 54_329;
const DATABASE = 'bench';
/** Memory for its cache, so that it works from memory as the wallet does; everything else, durability above all, as it comes. */
const SETTINGS = ['shared_buffers=1GB', 'max_wal_size=8GB', 'fsync=on', 'synchronous_commit=on'];

const schema = `
create table accounts (id int primary key, balance bigint not null default 0) with (fillfactor = 50);
create table transfers (id uuid primary key, debit_account int not null, credit_account int not null, amount bigint not null,
  created_at timestamptz not null default now());
insert into accounts select n from generate_series(0, ${ACCOUNTS - 1}) n;
create procedure transfer(id uuid, payer int, payee int, amount bigint) language plpgsql as $$
begin
  insert into transfers values (id, payer, payee, amount) on conflict do nothing;
  if not found then return; end if;
  if payer < payee then
    update accounts a set balance = balance - amount where a.id = payer;
    update accounts a set balance = balance + amount where a.id = payee;
  else
    update accounts a set balance = balance + amount where a.id = payee;
    update accounts a set balance = balance - amount where a.id = payer;
  end if;
end $$;
create procedure transfer_many(ids uuid[], payers int[], payees int[], amounts bigint[]) language plpgsql as $$
begin
  create temp table if not exists fresh (payer int, payee int, amount bigint) on commit delete rows;
  with inserted as (
    insert into transfers select * from unnest(ids, payers, payees, amounts) on conflict do nothing
    returning debit_account, credit_account, transfers.amount)
  insert into fresh select * from inserted;
  with change as (
    select account, sum(amount) amount from (
      select payer account, -amount amount from fresh union all select payee, amount from fresh) legs
    group by account),
  locked as (select id from accounts where id in (select account from change) order by id for update)
  update accounts a set balance = balance + c.amount from change c, locked l where a.id = c.account and l.id = a.id;
end $$;`;

/** Both accounts of a transfer, as pgbench expressions; the same choice as the wallet's workload makes. */
function payee(workload: Workload): string {
  return workload === 'hot'
    ? `case when random() < 0.9 then 0 else floor(random() * ${ACCOUNTS})::int end`
    : anyAccount;
}
const anyAccount = `floor(random() * ${ACCOUNTS})::int`;

function oneByOne(workload: Workload): string {
  const hot = '\\set luck random(1, 10)\n\\if :luck <= 9\n\\set payee 0\n\\endif\n';
  return `\\set payer random(1, ${ACCOUNTS - 1})\n\\set payee random(0, ${ACCOUNTS - 1})\n${workload === 'hot' ? hot : ''}call transfer(gen_random_uuid(), :payer, :payee, 1);\n`;
}

function setBased(workload: Workload): string {
  return `do $$ declare ids uuid[]; payers int[]; payees int[]; begin
select array_agg(gen_random_uuid()), array_agg(${anyAccount}), array_agg(${payee(workload)}) into ids, payers, payees from generate_series(1, 1000);
call transfer_many(ids, payers, payees, array_fill(1::bigint, array[1000])); end $$;\n`
    .replaceAll('\n', ' ')
    .concat('\n');
}

/** Where the server's programs are; undefined if PostgreSQL is not installed. */
export function postgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => path.join(root, version, 'bin'));
  return folders.find((folder) => ['initdb', 'pg_ctl', 'pgbench'].every((name) => existsSync(path.join(folder, name))));
}

export class Postgres {
  private readonly programs: string;
  private readonly folder: string;
  private readonly data: string;

  private constructor(programs: string, folder: string) {
    this.programs = programs;
    this.folder = folder;
    this.data = path.join(folder, 'data');
  }

  /** Makes a new database cluster, starts it, and fills the accounts in. */
  static start(programs: string): Postgres {
    const server = new Postgres(programs, mkdtempSync(path.join(tmpdir(), 'wallet-postgres-')));
    // The server refuses to run as root, so everything of it belongs to the package's own user then.
    if (isRoot()) execFileSync('chown', ['postgres', server.folder]);
    chmodSync(server.folder, 0o755);
    server.run('initdb', ['-D', server.data, '-A', 'trust', '-U', 'postgres', '--no-sync']);
    const settings = [
      `port=${PORT}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${server.folder}`,
      ...SETTINGS,
    ];
    const options = settings.map((setting) => `-c ${setting}`).join(' ');
    server.run('pg_ctl', ['-D', server.data, '-w', '-l', path.join(server.folder, 'log'), '-o', options, 'start']);
    server.sql('postgres', `create database ${DATABASE}`);
    server.sql(DATABASE, schema);
    return server;
  }

  measure(load: PostgresLoad, workload: Workload, seconds: number): Measurement {
    const script = path.join(this.folder, 'script.sql');
    writeFileSync(script, load.script(workload));
    chmodSync(script, 0o644);
    const log = path.join(this.folder, 'latency');
    const before = this.cpuSeconds();
    const bytesBefore = this.bytes();
    const clients = ['-c', String(load.connections), '-j', '2', '-T', String(seconds), '-f', script, '-n'];
    const mode = load.batch === 1 ? ['-M', 'prepared'] : [];
    const told = this.run('pgbench', [...this.address(), ...clients, ...mode, '-l', `--log-prefix=${log}`, DATABASE]);
    const calls = Number(/transactions actually processed: ([0-9]+)/.exec(told)?.[1]);
    const perSecond = Number(/tps = ([0-9.]+)/.exec(told)?.[1]) * load.batch;
    const latencies = this.latenciesMs();
    const transfers = calls * load.batch;
    return {
      perSecond,
      p50Ms: latencies[Math.floor(latencies.length / 2)] ?? 0,
      p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
      bytesPerTransfer: (this.bytes() - bytesBefore) / transfers,
      cpuMicroseconds: ((this.cpuSeconds() - before) / transfers) * 1e6,
    };
  }

  stop(): void {
    this.run('pg_ctl', ['-D', this.data, '-m', 'immediate', 'stop']);
    rmSync(this.folder, { recursive: true });
  }

  private address(): readonly string[] {
    return ['-h', '127.0.0.1', '-p', String(PORT), '-U', 'postgres'];
  }

  private sql(database: string, text: string): string {
    return this.run('psql', [...this.address(), '-d', database, '-qAt', '-v', 'ON_ERROR_STOP=1', '-c', text]);
  }

  /** Size of the tables and indexes; the write-ahead log is not counted, for it is reused. */
  private bytes(): number {
    return Number(this.sql(DATABASE, `select pg_database_size('${DATABASE}')`));
  }

  /** CPU time of the server's processes that are alive; those of connections that have ended are counted by their parent. */
  private cpuSeconds(): number {
    const pid = readFileSync(path.join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0];
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) / 100;
  }

  /** pgbench writes a line per call; its third field is the latency in microseconds. */
  private latenciesMs(): readonly number[] {
    const files = readdirSync(this.folder).filter((name) => name.startsWith('latency'));
    const lines = files.flatMap((name) => readFileSync(path.join(this.folder, name), 'utf8').trim().split('\n'));
    for (const name of files) rmSync(path.join(this.folder, name));
    return lines.map((line) => Number(line.split(' ')[2]) / 1_000).sort((a, b) => a - b);
  }

  private run(program: string, args: readonly string[]): string {
    const file = path.join(this.programs, program);
    const command = isRoot() ? ['runuser', '-u', 'postgres', '--', file, ...args] : [file, ...args];
    const [first = '', ...rest] = command;
    // Files instead of pipes: the server that pg_ctl leaves behind keeps its output open.
    const output = path.join(tmpdir(), `wallet-bench-${process.pid}.out`);
    const { status } = spawnSync(
      '/bin/sh',
      ['-c', 'out=$1; shift; exec "$@" >"$out" 2>&1', 'sh', output, first, ...rest],
      {
        cwd: this.folder,
        stdio: 'ignore',
      },
    );
    const told = readFileSync(output, 'utf8');
    rmSync(output);
    if (status !== 0) throw new Error(`${program} failed: ${told}`);
    return told;
  }
}

function isRoot(): boolean {
  return userInfo().uid === 0;
}
