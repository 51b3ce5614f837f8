/**
 * Open work in a DynamoDB table with the key (bucket N, key S). Keys begin with the time at which their records are due, so what
 * is due is a query per bucket, and no index has to be paid for with every write. A record costs its insert and its deletion, once
 * per saga.
 */
import { createHash } from 'node:crypto';
import {
  DeleteItemCommand,
  type DynamoDBClient,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { decodeWork, encodeWork, idOfOpenKey, type OpenRecord, openKey } from '../../core/contracts/open-work.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import type { OpenWork } from '../../core/ports.ts';
import { type Pause, pause } from './back-off.ts';
import { dynamoDb } from './clients.ts';
import { DamagedItem, StoreFailure } from './failures.ts';
import { integerAttribute, number, readItem, text, textAttribute } from './item-attributes.ts';
import type { Item } from './item-size.ts';
import { type ConditionalWrite, insertStatement, writeConditionally } from './partiql-writes.ts';

/**
 * Parts of the table, fixed for ever: a bucket is a partition and takes 1,000 write units a second, and a record of a full chunk
 * costs some 25 of them.
 */
const BUCKETS = 64;
const PARALLEL_QUERIES = 8;

/** The condition that a record with that key exists. */
const isThere = { ConditionExpression: 'attribute_exists(#key)', ExpressionAttributeNames: { '#key': 'key' } };

const itemSchema = z.object({
  key: textAttribute,
  kind: textAttribute,
  opened: integerAttribute,
  due: integerAttribute,
  checks: integerAttribute,
  work: textAttribute,
});

export interface OpenWorkSettings {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  readonly pause?: Pause;
  /** Told of each due record that cannot be read; it stays where it is, for somebody to look at. */
  readonly onUnreadable?: (fault: Error) => void;
}

export class DynamoDbOpenWork implements OpenWork {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;
  private readonly pause: Pause;
  private readonly onUnreadable: (fault: Error) => void;

  constructor(settings: OpenWorkSettings) {
    this.client = settings.client ?? dynamoDb();
    this.tableName = settings.tableName;
    this.pause = settings.pause ?? pause;
    this.onUnreadable = settings.onUnreadable ?? (() => undefined);
  }

  async open(records: readonly OpenRecord[]): Promise<void> {
    const byKey = new Map(records.map((record) => [openKey(record), record]));
    const writes = [...byKey].map(([key, record]): ConditionalWrite => {
      return { key, statement: insertStatement(this.tableName, itemOf(record)) };
    });
    const outcomes = await writeConditionally(this.client, writes, this.pause);
    const unknown = outcomes.find((outcome) => outcome.kind === 'unknown');
    if (unknown !== undefined)
      throw new StoreFailure('open work is not known to be recorded', { cause: unknown.cause });
  }

  async close(key: string): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.tableName, Key: primaryKey(key) }));
  }

  async due(time: number, most: number): Promise<readonly OpenRecord[]> {
    const buckets = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
    const limit = Math.ceil(most / BUCKETS);
    const found = await inParallel(buckets, PARALLEL_QUERIES, (bucket) => this.dueIn(bucket, time, limit));
    return found.flat();
  }

  async list(from: string, most: number): Promise<readonly OpenRecord[]> {
    const buckets = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
    const found = await inParallel(buckets, PARALLEL_QUERIES, (bucket) => this.listIn(bucket, from, most));
    return found
      .flat()
      .sort((a, b) => (openKey(a) < openKey(b) ? -1 : 1))
      .slice(0, most);
  }

  async replace(record: OpenRecord, by: OpenRecord): Promise<boolean> {
    const TableName = this.tableName;
    const taken = { TableName, Key: primaryKey(openKey(record)), ...isThere };
    const put = { TableName, Item: itemOf(by) };
    try {
      await this.client.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: taken }, { Put: put }] }));
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  /** Reads on past records that cannot be read, for they cannot be postponed and would hide what is due behind them. */
  private async dueIn(bucket: number, time: number, limit: number): Promise<readonly OpenRecord[]> {
    const records: OpenRecord[] = [];
    let from: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.duePage(bucket, time, { limit, from });
      for (const item of Items) records.push(...this.readable(item));
      from = LastEvaluatedKey;
    } while (from !== undefined && records.length < limit);
    return records;
  }

  /** What cannot be read is told of and left out, so a page may hold fewer than there are. */
  private async listIn(bucket: number, from: string, most: number): Promise<readonly OpenRecord[]> {
    const { Items = [] } = await this.client.send(
      new QueryCommand({
        TableName: this.tableName,
        KeyConditionExpression: '#bucket = :bucket AND #key >= :from',
        ExpressionAttributeNames: { '#bucket': 'bucket', '#key': 'key' },
        // A key may not be an empty text; every key begins with a digit, and so is above this one.
        ExpressionAttributeValues: { ':bucket': number(bucket), ':from': text(from === '' ? ' ' : from) },
        ConsistentRead: true,
        Limit: most,
      }),
    );
    return Items.flatMap((item) => this.readable(item));
  }

  private readable(item: Item): readonly OpenRecord[] {
    try {
      return [recordOf(item)];
    } catch (error) {
      if (!(error instanceof DamagedItem)) throw error;
      this.onUnreadable(error);
      return [];
    }
  }

  private duePage(bucket: number, time: number, page: { readonly limit: number; readonly from: Item | undefined }) {
    return this.client.send(
      new QueryCommand({
        TableName: this.tableName,
        KeyConditionExpression: '#bucket = :bucket AND #key < :end',
        ExpressionAttributeNames: { '#bucket': 'bucket', '#key': 'key' },
        ExpressionAttributeValues: {
          ':bucket': number(bucket),
          ':end': text(openKey({ dueAt: time + 1, id: '' })),
        },
        ConsistentRead: true,
        Limit: page.limit,
        ...(page.from === undefined ? {} : { ExclusiveStartKey: page.from }),
      }),
    );
  }
}

/** The transaction was refused because the record to be replaced is not there; any other reason is trouble. */
function isGone(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  return error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed';
}

function itemOf(record: OpenRecord): Item {
  return {
    ...primaryKey(openKey(record)),
    kind: text(record.kind),
    opened: number(record.openedAt),
    due: number(record.dueAt),
    checks: number(record.checks),
    work: text(encodeWork(record)),
  };
}

function recordOf(item: Item): OpenRecord {
  const { key, kind, opened, due, checks, work } = readItem(itemSchema, item, 'open work');
  try {
    return decodeWork(kind, idOfOpenKey(key), { openedAt: opened, dueAt: due, checks }, work);
  } catch (cause) {
    throw new DamagedItem(`open work ${key} cannot be read`, { cause });
  }
}

/** The bucket comes from the record's identity, so that whoever knows a key alone finds the record. */
function primaryKey(key: string): { readonly bucket: { readonly N: string }; readonly key: { readonly S: string } } {
  const digest = createHash('sha256').update(idOfOpenKey(key)).digest();
  return { bucket: { N: String(digest.readUInt32BE(0) % BUCKETS) }, key: { S: key } };
}
