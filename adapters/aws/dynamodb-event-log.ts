/** The ledger in a DynamoDB table with the key (account S, version N): an append inserts unless that version exists. */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import type { AppendResult, EventLog, PrunableLog } from '../../core/ports.ts';
import { type Pause, pause } from './back-off.ts';
import { dynamoDb } from './clients.ts';
import { commitOfItem, itemOfCommit } from './commit-item.ts';
import { isPassing, StoreFailure } from './failures.ts';
import { number, text } from './item-attributes.ts';
import { type ConditionalWrite, insertStatement, type WriteOutcome, writeConditionally } from './partiql-writes.ts';

/**
 * Commits in the first page of a reading back. Most look only at the last few, a hot account's commits may have 400 KB, and
 * every byte read is paid for.
 */
const FIRST_PAGE = 4;
const LARGEST_PAGE = 256;
/** Deletions under way at a time. */
const DELETIONS_AT_ONCE = 16;
/** Puts under way at a time where commits are appended one by one. */
const PARALLEL_PUTS = 16;

export interface EventLogSettings {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  readonly pause?: Pause;
  /**
   * Appends commits with one conditional put each instead of 25 to a call. For clouds that write no stream record for what a
   * batch of statements inserts; DynamoDB does, so nothing that costs money needs it.
   */
  readonly oneByOne?: boolean;
}

const results: Readonly<Record<WriteOutcome['kind'], AppendResult>> = {
  written: 'appended',
  refused: 'exists',
  unknown: 'unknown',
};

export class DynamoDbEventLog implements EventLog, PrunableLog {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;
  private readonly pause: Pause;
  private readonly oneByOne: boolean;

  constructor(settings: EventLogSettings) {
    this.client = settings.client ?? dynamoDb();
    this.tableName = settings.tableName;
    this.pause = settings.pause ?? pause;
    this.oneByOne = settings.oneByOne ?? false;
  }

  async newest(account: string): Promise<StoredCommit | undefined> {
    const { Items = [] } = await this.client.send(new QueryCommand({ ...this.downFrom(account), Limit: 1 }));
    return Items[0] === undefined ? undefined : commitOfItem(Items[0]);
  }

  async *newestFirst(account: string, before?: number): AsyncIterable<StoredCommit> {
    let below = before;
    for (let size = FIRST_PAGE; ; size = Math.min(size * 2, LARGEST_PAGE)) {
      const { Items = [], LastEvaluatedKey } = await this.client.send(
        new QueryCommand({ ...this.downFrom(account, below), Limit: size }),
      );
      for (const item of Items) {
        const commit = commitOfItem(item);
        below = commit.version;
        yield commit;
      }
      if (LastEvaluatedKey === undefined) return;
    }
  }

  async read(account: string, version: number): Promise<StoredCommit | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({
        TableName: this.tableName,
        Key: { account: text(account), version: number(version) },
        ConsistentRead: true,
      }),
    );
    return Item === undefined ? undefined : commitOfItem(Item);
  }

  async append(commits: readonly StoredCommit[]): Promise<readonly AppendResult[]> {
    assertOneCommitEach(commits);
    if (this.oneByOne) return inParallel(commits, PARALLEL_PUTS, (commit) => this.put(commit));
    const writes = commits.map((commit): ConditionalWrite => {
      const key = `${commit.account} ${commit.version}`;
      return { key, statement: insertStatement(this.tableName, itemOfCommit(commit)) };
    });
    const outcomes = await writeConditionally(this.client, writes, this.pause);
    return outcomes.map(({ kind }) => results[kind]);
  }

  async oldest(account: string): Promise<number | undefined> {
    const { Items = [] } = await this.client.send(
      new QueryCommand({ ...this.downFrom(account), ScanIndexForward: true, Limit: 1 }),
    );
    return Items[0] === undefined ? undefined : commitOfItem(Items[0]).version;
  }

  /**
   * A group after the other, so that what is left after a crash is above what is gone, but for one group. One request each: the right
   * to write in batches would be a right to add commits too.
   */
  async remove(account: string, first: number, last: number): Promise<void> {
    const versions = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    for (let i = 0; i < versions.length; i += DELETIONS_AT_ONCE) {
      await inParallel(versions.slice(i, i + DELETIONS_AT_ONCE), DELETIONS_AT_ONCE, (version) => {
        const Key = { account: text(account), version: number(version) };
        return this.client.send(new DeleteItemCommand({ TableName: this.tableName, Key }));
      });
    }
  }

  private async put(commit: StoredCommit): Promise<AppendResult> {
    const { tableName: TableName } = this;
    const unlessThere = { ConditionExpression: 'attribute_not_exists(account)' };
    try {
      await this.client.send(new PutItemCommand({ TableName, Item: itemOfCommit(commit), ...unlessThere }));
      return 'appended';
    } catch (cause) {
      if (cause instanceof ConditionalCheckFailedException) return 'exists';
      if (isPassing(cause)) return 'unknown';
      throw new StoreFailure(`the append of ${commit.account} ${commit.version} failed`, { cause });
    }
  }

  /** A strongly consistent query of an account's commits, newest first. */
  private downFrom(account: string, before?: number) {
    const below = before === undefined ? {} : { ':before': number(before) };
    return {
      TableName: this.tableName,
      KeyConditionExpression: before === undefined ? 'account = :account' : 'account = :account AND version < :before',
      ExpressionAttributeValues: { ':account': text(account), ...below },
      ScanIndexForward: false,
      ConsistentRead: true,
    };
  }
}

/** Of two commits of one account in flight the second could be inserted and the first lost: a broken chain. */
function assertOneCommitEach(commits: readonly StoredCommit[]): void {
  const accounts = new Set<string>();
  for (const { account } of commits) {
    if (accounts.has(account)) throw new Error(`two commits of account ${account} in one append`);
    accounts.add(account);
  }
}
