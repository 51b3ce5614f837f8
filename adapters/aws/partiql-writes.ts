/**
 * Many conditional writes in few requests: PartiQL statements, 25 to a call, each with a condition and an outcome of its own.
 * Such a statement costs what a single conditional write costs; a transaction would cost twice as much.
 *
 * A call that is answered with HTTP 200 may still hold an error for any of its statements, and the SDK retries none of these:
 *
 *   DuplicateItem, ConditionalCheckFailed               the condition does not hold: a result
 *   throttling, TransactionConflict, a server's error   made again, within bounds; then unknown
 *   anything else                                       a fault of ours: rejects
 */
import {
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type BatchStatementResponse,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { inParallel } from '../../core/flows/in-parallel.ts';
import { backOffMs, type Pause } from './back-off.ts';
import { isPassing, isThrottling, StoreFailure } from './failures.ts';
import { type Item, valueBytes } from './item-size.ts';

/** DynamoDB takes no more statements in one call. */
export const MAX_STATEMENTS_PER_CALL = 25;
/** Bytes of parameters in one call. No limit is documented for such calls; a BatchWriteItem may have 16 MB, so a fourth is safe. */
export const MAX_CALL_BYTES = 4_000_000;
/** Calls under way at a time. */
const PARALLEL_CALLS = 16;
/** Tries of a statement that meets passing trouble; with the waits between them about a second. */
export const MAX_STATEMENT_TRIES = 6;

/** One conditional write. */
export interface ConditionalWrite {
  /** Names the item; no two writes of one call may have the same, since DynamoDB refuses a call with a key in it twice. */
  readonly key: string;
  readonly statement: BatchStatementRequest & { readonly Parameters: NonNullable<BatchStatementRequest['Parameters']> };
}

/** What became of a write. `refused`: its condition does not hold; `item` is what stands there, where DynamoDB tells. */
export type WriteOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'refused'; readonly item?: Item }
  | { readonly kind: 'unknown'; readonly cause: Error };

type Trial =
  | WriteOutcome
  | { readonly kind: 'again'; readonly cause: Error }
  | { readonly kind: 'failed'; readonly cause: Error };

const refusals: ReadonlySet<string | undefined> = new Set(['DuplicateItem', 'ConditionalCheckFailed']);
const passing: ReadonlySet<string | undefined> = new Set([
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'TransactionConflict',
  'InternalServerError',
]);

/** An INSERT of an item under its primary key, refused if the key exists. */
export function insertStatement(tableName: string, item: Item): ConditionalWrite['statement'] {
  const names = Object.keys(item).map((name) => `'${name}': ?`);
  return { Statement: `INSERT INTO "${tableName}" VALUE {${names.join(', ')}}`, Parameters: Object.values(item) };
}

/**
 * Makes conditional writes; the outcomes are in the same order. All requests are over when this resolves or rejects.
 *
 * @throws StoreFailure if a write was refused for another reason than its condition
 */
export async function writeConditionally(
  client: DynamoDBClient,
  writes: readonly ConditionalWrite[],
  pause: Pause,
): Promise<readonly WriteOutcome[]> {
  const trials = new Map<ConditionalWrite, Trial>();
  let open = writes;
  for (let tries = 1; open.length > 0 && tries <= MAX_STATEMENT_TRIES; tries += 1) {
    if (tries > 1) await pause(backOffMs(tries - 1));
    const answers = await inParallel(callsOf(open), PARALLEL_CALLS, (call) => tryCall(client, call));
    for (const [write, trial] of answers.flat()) trials.set(write, trial);
    open = open.filter((write) => trials.get(write)?.kind === 'again');
  }
  return writes.map((write) => outcomeOf(write, trials.get(write)));
}

/** Cuts writes into calls, in order. */
export function callsOf(writes: readonly ConditionalWrite[]): readonly (readonly ConditionalWrite[])[] {
  const calls: ConditionalWrite[][] = [];
  let bytes = 0;
  for (const write of writes) {
    const added = write.statement.Parameters.reduce((total, value) => total + valueBytes(value), 0);
    const last = calls.at(-1);
    if (last === undefined || last.length === MAX_STATEMENTS_PER_CALL || bytes + added > MAX_CALL_BYTES) {
      calls.push([write]);
      bytes = added;
    } else {
      last.push(write);
      bytes += added;
    }
  }
  return calls;
}

/** Makes one call; never rejects, so that no call is left under way when another fails. */
async function tryCall(
  client: DynamoDBClient,
  call: readonly ConditionalWrite[],
): Promise<readonly (readonly [ConditionalWrite, Trial])[]> {
  try {
    assertDistinct(call);
    const statements = call.map(({ statement }) => statement);
    const { Responses = [] } = await client.send(new BatchExecuteStatementCommand({ Statements: statements }));
    return call.map((write, i) => [write, trialOf(Responses[i])]);
  } catch (cause) {
    const trial: Trial = {
      kind: kindOfFailure(cause),
      cause: cause instanceof Error ? cause : new Error(String(cause)),
    };
    return call.map((write) => [write, trial]);
  }
}

/** A call that was throttled did nothing; one whose answer did not come may have done all. */
function kindOfFailure(cause: unknown): 'again' | 'unknown' | 'failed' {
  if (isThrottling(cause)) return 'again';
  return isPassing(cause) ? 'unknown' : 'failed';
}

function trialOf(response: BatchStatementResponse | undefined): Trial {
  if (response === undefined) return { kind: 'unknown', cause: new Error('the answer lacks this statement') };
  if (response.Error === undefined) return { kind: 'written' };
  const { Code, Message, Item } = response.Error;
  if (refusals.has(Code)) return Item === undefined ? { kind: 'refused' } : { kind: 'refused', item: Item };
  return { kind: passing.has(Code) ? 'again' : 'failed', cause: new Error(`${Code}: ${Message}`) };
}

function outcomeOf(write: ConditionalWrite, trial: Trial | undefined): WriteOutcome {
  if (trial?.kind === 'failed') throw new StoreFailure(`the write of ${write.key} failed`, { cause: trial.cause });
  if (trial?.kind === 'again') return { kind: 'unknown', cause: trial.cause };
  return trial ?? { kind: 'unknown', cause: new Error('the write was not tried') };
}

/** DynamoDB refuses such a call; an emulator may not, and would apply both. */
function assertDistinct(call: readonly ConditionalWrite[]): void {
  const keys = new Set(call.map(({ key }) => key));
  if (keys.size < call.length) throw new Error('a key stands twice in one call');
}
