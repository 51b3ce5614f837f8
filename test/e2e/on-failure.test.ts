/**
 * A batch that fails however often it comes is given up by its mapping, goes to the bucket with whole records, and the redrive
 * command brings it back: each of its transfers then settles once. The mapping retries without limit, so the test lowers its
 * retries for a while. Only on LocalStack: MiniStack's pollers have no target for failures. That a batch is cut in halves before
 * it is given up is asserted on the template (LocalStack 4.13 takes the setting and does not cut).
 */
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { balanceOf, freshAccount, funded, get, open, post, settle, transferOf, until } from './api.ts';
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
      mappings?.[0]?.State === 'Enabled' && (mappings[0].MaximumRetryAttempts ?? -1) === retries,
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

  test('is given up, and each of its transfers settles once after a redrive', async () => {
    const payers = await Promise.all(Array.from({ length: 6 }, () => funded('payer', '10')));
    const bob = await open(freshAccount('bob'));
    const transfers = payers.map((payer) => transferOf(payer, bob, '1'));
    const [poisoned] = transfers;
    if (poisoned === undefined) throw new Error('there are no transfers');
    const marker = { marker: { S: poisoned.transaction_id } };
    await dynamo.send(new PutItemCommand({ TableName: stack.faultsTable, Item: { ...poison, ...marker } }));

    await post('/v1/wallet/balance_transfers', { transfers }, { prefer: 'respond-async' });
    const objects = await until(givenUp, (names) => names.length > 0);
    expect(objects.length).toBeGreaterThan(0);
    expect((await get(`/v1/wallet/transfers/${poisoned.transaction_id}`)).status).toBe(404);

    await dynamo.send(new DeleteItemCommand({ TableName: stack.faultsTable, Key: poison }));
    expect(await redrive(...objects)).toContain(`${objects.length} of ${objects.length} redriven`);
    for (const transfer of transfers) expect((await settle(transfer)).body).toMatchObject({ status: 'success' });
    expect(await balanceOf(bob)).toBe('6.00');
    expect(await givenUp()).toEqual([]);
  });
});
