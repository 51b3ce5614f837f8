/**
 * The cold load of a hot account: a new processor meets an account whose newest commit is as large as a commit may be, some 1,300
 * credits in one. A debit needs its state alone; a credit needs what the account remembers, so the events are decoded as well. The
 * commit is in memory: what DynamoDB takes to hand it over comes on top.
 */
import { MemoryEventLog } from '../adapters/memory/memory-event-log.ts';
import { sha256 } from '../adapters/node/sha256.ts';
import { type CreditAccount, decide, unopened } from '../core/domain/account.ts';
import { RecentLegs } from '../core/domain/memory.ts';
import { AccountLog, type ClosedCommit } from '../core/flows/account-log.ts';
import type { ClaimedCommand } from '../core/flows/claim-commands.ts';
import { foldAccount } from '../core/flows/fold-account.ts';
import { prepareAccount } from '../core/flows/prepare-account.ts';
import { accountName, randomId } from './workload.ts';

const ACCOUNT = 'default#hot';
const NOW = 1_767_225_600_000;
const LOADS = 50;
/** More credits than fit one commit. */
const MANY = 2_000;

/** A table in Markdown: bytes and events of the commit, and the median time until the command is decided. */
export async function hotAccountTable(): Promise<string> {
  const { stored, events } = fullCommit();
  const log = new MemoryEventLog();
  await log.append([stored]);
  const rows: string[] = [];
  for (const [name, command] of [['debit', debit()] as const, ['credit', credit(1)] as const]) {
    const times = [];
    for (let run = 0; run < LOADS; run += 1) times.push(await loadMs(log, claimed(command)));
    const median = times.sort((a, b) => a - b)[LOADS / 2] ?? 0;
    const size = `${events.length} | ${Math.round((stored.state.length + stored.events.length) / 1_024)}`;
    rows.push(`| ${name} | ${size} | ${median.toFixed(2)} |`);
  }
  const head = '| first command for a cold hot account | events of its newest commit | KB | ms until it is decided |';
  return [head, '|---|---|---|---|', ...rows, ''].join('\n');
}

async function loadMs(log: MemoryEventLog, command: ClaimedCommand): Promise<number> {
  const startedAt = performance.now();
  const prepared = await prepareAccount(log, ACCOUNT, undefined, [command]);
  const untold = { meter: { count: () => {} }, journal: { warn: () => {} } };
  const { commits } = foldAccount(prepared, { digest: sha256, ...untold, now: NOW });
  if (commits.length !== 1) throw new Error(`the command led to ${commits.length} commits`);
  return performance.now() - startedAt;
}

/** The first commit of a log that is filled with credits until it is closed. */
function fullCommit(): ClosedCommit {
  const closed: ClosedCommit[] = [];
  const state = { ...unopened, status: 'open', currency: 'USD' } as const;
  const start = { state, version: 0, at: 0, position: undefined, highArrival: 0, hash: '', memory: new RecentLegs() };
  const tools = { digest: sha256, now: NOW, take: (commit: ClosedCommit) => void closed.push(commit) };
  const log = new AccountLog(ACCOUNT, start, tools);
  for (let n = 0; n < MANY && closed.length === 0; n += 1) {
    const command = credit(n);
    log.record(decide(log.state, command, NOW), { position: positionOf(n), arrival: NOW, origin: NOW });
  }
  const [full] = closed;
  if (full === undefined) throw new Error(`${MANY} credits do not fill a commit`);
  return full;
}

function credit(n: number): CreditAccount {
  const content = { transfer: randomId(), from: accountName(n), to: 'hot', amount: 1n, currency: 'USD' };
  const trace = { debitedAt: NOW, payerBalance: 100_000n, creditSentAt: NOW };
  const debitRef = { version: n + 1, index: 0 };
  return {
    type: 'CreditAccount',
    scope: 'default',
    ...content,
    issuedAt: NOW,
    debitRef,
    trace,
    recheck: false,
    cancel: false,
  };
}

function debit() {
  const content = { transfer: randomId(), from: 'hot', to: accountName(1), amount: 1n, currency: 'USD' };
  return { type: 'DebitAccount', scope: 'default', ...content, recheck: false } as const;
}

function claimed(command: ClaimedCommand['command']): ClaimedCommand {
  const record = { partitionKey: '0', sequence: BigInt(MANY), arrival: NOW, data: new Uint8Array() };
  const place = { account: ACCOUNT, lane: 0, position: positionOf(MANY), arrival: NOW, record };
  return { command, ...place, origin: NOW };
}

function positionOf(n: number) {
  return { epoch: 1, sequence: BigInt(n), index: 0 };
}
