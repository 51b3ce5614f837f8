/**
 * The deployed processor is killed, as a process, right before each of its writes in turn and after the last one: claims, commits,
 * the record of open work, the start of a saga. The stream delivers the batch again, and every transfer ends as if nothing had happened.
 */
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, inject, test } from 'vitest';
import { balanceOf, freshAccount, funded, open, settle, transferOf, until } from './api.ts';

const { faultsTable, endpoint, region } = inject('stack');
const dynamo = new DynamoDBClient({ region, ...(endpoint === '' ? {} : { endpoint }) });
const POINT = { point: { S: 'processor' } };

async function killBeforeWrite(writes: number): Promise<void> {
  // LocalStack takes its time to miss a process that is gone; there the invocation fails at the point instead.
  const how = { how: { S: process.env['WALLET_CLOUD'] === 'localstack' ? 'throw' : 'exit' } };
  await dynamo.send(
    new PutItemCommand({ TableName: faultsTable, Item: { ...POINT, ...how, writes: { N: String(writes) } } }),
  );
}

async function wasKilled(): Promise<boolean> {
  const { Item } = await dynamo.send(new GetItemCommand({ TableName: faultsTable, Key: POINT, ConsistentRead: true }));
  return Item === undefined;
}

// Only the preset for local clouds wires the fault port.
describe.skipIf(faultsTable === '')('a processor that is killed', () => {
  // A debit's batch makes four writes: claim, commit, open work, saga. A credit's or a refund's makes one.
  test.each([0, 1, 2, 3, 4])(
    'before write %i (4: after the last) loses nothing and does nothing twice',
    async (writes) => {
      const [alice, bob] = [await funded('alice', '100'), await open(freshAccount('bob'))];
      await killBeforeWrite(writes);
      const [settled, reversed, rejected] = await Promise.all([
        settle(transferOf(alice, bob, '30')),
        settle(transferOf(alice, freshAccount('nobody'), '20')),
        settle(transferOf(bob, alice, '500')),
      ]);
      expect(settled.body).toMatchObject({ state: 'completed' });
      expect(reversed.body).toMatchObject({ state: 'reversed', reason: 'account_not_found' });
      expect(rejected.body).toMatchObject({ state: 'rejected', reason: 'insufficient_funds' });
      expect([await balanceOf(alice), await balanceOf(bob)]).toEqual(['70.00', '30.00']);
      expect(await until(wasKilled, Boolean)).toBe(true);
    },
  );
});
