/** The wallet's tables, made by tests themselves with the keys that the adapters expect. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  type ScalarAttributeType,
} from '@aws-sdk/client-dynamodb';

/** A new table is there within seconds, on AWS too. */
const ACTIVE_TIMEOUT_MS = 60_000;
const LOOK_AGAIN_MS = 100;

export interface WalletTables {
  readonly ledger: string;
  readonly transfers: string;
  readonly views: string;
  readonly openWork: string;
  readonly archiveIndex: string;
  readonly notes: string;
}

let made = 0;

/** Makes a set of empty tables and resolves when they can be used. */
export async function makeTables(client: DynamoDBClient): Promise<WalletTables> {
  made += 1;
  const suffix = `${process.pid}-${made}`;
  const tables = {
    ledger: `ledger-${suffix}`,
    transfers: `transfers-${suffix}`,
    views: `views-${suffix}`,
    openWork: `open-work-${suffix}`,
    archiveIndex: `archive-index-${suffix}`,
    notes: `notes-${suffix}`,
  };
  await makeTable(client, tables.ledger, ['account', 'S'], ['version', 'N']);
  await makeTable(client, tables.transfers, ['id', 'S']);
  await makeTable(client, tables.views, ['view', 'S'], ['key', 'S']);
  await makeTable(client, tables.openWork, ['bucket', 'N'], ['key', 'S']);
  await makeTable(client, tables.archiveIndex, ['account', 'S'], ['key', 'S']);
  await makeTable(client, tables.notes, ['id', 'S']);
  return tables;
}

/** Makes an empty table of webhooks, which is none of the ledger's, and gives back its name. */
export async function makeWebhooksTable(client: DynamoDBClient): Promise<string> {
  made += 1;
  const name = `webhooks-${process.pid}-${made}`;
  await makeTable(client, name, ['tenant', 'S'], ['key', 'S']);
  return name;
}

/** Makes an empty table of connections and what they wait for. */
export async function makeSubscriptionsTable(client: DynamoDBClient): Promise<string> {
  made += 1;
  const name = `subscriptions-${process.pid}-${made}`;
  await makeTable(client, name, ['key', 'S']);
  return name;
}

async function makeTable(
  client: DynamoDBClient,
  name: string,
  ...keys: readonly (readonly [string, ScalarAttributeType])[]
): Promise<void> {
  const schema = keys.map(
    ([key], i): KeySchemaElement => ({ AttributeName: key, KeyType: i === 0 ? 'HASH' : 'RANGE' }),
  );
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map(([key, type]) => ({ AttributeName: key, AttributeType: type })),
      KeySchema: schema,
    }),
  );
  const deadline = Date.now() + ACTIVE_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await sleep(LOOK_AGAIN_MS);
  }
  throw new Error(`table ${name} is not active after ${ACTIVE_TIMEOUT_MS} ms`);
}
