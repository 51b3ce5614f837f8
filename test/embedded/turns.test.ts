/**
 * A turn of the embedded wallet is on disk as a whole or not at all, whatever others write meanwhile, and nobody who was part of one
 * waits longer than for the disk.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { entryBytes, readEntry } from '../../adapters/embedded/entries.ts';
import { readFrames } from '../../adapters/embedded/read-frames.ts';
import { CountingMeter } from '../../adapters/memory/counting-meter.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { debit, openAccount, transferId } from '../memory-wallet.ts';

/** More than may wait for the disk. */
const TOO_MUCH = 1 << 30;
/** So many commands have a turn while the disk is busy. */
const MUCH = 100;
/** Rounds of awaits after which another writes, from none on; a turn takes some 60 of them. */
const MOMENTS = 100;

let folder: string;
let wallet: EmbeddedWallet;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'wallet-turns-'));
  const tools = { clock: new SystemClock(), digest: sha256, meter: new CountingMeter(), journal: new SilentJournal() };
  wallet = new EmbeddedWallet({ folder, ...tools });
  await wallet.commands.send([openAccount('settlement:bank'), openAccount('alice')]);
});
afterEach(async () => {
  await wallet.close();
  rmSync(folder, { recursive: true });
});

/** The frames that hold anything of a turn: commits, and records of transfers. */
function framesOfTurns(): readonly number[] {
  const frames: number[] = [];
  const take: Parameters<typeof readFrames>[2] = ({ number, payload }) => {
    for (let at = 0; at < payload.length; at += entryBytes(payload, at))
      if (['C', 'T'].includes(readEntry(payload, at).kind)) frames.push(number);
  };
  readFrames(folder, { end: 0, frames: 0 }, take, 'look');
  return [...new Set(frames)];
}

test('a turn that is sealed goes to disk though a note was kept behind it, and nothing was sent with that', async () => {
  const outside = wallet.views.putReport('default', 'outside', '{}');
  const { store } = wallet;
  const seal = store.seal.bind(store);
  vi.spyOn(store, 'seal').mockImplementationOnce(() => {
    const frame = seal();
    wallet.notes.put([{ key: 'default#known#note#1', note: { description: 'rent' } }]);
    return frame;
  });
  const debits = Array.from({ length: MUCH }, (_, n) => debit(transferId(n + 1), 'settlement:bank', 'alice', 5n));
  await Promise.all([outside, wallet.commands.send(debits)]);
});

test('a turn that waited for the disk is not cut in two by who waited with it, at whatever moment he writes', async () => {
  const before = framesOfTurns().length;
  vi.spyOn(wallet.store, 'backlog', 'get').mockReturnValue(TOO_MUCH);
  const put = () => wallet.views.putReport('default', 'outside', '{}');
  for (let moment = 0; moment < MOMENTS; moment += 1) {
    const outside = put().then(async () => {
      for (let i = 0; i < moment; i += 1) await undefined;
      await put();
    });
    // A recheck goes through the stages, which await again and again.
    const recheck = { ...debit(transferId(moment + 1), 'settlement:bank', 'alice', 5n), recheck: true };
    await Promise.all([outside, wallet.commands.send([recheck])]);
  }
  expect(framesOfTurns()).toHaveLength(before + MOMENTS);
});

test('while the disk is busy, few commands wait and become one turn, and many begin at once', async () => {
  const { store } = wallet;
  vi.spyOn(store, 'isDurable').mockReturnValue(false);
  const seals = vi.spyOn(store, 'seal');
  const disk = busyDisk();
  const few = [1, 2].map(async (n) => {
    await rounds(n);
    await wallet.commands.send([debit(transferId(n), 'settlement:bank', 'alice', 5n)]);
  });
  await rounds(10);
  expect(seals).not.toHaveBeenCalled();
  disk.goOn();
  await Promise.all(few);
  expect(seals).toHaveBeenCalledTimes(1);

  const stillBusy = busyDisk();
  const debits = Array.from({ length: MUCH }, (_, n) => debit(transferId(n + 3), 'settlement:bank', 'alice', 5n));
  const many = wallet.commands.send(debits);
  await rounds(10);
  expect(seals).toHaveBeenCalledTimes(2);
  stillBusy.goOn();
  await many;
});

/** The next that waits for the disk waits until it goes on. */
function busyDisk(): { readonly goOn: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  vi.spyOn(wallet.store, 'durable').mockImplementationOnce(() => promise);
  return { goOn: resolve };
}

async function rounds(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await setImmediate();
}
