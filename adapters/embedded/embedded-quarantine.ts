/** What cannot be processed, kept on local disk. */
import * as z from 'zod/mini';
import type { Quarantine, QuarantinedRecord } from '../../core/ports.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { kinds } from './entries.ts';
import type { WalletStore } from './wallet-store.ts';

const recordSchema = z.object({
  key: z.string(),
  reason: z.string(),
  partitionKey: z.string(),
  sequence: z.string(),
  arrival: z.int(),
  data: z.string(),
});

export class EmbeddedQuarantine implements Quarantine {
  private readonly store: WalletStore;
  private readonly acknowledgement: Acknowledgement;

  constructor(store: WalletStore, acknowledgement: Acknowledgement) {
    this.store = store;
    this.acknowledgement = acknowledgement;
  }

  async put(records: readonly QuarantinedRecord[]): Promise<void> {
    for (const record of records) {
      const data = Buffer.from(record.data).toString('base64');
      this.store.put(kinds.quarantined, record.key, JSON.stringify({ ...record, data }));
    }
    await this.acknowledgement.written();
  }

  /** Keys of all that was set aside. */
  keys(): readonly string[] {
    return this.store.keys(kinds.quarantined);
  }

  read(key: string): QuarantinedRecord | undefined {
    const text = this.store.get(kinds.quarantined, key);
    if (text === undefined) return undefined;
    const record = recordSchema.parse(JSON.parse(text));
    return { ...record, data: Uint8Array.from(Buffer.from(record.data, 'base64')) };
  }
}
