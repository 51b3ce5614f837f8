/** An account as a processor holds it between reading its newest commit and appending the next. */
import { decodeEvents, type StoredCommit } from '../contracts/stored-commit.ts';
import { type AccountEvent, type AccountState, legKeyOfEvent, unopened } from '../domain/account.ts';
import { MEMORY_MS, RecentLegs } from '../domain/memory.ts';
import type { Position } from '../domain/position.ts';
import type { EventLog } from '../ports.ts';
import { stateAfter } from './read-commit.ts';

/** The end of an account's log, and what the account remembers. */
export interface LoadedAccount {
  readonly state: AccountState;
  /** Version of the newest commit; 0 before the first. */
  readonly version: number;
  readonly at: number;
  readonly position: Position | undefined;
  readonly highArrival: number;
  readonly hash: string;
  /** Recent credits and refunds; undefined until a command needs them. */
  readonly memory: RecentLegs | undefined;
}

/** The account whose newest commit this is. Throws {@link DamagedCommit} on a state that cannot be read. */
export function accountAfter(commit: StoredCommit | undefined): LoadedAccount {
  if (commit === undefined) {
    const memory = new RecentLegs();
    return { state: unopened, version: 0, at: 0, position: undefined, highArrival: 0, hash: '', memory };
  }
  const { version, at, position, highArrival, hash } = commit;
  return { state: stateAfter(commit), version, at, position, highArrival, hash, memory: undefined };
}

/** A log read back, and its newest commit looked at first. */
export interface ReadBack {
  readonly newest: StoredCommit | undefined;
  /** Newest first, the newest among them; can be read once. */
  readonly commits: AsyncIterable<StoredCommit>;
}

/** Begins to read a log back. What lies further back than its first page is read only if somebody goes on. */
export async function readBack(log: EventLog, account: string): Promise<ReadBack> {
  const rest = log.newestFirst(account)[Symbol.asyncIterator]();
  const first = await rest.next();
  const newest = first.done === true ? undefined : first.value;
  return { newest, commits: startingWith(newest, { [Symbol.asyncIterator]: () => rest }) };
}

async function* startingWith(
  first: StoredCommit | undefined,
  rest: AsyncIterable<StoredCommit>,
): AsyncIterable<StoredCommit> {
  if (first === undefined) return;
  yield first;
  yield* rest;
}

/**
 * Most bytes of events that one look back reads. A partition of DynamoDB gives 12 MB a second, so more would not fit the processor's
 * 60 s, nor its memory, and the batch would come again for ever. It is what a saturated account writes in more than four minutes.
 */
export const MAX_HISTORY_BYTES = 256 * 1024 * 1024;

/** A stretch of a log, newest first, back to the first commit whose highest arrival is below the bound. */
export interface History {
  readonly commits: readonly StoredCommit[];
  /** False if the log ended at a version other than 1 before the bound was reached: older commits were pruned. */
  readonly reachesBound: boolean;
}

/**
 * Reads a log back, strongly consistent, for as long as commits have seen arrivals at or after `bound`. The highest arrival never
 * decreases within a log, and appending a leg raises it to the leg's origin at least, so no leg of interest lies further back.
 * Undefined if there is more than `mostBytes` of events until then.
 */
export async function readHistory(
  newestFirst: AsyncIterable<StoredCommit>,
  bound: number,
  mostBytes = MAX_HISTORY_BYTES,
): Promise<History | undefined> {
  const commits: StoredCommit[] = [];
  let bytes = 0;
  for await (const commit of newestFirst) {
    if (commit.highArrival < bound) return { commits, reachesBound: true };
    bytes += commit.events.length;
    if (bytes > mostBytes) return undefined;
    commits.push(commit);
  }
  const oldest = commits.at(-1);
  return { commits, reachesBound: oldest === undefined || oldest.version === 1 };
}

/** What an account remembers, from its recent history. */
export function recall(history: History, highArrival: number): RecentLegs {
  const memory = new RecentLegs();
  for (const commit of [...history.commits].reverse()) {
    if (commit.highArrival < highArrival - MEMORY_MS) continue;
    memory.remember(rememberedLegs(decodeEvents(commit.events)), commit.highArrival);
  }
  return memory;
}

/** Keys of the legs among these events that an account remembers: debits and requests are protected by their claims. */
export function rememberedLegs(events: readonly AccountEvent[]): readonly string[] {
  return events.filter(isCreditOrRefund).map(legKeyOfEvent);
}

function isCreditOrRefund(event: AccountEvent): boolean {
  return event.type === 'Credited' || event.type === 'CreditRefused' || event.type === 'Refunded';
}
