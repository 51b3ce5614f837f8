/**
 * Read models in a DynamoDB table with the key (view S, key S). The accounts of a scope are spread over 16 views, for a view is
 * a partition and takes 1,000 writes a second. Each account stands a second time in the view of its owner, so that an owner's
 * accounts are found without looking at anybody else's: an opening costs a write more, transfers cost nothing.
 *
 * Names of views begin with their generation (`g1@accounts#...`); those of generation 0, which every table has, do not. Reports, and
 * what else stands in the table, are of no generation.
 */
import { createHash } from 'node:crypto';
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  paginateScan,
  QueryCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { reportsView } from '../../core/contracts/env.ts';
import { accountKind } from '../../core/contracts/json.ts';
import { accountOfKey } from '../../core/domain/lane.ts';
import type { AccountPageQuery, AccountRow, ListedAccount, Shelf, ViewScan, ViewStore } from '../../core/ports.ts';
import { type Pause, pause } from './back-off.ts';
import { dynamoDb } from './clients.ts';
import { StoreFailure } from './failures.ts';
import { integerAttribute, number, readItem, text, textAttribute } from './item-attributes.ts';
import { type ConditionalWrite, insertStatement, writeConditionally } from './partiql-writes.ts';
import { type GenerationRows, sweepGenerations } from './sweep-generations.ts';

/** Fixed for ever: an account is registered in the view that its key's hash names. */
const BUCKETS = 16;
/** Deletions under way at a time, of 25 rows each. */
const PARALLEL_DELETIONS = 8;
/** A view of accounts, of whatever generation: nothing else in the table begins so. */
const VIEW_OF_ACCOUNTS = /^(?:g([1-9][0-9]*)@)?(?:accounts|owner)#/;

const rowSchema = z.object({
  key: textAttribute,
  kind: z.pipe(textAttribute, accountKind),
  currency: textAttribute,
  owner: textAttribute,
  opened: integerAttribute,
});
const placedSchema = z.extend(rowSchema, { view: textAttribute });
const keySchema = z.object({ view: textAttribute, key: textAttribute });
const reportSchema = z.object({ report: textAttribute });

const accountRows: GenerationRows = {
  scan: {
    ProjectionExpression: '#view, #key',
    ExpressionAttributeNames: { '#view': 'view', '#key': 'key' },
  },
  rowOf: (item) => {
    const { view, key } = readItem(keySchema, item, 'a key of the views');
    return { key: { view: text(view), key: text(key) }, generation: generationOf(view) };
  },
};

export interface ViewStoreSettings {
  readonly tableName: string;
  /** 0 unless given. */
  readonly generation?: number;
  readonly client?: DynamoDBClient;
  readonly pause?: Pause;
}

/** The views of accounts in all their generations. */
export class DynamoDbViewShelf implements Shelf<ViewStore & ViewScan> {
  private readonly settings: ViewStoreSettings;

  constructor(settings: ViewStoreSettings) {
    this.settings = settings;
  }

  generation(generation: number): DynamoDbViewStore {
    return new DynamoDbViewStore({ ...this.settings, generation });
  }

  async sweep(last: number, kept: readonly number[]): Promise<number> {
    const { tableName, client = dynamoDb(), pause: wait = pause } = this.settings;
    const write = { client, tableName, pause: wait, parallel: PARALLEL_DELETIONS };
    return sweepGenerations(write, accountRows, last, kept);
  }
}

export class DynamoDbViewStore implements ViewStore, ViewScan {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;
  private readonly pause: Pause;
  private readonly prefix: string;

  constructor(settings: ViewStoreSettings) {
    this.client = settings.client ?? dynamoDb();
    this.tableName = settings.tableName;
    this.pause = settings.pause ?? pause;
    this.prefix = prefixOf(settings.generation ?? 0);
  }

  async registerAccounts(rows: readonly AccountRow[]): Promise<void> {
    const byAccount = new Map(rows.map((row) => [row.account, row]));
    const writes = [...byAccount.values()].flatMap((row) =>
      this.viewsOf(row).map((view): ConditionalWrite => {
        return { key: `${view} ${row.account}`, statement: insertStatement(this.tableName, itemOfRow(view, row)) };
      }),
    );
    const outcomes = await writeConditionally(this.client, writes, this.pause);
    const unknown = outcomes.find((outcome) => outcome.kind === 'unknown');
    if (unknown !== undefined) throw new StoreFailure('not known to be registered', { cause: unknown.cause });
  }

  async *accounts(scope: string): AsyncIterable<AccountRow> {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const pages = paginateQuery(
        { client: this.client },
        {
          TableName: this.tableName,
          KeyConditionExpression: '#view = :view',
          ExpressionAttributeNames: { '#view': 'view' },
          ExpressionAttributeValues: { ':view': text(this.accountsView(scope, bucket)) },
          ConsistentRead: true,
        },
      );
      for await (const { Items = [] } of pages) yield* Items.map(rowOfItem);
    }
  }

  async accountPage(scope: string, page: AccountPageQuery): Promise<readonly AccountRow[]> {
    const { owner, after, most } = page;
    if (owner !== undefined) return this.rowsAfter(this.ownersView(scope, owner), after, most);
    const rows: AccountRow[] = [];
    const first = after === undefined ? 0 : bucketOf(after);
    for (let bucket = first; bucket < BUCKETS && rows.length < most; bucket += 1) {
      const from = bucket === first ? after : undefined;
      rows.push(...(await this.rowsAfter(this.accountsView(scope, bucket), from, most - rows.length)));
    }
    return rows;
  }

  /** A view's rows in the order of their keys. A row is some 200 bytes, so one answer of 1 MB holds more than any page. */
  private async rowsAfter(view: string, after: string | undefined, most: number): Promise<readonly AccountRow[]> {
    const { Items = [] } = await this.client.send(
      new QueryCommand({
        TableName: this.tableName,
        KeyConditionExpression: after === undefined ? '#view = :view' : '#view = :view AND #key > :after',
        ExpressionAttributeNames: { '#view': 'view', ...(after === undefined ? {} : { '#key': 'key' }) },
        ExpressionAttributeValues: { ':view': text(view), ...(after === undefined ? {} : { ':after': text(after) }) },
        ConsistentRead: true,
        Limit: most,
      }),
    );
    return Items.map(rowOfItem);
  }

  async *listed(): AsyncIterable<ListedAccount> {
    const request: ScanCommandInput = {
      TableName: this.tableName,
      ConsistentRead: true,
      FilterExpression: 'begins_with(#view, :accounts) OR begins_with(#view, :owner)',
      ExpressionAttributeNames: { '#view': 'view' },
      ExpressionAttributeValues: {
        ':accounts': text(`${this.prefix}accounts#`),
        ':owner': text(`${this.prefix}owner#`),
      },
    };
    for await (const { Items = [] } of paginateScan({ client: this.client }, request))
      for (const item of Items) yield this.listedOf(item);
  }

  private listedOf(item: unknown): ListedAccount {
    const { view } = readItem(placedSchema, item, 'a row of accounts');
    const row = rowOfItem(item);
    const [registry, owner] = this.viewsOf(row);
    if (view === registry) return { place: 'registry', row };
    return { place: view === owner ? 'owner' : 'elsewhere', row };
  }

  /** The views that an account stands in: the registry's, and its owner's. */
  private viewsOf({ account, owner }: AccountRow): readonly [string, string] {
    const { scope } = accountOfKey(account);
    return [this.accountsView(scope, bucketOf(account)), this.ownersView(scope, owner)];
  }

  private accountsView(scope: string, bucket: number): string {
    return `${this.prefix}accounts#${scope}#${bucket}`;
  }

  /** A scope has no `#`, so whatever is in an owner's name, no two owners share a view. */
  private ownersView(scope: string, owner: string): string {
    return `${this.prefix}owner#${scope}#${owner}`;
  }

  async putReport(scope: string, name: string, report: string): Promise<void> {
    const item = { ...reportKey(scope, name), report: text(report) };
    await this.client.send(new PutItemCommand({ TableName: this.tableName, Item: item }));
  }

  async report(scope: string, name: string): Promise<string | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key: reportKey(scope, name), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : readItem(reportSchema, Item, 'a report').report;
  }
}

function itemOfRow(view: string, { account, kind, currency, owner, openedAt }: AccountRow) {
  return {
    view: text(view),
    key: text(account),
    kind: text(kind),
    currency: text(currency),
    owner: text(owner),
    opened: number(openedAt),
  };
}

function rowOfItem(item: unknown): AccountRow {
  const { key, kind, currency, owner, opened } = readItem(rowSchema, item, 'a row of accounts');
  return { account: key, kind, currency, owner, openedAt: opened };
}

function prefixOf(generation: number): string {
  return generation === 0 ? '' : `g${generation}@`;
}

/** The generation that a view is of; undefined for what is of none. */
function generationOf(view: string): number | undefined {
  const match = VIEW_OF_ACCOUNTS.exec(view);
  return match === null ? undefined : Number(match[1] ?? 0);
}

function reportKey(scope: string, name: string) {
  return { view: text(reportsView(scope)), key: text(name) };
}

function bucketOf(account: string): number {
  return createHash('sha256').update(account).digest().readUInt32BE(0) % BUCKETS;
}
