/**
 * Who listens to the embedded wallet hears of each transfer that is over and that it wants to hear of, whichever way it was settled,
 * and never before that is on disk.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { EndedTransfers } from '../../adapters/embedded/ended-transfers.ts';
import { CountingMeter } from '../../adapters/memory/counting-meter.ts';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { debit, openAccount, request, transferId } from '../memory-wallet.ts';

test('an end is told once it is on disk, to who wants it, and never if the disk fails', async () => {
  const frames = new Map<number, { readonly resolve: () => void; readonly reject: (cause: Error) => void }>();
  const store: ConstructorParameters<typeof EndedTransfers>[0] = {
    onEnd: undefined,
    durable: (frame) => new Promise<void>((resolve, reject) => frames.set(frame, { resolve, reject })),
  };
  const ended = new EndedTransfers(store, new SilentJournal());
  const told: string[] = [];
  ended.endTurn(1);
  expect(frames.size).toBe(0);
  ended.listen({ wants: (id) => id !== 'c', ended: (ids) => void told.push(...ids) });
  for (const id of ['a', 'b', 'c']) store.onEnd?.(id);
  ended.endTurn(2);
  store.onEnd?.('d');
  ended.endTurn(3);
  await Promise.resolve();
  expect(told).toEqual([]);
  frames.get(2)?.resolve();
  frames.get(3)?.reject(new Error('the disk is full'));
  await expect.poll(() => told).toEqual(['a', 'b']);
});

test('a listener that throws is told of to the journal, and harms nobody', async () => {
  const journal = new SilentJournal();
  const store: ConstructorParameters<typeof EndedTransfers>[0] = { onEnd: undefined, durable: async () => {} };
  const ended = new EndedTransfers(store, journal);
  ended.listen({
    wants: () => true,
    ended: () => {
      throw new Error('no socket');
    },
  });
  store.onEnd?.('a');
  ended.endTurn(1);
  await expect.poll(() => journal.warnings).toHaveLength(1);
});

test('ends are heard of whether a transfer is settled at once or stage by stage, and however it ends', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-ends-'));
  const ports = { clock: new ManualClock(), digest: sha256, meter: new CountingMeter(), journal: new SilentJournal() };
  const wallet = new EmbeddedWallet({ folder, ...ports });
  try {
    const heard: string[] = [];
    wallet.endedTransfers.listen({
      wants: (id) => !id.endsWith(transferId(9)),
      ended: (ids) => void heard.push(...ids),
    });
    const pay = (n: number, to: string) => debit(transferId(n), 'settlement:bank', to, 5n);
    // Behind a request of an account, a transfer of the same turn goes through the stages.
    const opening = ['settlement:bank', 'alice', 'bob'].map((account) => openAccount(account));
    await wallet.commands.send([...opening, request('FreezeAccount', 'bob'), pay(1, 'alice'), pay(2, 'bob')]);
    await wallet.commands.send([
      pay(3, 'alice'),
      pay(4, 'bob'),
      debit(transferId(5), 'alice', 'bob', 500n),
      pay(9, 'alice'),
    ]);
    const transfers = heard.filter((id) => !id.includes('#request#'));
    expect(transfers.sort()).toEqual([1, 2, 3, 4, 5].map((n) => `default#${transferId(n)}`));
    const statuses = await wallet.transfers.get(transfers, { consistent: true });
    expect(transfers.map((id) => statuses.get(id)?.status)).toEqual([
      'completed',
      'reversed',
      'completed',
      'reversed',
      'rejected',
    ]);
  } finally {
    await wallet.close();
    rmSync(folder, { recursive: true });
  }
});
