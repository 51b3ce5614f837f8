/**
 * Shows that the adapters in memory keep the contracts of their ports, so that tests over them tell something about the wallet,
 * and that trouble can be ordered from them at any single write.
 */
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { MemoryArchive } from '../../adapters/memory/memory-archive.ts';
import { MemoryArchiveIndex } from '../../adapters/memory/memory-archive-index.ts';
import { MemoryBreakStore } from '../../adapters/memory/memory-break-store.ts';
import { MemoryCommandStream } from '../../adapters/memory/memory-command-stream.ts';
import { MemoryDailyBalances } from '../../adapters/memory/memory-daily-balances.ts';
import { MemoryEventLog } from '../../adapters/memory/memory-event-log.ts';
import { MemoryGenerationPointer } from '../../adapters/memory/memory-generation-pointer.ts';
import { MemoryLedgerScan } from '../../adapters/memory/memory-ledger-scan.ts';
import { MemoryNoteStore } from '../../adapters/memory/memory-note-store.ts';
import { MemoryOpenWork } from '../../adapters/memory/memory-open-work.ts';
import { MemoryQuarantine } from '../../adapters/memory/memory-quarantine.ts';
import { MemorySagaStarter } from '../../adapters/memory/memory-saga-starter.ts';
import { MemoryShelf } from '../../adapters/memory/memory-shelf.ts';
import { MemoryTransferStore } from '../../adapters/memory/memory-transfer-store.ts';
import { MemoryViewStore } from '../../adapters/memory/memory-view-store.ts';
import { MemoryWebhookStore } from '../../adapters/memory/memory-webhook-store.ts';
import { LostAnswer } from '../../adapters/memory/write-hooks.ts';
import { ProcessSubscriptions } from '../../adapters/node/process-subscriptions.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { ArchivedEventLog } from '../../core/flows/archived-event-log.ts';
import { describeArchive } from './archive.contract.ts';
import { describeArchiveIndex, describeDailyBalances, describePrunableLog } from './archive-index.contract.ts';
import { describeBreakStore } from './break-store.contract.ts';
import { describeCommandStream, LANES } from './command-stream.contract.ts';
import { describeEventLog } from './event-log.contract.ts';
import { describeLedgerScan } from './ledger-scan.contract.ts';
import { describeNoteStore } from './note-store.contract.ts';
import { describeOpenWork } from './open-work.contract.ts';
import { describeQuarantine } from './quarantine.contract.ts';
import { describeSagaStarter } from './saga-starter.contract.ts';
import { commit, completed, newAccount, transferClaim } from './sample-records.ts';
import { describeSealStore } from './seal-store.contract.ts';
import { describeSubscriptionStore } from './subscription-store.contract.ts';
import { describeTransferStore } from './transfer-store.contract.ts';
import {
  describeDailyBalancesShelf,
  describeGenerationPointer,
  describeViewShelf,
} from './view-generations.contract.ts';
import { describeViewStore } from './view-store.contract.ts';
import { describeWebhookStore } from './webhook-store.contract.ts';

describeEventLog('memory', async () => new MemoryEventLog());
describeLedgerScan('memory', async () => {
  const log = new MemoryEventLog();
  return { log, scan: new MemoryLedgerScan(log) };
});
describeEventLog('memory, with an archive', async () => {
  const past = { archive: new MemoryArchive(), index: new MemoryArchiveIndex(), digest: sha256 };
  return new ArchivedEventLog(new MemoryEventLog(), past);
});
describePrunableLog('memory', async () => new MemoryEventLog());
describeArchive('memory', async () => new MemoryArchive());
describeArchiveIndex('memory', async () => new MemoryArchiveIndex());
describeDailyBalances('memory', async () => new MemoryDailyBalances());
describeSealStore('memory', async () => new MemoryArchive());
describeTransferStore('memory', async () => new MemoryTransferStore());
describeNoteStore('memory', async () => new MemoryNoteStore());
describeViewStore('memory', async () => new MemoryViewStore());
describeGenerationPointer('memory', async () => new MemoryGenerationPointer());
describeViewShelf('memory', async () => new MemoryShelf(() => new MemoryViewStore()));
describeDailyBalancesShelf('memory', async () => new MemoryShelf(() => new MemoryDailyBalances()));
describeWebhookStore('memory', async () => new MemoryWebhookStore());
describeSubscriptionStore('memory of a process', async () => new ProcessSubscriptions());
describeOpenWork('memory', async () => new MemoryOpenWork());
describeBreakStore('memory', async () => new MemoryBreakStore());
describeCommandStream('memory', async () => {
  const stream = new MemoryCommandStream({ lanes: LANES, digest: sha256, clock: new ManualClock() });
  return { stream, read: async () => stream.records };
});
describeQuarantine('memory', async () => {
  const quarantine = new MemoryQuarantine();
  return { quarantine, read: async (key) => quarantine.records.get(key) };
});
describeSagaStarter('memory', async () => {
  const starter = new MemorySagaStarter();
  return { starter, read: async () => starter.started };
});

describe('trouble on order', () => {
  it('a crash between two writes leaves the first and not the second', async () => {
    const [first, second] = [commit(newAccount(), 1), commit(newAccount(), 1)];
    const log = new MemoryEventLog();
    log.hooks.beforeWrite = (write) => {
      if (write === second) throw new Error('crash');
    };
    await expect(log.append([first, second])).rejects.toThrow('crash');
    expect(log.commits()).toEqual([first]);
  });

  it('a lost answer makes an append unknown, before and after it happened', async () => {
    const log = new MemoryEventLog();
    const lose = () => {
      throw new LostAnswer();
    };
    log.hooks.beforeWrite = lose;
    expect(await log.append([commit(newAccount(), 1)])).toEqual(['unknown']);
    expect(log.commits()).toEqual([]);
    log.hooks.beforeWrite = () => {};
    log.hooks.afterWrite = lose;
    expect(await log.append([commit(newAccount(), 1)])).toEqual(['unknown']);
    expect(log.commits()).toHaveLength(1);
  });

  it('another writer may come first', async () => {
    const account = newAccount();
    const log = new MemoryEventLog();
    log.hooks.beforeWrite = () => {
      log.insert(commit(account, 1, { state: '{"other":true}' }));
    };
    expect(await log.append([commit(account, 1)])).toEqual(['exists']);
  });

  it('a claim or status may be written although the call fails', async () => {
    const claim = transferClaim();
    const store = new MemoryTransferStore({
      afterWrite: () => {
        throw new Error('crash');
      },
    });
    await expect(store.claim([claim])).rejects.toThrow('crash');
    await expect(store.raise([completed(claim.id)])).rejects.toThrow('crash');
    expect(store.records.get(claim.id)?.status).toBe('completed');
  });
});
