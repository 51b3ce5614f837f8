/** A stream of commands that keeps its records for a test to read, deliver and deliver again. */
import { packRecords } from '../../core/contracts/record-packing.ts';
import type { AccountCommand } from '../../core/domain/account.ts';
import type { StreamRecord } from '../../core/flows/read-batch.ts';
import type { Clock, CommandStream, Digest } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

/** Sequence numbers have as many digits as those of Kinesis, so that nothing that is too narrow for them passes. */
const FIRST_SEQUENCE = 10n ** 55n;

export interface MemoryCommandStreamSettings {
  readonly lanes: number;
  readonly digest: Digest;
  /** Its time is the arrival of what is sent. */
  readonly clock: Pick<Clock, 'now'>;
}

export class MemoryCommandStream implements CommandStream {
  /** Everything ever sent, in order of sequence; one shard. */
  readonly records: StreamRecord[] = [];
  readonly hooks: WriteHooks<StreamRecord>;
  private readonly settings: MemoryCommandStreamSettings;

  constructor(settings: MemoryCommandStreamSettings, hooks: WriteHooks<StreamRecord> = {}) {
    this.settings = settings;
    this.hooks = hooks;
  }

  async send(commands: readonly AccountCommand[]): Promise<void> {
    for (const { partitionKey, data } of packRecords(commands, this.settings)) await this.put(partitionKey, data);
  }

  /** Puts bytes of any kind, as anyone with access to a stream can. */
  async put(partitionKey: string, data: Uint8Array): Promise<StreamRecord> {
    const sequence = FIRST_SEQUENCE + BigInt(this.records.length);
    const record = { partitionKey, sequence, arrival: this.settings.clock.now(), data };
    await writeWithHooks(this.hooks, record, () => this.records.push(record));
    return record;
  }

  /** Records of one lane, in order. */
  recordsOf(lane: number): readonly StreamRecord[] {
    return this.records.filter(({ partitionKey }) => partitionKey === String(lane));
  }
}
