/**
 * A batch that fails however often it comes is cut in halves until the record that is to blame stands alone; the others are
 * served, and the one goes to the bucket with its bytes, from where the redrive command brings it back. The mapping retries without
 * limit, so the test lowers its retries for a while. Only on clouds whose pollers cut batches: LocalStack and AWS.
 */
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { balanceOf, freshAccount, funded, open, post, settle, transferOf, until } from './api.ts';
import { redrive } from './redrive-command.ts';

const stack = inject('stack');
const clientSettings = { region: stack.region, ...(stack.endpoint === '' ? {} : { endpoint: stack.endpoint }) };
const dynamo = new DynamoDBClient(clientSettings);
const lambda = new LambdaClient(clientSettings);
const s3 = new S3Client(clientSettings);
const poison = { point: { S: 'poison' } };

async function setRetries(retries: number): Promise<void> {
  const list = new ListEventSourceMappingsCommand({ FunctionName: stack.processorFunction });
  const { EventSourceMappings = [] } = await lambda.send(list);
  const UUID = EventSourceMappings[0]?.UUID;
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, MaximumRetryAttempts: retries }));
  await until(
    () => lambda.send(list),
    ({ EventSourceMappings: mappings }) =>
      mappings?.[0]?.State === 'Enabled' && mappings[0].MaximumRetryAttempts === retries,
  );
}

async function givenUp(): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: stack.quarantineBucket, Prefix: 'aws/lambda/' }),
  );
  return Contents.flatMap(({ Key }) => Key ?? []);
}

describe.skipIf(process.env['WALLET_CLOUD'] !== 'localstack')('a batch that always fails', () => {
  beforeAll(async () => {
    await setRetries(1);
  });
  afterAll(async () => {
    await dynamo.send(new DeleteItemCommand({ TableName: stack.faultsTable, Key: poison }));
    await setRetries(-1);
  });

  test('is cut until the record to blame stands alone; the rest settles, and the one comes back by a redrive', async () => {
    const payers = await Promise.all(Array.from({ length: 6 }, () => funded('payer', '10')));
    const bob = await open(freshAccount('bob'));
    const transfers = payers.map((payer) => transferOf(payer, bob, '1'));
    const [poisoned, ...good] = transfers;
    if (poisoned === undefined) throw new Error('there are no transfers');
    const marker = { marker: { S: poisoned.transaction_id } };
    await dynamo.send(new PutItemCommand({ TableName: stack.faultsTable, Item: { ...poison, ...marker } }));

    await post('/v1/wallet/balance_transfers', { transfers }, { prefer: 'respond-async' });
    for (const transfer of good) expect((await settle(transfer)).body).toMatchObject({ status: 'success' });
    const objects = await until(givenUp, (names) => names.length > 0);
    expect(objects.length).toBeGreaterThan(0);
    expect(await balanceOf(bob)).toBe('5.00');

    await dynamo.send(new DeleteItemCommand({ TableName: stack.faultsTable, Key: poison }));
    expect(await redrive(...objects)).toContain(`${objects.length} of ${objects.length} redriven`);
    expect((await settle(poisoned)).body).toMatchObject({ status: 'success' });
    expect(await balanceOf(bob)).toBe('6.00');
  });
});
