/** Many items of one table by key: 100 to a request, and again for what DynamoDB left out of its answer. */
import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inParallel } from '../../core/flows/in-parallel.ts';
import { backOffMs, type Pause } from './back-off.ts';
import { StoreFailure } from './failures.ts';
import type { Item } from './item-size.ts';

/** DynamoDB takes no more keys in one request. */
const MAX_KEYS_PER_CALL = 100;
const PARALLEL_CALLS = 8;
/** Tries of one request's keys; what is throttled comes back as unprocessed. */
const MAX_TRIES = 8;

export interface BatchRead {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly consistent: boolean;
  readonly pause: Pause;
}

/**
 * Items by key, in no order; those that do not exist are left out. Keys must differ.
 *
 * @throws StoreFailure if some stay unprocessed
 */
export async function readItems(read: BatchRead, keys: readonly Item[]): Promise<readonly Item[]> {
  const calls: Item[][] = [];
  for (let i = 0; i < keys.length; i += MAX_KEYS_PER_CALL) calls.push(keys.slice(i, i + MAX_KEYS_PER_CALL));
  return (await inParallel(calls, PARALLEL_CALLS, (call) => readCall(read, call))).flat();
}

async function readCall({ client, tableName, consistent, pause }: BatchRead, keys: Item[]): Promise<readonly Item[]> {
  const found: Item[] = [];
  let open = keys;
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    if (tries > 1) await pause(backOffMs(tries - 1));
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: open, ConsistentRead: consistent } } }),
    );
    found.push(...(Responses?.[tableName] ?? []));
    open = UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (open.length === 0) return found;
  }
  throw new StoreFailure(`${open.length} items of ${tableName} were not read in ${MAX_TRIES} tries`);
}
