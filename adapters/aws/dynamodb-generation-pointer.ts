/**
 * The generations of the views in one item of the table of views, with the key (view "generations", key "views"). It is read,
 * strongly consistent, twice for each batch in which accounts are opened, and once for each question for accounts: 1 read unit each time.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { decodeGenerations, encodeGenerations } from '../../core/contracts/view-generations.ts';
import { firstGeneration, type ViewGenerations } from '../../core/domain/view-generations.ts';
import type { GenerationPointer } from '../../core/ports.ts';
import { dynamoDb } from './clients.ts';
import { number, readItem, text, textAttribute } from './item-attributes.ts';

const Key = { view: text('generations'), key: text('views') };
const pointerSchema = z.object({ generations: textAttribute });

export interface GenerationPointerSettings {
  /** Name of the table of views. */
  readonly tableName: string;
  readonly client?: DynamoDBClient;
}

export class DynamoDbGenerationPointer implements GenerationPointer {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;

  constructor({ tableName, client }: GenerationPointerSettings) {
    this.client = client ?? dynamoDb();
    this.tableName = tableName;
  }

  async read(): Promise<ViewGenerations> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key, ConsistentRead: true }),
    );
    if (Item === undefined) return firstGeneration;
    return decodeGenerations(readItem(pointerSchema, Item, 'the generations of the views').generations);
  }

  async replace(generations: ViewGenerations): Promise<boolean> {
    const before = generations.revision - 1;
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: { ...Key, revision: number(generations.revision), generations: text(encodeGenerations(generations)) },
          ConditionExpression: before === 0 ? 'attribute_not_exists(revision)' : 'revision = :before',
          ...(before === 0 ? {} : { ExpressionAttributeValues: { ':before': number(before) } }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return this.isOurs(generations);
      throw error;
    }
  }

  /** The SDK tries again when an answer is lost: then it may be our own revision that stands there. */
  private async isOurs(generations: ViewGenerations): Promise<boolean> {
    return encodeGenerations(await this.read()) === encodeGenerations(generations);
  }
}
