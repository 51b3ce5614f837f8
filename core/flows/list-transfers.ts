/**
 * The transfers of an account, newest first, from its own log: each transfer has one leg there that says what it was about. The
 * places of a log never change, so pages stay where they are while new commits arrive.
 *
 *   debit accepted or rejected   an outgoing transfer        credit accepted or refused   an incoming one
 *   refund                       belongs to the debit before it, and is not told again
 */
import { decodeEvents, type StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountEvent, EventRef, TransferContent } from '../domain/account.ts';
import { accountOfKey } from '../domain/lane.ts';
import type { EventLog } from '../ports.ts';
import { findCommit } from './find-commit.ts';

export type Direction = 'in' | 'out';

/** What an account's log says of a transfer. */
export interface ListedTransfer extends TransferContent {
  readonly direction: Direction;
  /** Arrival of the leg's record, UTC milliseconds. */
  readonly arrival: number;
  /** Time of the commit, UTC milliseconds. */
  readonly at: number;
  readonly place: EventRef;
}

export interface TransferQuery {
  /** Key of the account. */
  readonly account: string;
  /** First moment, and the first one after the last, UTC milliseconds. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly direction?: Direction | undefined;
  readonly limit: number;
  /** Where the page before ended. */
  readonly before?: EventRef | undefined;
}

export interface TransferPage {
  readonly transfers: readonly ListedTransfer[];
  /** Where the page ended; undefined if nothing is left. */
  readonly next: EventRef | undefined;
}

/**
 * Most commits, and characters of events, that one page reads. A page that finds little in as much, for instance the few debits of
 * an account with many credits, ends there and tells where to go on.
 */
export const MOST_COMMITS_READ = 500;
export const MOST_CHARACTERS_READ = 8 * 1024 * 1024;

/** One page of an account's transfers. */
export async function listTransfers(log: EventLog, query: TransferQuery): Promise<TransferPage> {
  const found: ListedTransfer[] = [];
  let commits = 0;
  let characters = 0;
  for await (const commit of commitsDown(log, query)) {
    if (query.from !== undefined && commit.at < query.from) return pageOf(found, query.limit);
    const isTooMuch = commits >= MOST_COMMITS_READ || characters >= MOST_CHARACTERS_READ;
    if (isTooMuch) return { transfers: found, next: { version: commit.version + 1, index: 0 } };
    found.push(...transfersIn(commit, query));
    if (found.length > query.limit) return pageOf(found, query.limit);
    commits += 1;
    characters += commit.events.length;
  }
  return pageOf(found, query.limit);
}

/** One more than fits says that there is another page. */
function pageOf(found: readonly ListedTransfer[], limit: number): TransferPage {
  const transfers = found.slice(0, limit);
  return { transfers, next: found.length > limit ? transfers.at(-1)?.place : undefined };
}

async function* commitsDown(log: EventLog, { account, to, before }: TransferQuery): AsyncIterable<StoredCommit> {
  if (before !== undefined) yield* log.newestFirst(account, before.version + 1);
  else if (to === undefined) yield* log.newestFirst(account);
  else {
    const { commit } = await findCommit(log, account, to - 1);
    if (commit !== undefined) yield* log.newestFirst(account, commit.version + 1);
  }
}

/** The transfers in a commit, last first. */
function transfersIn(commit: StoredCommit, { direction, before }: TransferQuery): readonly ListedTransfer[] {
  const end = before?.version === commit.version ? before.index : Number.POSITIVE_INFINITY;
  const { account } = accountOfKey(commit.account);
  return decodeEvents(commit.events)
    .flatMap((event, index): ListedTransfer[] => {
      if (index >= end) return [];
      const leg = legIn(event, account);
      const isAskedFor = leg !== undefined && (direction === undefined || direction === leg.direction);
      return isAskedFor ? [{ ...leg, at: commit.at, place: { version: commit.version, index } }] : [];
    })
    .reverse();
}

function legIn(event: AccountEvent, account: string): Omit<ListedTransfer, 'at' | 'place'> | undefined {
  switch (event.type) {
    case 'Debited':
    case 'DebitRejected': {
      const { transfer, to, amount, currency, arrival } = event;
      return { transfer, from: account, to, amount, currency, arrival, direction: 'out' };
    }
    case 'Credited':
    case 'CreditRefused': {
      const { transfer, from, amount, currency, arrival } = event;
      return { transfer, from, to: account, amount, currency, arrival, direction: 'in' };
    }
    default:
      return undefined;
  }
}
