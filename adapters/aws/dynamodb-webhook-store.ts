/**
 * Webhooks in a DynamoDB table with the key (tenant S, key S): `webhook#ID`, and `dead#WEBHOOK#EVENT` for deliveries that were
 * given up. The latter leave by themselves after a month, and so does what is left in the place of a removed webhook: its key
 * alone. The table holds secrets, and nothing here logs what is in it.
 */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import {
  type DeadDelivery,
  type Delivery,
  decodeDeadDelivery,
  decodeWebhook,
  type Webhook,
} from '../../core/contracts/webhook.ts';
import type { WebhookStore } from '../../core/ports.ts';
import { dynamoDb } from './clients.ts';
import { number, readItem, text, textAttribute } from './item-attributes.ts';
import type { Item } from './item-size.ts';

/** How long a dead delivery can be replayed. */
export const DEAD_DAYS = 30;
/** How long a removed webhook is remembered: longer than anybody repeats the request that registered it. */
const REMOVED_DAYS = 30;
const DAY_SECONDS = 24 * 3_600;

const itemSchema = z.object({ what: textAttribute });

export class DynamoDbWebhookStore implements WebhookStore {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;

  constructor(settings: { readonly tableName: string; readonly client?: DynamoDBClient }) {
    this.client = settings.client ?? dynamoDb();
    this.tableName = settings.tableName;
  }

  async insert(webhook: Webhook): Promise<Webhook | 'removed' | undefined> {
    const isInserted = await this.putIf(itemOf(webhook), {
      ConditionExpression: 'attribute_not_exists(#tenant)',
      ExpressionAttributeNames: { '#tenant': 'tenant' },
    });
    return isInserted ? undefined : ((await this.get(webhook.scope, webhook.id)) ?? 'removed');
  }

  async get(scope: string, id: string): Promise<Webhook | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key: webhookKey(scope, id), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : webhookIn(Item);
  }

  async list(scope: string): Promise<readonly Webhook[]> {
    const pages = paginateQuery({ client: this.client }, this.ofTenant(scope, 'webhook#'));
    const webhooks: Webhook[] = [];
    for await (const { Items = [] } of pages) {
      webhooks.push(...Items.flatMap((item) => webhookIn(item) ?? []));
    }
    return webhooks;
  }

  async replace(webhook: Webhook): Promise<boolean> {
    const before = { ':before': number(webhook.revision - 1) };
    return this.putIf(itemOf(webhook), {
      ConditionExpression: '#revision = :before',
      ExpressionAttributeNames: { '#revision': 'revision' },
      ExpressionAttributeValues: before,
    });
  }

  async remove(scope: string, id: string, now: number): Promise<boolean> {
    const expires = Math.floor(now / 1_000) + REMOVED_DAYS * DAY_SECONDS;
    return this.putIf(
      { ...webhookKey(scope, id), expires: number(expires) },
      { ConditionExpression: 'attribute_exists(#what)', ExpressionAttributeNames: { '#what': 'what' } },
    );
  }

  async bury(dead: DeadDelivery): Promise<void> {
    const expires = Math.floor(dead.diedAt / 1_000) + DEAD_DAYS * DAY_SECONDS;
    const Item = { ...deadKey(dead.delivery), what: text(JSON.stringify(dead)), expires: number(expires) };
    await this.client.send(new PutItemCommand({ TableName: this.tableName, Item }));
  }

  async dead(scope: string, webhook: string, most: number): Promise<readonly DeadDelivery[]> {
    const { Items = [] } = await this.client.send(
      new QueryCommand({ ...this.ofTenant(scope, `dead#${webhook}#`), Limit: most }),
    );
    return Items.map((item) => decodeDeadDelivery(readItem(itemSchema, item, 'a dead delivery').what));
  }

  async unbury(delivery: Delivery): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.tableName, Key: deadKey(delivery) }));
  }

  /** Items of a tenant whose keys begin so. */
  private ofTenant(scope: string, beginning: string) {
    return {
      TableName: this.tableName,
      KeyConditionExpression: '#tenant = :tenant AND begins_with(#key, :beginning)',
      ExpressionAttributeNames: { '#tenant': 'tenant', '#key': 'key' },
      ExpressionAttributeValues: { ':tenant': text(scope), ':beginning': text(beginning) },
      ConsistentRead: true,
    };
  }

  private async putIf(Item: Item, condition: Condition): Promise<boolean> {
    try {
      await this.client.send(new PutItemCommand({ TableName: this.tableName, Item, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

type Condition = Pick<
  PutItemCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

function itemOf(webhook: Webhook): Item {
  const what = { what: text(JSON.stringify(webhook)), revision: number(webhook.revision) };
  return { ...webhookKey(webhook.scope, webhook.id), ...what };
}

/** Undefined where a webhook was removed. */
function webhookIn(item: Item): Webhook | undefined {
  return item['what'] === undefined ? undefined : decodeWebhook(readItem(itemSchema, item, 'a webhook').what);
}

function webhookKey(scope: string, id: string) {
  return { tenant: text(scope), key: text(`webhook#${id}`) };
}

function deadKey({ scope, webhook, id }: Delivery) {
  return { tenant: text(scope), key: text(`dead#${webhook}#${id}`) };
}
