/**
 * The fault port: lets a test kill the processor between any two of its writes, or make it fail on a record. Only preset `local`
 * names a table of faults; where none is named, nothing is wired and no request is made.
 *
 * `{ point: "processor", writes: N }`: the process dies right before write N of an invocation (from 0), or, if N is the number of
 * its writes, after the last one. The item is taken away before the process dies, so it dies once. With `how: "throw"` the
 * invocation fails there instead and the process lives on, for clouds that take a minute to miss a process that is gone.
 * `{ point: "poison", marker: TEXT }`: every invocation fails whose records hold the text, for as long as the item is there.
 * `{ point: "throttle", percent: N }`: so many of the writes are refused as a throttled table refuses them.
 */
import { DeleteItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { env } from '../../core/contracts/env.ts';

/** Operations of the processor that write. */
const writeOperations: ReadonlySet<string> = new Set([
  'BatchExecuteStatementCommand',
  'PutItemCommand',
  'PutObjectCommand',
  'StartExecutionCommand',
]);

const table = process.env[env.faultsTable];
let client: DynamoDBClient | undefined;
let writes = 0;
let throttledPercent = 0;

/** An invocation begins: its writes are counted from 0. Fails if its records are poisoned. */
export async function writesBegin(records: readonly Uint8Array[]): Promise<void> {
  writes = 0;
  if (table === undefined) return;
  throttledPercent = Number((await read(table, 'throttle'))?.['percent']?.N ?? 0);
  const marker = (await read(table, 'poison'))?.['marker']?.S;
  if (marker === undefined) return;
  if (records.some((data) => Buffer.from(data).includes(marker)))
    throw new Error(`a record holds the poison ${marker}`);
}

/** Called before each request of a client; dies here if a fault says so. */
export async function beforeRequest(commandName: string): Promise<void> {
  if (table === undefined || !writeOperations.has(commandName)) return;
  const write = writes;
  writes += 1;
  if (Math.random() * 100 < throttledPercent) {
    throw Object.assign(new Error('throttled, as asked'), { name: 'ProvisionedThroughputExceededException' });
  }
  await dieIfAsked(table, write);
}

/** The handler is done with its writes; dies here if a fault names the point after the last one. */
export async function lastWriteDone(): Promise<void> {
  if (table !== undefined) await dieIfAsked(table, writes);
}

async function dieIfAsked(tableName: string, write: number): Promise<void> {
  const fault = await read(tableName, 'processor');
  if (fault?.['writes']?.N !== String(write)) return;
  await client?.send(new DeleteItemCommand({ TableName: tableName, Key: { point: { S: 'processor' } } }));
  if (fault?.['how']?.S === 'throw') throw new Error(`failed before write ${write}, as asked`);
  process.exit(1);
}

async function read(tableName: string, point: string) {
  client ??= new DynamoDBClient({});
  const Key = { point: { S: point } };
  const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
  return Item;
}
