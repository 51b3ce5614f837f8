/**
 * The views of an embedded wallet made again from its log, while no process works on the folder: built in memory, compared with the
 * log, and put in the place of what is there. Registry and statuses go to disk in one synced write, daily balances by a rename.
 */
import path from 'node:path';
import { withinTurn } from '../adapters/embedded/acknowledgement.ts';
import { EmbeddedEventLog } from '../adapters/embedded/embedded-event-log.ts';
import { EmbeddedLedgerScan } from '../adapters/embedded/embedded-ledger-scan.ts';
import { EmbeddedTransferStore } from '../adapters/embedded/embedded-transfer-store.ts';
import { EmbeddedViewStore } from '../adapters/embedded/embedded-view-store.ts';
import { FolderArchive } from '../adapters/embedded/folder-archive.ts';
import { FolderArchiveIndex } from '../adapters/embedded/folder-archive-index.ts';
import { FolderDailyBalances } from '../adapters/embedded/folder-daily-balances.ts';
import { WalletStore } from '../adapters/embedded/wallet-store.ts';
import { MemoryDailyBalances } from '../adapters/memory/memory-daily-balances.ts';
import { MemoryGenerationPointer } from '../adapters/memory/memory-generation-pointer.ts';
import { MemoryShelf } from '../adapters/memory/memory-shelf.ts';
import { MemoryViewStore } from '../adapters/memory/memory-view-store.ts';
import { type RebuildOptions, type RebuildPorts, type Rebuilt, rebuildViews } from '../core/flows/rebuild-views.ts';
import type { AccountRow, Clock, DailyBalance } from '../core/ports.ts';

/** Nothing of a folder is worth waiting for: nobody else writes, or what is seen of it stands still. */
export const withoutWaiting: Clock = { now: () => Date.now(), sleep: async () => {} };

const FIRST_DAY = '0000-01-01';
const LAST_DAY = '9999-12-31';

/**
 * Rebuilds the views of a folder.
 *
 * @throws {UnusableData} if a process has the folder, or something that was acknowledged is damaged
 */
export async function rebuildFolder(folder: string, archiveFolder: string, options: RebuildOptions): Promise<Rebuilt> {
  const store = new WalletStore(folder);
  try {
    const archive = path.join(folder, archiveFolder);
    const ports = portsOf(store, archive);
    const rebuilt = await rebuildViews(ports, options);
    if (rebuilt.swapped) await putInPlace(store, archive, ports, rebuilt.generation);
    await store.durable(store.seal());
    return rebuilt;
  } finally {
    await store.close();
  }
}

function portsOf(store: WalletStore, archive: string): RebuildPorts {
  return {
    log: new EmbeddedEventLog(store, withinTurn),
    scan: new EmbeddedLedgerScan(store),
    transfers: new EmbeddedTransferStore(store, withinTurn),
    pointer: new MemoryGenerationPointer(),
    views: new MemoryShelf(() => new MemoryViewStore()),
    dailyBalances: new MemoryShelf(() => new MemoryDailyBalances()),
    index: new FolderArchiveIndex(archive),
    archive: new FolderArchive(archive),
    clock: withoutWaiting,
  };
}

async function putInPlace(store: WalletStore, archive: string, ports: RebuildPorts, generation: number): Promise<void> {
  const rows: AccountRow[] = [];
  for await (const { place, row } of ports.views.generation(generation).listed())
    if (place === 'registry') rows.push(row);
  const days: DailyBalance[] = [];
  const built = ports.dailyBalances.generation(generation);
  for (const { account } of rows) for await (const row of built.of(account, FIRST_DAY, LAST_DAY)) days.push(row);
  await new EmbeddedViewStore(store, withinTurn).replaceAccounts(rows);
  await new FolderDailyBalances(archive).replaceAll(days);
}
