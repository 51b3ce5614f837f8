/** Step two of the main job: the movements go out in batches, and are asked for again until each has an outcome. */
import { setTimeout as pause } from 'node:timers/promises';
import { isTransient } from '../../client/retrying-fetch.ts';
import type { TransferResult, WalletClient } from '../../client/wallet-client.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import type { PlannedTransfer } from './bank-file.ts';
import type { Progress } from './progress.ts';

/** The API takes at most so many transfers in one request. */
export const MAX_BATCH = 500;

export interface SendingPace {
  readonly batchSize: number;
  /** Batches under way at once. */
  readonly batchesAtOnce: number;
  /** Pause before asking again for what is pending. */
  readonly askAgainMs: number;
  /** When asking brought nothing new for so long, what is pending is left pending. */
  readonly giveUpMs: number;
}

/** `completed`, `rejected`, `reversed`, `pending`, or for a request that never became a transfer the reason it was refused. */
export type Outcome = string;

/** Outcome of each transfer by its id, as the wallet told it last. */
export type Outcomes = Map<string, { readonly outcome: Outcome; readonly detail?: string }>;

/**
 * Sends the transfers and waits until each is settled, or until asking brings nothing new for minutes. An account's transfers
 * go out in the order given: those of one customer are in one queue, and a queue sends its next batch only when the last one
 * was answered. All requests may be repeated: the wallet knows a transfer by its id.
 */
export async function sendTransfers(
  wallet: WalletClient,
  transfers: readonly PlannedTransfer[],
  pace: SendingPace,
  progress: Progress,
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const send = async (batch: readonly PlannedTransfer[]): Promise<number> => {
    const settled = await sendBatch(wallet, batch, outcomes);
    progress.advance(settled);
    return settled;
  };
  await inParallel(queuesOf(transfers, pace), pace.batchesAtOnce, async (queue) => {
    for (const batch of batchesOf(queue, pace.batchSize)) await send(batch);
  });
  await settleRest(transfers, outcomes, pace, send);
  return outcomes;
}

/** Sends what is pending again and again: the wallet answers a transfer that it knows, and takes one that it never got. */
async function settleRest(
  transfers: readonly PlannedTransfer[],
  outcomes: Outcomes,
  pace: SendingPace,
  send: (batch: readonly PlannedTransfer[]) => Promise<number>,
): Promise<void> {
  let pending = pendingOf(transfers, outcomes);
  let deadline = Date.now() + pace.giveUpMs;
  while (pending.length > 0 && Date.now() < deadline) {
    await pause(pace.askAgainMs);
    const settled = await inParallel(batchesOf(pending, pace.batchSize), pace.batchesAtOnce, send);
    if (settled.some((count) => count > 0)) deadline = Date.now() + pace.giveUpMs;
    pending = pendingOf(transfers, outcomes);
  }
}

/** Number of transfers by outcome. */
export function countByOutcome(outcomes: Outcomes): Record<Outcome, number> {
  const counts: Record<Outcome, number> = {};
  for (const { outcome } of outcomes.values()) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** Sends one batch, notes what became of it, and returns how many of it are settled. */
async function sendBatch(wallet: WalletClient, batch: readonly PlannedTransfer[], outcomes: Outcomes): Promise<number> {
  const answer = await wallet.transfers(batch);
  let settled = 0;
  batch.forEach(({ transaction_id }, at) => {
    const result = answer.ok ? answer.resource[at] : answer.problem;
    const outcome = result === undefined ? 'pending' : outcomeOf(result);
    const detail = detailOf(result);
    outcomes.set(transaction_id, detail === undefined ? { outcome } : { outcome, detail });
    if (outcome !== 'pending') settled += 1;
  });
  return settled;
}

/** Infrastructure that failed for one transfer of a batch leaves it open, so it counts as pending and is sent again. */
function outcomeOf(result: TransferResult): Outcome {
  if (typeof result.status === 'number') {
    return isTransient(result.status) ? 'pending' : (result.state ?? result.reason);
  }
  return result.state;
}

function detailOf(result: TransferResult | undefined): string | undefined {
  if (result === undefined) return undefined;
  return typeof result.status === 'number' ? result.detail : result.reason;
}

function pendingOf(transfers: readonly PlannedTransfer[], outcomes: Outcomes): PlannedTransfer[] {
  return transfers.filter(({ transaction_id }) => outcomes.get(transaction_id)?.outcome === 'pending');
}

/** As many queues as batches may be under way, but no more than there are batches to fill. */
function queuesOf(transfers: readonly PlannedTransfer[], pace: SendingPace): PlannedTransfer[][] {
  const batches = Math.ceil(transfers.length / pace.batchSize);
  const queues: PlannedTransfer[][] = Array.from({ length: Math.min(pace.batchesAtOnce, batches) }, () => []);
  const queueOf = new Map<string, PlannedTransfer[]>();
  for (const transfer of transfers) {
    const account = orderedAccount(transfer);
    const queue = queueOf.get(account) ?? queues[queueOf.size % queues.length];
    if (queue === undefined) break;
    queueOf.set(account, queue);
    queue.push(transfer);
  }
  return queues;
}

/** The account whose order matters: a settlement account is in every queue, and has no limit that order could break. */
function orderedAccount({ from_account, to_account }: PlannedTransfer): string {
  return from_account.startsWith('settlement:') ? to_account : from_account;
}

function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
}
