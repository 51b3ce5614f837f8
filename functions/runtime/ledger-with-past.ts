/** The ledger as functions read it: its table, and the archive for commits that have left the table. */
import { DynamoDbArchiveIndex } from '../../adapters/aws/dynamodb-archive-index.ts';
import { DynamoDbEventLog } from '../../adapters/aws/dynamodb-event-log.ts';
import { S3Archive } from '../../adapters/aws/s3-archive.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { env } from '../../core/contracts/env.ts';
import { ArchivedEventLog } from '../../core/flows/archived-event-log.ts';
import type { EventLog } from '../../core/ports.ts';
import { required } from './environment.ts';

export function ledgerWithPast(settings: { readonly tableName: string; readonly oneByOne?: boolean }): EventLog {
  return new ArchivedEventLog(new DynamoDbEventLog(settings), {
    archive: new S3Archive({ bucketName: required(env.archiveBucket) }),
    index: new DynamoDbArchiveIndex({ tableName: required(env.archiveIndexTable) }),
    digest: sha256,
  });
}
