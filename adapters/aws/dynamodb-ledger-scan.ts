/**
 * All logs of the ledger in DynamoDB. A scan finds the accounts, whatever the registry knows of them; each log is then queried, for
 * only a query promises its order. So a full pass reads every commit twice, the scan at half the price (it need not be consistent:
 * an account is found by any of its commits). Who must not miss an account that was opened a moment ago asks for a consistent scan.
 *
 * Parts are segments of a parallel scan. DynamoDB puts an item into the segment that the hash of its partition key says, which here
 * is the account's key: all commits of an account are of one segment, whatever else is written meanwhile, so no account is in two
 * parts, and each is in one. Within a part a log may go on over many pages; what was seen is not told again. Should an account be in
 * two parts nevertheless, its day is not sealed and nothing is pruned (`core/flows/seal-day.ts`).
 */
import { type DynamoDBClient, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { LedgerScan } from '../../core/ports.ts';
import { dynamoDb } from './clients.ts';
import { commitOfItem } from './commit-item.ts';
import { number, readItem, text, textAttribute } from './item-attributes.ts';

export interface LedgerScanSettings {
  readonly tableName: string;
  /** The scan finds every account that was there when it began, at twice the price; not unless it is asked for. */
  readonly consistent?: boolean;
  readonly client?: DynamoDBClient;
}

const keySchema = z.object({ account: textAttribute });

export class DynamoDbLedgerScan implements LedgerScan {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;
  private readonly consistent: boolean;

  constructor({ tableName, client, consistent = false }: LedgerScanSettings) {
    this.consistent = consistent;
    this.client = client ?? dynamoDb();
    this.tableName = tableName;
  }

  async *accounts(part: number, parts: number): AsyncIterable<string> {
    const request = {
      TableName: this.tableName,
      ProjectionExpression: 'account',
      ConsistentRead: this.consistent,
      Segment: part,
      TotalSegments: parts,
    };
    const seen = new Set<string>();
    for await (const { Items = [] } of paginateScan({ client: this.client }, request)) {
      for (const item of Items) {
        const { account } = readItem(keySchema, item, 'a key of the ledger');
        if (seen.has(account)) continue;
        seen.add(account);
        yield account;
      }
    }
  }

  async *oldestFirst(account: string, after = 0): AsyncIterable<StoredCommit> {
    const request = {
      TableName: this.tableName,
      KeyConditionExpression: 'account = :account AND version > :after',
      ExpressionAttributeValues: { ':account': text(account), ':after': number(after) },
      ConsistentRead: true,
    };
    for await (const { Items = [] } of paginateQuery({ client: this.client }, request)) yield* Items.map(commitOfItem);
  }
}
