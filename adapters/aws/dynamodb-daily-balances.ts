/**
 * Daily balances in a DynamoDB table with the key (account S, key S), under keys `day#<day>`. A row is put once per
 * account and day in which something was committed, by the closing of the day.
 */
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { DailyBalance, DailyBalances } from '../../core/ports.ts';
import { type Pause, pause } from './back-off.ts';
import { type BatchWrite, putItems } from './batch-writes.ts';
import { dynamoDb } from './clients.ts';
import { bigintAttribute, integerAttribute, number, readItem, text, textAttribute } from './item-attributes.ts';
import type { Item } from './item-size.ts';

const PARALLEL_CALLS = 8;

const rowSchema = z.object({
  account: textAttribute,
  day: textAttribute,
  currency: textAttribute,
  version: integerAttribute,
  balance: bigintAttribute,
  credited: bigintAttribute,
  debited: bigintAttribute,
});

export interface DailyBalancesSettings {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  readonly pause?: Pause;
}

export class DynamoDbDailyBalances implements DailyBalances {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;
  private readonly pause: Pause;

  constructor(settings: DailyBalancesSettings) {
    this.client = settings.client ?? dynamoDb();
    this.tableName = settings.tableName;
    this.pause = settings.pause ?? pause;
  }

  async put(rows: readonly DailyBalance[]): Promise<void> {
    const byKey = new Map(rows.map((row) => [`${row.account} ${row.day}`, row]));
    await putItems(this.writing(), [...byKey.values()].map(itemOfRow));
  }

  private writing(): BatchWrite {
    const { client, tableName, pause } = this;
    return { client, tableName, pause, parallel: PARALLEL_CALLS };
  }

  async *of(account: string, from: string, to: string): AsyncIterable<DailyBalance> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.tableName,
        KeyConditionExpression: '#account = :account AND #key BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#account': 'account', '#key': 'key' },
        ExpressionAttributeValues: { ':account': text(account), ':from': text(keyOf(from)), ':to': text(keyOf(to)) },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) yield* Items.map(rowOfItem);
  }
}

function keyOf(day: string): string {
  return `day#${day}`;
}

function itemOfRow({ account, day, currency, version, balance, credited, debited }: DailyBalance): Item {
  return {
    account: text(account),
    key: text(keyOf(day)),
    day: text(day),
    currency: text(currency),
    version: number(version),
    balance: number(balance),
    credited: number(credited),
    debited: number(debited),
  };
}

function rowOfItem(item: unknown): DailyBalance {
  return readItem(rowSchema, item, 'a daily balance');
}
