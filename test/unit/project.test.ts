/**
 * Shows what the projection writes: statuses by the highest rank and a registry of accounts, the same in whatever order and
 * however often commits come; and that a commit which cannot be read stops nothing and is not lost. Then how the ledger's stream
 * is read: only inserts are commits.
 */
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemOfCommit } from '../../adapters/aws/commit-item.ts';
import { MemoryTransferStore } from '../../adapters/memory/memory-transfer-store.ts';
import { MemoryViewStore } from '../../adapters/memory/memory-view-store.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { StatusWrite } from '../../core/domain/outcome.ts';
import { project } from '../../core/flows/project.ts';
import { readLedgerChanges } from '../../functions/runtime/read-ledger-changes.ts';
import { debit, MemoryWallet, request, SCOPE, transferId } from '../memory-wallet.ts';

const bank = 'settlement:bank';
const completed = transferId(1);
const reversed = transferId(2);
const rejected = transferId(3);
const waiting = transferId(4);

/** A wallet with a transfer in each end, one that is refused and not given back, and one that only began. */
async function walletWithHistory(): Promise<MemoryWallet> {
  const wallet = new MemoryWallet();
  for (const account of [bank, 'alice', 'bob']) await wallet.open(account);
  await wallet.send(request('FreezeAccount', 'bob'));
  await wallet.send(
    debit(completed, bank, 'alice', 100n),
    debit(reversed, bank, 'bob', 5n),
    debit(rejected, 'bob', 'alice', 1n),
  );
  await wallet.settle();
  await wallet.send(debit(waiting, bank, 'bob', 7n));
  await wallet.deliverNew();
  for (const chunk of wallet.sagas.started) await wallet.step(chunk);
  await wallet.deliverNew();
  return wallet;
}

/** The same claims, nothing projected yet. */
async function claimsOf(wallet: MemoryWallet): Promise<MemoryTransferStore> {
  const store = new MemoryTransferStore();
  for (const record of wallet.transfers.records.values()) await store.claim([record]);
  return store;
}

async function rowsOf(views: MemoryViewStore) {
  const rows = await Array.fromAsync(views.accounts(SCOPE));
  return rows.sort((a, b) => (a.account < b.account ? -1 : 1));
}

function statuses(store: MemoryTransferStore) {
  return Object.fromEntries(
    [completed, reversed, rejected, waiting].map((id) => {
      const record = store.records.get(`${SCOPE}#${id}`);
      return [id, record?.reason === undefined ? record?.status : `${record.status}: ${record.reason}`];
    }),
  );
}

describe('projecting', () => {
  test('tells the status of each transfer and registers each account', async () => {
    const wallet = await walletWithHistory();
    await wallet.project();
    expect(statuses(wallet.transfers)).toEqual({
      [completed]: 'completed',
      [reversed]: 'reversed: account_frozen',
      [rejected]: 'rejected: account_frozen',
      [waiting]: 'refused: account_frozen',
    });
    expect(
      (await rowsOf(wallet.views)).map(({ account, kind, currency, owner }) => [account, kind, currency, owner]),
    ).toEqual([
      ['default#alice', 'customer', 'USD', 'owner'],
      ['default#bob', 'customer', 'USD', 'owner'],
      ['default#settlement:bank', 'settlement', 'USD', 'owner'],
    ]);
  });

  test('gives the same in any order, in any batches, with any repetitions', async () => {
    const wallet = await walletWithHistory();
    await wallet.project();
    const expected = { records: wallet.transfers.records, rows: await rowsOf(wallet.views) };
    const commits = wallet.log.commits();
    const deliveries = fc.array(fc.shuffledSubarray([...commits], { minLength: 1 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        deliveries,
        fc.shuffledSubarray([...commits], { minLength: commits.length }),
        async (batches, all) => {
          const ports = { ...wallet, transfers: await claimsOf(wallet), views: new MemoryViewStore() };
          for (const batch of batches) await project(ports, batch);
          for (const commit of all) await project(ports, [commit]);
          expect(ports.transfers.records).toEqual(expected.records);
          expect(await rowsOf(ports.views)).toEqual(expected.rows);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('writes one status per transfer, the highest, and nothing for a debit', async () => {
    const wallet = await walletWithHistory();
    const written: string[] = [];
    wallet.transfers.hooks.beforeWrite = (write) => {
      if ('ledgerRef' in write) written.push(`${write.id} ${(write satisfies StatusWrite).status}`);
    };
    await wallet.project();
    expect(written.filter((line) => line.includes(reversed))).toEqual([`${SCOPE}#${reversed} reversed`]);
    expect(new Set(written.map((line) => line.split(' ')[0])).size).toBe(written.length);
  });

  test('registers accounts before it tells that their opening is completed', async () => {
    const wallet = await walletWithHistory();
    const ports = { ...wallet, transfers: await claimsOf(wallet), views: new MemoryViewStore() };
    ports.views.hooks.beforeWrite = () => {
      throw new Error('crash');
    };
    await expect(project(ports, wallet.log.commits())).rejects.toThrow('crash');
    expect([...ports.transfers.records.values()].every(({ status }) => status === 'claimed')).toBe(true);
  });

  test('of nothing writes nothing', async () => {
    const wallet = new MemoryWallet();
    await wallet.project([]);
    expect(wallet.transfers.records.size).toBe(0);
  });
});

describe('a commit that cannot be read', () => {
  test('goes into quarantine whole, and the others are projected', async () => {
    const wallet = await walletWithHistory();
    const [damaged, ...others] = wallet.commitsOf('alice').slice(1);
    if (damaged === undefined) throw new Error('alice has one commit only');
    const commits = wallet.log.commits().filter(({ hash }) => hash !== damaged.hash);
    const ports = { ...wallet, transfers: await claimsOf(wallet) };
    await project(ports, [{ ...damaged, events: '[{"type":"Minted"}]' }, ...commits, ...others]);

    const key = `ledger/default#alice/${damaged.version}`;
    const record = wallet.quarantine.records.get(key);
    expect(record).toMatchObject({ key, partitionKey: 'default#alice', sequence: String(damaged.version) });
    expect(JSON.parse(new TextDecoder().decode(record?.data))).toMatchObject({
      hash: damaged.hash,
      version: damaged.version,
    });
    expect(wallet.meter.sum('Quarantined')).toBe(1);
    expect(wallet.journal.warnings.at(-1)).toMatchObject({ message: 'quarantined', fields: { key } });
    expect(statuses(ports.transfers)[rejected]).toBe('rejected: account_frozen');
  });

  test('comes again if the quarantine cannot be reached', async () => {
    const wallet = await walletWithHistory();
    const [commit] = wallet.log.commits();
    if (commit === undefined) throw new Error('no commit');
    wallet.quarantine.hooks.beforeWrite = () => {
      throw new Error('no bucket');
    };
    await expect(wallet.project([{ ...commit, events: '' }])).rejects.toThrow('no bucket');
  });
});

describe('the stream of the ledger', () => {
  /** A record as Lambda hands it over: JSON, with bytes in base64. */
  function record(
    eventName: NonNullable<DynamoDBRecord['eventName']>,
    commit: StoredCommit,
    change: object = {},
  ): DynamoDBRecord {
    const image = JSON.parse(
      JSON.stringify({ ...itemOfCommit(commit), ...change }, (_, member) =>
        member?.type === 'Buffer' ? Buffer.from(member.data).toString('base64') : member,
      ),
    );
    const keys = { account: { S: commit.account }, version: { N: String(commit.version) } };
    return { eventName, dynamodb: { Keys: keys, NewImage: image, SequenceNumber: `1${commit.version}` } };
  }

  test('holds commits as inserts; what was changed or removed is told', async () => {
    const wallet = await walletWithHistory();
    const [a, b, c] = wallet.log.commits();
    if (a === undefined || b === undefined || c === undefined) throw new Error('too few commits');
    const changes = readLedgerChanges([
      record('INSERT', a),
      record('REMOVE', b),
      record('MODIFY', c),
      record('INSERT', b),
    ]);
    expect(changes.commits).toEqual([a, b]);
    expect(changes.unreadable).toEqual([]);
    expect(changes.removed).toEqual([{ account: b.account, version: b.version }]);
    expect(changes.changed).toEqual([{ account: c.account, version: c.version }]);
  });

  test('may hold an item that is no commit: it is set aside whole, under its place in the ledger', async () => {
    const wallet = await walletWithHistory();
    const [a, b] = wallet.log.commits();
    if (a === undefined || b === undefined) throw new Error('too few commits');
    const { commits, unreadable } = readLedgerChanges([
      record('INSERT', a, { state: { N: '1' } }),
      record('INSERT', b),
    ]);
    expect(commits).toEqual([b]);
    expect(unreadable).toHaveLength(1);
    const [{ key, reason, data } = expect.fail('nothing was set aside')] = unreadable;
    expect([key, reason]).toEqual([`ledger/${a.account}/${a.version}`, expect.stringContaining('state')]);
    const { account, version, image } = JSON.parse(Buffer.from(data).toString());
    expect({ account, version, events: image.events }).toEqual({
      account: a.account,
      version: a.version,
      events: { S: a.events },
    });
  });
});
