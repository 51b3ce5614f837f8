/**
 * The publisher Lambda: what the ledger's stream tells, into the archive and to whoever listens outside the wallet. It is the second and last reader of
 * that stream, so whatever else is to be made of each commit is one more step here. Every step may be repeated: a batch comes
 * again as a whole if any of them fails.
 */
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { EventBridgeOutcomePublisher } from '../../adapters/aws/eventbridge-outcome-publisher.ts';
import { S3Archive } from '../../adapters/aws/s3-archive.ts';
import { S3Quarantine } from '../../adapters/aws/s3-quarantine.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { metrics } from '../../core/contracts/env.ts';
import { archiveCommits } from '../../core/flows/archive-commits.ts';
import { decodeCommits } from '../../core/flows/decode-commits.ts';
import { publishOutcomes } from '../../core/flows/publish-outcomes.ts';
import { setAside } from '../../core/flows/set-aside.ts';
import { ledgerWithPast } from '../runtime/ledger-with-past.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { readLedgerChanges } from '../runtime/read-ledger-changes.ts';
import { config } from './config.ts';

const ports = {
  log: ledgerWithPast({ tableName: config.ledgerTable }),
  archive: new S3Archive({ bucketName: config.archiveBucket }),
  digest: sha256,
  outcomes: new EventBridgeOutcomePublisher({ busName: config.outcomeBus }),
  quarantine: new S3Quarantine({ bucketName: config.quarantineBucket }),
  meter,
  journal,
};

export const handler = observed(async (event: DynamoDBStreamEvent): Promise<void> => {
  const changes = readLedgerChanges(event.Records);
  await archiveCommits(ports, changes.commits);
  const { decoded, unreadable } = decodeCommits(changes.commits);
  meter.count(metrics.outcomesPublished, await publishOutcomes(ports, decoded));
  await setAside(ports, [...changes.unreadable, ...unreadable]);
});
