/** The projector Lambda: what the ledger's stream tells, into the statuses of transfers and the registry of accounts. */
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { DynamoDbArchiveIndex } from '../../adapters/aws/dynamodb-archive-index.ts';
import { dynamoDbViews } from '../../adapters/aws/dynamodb-live-views.ts';
import { DynamoDbOpenWork } from '../../adapters/aws/dynamodb-open-work.ts';
import { DynamoDbSubscriptionStore } from '../../adapters/aws/dynamodb-subscription-store.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { S3Quarantine } from '../../adapters/aws/s3-quarantine.ts';
import { SqsPushQueue } from '../../adapters/aws/sqs-push-queue.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { metrics } from '../../core/contracts/env.ts';
import { type ProjectionPorts, project } from '../../core/flows/project.ts';
import { unannounced } from '../../core/flows/prune-log.ts';
import { passOnEnded } from '../../core/flows/push-outcomes.ts';
import { setAside } from '../../core/flows/set-aside.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { readLedgerChanges } from '../runtime/read-ledger-changes.ts';
import { config } from './config.ts';

const index = new DynamoDbArchiveIndex({ tableName: config.archiveIndexTable });
const ports: ProjectionPorts = {
  transfers: new DynamoDbTransferStore({ tableName: config.transfersTable }),
  views: dynamoDbViews({ tableName: config.viewsTable }),
  openWork: new DynamoDbOpenWork({ tableName: config.openWorkTable }),
  quarantine: new S3Quarantine({ bucketName: config.quarantineBucket }),
  meter,
  journal,
  ...waiters(),
};

/** Where clients can wait for outcomes, what is over is passed on to who tells them. */
function waiters(): Pick<ProjectionPorts, 'onEnded'> {
  const { subscriptionsTable, pushQueue } = config;
  if (subscriptionsTable === undefined || pushQueue === undefined) return {};
  const subscriptions = new DynamoDbSubscriptionStore({ tableName: subscriptionsTable });
  const clock = new SystemClock();
  const pushes = new SqsPushQueue({ queueUrl: pushQueue });
  return { onEnded: (ids) => passOnEnded({ subscriptions, pushes, clock, meter, journal }, ids) };
}

export const handler = observed(async (event: DynamoDBStreamEvent): Promise<void> => {
  const { commits, unreadable, changed, removed } = readLedgerChanges(event.Records);
  const tampered = [...changed, ...(await unannounced(index, removed))];
  if (tampered.length > 0) {
    meter.count(metrics.ledgerTampered, tampered.length);
    journal.warn('commits of the ledger were changed or removed', { keys: tampered });
  }
  await project(ports, commits);
  await setAside(ports, unreadable);
});
