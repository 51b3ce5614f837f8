/** From records of the ledger table's stream to commits, with what is no insert of a readable commit told apart. */
import type { DynamoDBRecord } from 'aws-lambda';
import { commitOfStreamImage } from '../../adapters/aws/dynamodb-stream-commits.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { COMMIT_PREFIX } from '../../core/flows/decode-commits.ts';
import type { CommitKey } from '../../core/flows/prune-log.ts';
import type { QuarantinedRecord } from '../../core/ports.ts';

export interface LedgerChanges {
  readonly commits: readonly StoredCommit[];
  /** Inserted items that are no commits. */
  readonly unreadable: readonly QuarantinedRecord[];
  /** Commits that were changed after they were inserted, which nothing in the wallet does. */
  readonly changed: readonly CommitKey[];
  /** Commits that were removed; the pruning announces what it removes. */
  readonly removed: readonly CommitKey[];
}

/** Sorts the records of one batch. */
export function readLedgerChanges(records: readonly DynamoDBRecord[]): LedgerChanges {
  const commits: StoredCommit[] = [];
  const unreadable: QuarantinedRecord[] = [];
  const changed: CommitKey[] = [];
  const removed: CommitKey[] = [];
  for (const record of records) {
    if (record.eventName !== 'INSERT') {
      (record.eventName === 'REMOVE' ? removed : changed).push(keyOf(record));
      continue;
    }
    try {
      commits.push(commitOfStreamImage(record.dynamodb?.NewImage));
    } catch (error) {
      unreadable.push(quarantinedItem(record, error));
    }
  }
  return { commits, unreadable, changed, removed };
}

/** Named after its place in the ledger, so that a redrive finds it there once it is mended. */
function quarantinedItem(record: DynamoDBRecord, error: unknown): QuarantinedRecord {
  const { account, version } = keyOf(record);
  const { dynamodb } = record;
  return {
    key: `${COMMIT_PREFIX}${account}/${version}`,
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    partitionKey: account,
    sequence: String(version),
    arrival: Math.floor((dynamodb?.ApproximateCreationDateTime ?? 0) * 1_000),
    data: Buffer.from(JSON.stringify({ account, version, image: dynamodb?.NewImage })),
  };
}

function keyOf({ dynamodb }: DynamoDBRecord): CommitKey {
  return { account: dynamodb?.Keys?.['account']?.S ?? '', version: Number(dynamodb?.Keys?.['version']?.N ?? 0) };
}
