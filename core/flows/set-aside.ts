/** Putting aside what cannot be processed, so that it blocks nothing behind it and is not lost either. */
import { metrics } from '../contracts/env.ts';
import type { Journal, Meter, Quarantine, QuarantinedRecord } from '../ports.ts';

export interface SetAsidePorts {
  readonly quarantine: Quarantine;
  readonly meter: Meter;
  readonly journal: Journal;
}

/** Puts records into quarantine, counted and logged: an alarm calls the operators, who redrive them. */
export async function setAside(ports: SetAsidePorts, records: readonly QuarantinedRecord[]): Promise<void> {
  if (records.length === 0) return;
  await ports.quarantine.put(records);
  ports.meter.count(metrics.quarantined, records.length);
  for (const { key, reason } of records) ports.journal.warn('quarantined', { key, reason });
}
