/**
 * The fault port: lets a test kill the processor between any two of its writes. Only preset `local` names a table of faults; where
 * none is named, nothing is wired and no request is made.
 *
 * A fault is the item `{ point: "processor", writes: N }`: the process dies right before write N of an invocation (from 0), or,
 * if N is the number of its writes, after the last one. The item is taken away before the process dies, so it dies once.
 */
import { DeleteItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { env } from '../../core/contracts/env.ts';

/** Operations of the processor that write. */
const writeOperations: ReadonlySet<string> = new Set([
  'BatchExecuteStatementCommand',
  'PutObjectCommand',
  'StartExecutionCommand',
]);
const POINT = 'processor';

const table = process.env[env.faultsTable];
let client: DynamoDBClient | undefined;
let writes = 0;

/** An invocation begins: its writes are counted from 0. */
export function writesBegin(): void {
  writes = 0;
}

/** Called before each request of a client; dies here if a fault says so. */
export async function beforeRequest(commandName: string): Promise<void> {
  if (table === undefined || !writeOperations.has(commandName)) return;
  const write = writes;
  writes += 1;
  await dieIfAsked(table, write);
}

/** The handler is done with its writes; dies here if a fault names the point after the last one. */
export async function lastWriteDone(): Promise<void> {
  if (table !== undefined) await dieIfAsked(table, writes);
}

async function dieIfAsked(tableName: string, write: number): Promise<void> {
  client ??= new DynamoDBClient({});
  const key = { TableName: tableName, Key: { point: { S: POINT } } };
  const fault = await client.send(new GetItemCommand({ ...key, ConsistentRead: true }));
  if (fault.Item?.['writes']?.N !== String(write)) return;
  await client.send(new DeleteItemCommand(key));
  process.exit(1);
}
