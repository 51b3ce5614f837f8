/** Many puts into one table, or deletions: 25 to a request, and again for what DynamoDB left out. For rows that may be written twice. */
import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { inParallel } from '../../core/flows/in-parallel.ts';
import { backOffMs, type Pause } from './back-off.ts';
import { StoreFailure } from './failures.ts';
import type { Item } from './item-size.ts';

/** DynamoDB takes no more writes in one request. */
const MAX_WRITES_PER_CALL = 25;
/** Tries of one request's writes; what is throttled comes back as unprocessed. */
const MAX_TRIES = 8;

export interface BatchWrite {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly pause: Pause;
  /** Requests under way at a time; 1 keeps the order of the requests. */
  readonly parallel: number;
}

/**
 * Puts items, each in place of what has its key. Keys must differ.
 *
 * @throws StoreFailure if some stay unprocessed
 */
export async function putItems(write: BatchWrite, items: readonly Item[]): Promise<void> {
  await writeAll(
    write,
    items.map((Item) => ({ PutRequest: { Item } })),
  );
}

/**
 * Deletes items by key; one that is not there is no trouble. Keys must differ.
 *
 * @throws StoreFailure if some stay unprocessed
 */
export async function deleteItems(write: BatchWrite, keys: readonly Item[]): Promise<void> {
  await writeAll(
    write,
    keys.map((Key) => ({ DeleteRequest: { Key } })),
  );
}

async function writeAll(write: BatchWrite, requests: readonly WriteRequest[]): Promise<void> {
  const calls: WriteRequest[][] = [];
  for (let i = 0; i < requests.length; i += MAX_WRITES_PER_CALL) calls.push(requests.slice(i, i + MAX_WRITES_PER_CALL));
  await inParallel(calls, write.parallel, (call) => writeCall(write, call));
}

async function writeCall({ client, tableName, pause }: BatchWrite, requests: WriteRequest[]): Promise<void> {
  let open = requests;
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    if (tries > 1) await pause(backOffMs(tries - 1));
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: open } }));
    open = UnprocessedItems?.[tableName] ?? [];
    if (open.length === 0) return;
  }
  throw new StoreFailure(`${open.length} writes to ${tableName} were not done in ${MAX_TRIES} tries`);
}
