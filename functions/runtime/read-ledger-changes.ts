/** From records of the ledger table's stream to commits, with what is no insert of a readable commit told apart. */
import type { DynamoDBRecord } from 'aws-lambda';
import { commitOfStreamImage } from '../../adapters/aws/dynamodb-stream-commits.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { COMMIT_PREFIX } from '../../core/flows/decode-commits.ts';
import type { QuarantinedRecord } from '../../core/ports.ts';

export interface LedgerChanges {
  readonly commits: readonly StoredCommit[];
  /** Inserted items that are no commits. */
  readonly unreadable: readonly QuarantinedRecord[];
  /** Keys of commits that were changed or removed after they were inserted, which nothing in the wallet does. */
  readonly tampered: readonly unknown[];
}

/** Sorts the records of one batch. */
export function readLedgerChanges(records: readonly DynamoDBRecord[]): LedgerChanges {
  const commits: StoredCommit[] = [];
  const unreadable: QuarantinedRecord[] = [];
  const tampered: unknown[] = [];
  for (const record of records) {
    if (record.eventName !== 'INSERT') {
      tampered.push(record.dynamodb?.Keys);
      continue;
    }
    try {
      commits.push(commitOfStreamImage(record.dynamodb?.NewImage));
    } catch (error) {
      unreadable.push(quarantinedItem(record, error));
    }
  }
  return { commits, unreadable, tampered };
}

/** Named after its place in the ledger, so that a redrive finds it there once it is mended. */
function quarantinedItem({ dynamodb }: DynamoDBRecord, error: unknown): QuarantinedRecord {
  const account = dynamodb?.Keys?.['account']?.S ?? '';
  const version = Number(dynamodb?.Keys?.['version']?.N ?? 0);
  return {
    key: `${COMMIT_PREFIX}${account}/${version}`,
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    partitionKey: account,
    sequence: String(version),
    arrival: Math.floor((dynamodb?.ApproximateCreationDateTime ?? 0) * 1_000),
    data: Buffer.from(JSON.stringify({ account, version, image: dynamodb?.NewImage })),
  };
}
