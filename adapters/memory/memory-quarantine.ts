/** Quarantine in memory, by key. */
import type { Quarantine, QuarantinedRecord } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

export class MemoryQuarantine implements Quarantine {
  readonly hooks: WriteHooks<QuarantinedRecord>;
  readonly records = new Map<string, QuarantinedRecord>();

  constructor(hooks: WriteHooks<QuarantinedRecord> = {}) {
    this.hooks = hooks;
  }

  async put(records: readonly QuarantinedRecord[]): Promise<void> {
    for (const record of records) await writeWithHooks(this.hooks, record, () => this.records.set(record.key, record));
  }
}
