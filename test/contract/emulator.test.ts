/**
 * Shows that the AWS adapters keep the contracts of their ports on the emulator that the wallet is deployed to locally (or on the
 * one that AWS_ENDPOINT_URL names). The resources are made by the test itself; each is read back with the SDK.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { DynamoDbArchiveIndex } from '../../adapters/aws/dynamodb-archive-index.ts';
import { DynamoDbBreakStore } from '../../adapters/aws/dynamodb-break-store.ts';
import { DynamoDbDailyBalances, DynamoDbDailyBalancesShelf } from '../../adapters/aws/dynamodb-daily-balances.ts';
import { DynamoDbEventLog } from '../../adapters/aws/dynamodb-event-log.ts';
import { DynamoDbGenerationPointer } from '../../adapters/aws/dynamodb-generation-pointer.ts';
import { DynamoDbLedgerScan } from '../../adapters/aws/dynamodb-ledger-scan.ts';
import { DynamoDbNoteStore } from '../../adapters/aws/dynamodb-note-store.ts';
import { DynamoDbOpenWork } from '../../adapters/aws/dynamodb-open-work.ts';
import { DynamoDbSubscriptionStore } from '../../adapters/aws/dynamodb-subscription-store.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { DynamoDbViewShelf, DynamoDbViewStore } from '../../adapters/aws/dynamodb-view-store.ts';
import { KinesisCommandStream } from '../../adapters/aws/kinesis-command-stream.ts';
import { S3Archive } from '../../adapters/aws/s3-archive.ts';
import { objectKey, S3Quarantine } from '../../adapters/aws/s3-quarantine.ts';
import { S3Seals } from '../../adapters/aws/s3-seals.ts';
import { SfnSagaStarter } from '../../adapters/aws/sfn-saga-starter.ts';
import { decodeChunk, type SagaChunk } from '../../core/contracts/saga-chunk.ts';
import type { StreamRecord } from '../../core/flows/read-batch.ts';
import type { QuarantinedRecord } from '../../core/ports.ts';
import { describeArchive } from './archive.contract.ts';
import { describeArchiveIndex, describeDailyBalances, describePrunableLog } from './archive-index.contract.ts';
import { describeBreakStore } from './break-store.contract.ts';
import { describeCommandStream, LANES } from './command-stream.contract.ts';
import { emulatedCloud } from './emulated-cloud.ts';
import { describeEventLog } from './event-log.contract.ts';
import { describeLedgerScan } from './ledger-scan.contract.ts';
import { describeNoteStore } from './note-store.contract.ts';
import { describeOpenWork } from './open-work.contract.ts';
import { describeQuarantine } from './quarantine.contract.ts';
import { describeSagaStarter } from './saga-starter.contract.ts';
import { describeSealStore } from './seal-store.contract.ts';
import { describeSubscriptionStore } from './subscription-store.contract.ts';
import { describeTransferStore } from './transfer-store.contract.ts';
import {
  describeDailyBalancesShelf,
  describeGenerationPointer,
  describeViewShelf,
} from './view-generations.contract.ts';
import { describeViewStore } from './view-store.contract.ts';
import { makeSubscriptionsTable, makeTables } from './wallet-tables.ts';

const STREAM_TIMEOUT_MS = 60_000;
const LOOK_AGAIN_MS = 100;
/** Reads of a shard that bring nothing, after which it is at its end. */
const EMPTY_READS = 2;

const place = await emulatedCloud();
const suffix = `${process.pid}-${Date.now()}`;
const dynamoDb = new DynamoDBClient(place);
const subscriptionsTable = await makeSubscriptionsTable(dynamoDb);
const tables = await makeTables(dynamoDb);

describeEventLog('emulator', async () => new DynamoDbEventLog({ tableName: tables.ledger, client: dynamoDb }));
describeLedgerScan('emulator', async () => {
  const settings = { tableName: tables.ledger, client: dynamoDb };
  return { log: new DynamoDbEventLog(settings), scan: new DynamoDbLedgerScan({ ...settings, consistent: true }) };
});
describePrunableLog('emulator', async () => new DynamoDbEventLog({ tableName: tables.ledger, client: dynamoDb }));
describeArchiveIndex(
  'emulator',
  async () => new DynamoDbArchiveIndex({ tableName: tables.archiveIndex, client: dynamoDb }),
);
describeDailyBalances('emulator', async () => {
  return new DynamoDbDailyBalances({ tableName: tables.archiveIndex, client: dynamoDb });
});
describeTransferStore('emulator', async () => {
  return new DynamoDbTransferStore({ tableName: tables.transfers, client: dynamoDb });
});
describeNoteStore('emulator', async () => new DynamoDbNoteStore({ tableName: tables.notes, client: dynamoDb }));
describeSubscriptionStore(
  'emulator',
  async () => new DynamoDbSubscriptionStore({ tableName: subscriptionsTable, client: dynamoDb }),
);
describeOpenWork('emulator', async () => new DynamoDbOpenWork({ tableName: tables.openWork, client: dynamoDb }));
describeBreakStore('emulator', async () => new DynamoDbBreakStore({ tableName: tables.views, client: dynamoDb }));
describeViewStore('emulator', async () => new DynamoDbViewStore({ tableName: tables.views, client: dynamoDb }));
describeViewStore('emulator, a later generation', async () => {
  return new DynamoDbViewStore({ tableName: (await makeTables(dynamoDb)).views, generation: 7, client: dynamoDb });
});
describeGenerationPointer('emulator', async () => {
  return new DynamoDbGenerationPointer({ tableName: (await makeTables(dynamoDb)).views, client: dynamoDb });
});
describeViewShelf('emulator', async () => {
  return new DynamoDbViewShelf({ tableName: (await makeTables(dynamoDb)).views, client: dynamoDb });
});
describeDailyBalancesShelf('emulator', async () => {
  return new DynamoDbDailyBalancesShelf({ tableName: (await makeTables(dynamoDb)).archiveIndex, client: dynamoDb });
});

describeCommandStream('emulator', async () => {
  const client = new KinesisClient(place);
  const streamName = `commands-${suffix}`;
  await client.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: 1 }));
  await untilActive(client, streamName);
  const stream = new KinesisCommandStream({ streamName, lanes: LANES, client });
  return { stream, read: () => readStream(client, streamName) };
});

describeArchive('emulator', async () => {
  const client = new S3Client(place);
  const bucketName = `archive-${suffix}`;
  await client.send(new CreateBucketCommand({ Bucket: bucketName }));
  return new S3Archive({ bucketName, client });
});

describeSealStore('emulator', async () => {
  const client = new S3Client(place);
  const bucketName = `seals-${suffix}`;
  await client.send(new CreateBucketCommand({ Bucket: bucketName, ObjectLockEnabledForBucket: true }));
  return new S3Seals({ bucketName, client });
});

describeQuarantine('emulator', async () => {
  const client = new S3Client(place);
  const bucketName = `quarantine-${suffix}`;
  await client.send(new CreateBucketCommand({ Bucket: bucketName }));
  const quarantine = new S3Quarantine({ bucketName, client });
  return { quarantine, read: (key) => readObject(client, bucketName, key) };
});

describeSagaStarter('emulator', async () => {
  const client = new SFNClient(place);
  const { stateMachineArn = '' } = await client.send(
    new CreateStateMachineCommand({
      name: `saga-${suffix}`,
      roleArn: 'arn:aws:iam::000000000000:role/saga',
      definition: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
    }),
  );
  const starter = new SfnSagaStarter({ stateMachineArn, client });
  return { starter, read: () => readExecutions(client, stateMachineArn) };
});

async function untilActive(client: KinesisClient, streamName: string): Promise<void> {
  const deadline = Date.now() + STREAM_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const { StreamDescriptionSummary } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: streamName }),
    );
    if (StreamDescriptionSummary?.StreamStatus === 'ACTIVE') return;
    await sleep(LOOK_AGAIN_MS);
  }
  throw new Error(`stream ${streamName} is not active after ${STREAM_TIMEOUT_MS} ms`);
}

/** All records of a stream with one shard, from its beginning. */
async function readStream(client: KinesisClient, streamName: string): Promise<readonly StreamRecord[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: streamName }));
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamName: streamName,
      ShardId: Shards[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const records: StreamRecord[] = [];
  let iterator = ShardIterator;
  for (let empty = 0; empty < EMPTY_READS; ) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    iterator = page.NextShardIterator;
    if (page.Records?.length === 0) empty += 1;
    for (const { PartitionKey = '', SequenceNumber = '0', Data = new Uint8Array() } of page.Records ?? []) {
      records.push({ partitionKey: PartitionKey, sequence: BigInt(SequenceNumber), arrival: 0, data: Data });
    }
  }
  return records;
}

const objectSchema = z.object({
  key: z.string(),
  reason: z.string(),
  partitionKey: z.string(),
  sequence: z.string(),
  arrival: z.number(),
  data: z.base64(),
});

async function readObject(client: S3Client, bucket: string, key: string): Promise<QuarantinedRecord | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: objectKey(key) }));
    const { data, ...record } = objectSchema.parse(JSON.parse((await Body?.transformToString()) ?? ''));
    return { ...record, data: Buffer.from(data, 'base64') };
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

async function readExecutions(client: SFNClient, stateMachineArn: string): Promise<readonly SagaChunk[]> {
  const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
  const inputs = executions.map(async ({ executionArn }) => {
    const { input = '' } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return decodeChunk(JSON.parse(input));
  });
  return Promise.all(inputs);
}
