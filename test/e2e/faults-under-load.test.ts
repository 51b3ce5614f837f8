/**
 * The worst day on the deployed stack, as far as an emulator allows: while transfers of all kinds arrive, the processor is killed
 * again and again between its writes, its table throttles, batches fail for a while and come again, its processes are replaced,
 * and afterwards every record of the stream is delivered a second time. Then the ledger and the API are audited: every transfer
 * has ended once, all balances follow from the answers, and every invariant holds over the stored commits.
 */
import { DeleteItemCommand, DynamoDBClient, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, inject, test } from 'vitest';
import { commitOfItem } from '../../adapters/aws/commit-item.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { formatAmount } from '../../core/domain/money.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import { violations } from '../invariants.ts';
import {
  balanceOf,
  freshAccount,
  funded,
  get,
  open,
  post,
  type Settled,
  settle,
  type Transfer,
  transferOf,
  until,
} from './api.ts';

const stack = inject('stack');
const place = { region: stack.region, ...(stack.endpoint === '' ? {} : { endpoint: stack.endpoint }) };
const dynamo = new DynamoDBClient(place);
const kinesis = new KinesisClient({ ...place, requestHandler: new NodeHttpHandler() });
const lambda = new LambdaClient(place);

const WAVES = 6;
const TRANSFERS_PER_WAVE = 25;
const CENTS = 100n;
/** Requests that are under way together. An emulator starts processes for each: one that checks its token, one that serves it. */
const AT_ONCE = 25;

async function fault(point: string, members: Record<string, { S: string } | { N: string }>): Promise<void> {
  await dynamo.send(new PutItemCommand({ TableName: stack.faultsTable, Item: { point: { S: point }, ...members } }));
}

async function mend(point: string): Promise<void> {
  await dynamo.send(new DeleteItemCommand({ TableName: stack.faultsTable, Key: { point: { S: point } } }));
}

/** Lambda takes running environments away when a function's configuration changes. */
async function replaceProcesses(wave: number): Promise<void> {
  const change = { FunctionName: stack.processorFunction, Description: `Decides commands, wave ${wave}` };
  await lambda.send(new UpdateFunctionConfigurationCommand(change));
}

/** Puts every record that names one of the accounts into the stream again. */
async function deliverAgain(accounts: readonly string[]): Promise<number> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: stack.commandStream }));
  let repeated = 0;
  for (const { ShardId } of Shards) {
    const from = { StreamName: stack.commandStream, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(from));
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: 10_000 }));
    for (const { PartitionKey, Data } of Records) {
      const text = Buffer.from(Data ?? []).toString();
      if (!accounts.some((account) => text.includes(`"${account}"`))) continue;
      await kinesis.send(new PutRecordCommand({ StreamName: stack.commandStream, PartitionKey, Data }));
      repeated += 1;
    }
  }
  return repeated;
}

async function commitsOf(accounts: readonly string[]): Promise<readonly StoredCommit[]> {
  const keys = new Set(accounts.map((account) => `default#${account}`));
  const commits: StoredCommit[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: dynamo },
    { TableName: stack.ledgerTable, ConsistentRead: true },
  )) {
    for (const item of Items) if (keys.has(item['account']?.S ?? '')) commits.push(commitOfItem(item));
  }
  return commits.sort((a, b) => (a.account === b.account ? a.version - b.version : a.account < b.account ? -1 : 1));
}

// Only the preset for local clouds wires the fault port, and only MiniStack starts a killed function again at once.
describe.skipIf(stack.faultsTable === '' || process.env['WALLET_CLOUD'] === 'localstack')('a day of faults', () => {
  test('ends with every transfer over once, and every balance as the answers say', async () => {
    const payers = await Promise.all(Array.from({ length: 4 }, () => funded('payer', '50')));
    const payees = await Promise.all(Array.from({ length: 3 }, () => open(freshAccount('payee'))));
    const nobody = freshAccount('nobody');
    const transfers: Transfer[] = [];
    for (let wave = 0; wave < WAVES; wave += 1) {
      const batch = Array.from({ length: TRANSFERS_PER_WAVE }, (_, i) => {
        const to = i % 8 === 7 ? nobody : (payees[i % payees.length] ?? nobody);
        return transferOf(payers[(i + wave) % payers.length] ?? nobody, to, `${1 + (i % 3)}.25`);
      });
      transfers.push(...batch);
      await fault('processor', { how: { S: 'exit' }, writes: { N: String(wave % 4) } });
      await fault('throttle', { percent: { N: '30' } });
      await fault('poison', { marker: { S: batch[wave]?.transaction_id ?? '' } });
      await post('/v1/wallet/balance_transfers', { transfers: batch }, { prefer: 'respond-async' });
      if (wave % 2 === 1) await replaceProcesses(wave);
      await post('/v1/wallet/balance_transfers', { transfers: batch }, { prefer: 'wait=1' });
      await mend('poison');
    }
    for (const point of ['processor', 'throttle', 'poison']) await mend(point);

    const outcomes = await inParallel(transfers, AT_ONCE, settle);
    expect(await deliverAgain([...payers, ...payees, nobody])).toBeGreaterThan(WAVES);
    await settle(transferOf(`settlement:${payers[0]}`, payers[0] ?? '', '1'));
    await audit(transfers, outcomes, { payers, payees, nobody });
  });
});

async function audit(
  transfers: readonly Transfer[],
  outcomes: readonly Settled[],
  { payers, payees, nobody }: { payers: readonly string[]; payees: readonly string[]; nobody: string },
): Promise<void> {
  const completed = transfers.filter((_, i) => outcomes[i]?.body['state'] === 'completed');
  const states = new Set(outcomes.map(({ body }) => body['state']));
  expect([...states].sort()).toEqual(['completed', 'rejected', 'reversed']);
  const again = await inParallel(transfers, AT_ONCE, ({ transaction_id }) =>
    get(`/v1/wallet/transfers/${transaction_id}`),
  );
  expect(again.map(({ body }) => body['state'])).toEqual(outcomes.map(({ body }) => body['state']));

  const sum = (list: readonly Transfer[]): bigint =>
    list.reduce((total, { amount }) => total + BigInt(amount.replace('.', '')), 0n);
  for (const payee of payees) {
    const expected = sum(completed.filter(({ to_account }) => to_account === payee));
    expect(await balanceOf(payee)).toBe(formatAmount(expected, 'USD'));
  }
  for (const [i, payer] of payers.entries()) {
    const spent = sum(completed.filter(({ from_account }) => from_account === payer));
    expect(await balanceOf(payer)).toBe(formatAmount((i === 0 ? 51n : 50n) * CENTS - spent, 'USD'));
  }
  const sources = payers.map((payer) => `settlement:${payer}`);
  const commits = await until(
    () => commitsOf([...payers, ...payees, ...sources, nobody]),
    (found) => violations(found, []).length === 0,
  );
  expect(violations(commits, [])).toEqual([]);
  const { body } = await until(
    () => get('/v1/wallet/trial_balance'),
    (answer) => answer.body['balanced'] === true,
  );
  expect(body['balanced']).toBe(true);
}
