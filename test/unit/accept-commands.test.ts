/**
 * The entrance without HTTP: how often it looks, what it sends, and when it stops. The store is the one in memory, with a record of
 * each look at it.
 */
import { expect, test } from 'vitest';
import { acceptCommands } from '../../core/flows/accept-commands.ts';
import { LONGEST_LOOK_MS } from '../../core/flows/await-outcomes.ts';
import { debit, MemoryWallet, transferId } from '../memory-wallet.ts';

function watched(wallet: MemoryWallet) {
  const looks: { readonly at: number; readonly ids: number }[] = [];
  const begin = wallet.clock.now();
  const get: typeof wallet.transfers.get = (ids) => {
    looks.push({ at: wallet.clock.now() - begin, ids: ids.length });
    return wallet.transfers.get(ids);
  };
  const { claim, raise, scan } = wallet.transfers;
  return { looks, ports: { ...wallet, transfers: { get, claim, raise, scan } } };
}

test('looks again at growing intervals up to a longest one, and not after the time is up', async () => {
  const wallet = new MemoryWallet();
  const { looks, ports } = watched(wallet);
  const [acceptance] = await acceptCommands(ports, [debit(transferId(1), 'a', 'b', 1n)], wallet.clock.now() + 5_000);
  expect(acceptance).toEqual({ kind: 'sent', at: wallet.clock.now() - 5_000 });
  const times = looks.map(({ at }) => at);
  const pauses = times.slice(1).map((at, i) => at - (times[i] ?? 0));
  expect(pauses.slice(0, 3)).toEqual([50, 75, 112.5]);
  expect(Math.max(...pauses)).toBe(LONGEST_LOOK_MS);
  expect(times.at(-1)).toBe(5_000);
  expect(looks.length).toBeLessThan(15);
});

test('looks only for what is not over yet', async () => {
  const wallet = new MemoryWallet();
  await wallet.open('a', { overdraftLimit: 100n });
  await wallet.open('b');
  const [first, second] = [debit(transferId(1), 'a', 'b', 1n), debit(transferId(2), 'a', 'b', 1n)];
  await acceptCommands(wallet, [first], 0);
  await wallet.settle();
  const { looks, ports } = watched(wallet);
  wallet.clock.onSleep = () => wallet.settle();
  const acceptances = await acceptCommands(ports, [first, second, first], wallet.clock.now() + 60_000);
  expect(acceptances.map(({ kind }) => kind)).toEqual(['recorded', 'recorded', 'recorded']);
  expect(looks.map(({ ids }) => ids)).toEqual([2, 1]);
});

test('asks nothing of anybody when there is nothing to accept', async () => {
  const wallet = new MemoryWallet();
  const { looks, ports } = watched(wallet);
  expect(await acceptCommands(ports, [], wallet.clock.now() + 5_000)).toEqual([]);
  expect(looks).toEqual([]);
});
