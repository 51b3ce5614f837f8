/**
 * The outbox: outcomes of transfers, told from the ledger's own stream. What is told is what was committed, and what was committed
 * is told: an outcome and its publication cannot part, because the stream is the table's own and comes again until it was told.
 *
 *   commit ──> ledger's stream ──> publisher ──> bus          a crash before the last arrow: the batch comes again
 */
import { type Outcome, type OutcomeEvent, outcomeEvent } from '../contracts/outcome-event.ts';
import { decodeEvents } from '../contracts/stored-commit.ts';
import type { AccountEvent, Refunded } from '../domain/account.ts';
import { accountOfKey } from '../domain/lane.ts';
import type { EventLog, OutcomePublisher } from '../ports.ts';
import type { CommitPlace, DecodedCommit } from './decode-commits.ts';
import { inParallel } from './in-parallel.ts';

/** Reads of the ledger at a time; only reversed transfers need one. */
const PARALLEL_READS = 8;

export interface OutcomePorts {
  readonly outcomes: OutcomePublisher;
  readonly log: Pick<EventLog, 'read'>;
}

/** Tells the outcomes that these commits hold, each as often as its commit comes. Rejects unless all were taken. */
export async function publishOutcomes(
  { outcomes, log }: OutcomePorts,
  commits: readonly DecodedCommit[],
): Promise<number> {
  const events = await outcomesIn(log, commits);
  if (events.length > 0) await outcomes.publish(events);
  return events.length;
}

/** The events that tell the outcomes in these commits, in their order. */
export async function outcomesIn(
  log: Pick<EventLog, 'read'>,
  commits: readonly DecodedCommit[],
): Promise<readonly OutcomeEvent[]> {
  const ends = commits.flatMap(({ commit, events }) =>
    events.flatMap((event) => (isEnd(event) ? [{ commit, event }] : [])),
  );
  return inParallel(ends, PARALLEL_READS, async ({ commit, event }) =>
    outcomeEvent(await outcomeOf(log, commit, event)),
  );
}

type End = Extract<AccountEvent, { readonly type: 'DebitRejected' | 'Credited' | 'Refunded' }>;

/** Whether a transfer is over with this event. A refused credit is not its end: the money is still to be given back. */
function isEnd(event: AccountEvent): event is End {
  return event.type === 'DebitRejected' || event.type === 'Credited' || event.type === 'Refunded';
}

async function outcomeOf(log: Pick<EventLog, 'read'>, commit: CommitPlace, event: End): Promise<Outcome> {
  const { scope, account } = accountOfKey(commit.account);
  const { transfer, amount, currency } = event;
  const known = { scope, transfer, amount, currency, completedAt: commit.at };
  switch (event.type) {
    case 'DebitRejected': {
      const { to, reason, arrival } = event;
      return { ...known, state: 'rejected', reason, from: account, to, acceptedAt: arrival };
    }
    case 'Credited':
      return { ...known, state: 'completed', from: event.from, to: account, acceptedAt: event.issuedAt };
    case 'Refunded': {
      const acceptedAt = await debitArrival(log, commit.account, event);
      const reason = event.trace.refusal ?? 'cancelled';
      const ended = { ...known, state: 'reversed', reason, from: account, to: event.to } as const;
      return acceptedAt === undefined ? ended : { ...ended, acceptedAt };
    }
    default:
      return event satisfies never;
  }
}

/** A refund's own origin is the refusal, so when the transfer was accepted stands in its debit alone, in the same log. */
async function debitArrival(
  log: Pick<EventLog, 'read'>,
  payer: string,
  { debitRef, transfer }: Refunded,
): Promise<number | undefined> {
  const commit = await log.read(payer, debitRef.version);
  const debit = commit === undefined ? undefined : decodeEvents(commit.events)[debitRef.index];
  return debit?.type === 'Debited' && debit.transfer === transfer ? debit.arrival : undefined;
}
