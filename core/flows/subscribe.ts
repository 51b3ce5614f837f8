/**
 * Waiting for outcomes without asking again and again. A client that is connected names transfers; what has ended is told at once,
 * the rest when it ends (push-outcomes).
 *
 *   subscriber:  note the wait  ──>  read the status          One of the two sees the other's write, in whichever order
 *   projector:   raise the status  ──>  look who waits        they come: both write first, and read what is consistent.
 */
import { type Caller, isPermitted } from '../contracts/caller.ts';
import { isTransferOnRecord, type TransferOnRecord } from '../contracts/http-answers.ts';
import { operation } from '../contracts/operations.ts';
import {
  type Connection,
  LONGEST_CONNECTION_MS,
  MOST_CONNECTIONS,
  MOST_WAITS,
  type ServerMessage,
  socketProblems,
  toldOutcome,
} from '../contracts/outcome-socket.ts';
import { type Problem, problemOf } from '../contracts/problems.ts';
import { isTerminal, transferClaimId } from '../domain/outcome.ts';
import type { Clock, SubscriptionStore, TransferStore } from '../ports.ts';
import { inParallel } from './in-parallel.ts';
import { type AccountHolders, viewOfTransfer } from './see-transfer.ts';

/** Transfers whose owners are looked up at a time. */
const PARALLEL_LOOKS = 20;

export interface SubscriptionPorts {
  readonly subscriptions: SubscriptionStore;
  readonly transfers: Pick<TransferStore, 'get'>;
  readonly holders: AccountHolders;
  readonly clock: Clock;
}

export type Connecting =
  | { readonly ok: true; readonly connection: Connection }
  | { readonly ok: false; readonly problem: Problem };

/** Keeps a connection for who may see transfers. It ends with the caller's token. */
export async function connect(
  { subscriptions, clock }: Pick<SubscriptionPorts, 'subscriptions' | 'clock'>,
  id: string,
  { caller, expiresAt }: { readonly caller: Caller; readonly expiresAt: number },
): Promise<Connecting> {
  const { scopes } = operation('getTransfer');
  if (!isPermitted(caller, scopes)) {
    return refused(problemOf('missing_scope', `The token needs the scope ${scopes.join(' or ')}.`, { scopes }));
  }
  const now = clock.now();
  const connection = { id, caller, until: Math.min(expiresAt, now + LONGEST_CONNECTION_MS) };
  if (connection.until <= now) return refused(socketProblems.notAuthenticated);
  const isKept = await subscriptions.connect(connection, MOST_CONNECTIONS, now);
  return isKept ? { ok: true, connection } : refused(socketProblems.tooManyConnections);
}

function refused(problem: Problem): Connecting {
  return { ok: false, problem };
}

/** Notes what a connection waits for, and tells what of it has ended. What is not the caller's business is as unknown as what there is not. */
export async function subscribe(
  ports: SubscriptionPorts,
  connection: Connection,
  transfers: readonly string[],
): Promise<ServerMessage> {
  const { subscriptions } = ports;
  const { id, caller } = connection;
  const claims = transfers.map((transfer) => transferClaimId(caller.scope, transfer));
  const isNoted = await subscriptions.subscribe(connection, claims, MOST_WAITS);
  if (!isNoted) return { type: 'problem', problem: socketProblems.tooManyWaits };
  const ended = await endedTransfers(ports, caller, transfers);
  const seen = await inParallel(ended, PARALLEL_LOOKS, async ({ record }) => {
    return (await viewOfTransfer(ports.holders, caller, record)) !== 'none';
  });
  if (ended.length > 0) {
    const over = ended.map(({ transfer }) => transferClaimId(caller.scope, transfer));
    await subscriptions.release(id, over);
  }
  const outcomes = ended.flatMap(({ transfer, record }, i) => {
    const outcome = seen[i] === true ? toldOutcome(transfer, record) : undefined;
    return outcome === undefined ? [] : [outcome];
  });
  const told = new Set(outcomes.map(({ transaction_id }) => transaction_id));
  return { type: 'subscribed', outcomes, waiting: transfers.filter((transfer) => !told.has(transfer)) };
}

async function endedTransfers(
  { transfers: store }: Pick<SubscriptionPorts, 'transfers'>,
  { scope }: Caller,
  transfers: readonly string[],
): Promise<readonly { readonly transfer: string; readonly record: TransferOnRecord }[]> {
  const records = await store.get(
    transfers.map((transfer) => transferClaimId(scope, transfer)),
    { consistent: true },
  );
  return transfers.flatMap((transfer) => {
    const record = records.get(transferClaimId(scope, transfer));
    return record !== undefined && isTransferOnRecord(record) && isTerminal(record.status)
      ? [{ transfer, record }]
      : [];
  });
}
