/**
 * Breaks and reconciled periods in the table of views: one item per break in the view of its scope, one per period in the view of
 * its account. Only operators write them, so one partition per scope is enough.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import {
  decodeBreak,
  decodePeriod,
  encodeBreak,
  encodePeriod,
  type ReconciledPeriod,
} from '../../core/contracts/kept-break.ts';
import type { KeptBreak } from '../../core/domain/kept-break.ts';
import { accountOfKey } from '../../core/domain/lane.ts';
import type { BreakStore } from '../../core/ports.ts';
import { dynamoDb } from './clients.ts';
import { number, readItem, text, textAttribute } from './item-attributes.ts';

const itemSchema = z.object({ json: textAttribute });

export interface BreakStoreSettings {
  /** Name of the table of views. */
  readonly tableName: string;
  readonly client?: DynamoDBClient;
}

export class DynamoDbBreakStore implements BreakStore {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;

  constructor(settings: BreakStoreSettings) {
    this.client = settings.client ?? dynamoDb();
    this.tableName = settings.tableName;
  }

  async *breaksOf(account: string): AsyncIterable<KeptBreak> {
    for await (const json of this.texts(breaksView(accountOfKey(account).scope))) {
      const kept = decodeBreak(json);
      if (kept.account === account) yield kept;
    }
  }

  async find(scope: string, id: string): Promise<KeptBreak | undefined> {
    const Key = { view: text(breaksView(scope)), key: text(id) };
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : decodeBreak(readItem(itemSchema, Item, 'a break').json);
  }

  /** A repetition of our own whose first answer was lost is told from another's write by what stands there. */
  async put(kept: KeptBreak, seen: number): Promise<boolean> {
    const { scope } = accountOfKey(kept.account);
    const json = encodeBreak(kept);
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: {
            view: text(breaksView(scope)),
            key: text(kept.id),
            json: text(json),
            events: number(kept.history.length),
          },
          ConditionExpression: seen === 0 ? 'attribute_not_exists(#key)' : '#events = :seen',
          ExpressionAttributeNames: seen === 0 ? { '#key': 'key' } : { '#events': 'events' },
          ...(seen === 0 ? {} : { ExpressionAttributeValues: { ':seen': number(seen) } }),
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const stored = await this.find(scope, kept.id);
      return stored !== undefined && encodeBreak(stored) === json && kept.history.length > seen;
    }
  }

  async putPeriod(period: ReconciledPeriod): Promise<void> {
    const Item = {
      view: text(periodsView(period.account)),
      key: text(`${period.from}_${period.to}`),
      json: text(encodePeriod(period)),
    };
    await this.client.send(new PutItemCommand({ TableName: this.tableName, Item }));
  }

  async periodsOf(account: string): Promise<readonly ReconciledPeriod[]> {
    return (await Array.fromAsync(this.texts(periodsView(account)))).map(decodePeriod);
  }

  private async *texts(view: string): AsyncIterable<string> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.tableName,
        KeyConditionExpression: '#view = :view',
        ExpressionAttributeNames: { '#view': 'view' },
        ExpressionAttributeValues: { ':view': text(view) },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages)
      for (const item of Items) yield readItem(itemSchema, item, 'an item of the reconciliation').json;
  }
}

function breaksView(scope: string): string {
  return `breaks#${scope}`;
}

function periodsView(account: string): string {
  return `periods#${account}`;
}
