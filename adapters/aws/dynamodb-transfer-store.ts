/**
 * Claims and statuses in a DynamoDB table with the key (id S): two writes per transfer, the claim by an insert and its final
 * status by an update that only raises.
 */
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Claim, TransferRecord } from '../../core/contracts/claim.ts';
import type { StatusWrite } from '../../core/domain/outcome.ts';
import type { ClaimResult, TransferStore } from '../../core/ports.ts';
import { type Pause, pause } from './back-off.ts';
import { readItems } from './batch-reads.ts';
import { dynamoDb } from './clients.ts';
import { DamagedItem, StoreFailure, UnclaimedStatus } from './failures.ts';
import { text } from './item-attributes.ts';
import type { Item } from './item-size.ts';
import { type ConditionalWrite, insertStatement, type WriteOutcome, writeConditionally } from './partiql-writes.ts';
import { attributesOfStatus, itemOfClaim, recordOfItem } from './transfer-item.ts';

export interface TransferStoreSettings {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  readonly pause?: Pause;
}

export class DynamoDbTransferStore implements TransferStore {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;
  private readonly pause: Pause;

  constructor(settings: TransferStoreSettings) {
    this.client = settings.client ?? dynamoDb();
    this.tableName = settings.tableName;
    this.pause = settings.pause ?? pause;
  }

  async claim(claims: readonly Claim[]): Promise<readonly ClaimResult[]> {
    const writes = claims.map((claim): ConditionalWrite => {
      return { key: claim.id, statement: insertStatement(this.tableName, itemOfClaim(claim)) };
    });
    const outcomes = await this.write(writes);
    const taken = claims.filter((_, i) => outcomes[i]?.kind === 'refused').map(({ id }) => id);
    const standing = await this.get(taken, { consistent: true });
    return claims.map(({ id }, i) => (outcomes[i]?.kind === 'written' ? 'inserted' : (standing.get(id) ?? 'damaged')));
  }

  async get(
    ids: readonly string[],
    { consistent }: { readonly consistent: boolean },
  ): Promise<ReadonlyMap<string, TransferRecord>> {
    const { client, tableName } = this;
    const keys = [...new Set(ids)].map((id) => ({ id: text(id) }));
    const items = await readItems({ client, tableName, consistent, pause: this.pause }, keys);
    return new Map(items.flatMap(readableRecord).map((record) => [record.id, record]));
  }

  async raise(writes: readonly StatusWrite[]): Promise<void> {
    const outcomes = await this.write(
      writes.map((write) => ({ key: write.id, statement: this.raiseStatement(write) })),
    );
    // A refused condition says that the rank is not lower, or that there is no claim; an item that comes with it tells which.
    const unsure = writes.filter((_, i) => isRefusedWithoutItem(outcomes[i])).map(({ id }) => id);
    if (unsure.length === 0) return;
    const known = await this.get(unsure, { consistent: true });
    const unclaimed = unsure.filter((id) => !known.has(id));
    if (unclaimed.length > 0) throw new UnclaimedStatus(`no claim exists for ${unclaimed.join(', ')}`);
  }

  async *scan(): AsyncIterable<TransferRecord> {
    const pages = paginateScan({ client: this.client }, { TableName: this.tableName, ConsistentRead: true });
    for await (const { Items = [] } of pages) yield* Items.map(recordOfItem);
  }

  private raiseStatement(write: StatusWrite): ConditionalWrite['statement'] {
    const { rank, status, outcome } = attributesOfStatus(write);
    return {
      Statement: `UPDATE "${this.tableName}" SET "rank" = ? SET "status" = ? SET "outcome" = ? WHERE "id" = ? AND "rank" < ?`,
      Parameters: [rank, status, outcome, text(write.id), rank],
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
  }

  /** Makes writes of different identities; what stays unknown rejects, for claims and statuses are made again as a whole. */
  private async write(writes: readonly ConditionalWrite[]): Promise<readonly WriteOutcome[]> {
    assertDistinct(writes);
    const outcomes = await writeConditionally(this.client, writes, this.pause);
    const unknown = outcomes.find((outcome) => outcome.kind === 'unknown');
    if (unknown !== undefined) {
      throw new StoreFailure(`not known to be written to ${this.tableName}`, { cause: unknown.cause });
    }
    return outcomes;
  }
}

/** One record that cannot be read, of a later version of the wallet for instance, must not hide those beside it. */
function readableRecord(item: Item): readonly TransferRecord[] {
  try {
    return [recordOfItem(item)];
  } catch (error) {
    if (error instanceof DamagedItem) return [];
    throw error;
  }
}

function isRefusedWithoutItem(outcome: WriteOutcome | undefined): boolean {
  return outcome?.kind === 'refused' && outcome.item === undefined;
}

function assertDistinct(writes: readonly ConditionalWrite[]): void {
  const ids = new Set<string>();
  for (const { key } of writes) {
    if (ids.has(key)) throw new Error(`identity ${key} stands twice in one call`);
    ids.add(key);
  }
}
