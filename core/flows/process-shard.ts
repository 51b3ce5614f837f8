/**
 * The processor: one batch of the command stream becomes commits of the ledger, in an order that survives a crash at any point.
 *
 *   read ─> claim ─> load, look up ─> decide, fold ─> append ─┬─> start sagas ─> checkpoint (return)
 *                          ^                                   │
 *                          └──── another writer was first ─────┘
 *
 * Nothing but claims (and what is set aside) is written before the append. Infrastructure trouble rejects: the batch comes again,
 * and finds its claims at their positions and its legs in the log.
 */
import { metrics } from '../contracts/env.ts';
import type { SagaItem } from '../domain/transfer.ts';
import type { Clock, Digest, EventLog, Journal, Meter, Quarantine, SagaStarter, TransferStore } from '../ports.ts';
import type { AccountCache } from './account-cache.ts';
import { type ClaimedCommand, claimCommands } from './claim-commands.ts';
import { type FoldedAccount, foldAccount } from './fold-account.ts';
import { inParallel } from './in-parallel.ts';
import { accountAfter } from './load-account.ts';
import { type PreparedAccount, prepareAccount } from './prepare-account.ts';
import { quarantined, readBatch, type StreamRecord, type StreamSettings } from './read-batch.ts';
import { setAside } from './set-aside.ts';
import { chunksOf } from './start-sagas.ts';

/** Accounts read at a time: the SDK keeps 50 connections to a table. */
export const PARALLEL_READS = 50;
/** Rounds in which accounts whose append met another writer decide again, before the batch is given back to the stream. */
export const MAX_ROUNDS = 6;
/** Wait before the second round, doubled with each; two writers of one account exist only while a shard moves. */
export const FIRST_ROUND_WAIT_MS = 20;

export interface ProcessorPorts {
  readonly log: EventLog;
  readonly transfers: TransferStore;
  readonly sagas: SagaStarter;
  readonly quarantine: Quarantine;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly meter: Meter;
  readonly journal: Journal;
  /** Lives as long as the process. */
  readonly cache: AccountCache;
}

/** Accounts kept losing against another writer; the batch has to come again. */
export class AppendContention extends Error {
  constructor(accounts: readonly string[]) {
    super(`${accounts.length} accounts were not appended in ${MAX_ROUNDS} rounds, first ${accounts[0]}`);
    this.name = 'AppendContention';
  }
}

/** Processes one batch, in its order. Resolves when everything that it asks for is durable; rejects to get it again. */
export async function processShard(
  ports: ProcessorPorts,
  settings: StreamSettings,
  records: readonly StreamRecord[],
): Promise<void> {
  const { commands, unreadable } = readBatch(records, settings, ports.digest);
  await setAside(ports, unreadable);
  const claimed = await claimCommands(ports, commands);
  ports.meter.count(metrics.decided, claimed.length);
  const debited = await settleAccounts(
    ports,
    Map.groupBy(claimed, ({ account }) => account),
  );
  const chunks = chunksOf(debited, ports.digest);
  if (chunks.length === 0) return;
  await ports.sagas.start(chunks);
  ports.meter.count(metrics.sagasStarted, chunks.length);
}

/** Decides and appends until every account is done; gives back the transfers that are debited. */
async function settleAccounts(
  ports: ProcessorPorts,
  groups: ReadonlyMap<string, readonly ClaimedCommand[]>,
): Promise<readonly SagaItem[]> {
  const debited: SagaItem[] = [];
  let open = [...groups];
  for (let round = 0; open.length > 0; round += 1) {
    if (round === MAX_ROUNDS) throw new AppendContention(open.map(([account]) => account));
    if (round > 0) await ports.clock.sleep(FIRST_ROUND_WAIT_MS * 2 ** (round - 1));
    const prepared = await inParallel(open, PARALLEL_READS, ([account, commands]) => prepare(ports, account, commands));
    const folded = await foldAll(ports, prepared);
    const lost = await appendAll(ports, folded);
    for (const account of folded) if (!lost.has(account.account)) debited.push(...account.debited);
    open = open.filter(([account]) => lost.has(account));
  }
  return debited;
}

/** An account that is ready to be decided, or the exception that keeps it from being. */
type Readiness =
  | { readonly prepared: PreparedAccount }
  | { readonly commands: readonly ClaimedCommand[]; readonly trouble: unknown };

async function prepare(
  ports: ProcessorPorts,
  account: string,
  commands: readonly ClaimedCommand[],
): Promise<Readiness> {
  const cached = ports.cache.get(account, ports.clock.now());
  const newest = cached === undefined ? await ports.log.newest(account) : undefined;
  const loaded = attempt(() => cached ?? accountAfter(newest));
  if ('trouble' in loaded) return { commands, trouble: loaded.trouble };
  return { prepared: await prepareAccount(ports.log, account, loaded.value, commands) };
}

/** Decides each account on its own: trouble with one account sets its commands aside and does not stop the others. */
async function foldAll(ports: ProcessorPorts, accounts: readonly Readiness[]): Promise<readonly FoldedAccount[]> {
  const tools = { digest: ports.digest, meter: ports.meter, now: ports.clock.now() };
  const folded: FoldedAccount[] = [];
  for (const account of accounts) {
    const result = 'trouble' in account ? account : attempt(() => foldAccount(account.prepared, tools));
    if ('value' in result) folded.push(result.value);
    else
      await setAsideCommands(
        ports,
        'trouble' in account ? account.commands : account.prepared.commands,
        result.trouble,
      );
  }
  return folded;
}

/** Appends the commits of all accounts, the n-th of each together; gives back the accounts that lost against another writer. */
async function appendAll(ports: ProcessorPorts, accounts: readonly FoldedAccount[]): Promise<ReadonlySet<string>> {
  const lost = new Set<string>();
  for (let n = 0; ; n += 1) {
    const turn = accounts.filter(({ account, commits }) => commits.length > n && !lost.has(account));
    if (turn.length === 0) return lost;
    const results = await ports.log.append(turn.flatMap(({ commits }) => commits[n]?.stored ?? []));
    for (const [i, account] of turn.entries()) {
      if (results[i] === 'appended') keep(ports, account, n);
      else lose(ports, account.account, lost);
    }
  }
}

/** The insert was acknowledged: the state it led to is now a state that was seen. */
function keep(ports: ProcessorPorts, { account, memory, commits }: FoldedAccount, n: number): void {
  const commit = commits[n];
  if (commit === undefined) return;
  const { version, at, position, highArrival, hash } = commit.stored;
  memory?.remember(commit.legs, highArrival);
  ports.cache.put(
    account,
    { state: commit.state, version, at, position, highArrival, hash, memory },
    ports.clock.now(),
  );
  ports.meter.count(metrics.commits, 1);
}

function lose(ports: ProcessorPorts, account: string, lost: Set<string>): void {
  ports.cache.drop(account);
  lost.add(account);
  ports.meter.count(metrics.appendConflicts, 1);
}

async function setAsideCommands(
  ports: ProcessorPorts,
  commands: readonly ClaimedCommand[],
  trouble: unknown,
): Promise<void> {
  const reason = trouble instanceof Error ? `${trouble.name}: ${trouble.message}` : String(trouble);
  await setAside(
    ports,
    commands.map(({ record, position }) => quarantined(record, position.index, reason)),
  );
}

function attempt<Value>(run: () => Value): { readonly value: Value } | { readonly trouble: unknown } {
  try {
    return { value: run() };
  } catch (trouble) {
    return { trouble };
  }
}
