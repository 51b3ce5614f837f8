/**
 * Daily balances in a DynamoDB table with the key (account S, key S), under keys `day#<day>`, or `day@<generation>#<day>` from
 * generation 1 on. A row is put once per account and day in which something was committed, by the closing of the day.
 */
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { DailyBalance, DailyBalances, Shelf } from '../../core/ports.ts';
import { type Pause, pause } from './back-off.ts';
import { type BatchWrite, putItems } from './batch-writes.ts';
import { dynamoDb } from './clients.ts';
import { bigintAttribute, integerAttribute, number, readItem, text, textAttribute } from './item-attributes.ts';
import type { Item } from './item-size.ts';
import { type GenerationRows, sweepGenerations } from './sweep-generations.ts';

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

/** Keys of rows of whatever generation begin so; nothing else in the table does. */
const ANY_ROW = 'day';
const KEY_OF_ROW = /^day(?:@([1-9][0-9]*))?#/;
const keySchema = z.object({ account: textAttribute, key: textAttribute });

const balanceRows: GenerationRows = {
  scan: {
    ProjectionExpression: '#account, #key',
    FilterExpression: 'begins_with(#key, :row)',
    ExpressionAttributeNames: { '#account': 'account', '#key': 'key' },
    ExpressionAttributeValues: { ':row': text(ANY_ROW) },
  },
  rowOf: (item) => {
    const { account, key } = readItem(keySchema, item, 'a key of daily balances');
    return { key: { account: text(account), key: text(key) }, generation: generationOf(key) };
  },
};

export interface DailyBalancesSettings {
  readonly tableName: string;
  /** 0 unless given. */
  readonly generation?: number;
  readonly client?: DynamoDBClient;
  readonly pause?: Pause;
}

/** Daily balances in all their generations. */
export class DynamoDbDailyBalancesShelf implements Shelf<DailyBalances> {
  private readonly settings: DailyBalancesSettings;

  constructor(settings: DailyBalancesSettings) {
    this.settings = settings;
  }

  generation(generation: number): DynamoDbDailyBalances {
    return new DynamoDbDailyBalances({ ...this.settings, generation });
  }

  async sweep(last: number, kept: readonly number[]): Promise<number> {
    const { tableName, client = dynamoDb(), pause: wait = pause } = this.settings;
    const write = { client, tableName, pause: wait, parallel: PARALLEL_CALLS };
    return sweepGenerations(write, balanceRows, last, kept);
  }
}

export class DynamoDbDailyBalances implements DailyBalances {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;
  private readonly pause: Pause;
  private readonly prefix: string;

  constructor(settings: DailyBalancesSettings) {
    this.client = settings.client ?? dynamoDb();
    this.tableName = settings.tableName;
    this.pause = settings.pause ?? pause;
    const { generation = 0 } = settings;
    this.prefix = generation === 0 ? 'day#' : `day@${generation}#`;
  }

  async put(rows: readonly DailyBalance[]): Promise<void> {
    const byKey = new Map(rows.map((row) => [`${row.account} ${row.day}`, row]));
    await putItems(
      this.writing(),
      [...byKey.values()].map((row) => itemOfRow(this.keyOf(row.day), row)),
    );
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
        ExpressionAttributeValues: {
          ':account': text(account),
          ':from': text(this.keyOf(from)),
          ':to': text(this.keyOf(to)),
        },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) yield* Items.map(rowOfItem);
  }

  private keyOf(day: string): string {
    return this.prefix + day;
  }
}

/** The generation of a row; undefined for what is none. */
function generationOf(key: string): number | undefined {
  const match = KEY_OF_ROW.exec(key);
  return match === null ? undefined : Number(match[1] ?? 0);
}

function itemOfRow(key: string, row: DailyBalance): Item {
  const { account, day, currency, version, balance, credited, debited } = row;
  return {
    account: text(account),
    key: text(key),
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
