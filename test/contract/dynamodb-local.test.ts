/**
 * Shows that the DynamoDB adapters keep the contracts of their ports on DynamoDB Local, which AWS makes and which is strict where
 * emulators are lenient.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { clientSettings } from '../../adapters/aws/clients.ts';
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
import { DynamoDbWebhookStore } from '../../adapters/aws/dynamodb-webhook-store.ts';
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts';
import { describeArchiveIndex, describeDailyBalances, describePrunableLog } from './archive-index.contract.ts';
import { describeBreakStore } from './break-store.contract.ts';
import { describeEventLog } from './event-log.contract.ts';
import { describeLedgerScan } from './ledger-scan.contract.ts';
import { describeNoteStore } from './note-store.contract.ts';
import { describeOpenWork } from './open-work.contract.ts';
import { commit, completed, newAccount, transferClaim } from './sample-records.ts';
import { connectionError } from './stubbed-requests.ts';
import { describeSubscriptionStore } from './subscription-store.contract.ts';
import { describeTransferStore } from './transfer-store.contract.ts';
import {
  describeDailyBalancesShelf,
  describeGenerationPointer,
  describeViewShelf,
} from './view-generations.contract.ts';
import { describeViewStore } from './view-store.contract.ts';
import { makeSubscriptionsTable, makeTables, makeWebhooksTable } from './wallet-tables.ts';
import { describeWebhookStore } from './webhook-store.contract.ts';

const server = await startDynamoDbLocal();
afterAll(() => server.stop());
const place = {
  endpoint: server.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
const client = new DynamoDBClient({ ...clientSettings(), ...place });
const subscriptionsTable = await makeSubscriptionsTable(client);
const tables = await makeTables(client);
const webhooksTable = await makeWebhooksTable(client);

describeEventLog('DynamoDB Local', async () => new DynamoDbEventLog({ tableName: tables.ledger, client }));
describeLedgerScan('DynamoDB Local', async () => {
  const settings = { tableName: tables.ledger, client };
  return { log: new DynamoDbEventLog(settings), scan: new DynamoDbLedgerScan({ ...settings, consistent: true }) };
});
describeEventLog(
  'DynamoDB Local, one by one',
  async () => new DynamoDbEventLog({ tableName: tables.ledger, client, oneByOne: true }),
);
describePrunableLog('DynamoDB Local', async () => new DynamoDbEventLog({ tableName: tables.ledger, client }));
describeArchiveIndex(
  'DynamoDB Local',
  async () => new DynamoDbArchiveIndex({ tableName: tables.archiveIndex, client }),
);
describeDailyBalances('DynamoDB Local', async () => {
  return new DynamoDbDailyBalances({ tableName: tables.archiveIndex, client });
});
describeTransferStore('DynamoDB Local', async () => new DynamoDbTransferStore({ tableName: tables.transfers, client }));
describeWebhookStore('DynamoDB Local', async () => new DynamoDbWebhookStore({ tableName: webhooksTable, client }));
describeSubscriptionStore(
  'DynamoDB Local',
  async () => new DynamoDbSubscriptionStore({ tableName: subscriptionsTable, client }),
);
describeOpenWork('DynamoDB Local', async () => new DynamoDbOpenWork({ tableName: tables.openWork, client }));
describeBreakStore('DynamoDB Local', async () => new DynamoDbBreakStore({ tableName: tables.views, client }));
describeNoteStore('DynamoDB Local', async () => new DynamoDbNoteStore({ tableName: tables.notes, client }));
describeViewStore('DynamoDB Local', async () => new DynamoDbViewStore({ tableName: tables.views, client }));
describeViewStore('DynamoDB Local, a later generation', async () => {
  return new DynamoDbViewStore({ tableName: (await makeTables(client)).views, generation: 7, client });
});
describeGenerationPointer('DynamoDB Local', async () => {
  return new DynamoDbGenerationPointer({ tableName: (await makeTables(client)).views, client });
});
describeViewShelf('DynamoDB Local', async () => {
  return new DynamoDbViewShelf({ tableName: (await makeTables(client)).views, client });
});
describeDailyBalancesShelf('DynamoDB Local', async () => {
  return new DynamoDbDailyBalancesShelf({ tableName: (await makeTables(client)).archiveIndex, client });
});

/** A client that loses the answers of its first requests, after DynamoDB did what they asked for. */
function clientThatLoses(answers: number): DynamoDBClient {
  const forgetful = new DynamoDBClient({ ...clientSettings(), ...place });
  let left = answers;
  forgetful.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      left -= 1;
      if (left >= 0) throw connectionError('ECONNRESET');
      return answer;
    },
    { step: 'deserialize', name: 'losesAnswers', priority: 'high' },
  );
  return forgetful;
}

describe('answers that are lost after the write', () => {
  it('an append whose repetition meets the first try says that the version exists', async () => {
    const account = newAccount();
    const log = new DynamoDbEventLog({ tableName: tables.ledger, client: clientThatLoses(1) });
    expect(await log.append([commit(account, 1)])).toEqual(['exists']);
    expect(await log.newest(account)).toEqual(commit(account, 1));
  });

  it('an append without any answer is unknown, though it happened', async () => {
    const account = newAccount();
    const log = new DynamoDbEventLog({ tableName: tables.ledger, client: clientThatLoses(3) });
    expect(await log.append([commit(account, 1)])).toEqual(['unknown']);
    expect(await log.newest(account)).toEqual(commit(account, 1));
  });

  it('a claim whose repetition meets the first try is answered with itself', async () => {
    const claim = transferClaim();
    const store = new DynamoDbTransferStore({ tableName: tables.transfers, client: clientThatLoses(1) });
    expect(await store.claim([claim])).toEqual([{ ...claim, status: 'claimed' }]);
  });

  it('a status whose repetition meets the first try stands', async () => {
    const claim = transferClaim();
    const store = new DynamoDbTransferStore({ tableName: tables.transfers, client: clientThatLoses(2) });
    await store.claim([claim]);
    await store.raise([completed(claim.id)]);
    expect((await store.get([claim.id], { consistent: true })).get(claim.id)).toMatchObject(completed(claim.id));
  });
});
