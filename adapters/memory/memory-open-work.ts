/** Open work in memory, by key. */
import { type OpenRecord, openKey } from '../../core/contracts/open-work.ts';
import type { OpenWork } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

/** One write: a record that is put there, or the key of one that is taken away. */
export type OpenWorkWrite = OpenRecord | { readonly kind: 'close'; readonly key: string };

export class MemoryOpenWork implements OpenWork {
  readonly hooks: WriteHooks<OpenWorkWrite>;
  /** Every record by its key. */
  readonly records = new Map<string, OpenRecord>();

  constructor(hooks: WriteHooks<OpenWorkWrite> = {}) {
    this.hooks = hooks;
  }

  async open(records: readonly OpenRecord[]): Promise<void> {
    for (const record of records) await writeWithHooks(this.hooks, record, () => this.insert(record));
  }

  async close(key: string): Promise<void> {
    await writeWithHooks(this.hooks, { kind: 'close', key }, () => this.records.delete(key));
  }

  async due(time: number, most: number): Promise<readonly OpenRecord[]> {
    const due = [...this.records.values()].filter(({ dueAt }) => dueAt <= time);
    return due.sort((a, b) => a.dueAt - b.dueAt).slice(0, most);
  }

  async list(from: string, most: number): Promise<readonly OpenRecord[]> {
    const keys = [...this.records.keys()].filter((key) => key >= from).sort();
    return keys.slice(0, most).flatMap((key) => this.records.get(key) ?? []);
  }

  async replace(record: OpenRecord, by: OpenRecord): Promise<boolean> {
    return writeWithHooks(this.hooks, by, () => {
      if (!this.records.delete(openKey(record))) return false;
      this.records.set(openKey(by), by);
      return true;
    });
  }

  private insert(record: OpenRecord): void {
    const key = openKey(record);
    if (!this.records.has(key)) this.records.set(key, record);
  }
}
