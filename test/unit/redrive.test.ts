/**
 * Redriving what was set aside: commands come back as rechecks and end once, whatever happened of them meanwhile; what still
 * cannot be read stays, and the rest of its record goes on.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { readSetAside } from '../../adapters/aws/s3-set-aside.ts';
import type { StreamRecord } from '../../core/flows/read-batch.ts';
import { type RedrivePorts, redrive, type SetAside } from '../../core/flows/redrive.ts';
import { violations } from '../invariants.ts';
import { debit, MemoryWallet, transferId } from '../memory-wallet.ts';

const bank = 'settlement:bank';
const x = transferId(1);
let wallet: MemoryWallet;
let objects: Map<string, SetAside>;

beforeEach(async () => {
  wallet = new MemoryWallet();
  objects = new Map();
  for (const account of [bank, 'alice']) await wallet.open(account);
});

function ports(): RedrivePorts {
  const setAside = {
    async *list() {
      yield* objects.keys();
    },
    read: async (name: string) => objects.get(name) ?? { kind: 'commands' as const, records: [] },
    remove: async (name: string) => {
      objects.delete(name);
    },
  };
  return { ...wallet, setAside };
}

function keep(name: string, ...records: readonly StreamRecord[]): void {
  objects.set(name, { kind: 'commands', records: records.map(({ data }) => data) });
}

test('a batch that was given up before its claim settles when it is redriven', async () => {
  keep('given-up', ...(await wallet.send(debit(x, bank, 'alice', 10n))));
  const given = wallet.commands.records.length;
  expect(await redrive(ports(), 'given-up')).toMatchObject({ sent: 1, faults: [] });
  await wallet.deliver(wallet.commands.records.slice(given));
  await wallet.settle();
  expect(await wallet.balance('alice')).toBe(10n);
  expect(wallet.record(x)?.status).toBe('completed');
  expect(objects.size).toBe(0);
});

test('redriving what was done already, and more than once, moves nothing', async () => {
  const records = await wallet.send(debit(x, bank, 'alice', 10n));
  await wallet.settle();
  for (let i = 0; i < 3; i += 1) {
    keep('again', ...records);
    await redrive(ports(), 'again');
    await wallet.settle();
  }
  expect(await wallet.balance('alice')).toBe(10n);
  expect(violations(wallet.log.commits(), wallet.transfers.records.values())).toEqual([]);
});

test('an object with a command that still cannot be read stays, and its other commands are sent', async () => {
  const [good] = await wallet.send(debit(x, bank, 'alice', 10n));
  const text = new TextDecoder().decode(good?.data).replace(']}', ',{"type":"Nonsense"}]}');
  objects.set('mixed', { kind: 'commands', records: [new TextEncoder().encode(text)] });
  const { sent, faults } = await redrive(ports(), 'mixed');
  expect([sent, faults.length, objects.size]).toEqual([1, 1, 1]);
});

test('commits that were not projected are projected from the ledger; one that cannot be read keeps its object', async () => {
  await wallet.send(debit(x, 'alice', bank, 10n));
  await wallet.deliverNew();
  expect(wallet.record(x)?.status).toBe('claimed');
  const commits = wallet.log.commits().map(({ account, version }) => ({ account, version }));
  objects.set('commits', { kind: 'commits', commits });
  expect(await redrive(ports(), 'commits')).toMatchObject({ projected: commits.length, faults: [] });
  expect(wallet.record(x)?.status).toBe('rejected');

  const [opened] = wallet.commitsOf('alice');
  if (opened === undefined) throw new Error('alice has no log');
  wallet.log.insert({ ...opened, version: 9, events: '[{"type":"Odd"}]' });
  objects.set('damaged', { kind: 'commits', commits: [{ account: opened.account, version: 9 }] });
  expect(await redrive(ports(), 'damaged')).toMatchObject({
    projected: 0,
    faults: [expect.stringContaining('alice@9')],
  });
  expect([...objects.keys()]).toEqual(['damaged']);
});

describe('objects of the bucket', () => {
  const data = Buffer.from('{"v":1}').toString('base64');
  test.each([
    ['a record of the processor', { key: '1/2/0', reason: 'x', data }],
    ['a batch of Lambda', { payload: { Records: [{ kinesis: { data } }] } }],
    ['a batch of Lambda as text', { payload: JSON.stringify({ Records: [{ kinesis: { data } }] }) }],
  ])('%s is read to its bytes', (_, object) => {
    const read = readSetAside('name', JSON.stringify(object));
    expect(read.kind === 'commands' && read.records.map((bytes) => Buffer.from(bytes).toString())).toEqual(['{"v":1}']);
  });

  test('commits are read to their places in the ledger', () => {
    const ref = { account: 'default#alice', version: 3 };
    const single = { key: 'ledger/default#alice/3', data: Buffer.from(JSON.stringify(ref)).toString('base64') };
    const Keys = { account: { S: ref.account }, version: { N: '3' } };
    const batch = { payload: { Records: [{ dynamodb: { Keys, NewImage: {} } }] } };
    for (const object of [single, batch]) {
      expect(readSetAside('name', JSON.stringify(object))).toEqual({ kind: 'commits', commits: [ref] });
    }
  });

  test.each(['', '{}', '{"payload":"{}"}', '{"payload":{"Records":[{}]}}'])('%s is refused', (text) => {
    expect(() => readSetAside('name', text)).toThrow('name');
  });
});
