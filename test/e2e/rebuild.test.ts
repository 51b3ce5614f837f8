/**
 * The views of a deployed stack are built anew while accounts are opened and money moves: the command ends with the new generation
 * read and no difference from the log, every account that was opened is listed, and a row that somebody wrote by hand is not. The local
 * cloud enforces roles, so the functions may do what the generations need.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, inject, test } from 'vitest';
import { DynamoDbGenerationPointer } from '../../adapters/aws/dynamodb-generation-pointer.ts';
import { DynamoDbViewStore } from '../../adapters/aws/dynamodb-view-store.ts';
import { freshAccount, funded, get, open, settle, transferOf, until } from './api.ts';
import { wallet } from './wallet-command.ts';

/** Two looks a minute apart, and the copying, on a busy machine. */
const TIMEOUT_MS = 480_000;

const { endpoint, region, viewsTable } = inject('stack');
const client = new DynamoDBClient({ region, ...(endpoint === '' ? {} : { endpoint }) });

async function accountsOf(owner: string): Promise<readonly unknown[]> {
  const { body } = await get(`/v1/wallet/accounts?owner=${owner}&limit=100`);
  const accounts = Array.isArray(body['accounts']) ? body['accounts'] : [];
  return accounts.map(({ account_id }) => account_id).sort();
}

test('views are rebuilt and swapped while everything goes on', { timeout: TIMEOUT_MS }, async () => {
  const owner = freshAccount('rebuilder').replace(':', '-');
  const source = await funded('alice', '1000.00', { owner });
  const pointer = new DynamoDbGenerationPointer({ tableName: viewsTable, client });
  const { live, last } = await pointer.read();
  const ghost = {
    account: `default#${freshAccount('ghost')}`,
    kind: 'customer',
    currency: 'USD',
    owner,
    openedAt: 1,
  } as const;
  await new DynamoDbViewStore({ tableName: viewsTable, client, generation: live }).registerAccounts([ghost]);
  const opened = [source];
  let isOver = false;
  const load = (async (): Promise<void> => {
    while (!isOver && opened.length < 60) {
      const account = await open(freshAccount('payee'), { owner });
      expect((await settle(transferOf(source, account, '0.01'))).body).toMatchObject({ status: 'success' });
      opened.push(account);
    }
  })();
  const { code, told } = await wallet('rebuild');
  const during = opened.length;
  isOver = true;
  await load;
  expect({ code, told }).toMatchObject({ code: 0, told: { generation: last + 1, swapped: true, differences: [] } });
  expect(during).toBeGreaterThan(1);
  expect(await pointer.read()).toMatchObject({ live: last + 1, building: null });
  const listed = await until(
    () => accountsOf(owner),
    (accounts) => accounts.length >= opened.length,
  );
  expect(listed).toEqual([...opened].sort());
  expect(await wallet('check')).toMatchObject({ code: 0, told: { differences: [] } });
  expect(await wallet('rebuild', 'retire')).toMatchObject({ code: 1, told: { rows: 0 } });
});
