/** The pruning Lambda: removes old commits of one segment of accounts from the ledger's table. Nothing else in the wallet may. */
import { DynamoDbArchiveIndex } from '../../adapters/aws/dynamodb-archive-index.ts';
import { DynamoDbEventLog } from '../../adapters/aws/dynamodb-event-log.ts';
import { DynamoDbLedgerScan } from '../../adapters/aws/dynamodb-ledger-scan.ts';
import { S3Archive } from '../../adapters/aws/s3-archive.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { readSegment } from '../../core/contracts/closing-step.ts';
import { metrics } from '../../core/contracts/env.ts';
import { type PruningPorts, pruneLog } from '../../core/flows/prune-log.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { config } from './config.ts';

const log = new DynamoDbEventLog({ tableName: config.ledgerTable });
const ports: PruningPorts = {
  log,
  prunable: log,
  scan: new DynamoDbLedgerScan({ tableName: config.ledgerTable }),
  archive: new S3Archive({ bucketName: config.archiveBucket }),
  index: new DynamoDbArchiveIndex({ tableName: config.archiveIndexTable }),
  clock: new SystemClock(),
  digest: sha256,
};

export const handler = observed(async (event: unknown): Promise<unknown> => {
  const { accounts, commits, damaged } = await pruneLog(ports, config.hotDays, readSegment(event), config.segments);
  meter.count(metrics.commitsPruned, commits);
  if (damaged.length > 0) {
    meter.count(metrics.archiveDamaged, damaged.length);
    journal.warn('the archive does not hold what it should; nothing of these accounts was removed', { damaged });
  }
  return { accounts, commits };
});
