/**
 * A thread of {@link DayClosing}: closes the days of an embedded wallet that are over, and seals them. It looks into the folder as any
 * other process may, and writes beside the ledger only, so it can end anywhere, and the next one goes on.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { FolderSeals } from '../adapters/embedded/folder-seals.ts';
import { lookIntoWallet, type WalletLook } from '../adapters/embedded/look-into-wallet.ts';
import { CLOSING_SEGMENTS, pastOf } from '../adapters/embedded/wallet-folder.ts';
import { sha256, sha256Bytes } from '../adapters/node/sha256.ts';
import { endOfDay } from '../core/contracts/day.ts';
import { closeDay } from '../core/flows/close-day.ts';
import { sealNextClosedDay } from '../core/flows/seal-closed-days.ts';
import { newestSealableDay } from '../core/flows/seal-day.ts';

export interface ClosingTask {
  readonly folder: string;
  readonly sealsFolder: string;
  /** UTC milliseconds: days that are over by then are closed. */
  readonly now: number;
}

/** What became of a day, told as it happens. */
export type ClosingMessage =
  | { readonly kind: 'closed'; readonly day: string; readonly balanced: boolean; readonly damaged: readonly string[] }
  | { readonly kind: 'sealed'; readonly day: string; readonly root: string }
  | { readonly kind: 'done' };

/** Closes and seals in this thread. @throws {DayNotSealable} if a day that is closed cannot be sealed */
async function closeDays(task: ClosingTask, tell: (message: ClosingMessage) => void): Promise<void> {
  const look = lookIntoWallet(task.folder);
  try {
    if (beganBefore(look, endOfDay(newestSealableDay(task.now)))) await closeAndSeal(look, task, tell);
  } finally {
    await look.close();
  }
}

/** A wallet whose first day is not over has nothing to close; its archive begins with that day. */
function beganBefore({ store }: WalletLook, time: number): boolean {
  for (const { at } of store.commits()) return at < time;
  return false;
}

async function closeAndSeal(
  look: WalletLook,
  { folder, sealsFolder, now }: ClosingTask,
  tell: (message: ClosingMessage) => void,
): Promise<void> {
  const ports = {
    ...look,
    ...pastOf(folder),
    seals: new FolderSeals(sealsFolder),
    clock: { now: () => now },
    digest: sha256,
    hash: sha256Bytes,
  };
  for (;;) {
    const closed = await closeDay(ports, CLOSING_SEGMENTS);
    if (closed === undefined) break;
    const { day, balanced } = closed;
    tell({ kind: 'closed', day, balanced, damaged: closed.damaged.map(({ account }) => account) });
    // Each day is sealed before the next is closed: a new wallet has a seal for every day.
    await sealAll(ports, tell);
  }
  await sealAll(ports, tell);
}

async function sealAll(
  ports: Parameters<typeof sealNextClosedDay>[0],
  tell: (message: ClosingMessage) => void,
): Promise<void> {
  for (;;) {
    const sealed = await sealNextClosedDay(ports);
    if (sealed === undefined) return;
    tell({ kind: 'sealed', day: sealed.day, root: sealed.root });
  }
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const tell = (message: ClosingMessage): void => port.postMessage(message);
  await closeDays(workerData, tell);
  tell({ kind: 'done' });
}
