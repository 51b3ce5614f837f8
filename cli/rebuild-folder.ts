/**
 * The views of an embedded wallet made again from its log, while no process works on the folder: built in memory, compared with the
 * log, and put in the place of what is there. Registry and statuses go to disk in one synced write, daily balances by a rename.
 */
import { withinTurn } from '../adapters/embedded/acknowledgement.ts';
import { BuiltViews, PassingPointer } from '../adapters/embedded/built-views.ts';
import { EmbeddedEventLog } from '../adapters/embedded/embedded-event-log.ts';
import { EmbeddedLedgerScan } from '../adapters/embedded/embedded-ledger-scan.ts';
import { EmbeddedTransferStore } from '../adapters/embedded/embedded-transfer-store.ts';
import { EmbeddedViewStore } from '../adapters/embedded/embedded-view-store.ts';
import { type FolderPast, pastOf } from '../adapters/embedded/wallet-folder.ts';
import { WalletStore } from '../adapters/embedded/wallet-store.ts';
import { type RebuildOptions, type RebuildPorts, type Rebuilt, rebuildViews } from '../core/flows/rebuild-views.ts';
import type { Clock } from '../core/ports.ts';

/** Nothing of a folder is worth waiting for: nobody else writes, or what is seen of it stands still. */
export const withoutWaiting: Clock = { now: () => Date.now(), sleep: async () => {} };

/**
 * Rebuilds the views of a folder.
 *
 * @throws {UnusableData} if a process has the folder, or something that was acknowledged is damaged
 */
export async function rebuildFolder(folder: string, options: RebuildOptions): Promise<Rebuilt> {
  const store = new WalletStore(folder);
  try {
    const past = pastOf(folder);
    const built = new BuiltViews();
    const rebuilt = await rebuildViews(portsOf(store, past, built), options);
    if (rebuilt.swapped) await putInPlace(store, past, built);
    await store.durable(store.seal());
    return rebuilt;
  } finally {
    await store.close();
  }
}

function portsOf(store: WalletStore, { archive, index }: FolderPast, built: BuiltViews): RebuildPorts {
  return {
    log: new EmbeddedEventLog(store, withinTurn),
    scan: new EmbeddedLedgerScan(store),
    transfers: new EmbeddedTransferStore(store, withinTurn),
    pointer: new PassingPointer(),
    views: built.shelf(),
    dailyBalances: built.shelf(),
    index,
    archive,
    clock: withoutWaiting,
  };
}

async function putInPlace(store: WalletStore, { dailyBalances }: FolderPast, built: BuiltViews): Promise<void> {
  await new EmbeddedViewStore(store, withinTurn).replaceAccounts(built.rows);
  await dailyBalances.replaceAll(built.dailyBalances);
}
