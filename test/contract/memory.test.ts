/** Shows that the adapters in memory keep the contracts of their ports, so that tests over them tell something about the wallet. */
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { MemoryCommandStream } from '../../adapters/memory/memory-command-stream.ts';
import { MemoryEventLog } from '../../adapters/memory/memory-event-log.ts';
import { MemoryQuarantine } from '../../adapters/memory/memory-quarantine.ts';
import { MemorySagaStarter } from '../../adapters/memory/memory-saga-starter.ts';
import { MemoryTransferStore } from '../../adapters/memory/memory-transfer-store.ts';
import { MemoryViewStore } from '../../adapters/memory/memory-view-store.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { describeCommandStream, LANES } from './command-stream.contract.ts';
import { describeEventLog } from './event-log.contract.ts';
import { describeQuarantine } from './quarantine.contract.ts';
import { describeSagaStarter } from './saga-starter.contract.ts';
import { describeTransferStore } from './transfer-store.contract.ts';
import { describeViewStore } from './view-store.contract.ts';

describeEventLog('memory', async () => new MemoryEventLog());
describeTransferStore('memory', async () => new MemoryTransferStore());
describeViewStore('memory', async () => new MemoryViewStore());
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
