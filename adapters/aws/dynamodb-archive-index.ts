/**
 * The index of the archive in a DynamoDB table with the key (account S, key S):
 *
 *   range#<last version, 16 digits>   a stretch of the account's log and the text that holds it
 *   pruned                            the version up to which commits may have left the ledger
 *
 * Versions are padded with zeros, so keys sort as versions do and one query finds the range that holds a version.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { ArchivedRange, ArchiveIndex } from '../../core/ports.ts';
import { type Pause, pause } from './back-off.ts';
import { type BatchWrite, putItems } from './batch-writes.ts';
import { dynamoDb } from './clients.ts';
import { integerAttribute, number, readItem, text, textAttribute } from './item-attributes.ts';
import type { Item } from './item-size.ts';

const PREFIX = 'range#';
/** Digits of the largest whole number that JavaScript has. */
const DIGITS = 16;
const PRUNED_KEY = 'pruned';
/** Ranges in a page of the way back: the newest of an earlier day is among the first few. */
const PAGE = 8;
const PARALLEL_CALLS = 8;

const rangeSchema = z.object({
  account: textAttribute,
  first: integerAttribute,
  last: integerAttribute,
  day: textAttribute,
  name: textAttribute,
});
const prunedSchema = z.object({ through: integerAttribute });

export interface ArchiveIndexSettings {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  readonly pause?: Pause;
}

export class DynamoDbArchiveIndex implements ArchiveIndex {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;
  private readonly pause: Pause;

  constructor(settings: ArchiveIndexSettings) {
    this.client = settings.client ?? dynamoDb();
    this.tableName = settings.tableName;
    this.pause = settings.pause ?? pause;
  }

  async add(ranges: readonly ArchivedRange[]): Promise<void> {
    await putItems(this.writing(), ranges.map(itemOfRange));
  }

  private writing(): BatchWrite {
    const { client, tableName, pause } = this;
    return { client, tableName, pause, parallel: PARALLEL_CALLS };
  }

  async find(account: string, version: number): Promise<ArchivedRange | undefined> {
    const { Items = [] } = await this.client.send(new QueryCommand({ ...this.from(account, version), Limit: 1 }));
    return Items[0] === undefined ? undefined : rangeOfItem(Items[0]);
  }

  async archivedBefore(account: string, day: string): Promise<number> {
    let ExclusiveStartKey: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.client.send(
        new QueryCommand({
          ...this.from(account, 0),
          ScanIndexForward: false,
          Limit: PAGE,
          ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
        }),
      );
      const earlier = Items.map(rangeOfItem).find((range) => range.day < day);
      if (earlier !== undefined) return earlier.last;
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return 0;
  }

  async allowPruning(account: string, through: number): Promise<void> {
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: { account: text(account), key: text(PRUNED_KEY) },
          UpdateExpression: 'SET #through = :through',
          ConditionExpression: 'attribute_not_exists(#through) OR #through < :through',
          ExpressionAttributeNames: { '#through': 'through' },
          ExpressionAttributeValues: { ':through': number(through) },
        }),
      );
    } catch (cause) {
      if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
    }
  }

  async prunedThrough(account: string): Promise<number> {
    const { Item } = await this.client.send(
      new GetItemCommand({
        TableName: this.tableName,
        Key: { account: text(account), key: text(PRUNED_KEY) },
        ConsistentRead: true,
      }),
    );
    return Item === undefined ? 0 : readItem(prunedSchema, Item, 'a note of pruning').through;
  }

  /** An account's ranges that end at a version or above it. */
  private from(account: string, version: number): QueryCommandInput {
    return {
      TableName: this.tableName,
      KeyConditionExpression: '#account = :account AND #key BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#account': 'account', '#key': 'key' },
      ExpressionAttributeValues: {
        ':account': text(account),
        ':from': text(rangeKey(version)),
        ':to': text(rangeKey(Number.MAX_SAFE_INTEGER)),
      },
      ConsistentRead: true,
    };
  }
}

function rangeKey(last: number): string {
  return PREFIX + String(last).padStart(DIGITS, '0');
}

function itemOfRange({ account, first, last, day, name }: ArchivedRange): Item {
  return {
    account: text(account),
    key: text(rangeKey(last)),
    first: number(first),
    last: number(last),
    day: text(day),
    name: text(name),
  };
}

function rangeOfItem(item: unknown): ArchivedRange {
  return readItem(rangeSchema, item, 'a range of the archive');
}
