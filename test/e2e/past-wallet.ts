/**
 * A past for the deployed stack: the flows of the processor, the saga and the projector on the stack's own tables, in this process, with
 * a clock of their own. What they append is what the stack would have appended then, and goes through its streams as well.
 */
import { inject } from 'vitest';
import { DynamoDbEventLog } from '../../adapters/aws/dynamodb-event-log.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { DynamoDbViewStore } from '../../adapters/aws/dynamodb-view-store.ts';
import { CountingMeter } from '../../adapters/memory/counting-meter.ts';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { MemoryCommandStream } from '../../adapters/memory/memory-command-stream.ts';
import { MemoryOpenWork } from '../../adapters/memory/memory-open-work.ts';
import { MemoryQuarantine } from '../../adapters/memory/memory-quarantine.ts';
import { MemorySagaStarter } from '../../adapters/memory/memory-saga-starter.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import type { SagaChunk } from '../../core/contracts/saga-chunk.ts';
import type { AccountCommand } from '../../core/domain/account.ts';
import { AccountCache } from '../../core/flows/account-cache.ts';
import { advanceTransfers } from '../../core/flows/advance-transfer.ts';
import { settleCommands } from '../../core/flows/process-shard.ts';
import { projectDecoded } from '../../core/flows/project.ts';
import { readBatch } from '../../core/flows/read-batch.ts';
import { startSagas } from '../../core/flows/start-sagas.ts';

const { ledgerTable, transfersTable, viewsTable } = inject('stack');
/** As in preset `local`. */
const LANES = 64;
/** More steps than any transfer of these tests takes. */
const MOST_ROUNDS = 20;

export class PastWallet {
  readonly clock: ManualClock;
  readonly digest = sha256;
  readonly meter = new CountingMeter();
  readonly journal = new SilentJournal();
  readonly quarantine = new MemoryQuarantine();
  readonly sagas = new MemorySagaStarter();
  readonly openWork = new MemoryOpenWork();
  readonly commands: MemoryCommandStream;
  // One by one, for clouds that write no stream record for a batch of statements.
  readonly log = new DynamoDbEventLog({ tableName: ledgerTable, oneByOne: true });
  readonly transfers = new DynamoDbTransferStore({ tableName: transfersTable });
  readonly views = new DynamoDbViewStore({ tableName: viewsTable });
  private readonly cache = new AccountCache();
  private delivered = 0;
  private started = 0;

  /** @param now UTC milliseconds */
  constructor(now: number) {
    this.clock = new ManualClock(now);
    this.commands = new MemoryCommandStream({ lanes: LANES, digest: sha256, clock: this.clock });
  }

  /** Sends commands, and has them decided; nothing more. */
  async decide(...commands: readonly AccountCommand[]): Promise<void> {
    await this.commands.send(commands);
    await this.deliver();
  }

  /** Takes everything that was sent to its end. */
  async settle(...commands: readonly AccountCommand[]): Promise<void> {
    await this.commands.send(commands);
    let open: readonly SagaChunk[] = [];
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      await this.deliver();
      open = [...open, ...this.sagas.started.slice(this.started)];
      this.started = this.sagas.started.length;
      if (open.length === 0 && this.delivered === this.commands.records.length) return;
      const advanced = await Promise.all(open.map((chunk) => advanceTransfers(this, chunk, 'saga')));
      open = advanced.filter(({ next_action }) => next_action === 'wait');
      this.clock.advance(1_000);
    }
    throw new Error(`the past did not come to rest in ${MOST_ROUNDS} rounds`);
  }

  private async deliver(): Promise<void> {
    const records = this.commands.records.slice(this.delivered);
    this.delivered += records.length;
    if (records.length === 0) return;
    const { commands } = readBatch(records, { lanes: LANES, epoch: 1 }, sha256);
    const { debited, appended } = await settleCommands({ ...this, cache: this.cache }, commands);
    await startSagas(this, debited);
    await projectDecoded(
      this,
      appended.map(({ stored, events }) => ({ commit: stored, events })),
    );
  }
}
