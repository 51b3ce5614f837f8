/**
 * One step of a saga: look at what became of a chunk's transfers, send what comes next, and tell the state machine how to go on.
 * Any number of executions may take the same step at the same time, or take it twice; what they send is told apart by the accounts.
 */

import type { TransferRecord } from '../contracts/claim.ts';
import { metrics } from '../contracts/env.ts';
import { type AdvancedChunk, recoveryName, type SagaChunk } from '../contracts/saga-chunk.ts';
import type { AccountEvent } from '../domain/account.ts';
import { accountKey } from '../domain/lane.ts';
import { isTerminal, type LedgerRef, transferClaimId } from '../domain/outcome.ts';
import {
  chunkAction,
  learn,
  type NextAction,
  nextAction,
  type Outcome,
  pollAfterMs,
  type SagaItem,
  type SagaMode,
} from '../domain/transfer.ts';
import {
  type Clock,
  type CommandStream,
  DamagedCommit,
  type EventLog,
  type Journal,
  type Meter,
  type OpenWork,
  type TransferStore,
} from '../ports.ts';
import { inParallel } from './in-parallel.ts';
import { eventsOf } from './read-commit.ts';

/** Refusals read from the ledger at a time. */
export const PARALLEL_REFUSALS = 20;
/** Transfers named in a report to the operators; the others are counted. */
export const REPORTED_TRANSFERS = 20;

export interface SagaPorts {
  readonly transfers: TransferStore;
  readonly log: EventLog;
  readonly commands: CommandStream;
  readonly openWork: OpenWork;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly journal: Journal;
}

interface Step {
  readonly item: SagaItem;
  readonly action: NextAction;
}

/** Takes one step. Rejects on infrastructure trouble; the state machine takes it again then. */
export async function advanceTransfers(ports: SagaPorts, chunk: SagaChunk, mode: SagaMode): Promise<AdvancedChunk> {
  const now = ports.clock.now();
  const startedAt = chunk.started_at === 0 ? now : chunk.started_at;
  const steps = await takeSteps(ports, chunk.items, { mode, now, startedAt });
  await ports.commands.send(steps.flatMap(({ action }) => (action.type === 'send' ? [action.command] : [])));
  const left = steps.filter(({ action }) => action.type !== 'done');
  const items = left.map(({ item, action }) => (action.type === 'send' ? action.item : item));
  const next = chunkAction(left.map(({ action }) => action));
  if (next === 'report') ports.meter.count(metrics.reported, items.length);
  // Statuses that are terminal stay so: nobody has to come back to this chunk. Should this fail, the step is taken again.
  if (next === 'done' && chunk.open_key !== undefined) await ports.openWork.close(chunk.open_key);
  return {
    v: chunk.v,
    chunk_hash: chunk.chunk_hash,
    attempt: chunk.attempt,
    recovery_name: recoveryName(chunk.chunk_hash, chunk.attempt),
    started_at: startedAt,
    looks: chunk.looks + 1,
    ...(chunk.open_key === undefined ? {} : { open_key: chunk.open_key }),
    items,
    next_action: next,
    wait_seconds: Math.ceil(waitMs(left, chunk.looks, mode) / 1_000),
    report: next === 'report' ? report(chunk, items) : '',
  };
}

async function takeSteps(
  ports: SagaPorts,
  items: readonly SagaItem[],
  run: { readonly mode: SagaMode; readonly now: number; readonly startedAt: number },
): Promise<readonly Step[]> {
  const ids = items.map(({ scope, transfer }) => transferClaimId(scope, transfer));
  const records = await ports.transfers.get(ids, { consistent: false });
  const recordOf = ({ scope, transfer }: SagaItem) => records.get(transferClaimId(scope, transfer));
  const refused = items.filter((item) => item.refusal === undefined && recordOf(item)?.status === 'refused');
  const refusals = new Map(
    await inParallel(refused, PARALLEL_REFUSALS, async (item) => {
      return [item, await refusalInLog(ports, item, recordOf(item)?.ledgerRef)] as const;
    }),
  );
  return items.map((item) => {
    const outcome = refusals.get(item) ?? outcomeOf(recordOf(item));
    return { item: learn(item, outcome), action: nextAction(item, outcome, run) };
  });
}

/** A status is derived from the log, so a terminal one can be believed; a refusal is read in the log, for money follows from it. */
function outcomeOf(record: TransferRecord | undefined): Outcome {
  return record !== undefined && isTerminal(record.status) ? { kind: 'ended' } : { kind: 'unknown' };
}

async function refusalInLog(ports: SagaPorts, item: SagaItem, ref: TransferRecord['ledgerRef']): Promise<Outcome> {
  const payee = accountKey({ scope: item.scope, account: item.to });
  const recorded = ref?.account === payee ? await recordedAt(ports.log, ref) : undefined;
  const event = recorded?.event;
  if (
    ref === undefined ||
    recorded === undefined ||
    event?.type !== 'CreditRefused' ||
    event.transfer !== item.transfer
  ) {
    ports.journal.warn('a transfer is called refused, but the ledger does not say so', { transfer: item.transfer });
    return { kind: 'unknown' };
  }
  const { version, index } = ref;
  const { reason, arrival } = event;
  return { kind: 'refused', refusal: { ref: { version, index }, reason, arrival, at: recorded.at } };
}

interface RecordedEvent {
  readonly event: AccountEvent | undefined;
  readonly at: number;
}

/**
 * An event of the ledger; undefined if it is not there or cannot be read. A damaged log is the trouble of the transfers that need
 * it: if it failed the step, all other transfers of the chunk would wait until it is mended.
 */
async function recordedAt(log: EventLog, { account, version, index }: LedgerRef): Promise<RecordedEvent | undefined> {
  try {
    const commit = await log.read(account, version);
    return commit === undefined ? undefined : { event: eventsOf(commit)[index], at: commit.at };
  } catch (trouble) {
    if (trouble instanceof DamagedCommit) return undefined;
    throw trouble;
  }
}

/** Looks come soon at first, and never later than the next sending is due. */
function waitMs(steps: readonly Step[], looks: number, mode: SagaMode): number {
  const due = steps.flatMap(({ action }) => (action.type === 'wait' ? [action.ms] : []));
  return Math.min(pollAfterMs(looks, mode), ...due.map((ms) => Math.max(ms, 1)));
}

function report(chunk: SagaChunk, items: readonly SagaItem[]): string {
  const named = items.slice(0, REPORTED_TRANSFERS).map(({ scope, transfer, refusal }) => {
    return `${scope}#${transfer} (${refusal === undefined ? 'credit' : 'refund'} unanswered)`;
  });
  const rest = items.length > named.length ? `\nand ${items.length - named.length} more` : '';
  const head = `${items.length} transfers of chunk ${chunk.chunk_hash}, recovery ${chunk.attempt}, have no outcome.`;
  return `${head} See docs/runbooks/recovery-failed.md.\n${named.join('\n')}${rest}`;
}
