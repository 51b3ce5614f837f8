/**
 * The processor: one batch of the command stream becomes commits of the ledger, in an order that survives a crash at any point.
 *
 *   read ─> claim ─> load, look up ─> decide, fold ─> append ─┬─> open ─> start sagas ─> checkpoint (return)
 *                          ^                                   │
 *                          └──── another writer was first ─────┘
 *
 * Nothing but claims (and what is set aside) is written before the append. Infrastructure trouble rejects: the batch comes again,
 * and finds its claims at their positions and its legs in the log.
 */
import { metrics } from '../contracts/env.ts';
import type { SagaItem } from '../domain/transfer.ts';
import {
  type Clock,
  DamagedCommit,
  type Digest,
  type EventLog,
  type Journal,
  type Meter,
  type OpenWork,
  type Quarantine,
  type SagaStarter,
  type TransferStore,
} from '../ports.ts';
import type { AccountCache } from './account-cache.ts';
import { type ClaimedCommand, claimCommands } from './claim-commands.ts';
import { type FoldedAccount, type FoldedCommit, foldAccount } from './fold-account.ts';
import { inParallel } from './in-parallel.ts';
import { type PreparedAccount, prepareAccount, prepareAtOnce } from './prepare-account.ts';
import { type PlacedCommand, quarantined, readBatch, type StreamRecord, type StreamSettings } from './read-batch.ts';
import { setAside } from './set-aside.ts';
import { startSagas } from './start-sagas.ts';

/** Accounts read at a time: the SDK keeps 50 connections to a table. */
export const PARALLEL_READS = 50;
/** Rounds in which accounts whose append met another writer decide again, before the batch is given back to the stream. */
export const MAX_ROUNDS = 6;
/** Wait before the second round, doubled with each; two writers of one account exist only while a shard moves. */
export const FIRST_ROUND_WAIT_MS = 20;

/** Why a command is set aside whose leg would have to be looked for in more of a log than fits a batch. */
const TOO_FAR = 'the look-up would read more of the log than fits a batch; see docs/runbooks/quarantined.md';

export interface ProcessorPorts {
  readonly log: EventLog;
  readonly transfers: TransferStore;
  readonly sagas: SagaStarter;
  readonly openWork: OpenWork;
  readonly quarantine: Quarantine;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly meter: Meter;
  readonly journal: Journal;
  /** Lives as long as the process. */
  readonly cache: AccountCache;
}

/** What deciding and appending needs; sagas are started by whoever asked for it. */
export type AccountPorts = Omit<ProcessorPorts, 'sagas'>;

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
  const { debited } = await settleCommands(ports, commands);
  const sagas = await startSagas(ports, debited);
  if (sagas > 0) ports.meter.count(metrics.sagasStarted, sagas);
}

/** What became of a batch's commands. */
export interface Settlement {
  /** Transfers that are debited: in this batch, or earlier as a look-up found. */
  readonly debited: readonly SagaItem[];
  /** What was appended, those of one account in order. */
  readonly appended: readonly FoldedCommit[];
}

/** The middle of {@link processShard}, for commands that are read already: claim, load, look up, decide, append. */
export async function settleCommands(ports: AccountPorts, commands: readonly PlacedCommand[]): Promise<Settlement> {
  const { claimed, damaged } = await claimCommands(ports, commands);
  await setAsideCommands(ports, damaged, new Error('the claim that stands there cannot be read'));
  ports.meter.count(metrics.decided, claimed.length);
  return settleAccounts(
    ports,
    Map.groupBy(claimed, ({ account }) => account),
  );
}

/** Decides and appends until every account is done. */
async function settleAccounts(
  ports: AccountPorts,
  groups: ReadonlyMap<string, readonly ClaimedCommand[]>,
): Promise<Settlement> {
  const debited = new Map<string, SagaItem>();
  const appended: FoldedCommit[] = [];
  let open = [...groups];
  for (let round = 0; open.length > 0; round += 1) {
    if (round === MAX_ROUNDS) throw new AppendContention(open.map(([account]) => account));
    if (round > 0) await ports.clock.sleep(FIRST_ROUND_WAIT_MS * 2 ** (round - 1));
    const prepared = await prepareAll(ports, open);
    const folded = await foldAll(ports, prepared);
    const lost = await appendAll(ports, folded, appended);
    for (const account of folded) {
      for (const item of recorded(account, lost)) debited.set(`${item.scope}#${item.transfer}`, item);
    }
    open = open.filter(([account]) => lost.has(account));
  }
  return { debited: [...debited.values()], appended };
}

/**
 * Debits that stand in the log for sure: in commits whose insert was acknowledged, or found there. They go to a saga even if a
 * later commit of their account was lost, for its next round may meet trouble that sets its commands aside.
 */
function recorded({ account, debited }: FoldedAccount, lost: ReadonlyMap<string, number>): readonly SagaItem[] {
  const firstLost = lost.get(account);
  return firstLost === undefined ? debited : debited.filter(({ debitRef }) => debitRef.version < firstLost);
}

/** An account that is ready to be decided, or the exception that keeps it from being. */
type Readiness =
  | { readonly prepared: PreparedAccount }
  | { readonly commands: readonly ClaimedCommand[]; readonly trouble: unknown };

/** Reads what has to be read, in parallel; accounts that need nothing read are ready at once, without a promise for each. */
async function prepareAll(
  ports: AccountPorts,
  groups: readonly (readonly [string, readonly ClaimedCommand[]])[],
): Promise<readonly Readiness[]> {
  const ready: Readiness[] = [];
  const reading: (readonly [string, readonly ClaimedCommand[]])[] = [];
  const now = ports.clock.now();
  for (const [account, commands] of groups) {
    const cached = ports.cache.get(account, now);
    const prepared = cached === undefined ? undefined : prepareAtOnce(account, cached, commands);
    if (prepared === undefined) reading.push([account, commands]);
    else ready.push({ prepared });
  }
  const read = await inParallel(reading, PARALLEL_READS, ([account, commands]) => prepare(ports, account, commands));
  return [...ready, ...read];
}

async function prepare(ports: AccountPorts, account: string, commands: readonly ClaimedCommand[]): Promise<Readiness> {
  const cached = ports.cache.get(account, ports.clock.now());
  try {
    return { prepared: await prepareAccount(ports.log, account, cached, commands) };
  } catch (trouble) {
    // A log that cannot be read is the account's own trouble; whatever else a port throws is the infrastructure's.
    if (trouble instanceof DamagedCommit) return { commands, trouble };
    throw trouble;
  }
}

/** Decides each account on its own: trouble with one account sets its commands aside and does not stop the others. */
async function foldAll(ports: AccountPorts, accounts: readonly Readiness[]): Promise<readonly FoldedAccount[]> {
  const { digest, meter, journal } = ports;
  const tools = { digest, meter, journal, now: ports.clock.now() };
  const folded: FoldedAccount[] = [];
  for (const account of accounts) {
    if ('prepared' in account) await setAsideCommands(ports, account.prepared.tooFar, new Error(TOO_FAR));
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

/**
 * Appends the commits of all accounts, the n-th of each together, and adds to `appended` what was acknowledged; gives back the
 * accounts that lost against another writer, each with the version of its first commit that was not acknowledged.
 */
async function appendAll(
  ports: AccountPorts,
  accounts: readonly FoldedAccount[],
  appended: FoldedCommit[],
): Promise<ReadonlyMap<string, number>> {
  const lost = new Map<string, number>();
  for (let n = 0; ; n += 1) {
    const turn = accounts.filter(({ account, commits }) => commits.length > n && !lost.has(account));
    if (turn.length === 0) return lost;
    const results = await ports.log.append(turn.flatMap(({ commits }) => commits[n]?.stored ?? []));
    for (const [i, account] of turn.entries()) {
      const commit = account.commits[n];
      if (commit === undefined) continue;
      if (results[i] === 'appended') {
        keep(ports, account, commit);
        appended.push(commit);
      } else lose(ports, commit, lost);
    }
  }
}

/** The insert was acknowledged: the state it led to is now a state that was seen. */
function keep(ports: AccountPorts, { account, memory }: FoldedAccount, commit: FoldedCommit): void {
  const { version, at, position, highArrival, hash } = commit.stored;
  memory?.remember(commit.legs, highArrival);
  ports.cache.put(
    account,
    { state: commit.state, version, at, position, highArrival, hash, memory },
    ports.clock.now(),
  );
  ports.meter.count(metrics.commits, 1);
}

function lose(ports: AccountPorts, { stored }: FoldedCommit, lost: Map<string, number>): void {
  ports.cache.drop(stored.account);
  lost.set(stored.account, stored.version);
  ports.meter.count(metrics.appendConflicts, 1);
}

/**
 * One object per record, however many of its commands are meant. Redriving an object sends all commands of its record: with an
 * object per command, a redrive before the cause is mended would set aside as many objects for each that it took away.
 */
async function setAsideCommands(
  ports: AccountPorts,
  commands: readonly PlacedCommand[],
  trouble: unknown,
): Promise<void> {
  const reason = trouble instanceof Error ? `${trouble.name}: ${trouble.message}` : String(trouble);
  const records = new Set(commands.map(({ record }) => record));
  await setAside(
    ports,
    [...records].map((record) => quarantined(record, -1, reason)),
  );
}

function attempt<Value>(run: () => Value): { readonly value: Value } | { readonly trouble: unknown } {
  try {
    return { value: run() };
  } catch (trouble) {
    return { trouble };
  }
}
