/**
 * Records that cannot be processed, put into the deployed stream by hand: they are set aside with their bytes, the shard goes on,
 * and what was only in the wrong place settles once the redrive command has sent it again.
 */
import { randomUUID } from 'node:crypto';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { expect, inject, test } from 'vitest';
import { sha256 } from '../../adapters/node/sha256.ts';
import { encodeCommand, encodeRecord } from '../../core/contracts/commands.ts';
import { DEFAULT_SCOPE } from '../../core/contracts/scope.ts';
import { accountKey, laneOf } from '../../core/domain/lane.ts';
import { balanceOf, freshAccount, funded, open, settle, transferOf, until } from './api.ts';
import { LANES, redrive } from './redrive-command.ts';

const stack = inject('stack');
const clientSettings = { region: stack.region, ...(stack.endpoint === '' ? {} : { endpoint: stack.endpoint }) };
const kinesis = new KinesisClient({ ...clientSettings, requestHandler: new NodeHttpHandler() });
const s3 = new S3Client(clientSettings);

function laneOfAccount(account: string): number {
  return laneOf(sha256(accountKey({ scope: DEFAULT_SCOPE, account })), LANES);
}

async function put(partitionKey: string, data: string): Promise<void> {
  const record = { StreamName: stack.commandStream, PartitionKey: partitionKey, Data: Buffer.from(data) };
  await kinesis.send(new PutRecordCommand(record));
}

/** Quarantined objects whose bytes hold a text. */
async function quarantinedWith(marker: string): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: stack.quarantineBucket, Prefix: 'quarantine/' }),
  );
  const names = Contents.flatMap(({ Key }) => Key ?? []);
  const found = await Promise.all(
    names.map(async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: stack.quarantineBucket, Key }));
      const { data } = JSON.parse((await Body?.transformToString()) ?? '{}');
      return Buffer.from(String(data), 'base64').toString().includes(marker) ? [Key] : [];
    }),
  );
  return found.flat();
}

function quarantined(marker: string, present = true): Promise<readonly string[]> {
  return until(
    () => quarantinedWith(marker),
    (names) => names.length > 0 === present,
  );
}

test('a poison record is set aside with its bytes, and the account next to it in the shard is served', async () => {
  const [alice, bob] = [await funded('alice', '10'), await open(freshAccount('bob'))];
  const marker = `poison ${randomUUID()}`;
  await put(String(laneOfAccount(alice)), marker);
  expect((await settle(transferOf(alice, bob, '1'))).body).toMatchObject({ status: 'success' });
  expect(await quarantined(marker)).toHaveLength(1);
});

test('a command in a foreign lane is set aside, and settles once it is redriven, however often', async () => {
  const [alice, bob] = [await funded('alice', '10'), await open(freshAccount('bob'))];
  const transfer = transferOf(alice, bob, '4');
  const command = encodeCommand({
    type: 'DebitAccount',
    scope: DEFAULT_SCOPE,
    recheck: false,
    transfer: transfer.transaction_id,
    from: alice,
    to: bob,
    amount: 400n,
    currency: 'USD',
  });
  const foreign = String((laneOfAccount(alice) + 1) % LANES);
  await put(foreign, encodeRecord([command]));
  const names = await quarantined(transfer.transaction_id);
  expect(names).toHaveLength(1);
  expect(await balanceOf(alice)).toBe('10.00');

  expect(await redrive(...names)).toContain('1 of 1 redriven');
  expect((await settle(transfer)).body).toMatchObject({ status: 'success', balance_after: '6.00' });
  expect(await quarantined(transfer.transaction_id, false)).toEqual([]);

  await put(foreign, encodeRecord([command]));
  await redrive(...(await quarantined(transfer.transaction_id)));
  await settle(transferOf(alice, bob, '1'));
  expect([await balanceOf(alice), await balanceOf(bob)]).toEqual(['5.00', '5.00']);
});
