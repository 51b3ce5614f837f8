/**
 * Shows that the adapters on local disk keep the contracts of their ports: on a folder of their own, each call synced to disk
 * before it resolves.
 */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { afterSync } from '../../adapters/embedded/acknowledgement.ts';
import { EmbeddedCommandStream, Placement } from '../../adapters/embedded/embedded-command-stream.ts';
import { EmbeddedEventLog } from '../../adapters/embedded/embedded-event-log.ts';
import { EmbeddedLedgerScan } from '../../adapters/embedded/embedded-ledger-scan.ts';
import { EmbeddedNoteStore } from '../../adapters/embedded/embedded-note-store.ts';
import { EmbeddedOpenWork } from '../../adapters/embedded/embedded-open-work.ts';
import { EmbeddedQuarantine } from '../../adapters/embedded/embedded-quarantine.ts';
import { EmbeddedTransferStore } from '../../adapters/embedded/embedded-transfer-store.ts';
import { EmbeddedViewStore } from '../../adapters/embedded/embedded-view-store.ts';
import { EmbeddedWebhookStore } from '../../adapters/embedded/embedded-webhook-store.ts';
import { FolderArchive } from '../../adapters/embedded/folder-archive.ts';
import { FolderArchiveIndex } from '../../adapters/embedded/folder-archive-index.ts';
import { FolderBreakStore } from '../../adapters/embedded/folder-break-store.ts';
import { FolderDailyBalances } from '../../adapters/embedded/folder-daily-balances.ts';
import { FolderSeals } from '../../adapters/embedded/folder-seals.ts';
import { SagaCoordinator } from '../../adapters/embedded/saga-coordinator.ts';
import { WalletStore } from '../../adapters/embedded/wallet-store.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import type { StreamRecord } from '../../core/flows/read-batch.ts';
import { describeArchive } from './archive.contract.ts';
import { describeArchiveIndex, describeDailyBalances } from './archive-index.contract.ts';
import { describeBreakStore } from './break-store.contract.ts';
import { describeCommandStream, LANES } from './command-stream.contract.ts';
import { describeEventLog } from './event-log.contract.ts';
import { describeLedgerScan } from './ledger-scan.contract.ts';
import { describeNoteStore } from './note-store.contract.ts';
import { describeOpenWork } from './open-work.contract.ts';
import { describeQuarantine } from './quarantine.contract.ts';
import { describeSagaStarter } from './saga-starter.contract.ts';
import { T0 } from './sample-records.ts';
import { describeSealStore } from './seal-store.contract.ts';
import { describeTransferStore } from './transfer-store.contract.ts';
import { describeViewStore } from './view-store.contract.ts';
import { describeWebhookStore } from './webhook-store.contract.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-contract-'));
/** Few enough that the tests of transfers fill several runs. */
const RUN_TRANSFERS = 50;
const store = new WalletStore(folder, RUN_TRANSFERS);
const outside = afterSync(store);

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

describeEventLog('embedded', async () => new EmbeddedEventLog(store, outside));
describeLedgerScan('embedded', async () => {
  return { log: new EmbeddedEventLog(store, outside), scan: new EmbeddedLedgerScan(store) };
});
describeArchive('folder', async () => new FolderArchive(path.join(folder, 'archive')));
describeArchiveIndex('folder', async () => new FolderArchiveIndex(path.join(folder, 'archive')));
describeDailyBalances('folder', async () => new FolderDailyBalances(path.join(folder, 'archive')));
describeSealStore('folder', async () => new FolderSeals(path.join(folder, 'seals-of-contract')));
describeTransferStore('embedded', async () => new EmbeddedTransferStore(store, outside));
describeNoteStore('embedded', async () => new EmbeddedNoteStore(store));
describeViewStore('embedded', async () => new EmbeddedViewStore(store, outside));
describeWebhookStore('embedded', async () => new EmbeddedWebhookStore(store, outside));
describeOpenWork('embedded', async () => new EmbeddedOpenWork(store, outside));
describeBreakStore('folder', async () => new FolderBreakStore(path.join(folder, 'reconciliation')));
describeCommandStream('embedded', async () => {
  const placement = new Placement({ lanes: LANES, epoch: 1, digest: sha256 });
  const records = new Set<StreamRecord>();
  const stream = new EmbeddedCommandStream(async (commands) => {
    for (const { record } of placement.place(commands, 1, T0)) records.add(record);
  });
  return { stream, read: async () => [...records] };
});
describeQuarantine('embedded', async () => {
  const quarantine = new EmbeddedQuarantine(store, outside);
  return { quarantine, read: async (key) => quarantine.read(key) };
});
describeSagaStarter('embedded', async () => {
  const starter = new SagaCoordinator(store, outside, new SilentJournal());
  return { starter, read: async () => starter.chunks() };
});

describe('the index on local disk', () => {
  it('is there again after a restart, and passes over a line that was torn', async () => {
    const place = path.join(folder, 'torn');
    const range = { account: 'default#torn', first: 1, last: 4, day: '2026-01-01', name: 'log/2026-01-01/a' };
    const next = { ...range, first: 5, last: 9 };
    const index = new FolderArchiveIndex(place);
    await index.add([range]);
    await index.allowPruning(range.account, 2);
    appendFileSync(path.join(place, 'index.jsonl'), '{"account":"default#to');
    await new FolderArchiveIndex(place).add([next]);
    const again = new FolderArchiveIndex(place);
    expect([await again.find(range.account, 1), await again.find(range.account, 5)]).toEqual([range, next]);
    expect(await again.prunedThrough(range.account)).toBe(2);
  });
});
