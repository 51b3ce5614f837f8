/**
 * Shows in whose name a command is decided that comes again: in that of whoever made its claim. Content says nothing of who asked,
 * so a redrive of somebody's refused attempt must not spoil the owner's transfer, and never moves money with rights that its sender
 * did not have.
 */
import { expect, test } from 'vitest';
import type { DebitAccount } from '../../core/domain/account.ts';
import { debit, MemoryWallet, transferId } from '../memory-wallet.ts';

const T = transferId(1);
const alice = { actor: 'alice', asOwner: true } as const;
const mallory = { actor: 'mallory', asOwner: true } as const;

async function funded(): Promise<MemoryWallet> {
  const wallet = new MemoryWallet();
  await wallet.open('alice', { owner: 'alice' });
  await wallet.open('bob', { owner: 'bob' });
  await wallet.open('settlement:bank');
  await wallet.send(debit(transferId(9), 'settlement:bank', 'alice', 100n));
  await wallet.settle();
  return wallet;
}

const attempt = (more: Partial<DebitAccount>) => debit(T, 'alice', 'bob', 10n, more);

/** Claims a command and dies before anything is decided. */
async function claimOnly(wallet: MemoryWallet, command: DebitAccount): Promise<void> {
  const records = await wallet.send(command);
  wallet.log.hooks.beforeWrite = () => {
    throw new Error('died before the append');
  };
  await expect(wallet.deliver(records)).rejects.toThrow('died');
  wallet.log.hooks.beforeWrite = () => {};
  wallet.loseCommands();
  expect(wallet.record(T)?.status).toBe('claimed');
}

test('a claim remembers the customer who made it, and no operator', async () => {
  const wallet = await funded();
  await wallet.send(attempt(alice));
  await wallet.settle();
  expect(wallet.record(T)).toMatchObject({ by: 'alice', status: 'completed' });
  expect(wallet.record(transferId(9))).not.toHaveProperty('by');
});

test('a recheck of an attempt that was only claimed is refused as the attempt would have been', async () => {
  const wallet = await funded();
  await claimOnly(wallet, attempt(mallory));
  // What an operator's redrive sends, and what a check-back would that knew nothing but the content.
  for (const who of [mallory, {}, { actor: 'clerk' }]) await wallet.send(attempt({ ...who, recheck: true }));
  await wallet.settle();
  expect(wallet.record(T)).toMatchObject({ status: 'rejected', reason: 'not_owner', by: 'mallory' });
  expect(wallet.events('alice').at(-1)).toMatchObject({ type: 'DebitRejected', actor: 'mallory', asOwner: true });
  expect(await wallet.balance('alice')).toBe(100n);
});

test("a recheck of somebody else's attempt drives on what the owner asked for", async () => {
  const wallet = await funded();
  await claimOnly(wallet, attempt(alice));
  await wallet.send(attempt({ ...mallory, recheck: true }));
  await wallet.settle();
  expect(wallet.record(T)).toMatchObject({ status: 'completed', by: 'alice' });
  expect(wallet.events('alice').at(-1)).not.toHaveProperty('actor');
});

test("what an operator asked for is not spoilt by a customer's copy", async () => {
  const wallet = await funded();
  await claimOnly(wallet, attempt({ actor: 'clerk' }));
  await wallet.send(attempt(mallory), attempt({ ...mallory, recheck: true }));
  await wallet.settle();
  expect(wallet.record(T)).toMatchObject({ status: 'completed' });
  expect(await wallet.balance('bob')).toBe(10n);
});

test('a recheck that comes before any claim has the rights of its sender', async () => {
  const wallet = await funded();
  await wallet.send(attempt({ ...mallory, recheck: true }));
  await wallet.settle();
  expect(wallet.record(T)).toMatchObject({ status: 'rejected', reason: 'not_owner', by: 'mallory' });
});
