/** The processor Lambda: batches of the command stream, in order, into the ledger. */
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { DynamoDbOpenWork } from '../../adapters/aws/dynamodb-open-work.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { lastWriteDone, writesBegin } from '../../adapters/aws/fault-points.ts';
import { S3Quarantine } from '../../adapters/aws/s3-quarantine.ts';
import { SfnSagaStarter } from '../../adapters/aws/sfn-saga-starter.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { AccountCache } from '../../core/flows/account-cache.ts';
import { type ProcessorPorts, processShard } from '../../core/flows/process-shard.ts';
import type { StreamRecord } from '../../core/flows/read-batch.ts';
import { ledgerWithPast } from '../runtime/ledger-with-past.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { config } from './config.ts';

const ports: ProcessorPorts = {
  log: ledgerWithPast({ tableName: config.ledgerTable, oneByOne: config.appendOneByOne }),
  transfers: new DynamoDbTransferStore({ tableName: config.transfersTable }),
  sagas: new SfnSagaStarter({ stateMachineArn: config.sagaArn }),
  openWork: new DynamoDbOpenWork({ tableName: config.openWorkTable }),
  quarantine: new S3Quarantine({ bucketName: config.quarantineBucket }),
  clock: new SystemClock(),
  digest: sha256,
  cache: new AccountCache(),
  meter,
  journal,
};

export const handler = observed(async (event: KinesisStreamEvent): Promise<void> => {
  const records = event.Records.map(toStreamRecord);
  await writesBegin(records.map(({ data }) => data));
  await processShard(ports, config, records);
  await lastWriteDone();
});

function toStreamRecord({ kinesis }: KinesisStreamRecord): StreamRecord {
  return {
    partitionKey: kinesis.partitionKey,
    sequence: BigInt(kinesis.sequenceNumber),
    arrival: Math.floor(kinesis.approximateArrivalTimestamp * 1_000),
    data: Buffer.from(kinesis.data, 'base64'),
  };
}
