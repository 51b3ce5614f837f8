/**
 * Shows that pruning takes nothing that a decision may ask for, nothing that the archive does not hold, and that a look-up which
 * reaches the pruned end never decides.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS } from '../../core/contracts/day.ts';
import { decodeState } from '../../core/contracts/stored-commit.ts';
import { processShard } from '../../core/flows/process-shard.ts';
import { unannounced } from '../../core/flows/prune-log.ts';
import { ArchivingWallet, HOT_DAYS } from '../archiving-wallet.ts';
import { debit, LANES, openAccount, transferId } from '../memory-wallet.ts';

const alice = 'default#alice';
let wallet: ArchivingWallet;

/** Ten days with a transfer of 1 each between alice and the bank. */
beforeEach(async () => {
  wallet = new ArchivingWallet();
  await wallet.send(openAccount('settlement:bank'), openAccount('alice'));
  await wallet.settle();
  for (let n = 1; n <= 10; n += 1) {
    await wallet.send(debit(transferId(n), 'settlement:bank', 'alice', 1n));
    await wallet.settle();
    wallet.clock.advance(DAY_MS);
  }
  await wallet.closeAll();
});

async function hot(account = alice): Promise<readonly number[]> {
  return (await Array.fromAsync(wallet.log.newestFirst(account))).map(({ version }) => version);
}

describe('what stays', () => {
  test('is what is young, and one commit below it', async () => {
    expect(await hot()).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    await wallet.prune();
    const ages = (await Array.fromAsync(wallet.log.newestFirst(alice))).map(({ at }) => wallet.clock.now() - at);
    expect(ages.filter((age) => age > HOT_DAYS * DAY_MS)).toHaveLength(1);
    expect(await hot()).toEqual([11, 10, 9, 8, 7, 6, 5]);
    expect(await wallet.index.prunedThrough(alice)).toBe(4);
    expect((await wallet.prune()).commits).toBe(0);
  });

  test('is the newest commit, and what the account remembers, however old', async () => {
    wallet.clock.advance(100 * DAY_MS);
    await wallet.send(...[20, 21].map((n) => debit(transferId(n), 'settlement:bank', 'alice', 1n)));
    await wallet.settle();
    await wallet.send(debit(transferId(22), 'settlement:bank', 'alice', 1n));
    await wallet.settle();
    const newest = (await wallet.log.newest(alice))?.version ?? 0;
    wallet.clock.advance(100 * DAY_MS);
    await wallet.closeAll();
    await wallet.prune();
    expect(await hot()).toEqual([newest, newest - 1, newest - 2]);
    expect(decodeState((await wallet.log.newest(alice))?.state ?? '')).toMatchObject({ balance: 13n });
  });

  test('is what no closing archived', async () => {
    wallet.clock.advance(30 * DAY_MS);
    await wallet.send(debit(transferId(30), 'settlement:bank', 'alice', 1n));
    await wallet.settle();
    wallet.clock.advance(30 * DAY_MS);
    await wallet.send(debit(transferId(31), 'settlement:bank', 'alice', 1n));
    await wallet.settle();
    await wallet.prune();
    // The last closed day ended before version 11.
    expect(await hot()).toEqual([13, 12, 11]);
  });

  test('is at least a week', async () => {
    await expect(wallet.prune(6)).rejects.toThrow(RangeError);
    await expect(wallet.prune(Number.NaN)).rejects.toThrow(RangeError);
  });

  test('is everything, where the archive does not hold what it should', async () => {
    const range = await wallet.index.find(alice, 2);
    const text = wallet.archive.texts.get(range?.name ?? '') ?? '';
    for (const broken of [undefined, '', text.replace('\\"balance\\":\\"', '\\"balance\\":\\"9')]) {
      if (broken === undefined) wallet.archive.texts.delete(range?.name ?? '');
      else wallet.archive.texts.set(range?.name ?? '', broken);
      const { damaged } = await wallet.prune();
      expect(damaged.map(({ account }) => account)).toContain(alice);
      expect(await hot()).toHaveLength(11);
      expect(await wallet.index.prunedThrough(alice)).toBe(0);
    }
  });
});

test('a pruning that died in the middle is finished by the next', async () => {
  const remove = wallet.log.remove.bind(wallet.log);
  wallet.log.remove = async (account) => {
    await remove(account, 2, 2);
    throw new Error('died');
  };
  await expect(wallet.prune()).rejects.toThrow('died');
  expect(await Array.fromAsync(wallet.whole.newestFirst(alice))).toHaveLength(11);
  wallet.log.remove = remove;
  await wallet.prune();
  expect(await hot()).toEqual([11, 10, 9, 8, 7, 6, 5]);
});

test('a removal that no pruning announced is told from one that did', async () => {
  await wallet.prune();
  const removed = [1, 4, 5].flatMap((version) => [
    { account: alice, version },
    { account: 'default#mallory', version },
  ]);
  expect(await unannounced(wallet.index, removed)).toEqual([
    { account: 'default#mallory', version: 1 },
    { account: 'default#mallory', version: 4 },
    { account: alice, version: 5 },
    { account: 'default#mallory', version: 5 },
  ]);
  expect(await unannounced(wallet.index, [])).toEqual([]);
});

describe('a recheck of a transfer whose commits have left', () => {
  beforeEach(async () => {
    wallet.clock.advance(30 * DAY_MS);
    await wallet.closeAll();
    await wallet.prune();
    // Its end was never projected.
    const claim = wallet.record(transferId(1)) ?? expect.fail('no claim');
    wallet.transfers.records.set(claim.id, { ...claim, status: 'claimed' });
    await wallet.send(debit(transferId(1), 'settlement:bank', 'alice', 1n, { recheck: true }));
  });

  test('is decided on what the archive holds', async () => {
    await wallet.settle();
    expect(wallet.quarantine.records.size).toBe(0);
    expect(wallet.record(transferId(1))).toMatchObject({ status: 'completed', ledgerRef: { version: 2 } });
    expect(await wallet.balance('alice')).toBe(10n);
  });

  test('is set aside where the archive cannot be asked, and decides nothing', async () => {
    const record = wallet.commands.records.at(-1) ?? expect.fail('nothing was sent');
    await processShard({ ...wallet, cache: wallet.processor().cache }, { lanes: LANES, epoch: 1 }, [record]);
    expect([...wallet.quarantine.records.values()]).toMatchObject([{ reason: expect.stringContaining('pruned') }]);
    expect(await wallet.balance('alice')).toBe(10n);
  });
});
