/**
 * The processor dies before or after any single write, for every write of a batch: claims, commits, records of open work, saga starts. Its successor,
 * cold, gets the batch again. However it died, the ledger ends as if it had not: same balances, every invariant held.
 */
import { describe, expect, test } from 'vitest';
import { violations } from '../invariants.ts';
import { debit, MemoryWallet, request, transferId } from '../memory-wallet.ts';

const bank = 'settlement:bank';

type Moment = 'beforeWrite' | 'afterWrite';

/** Lets the n-th write from now on (from 0) die; gives back whether that many writes were made. */
function dieAt(wallet: MemoryWallet, n: number, moment: Moment): () => boolean {
  let count = 0;
  const hook = (): void => {
    count += 1;
    if (count === n + 1) throw new Error('died');
  };
  for (const { hooks } of [wallet.transfers, wallet.log, wallet.openWork, wallet.sagas]) {
    hooks[moment] = hook;
  }
  return () => {
    for (const { hooks } of [wallet.transfers, wallet.log, wallet.openWork, wallet.sagas]) {
      delete hooks[moment];
    }
    return count > n;
  };
}

async function scenario(): Promise<{ wallet: MemoryWallet; send: () => Promise<void> }> {
  const wallet = new MemoryWallet();
  for (const account of [bank, 'alice', 'bob', 'carol']) await wallet.open(account);
  await wallet.send(debit(transferId(1), bank, 'alice', 100n), debit(transferId(2), bank, 'bob', 10n));
  await wallet.settle();
  const send = async (): Promise<void> => {
    await wallet.send(
      debit(transferId(10), 'alice', 'bob', 60n),
      debit(transferId(11), 'alice', 'carol', 60n),
      debit(transferId(12), 'bob', 'nobody', 5n),
      request('FreezeAccount', 'carol'),
      debit(transferId(13), 'bob', 'carol', 5n),
      debit(transferId(14), bank, 'alice', 7n),
      debit(transferId(14), bank, 'alice', 7n),
    );
  };
  return { wallet, send };
}

async function ending(wallet: MemoryWallet): Promise<readonly unknown[]> {
  const accounts = [bank, 'alice', 'bob', 'carol', 'nobody'];
  const states = await Promise.all(accounts.map((account) => wallet.state(account)));
  const statuses = [...wallet.transfers.records.values()].map(({ id, status, reason }) => [id, status, reason]);
  return [states, statuses.sort()];
}

describe.each<Moment>(['beforeWrite', 'afterWrite'])('a processor that dies %s', (moment) => {
  test('leaves what its successor finishes, whichever write it was', async () => {
    const undisturbed = await scenario();
    await undisturbed.send();
    await undisturbed.wallet.settle();
    const expected = await ending(undisturbed.wallet);

    let deaths = 0;
    for (let n = 0; n < 100; n += 1) {
      const { wallet, send } = await scenario();
      const before = wallet.commands.records.length;
      await send();
      const batch = wallet.commands.records.slice(before);
      const revive = dieAt(wallet, n, moment);
      const died = await wallet.deliver(batch).then(
        () => false,
        () => true,
      );
      expect(revive()).toBe(died);
      await wallet.settle();
      expect(await ending(wallet), `died at write ${n}`).toEqual(expected);
      expect(violations(wallet.log.commits(), wallet.transfers.records.values())).toEqual([]);
      if (!died) break;
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(10);
  });
});
