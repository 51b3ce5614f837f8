/**
 * Shows what transfers cost on AWS, and that it is as little as the design promises: four write units per transfer between
 * ordinary accounts (claim, debit, credit, final status) and at most a tenth of one for the records of open sagas, and one commit per batch, not per transfer, on an account that many pay
 * into. The flows run on DynamoDB Local; what is counted are the sizes of the items in the requests (see `dynamodb-bill.ts`).
 * From the stream of commands to the final status; what the HTTPS API adds (the stream's records that callers send are in, its
 * reads are not) depends on how callers wait.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeState } from '../../core/contracts/stored-commit.ts';
import type { DebitAccount, OpenAccount } from '../../core/domain/account.ts';
import { type DynamoDbLocal, startDynamoDbLocal } from '../../local/dynamodb-local.ts';
import { debit, open } from '../account-commands.ts';
import { newTransferId } from '../contract/sample-records.ts';
import { MeteredWallet, type Usage } from './metered-wallet.ts';

const BATCHES = [1, 10, 100, 1_000] as const;
const ACCOUNTS = 1_000;
/** Most write units of a transfer's share in the records of open sagas, in batches of 100 and more. */
const OPEN_WORK_UNITS = 0.1;
/** DynamoDB's limit for an item, 400 KB: as many bytes of events need that many commits at least. */
const ITEM_LIMIT_BYTES = 400 * 1_024;

let server: DynamoDbLocal;
let wallet: MeteredWallet;
/** What was measured: rows of the table. */
const measured: { readonly name: string; readonly transfers: number; readonly usage: Usage }[] = [];

beforeAll(async () => {
  server = await startDynamoDbLocal();
  wallet = await MeteredWallet.at(server.endpoint);
  const names = Array.from({ length: ACCOUNTS }, (_, n) => [`payer-${n}`, `payee-${n}`]).flat();
  await wallet.run(['shop', ...names].map(opening));
});

afterAll(() => {
  server.stop();
  process.stdout.write(tableOf(measured));
});

function opening(account: string): OpenAccount {
  return open({ account, request: `open-${account}`, owner: `Owner of ${account}`, overdraftLimit: 1_000_000n });
}

function payments(count: number, payeeOf: (n: number) => string): readonly DebitAccount[] {
  return Array.from({ length: count }, (_, n) => {
    return debit(BigInt(100 + n), { transfer: newTransferId(), from: `payer-${n}`, to: payeeOf(n) });
  });
}

async function measure(name: string, debits: readonly DebitAccount[]): Promise<Usage> {
  const usage = await wallet.run(debits);
  const ids = debits.map(({ scope, transfer }) => `${scope}#${transfer}`);
  const records = await wallet.transfers.get(ids, { consistent: true });
  expect([...records.values()].map(({ status }) => status)).toEqual(debits.map(() => 'completed'));
  measured.push({ name, transfers: debits.length, usage });
  return usage;
}

describe('transfers between ordinary accounts', () => {
  it.each(BATCHES)('cost four write units and two stream records each, in a batch of %i', async (count) => {
    const usage = await measure(
      'between ordinary accounts',
      payments(count, (n) => `payee-${n}`),
    );
    expect(usage.writeUnits - usage.openWorkUnits).toBeLessThanOrEqual(4 * count);
    // A saga's record is written and taken away once, however many transfers are in it; alone, a transfer bears it all.
    expect(usage.openWorkUnits).toBeLessThanOrEqual(Math.max(2, OPEN_WORK_UNITS * count));
    expect(usage.streamRecords / count).toBeLessThanOrEqual(2);
    // The payer's and the payee's log, cold, one query each, and the saga's looks at half a unit.
    expect(usage.readUnits / count).toBeLessThanOrEqual(3.1);
  });

  it('take fewer state transitions and executions each as batches grow', () => {
    const perTransfer = measured
      .filter(({ name }) => name === 'between ordinary accounts')
      .map(({ transfers, usage }) => [usage.transitions, usage.executions].map((n) => n / transfers));
    for (const [i, larger] of perTransfer.slice(1).entries()) {
      for (const [k, value] of larger.entries()) expect(value).toBeLessThan(perTransfer[i]?.[k] ?? 0);
    }
  });
});

describe('transfers into one account', () => {
  it('fold into as few commits as fit their bytes, a thousand of them in one batch', async () => {
    const usage = await measure(
      'into one account',
      payments(1_000, () => 'shop'),
    );
    const commits = usage.commits.get('default#shop') ?? [];
    const bytes = commits.reduce((sum, { events }) => sum + events.length, 0);
    expect(commits.length).toBeLessThanOrEqual(Math.ceil(bytes / ITEM_LIMIT_BYTES));
    const [last] = commits.slice(-1);
    expect(decodeState(last?.state ?? '').balance).toBe(599_500n);
    expect(usage.writeUnits / 1_000).toBeLessThanOrEqual(4.1);
  });
});

/** The table as text, per transfer where a heading does not say otherwise. */
function tableOf(rows: typeof measured): string {
  const headings = [
    'batch',
    'requests',
    'write units',
    'read units',
    'commits',
    'command records',
    'sagas',
    'transitions',
  ];
  const lines = rows.map(({ name, transfers, usage }) => {
    const { requests, writeUnits, readUnits, streamRecords, commandRecords, executions, transitions } = usage;
    const counts = [requests, writeUnits, readUnits, streamRecords, commandRecords, executions, transitions];
    return [String(transfers), ...counts.map((n) => (n / transfers).toFixed(3)), name];
  });
  const cells = [[...headings, ''], ...lines].map((row) =>
    row.map((cell, i) => (i < 8 ? cell.padStart(16) : `  ${cell}`)),
  );
  return `\nWhat one transfer costs (DynamoDB requests and units, Kinesis and ledger stream records, Step Functions)\n${cells
    .map((row) => row.join(''))
    .join('\n')}\n`;
}
