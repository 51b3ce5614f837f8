/** Work that somebody must come back to, on local disk. */
import * as z from 'zod/mini';
import { decodeWork, encodeWork, type OpenRecord, openKey } from '../../core/contracts/open-work.ts';
import { decodeChunk } from '../../core/contracts/saga-chunk.ts';
import { accountKey } from '../../core/domain/lane.ts';
import type { OpenWork } from '../../core/ports.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { kinds } from './entries.ts';
import type { WalletStore } from './wallet-store.ts';

const recordSchema = z.tuple([z.string(), z.string(), z.int(), z.int(), z.int(), z.string()]);

export class EmbeddedOpenWork implements OpenWork {
  private readonly store: WalletStore;
  private readonly acknowledgement: Acknowledgement;

  constructor(store: WalletStore, acknowledgement: Acknowledgement) {
    this.store = store;
    this.acknowledgement = acknowledgement;
  }

  async open(records: readonly OpenRecord[]): Promise<void> {
    for (const record of records) if (!this.store.has(kinds.openWork, openKey(record))) this.put(record);
    await this.acknowledgement.written();
  }

  async close(key: string): Promise<void> {
    this.store.remove(kinds.openWork, key);
    await this.acknowledgement.written();
  }

  /** Keys sort by when their records are due. */
  async due(time: number, most: number): Promise<readonly OpenRecord[]> {
    const records = [...this.store.keys(kinds.openWork)]
      .sort()
      .slice(0, most)
      .map((key) => this.read(key));
    return records.filter(({ dueAt }) => dueAt <= time);
  }

  /** With the sagas that outlived their turn, which the coordinator keeps: they are this wallet's open chunks. */
  async list(from: string, most: number): Promise<readonly OpenRecord[]> {
    const records = [...this.store.keys(kinds.openWork)].filter((key) => key >= from).map((key) => this.read(key));
    const sagas = this.store.keys(kinds.saga).map((key) => chunkOf(this.store.get(kinds.saga, key) ?? ''));
    return [...records, ...sagas.filter((record) => openKey(record) >= from)]
      .sort((a, b) => (openKey(a) < openKey(b) ? -1 : 1))
      .slice(0, most);
  }

  async replace(record: OpenRecord, by: OpenRecord): Promise<boolean> {
    const isThere = this.store.remove(kinds.openWork, openKey(record));
    if (isThere) this.put(by);
    await this.acknowledgement.written();
    return isThere;
  }

  private put(record: OpenRecord): void {
    const { kind, id, openedAt, dueAt, checks } = record;
    const text = JSON.stringify([kind, id, openedAt, dueAt, checks, encodeWork(record)]);
    this.store.put(kinds.openWork, openKey(record), text);
  }

  private read(key: string): OpenRecord {
    const [kind, id, openedAt, dueAt, checks, work] = recordSchema.parse(
      JSON.parse(this.store.get(kinds.openWork, key) ?? ''),
    );
    return decodeWork(kind, id, { openedAt, dueAt, checks }, work);
  }
}

/** Due since its first debit: the coordinator alone knows when it takes the next step. */
function chunkOf(text: string): OpenRecord {
  const { chunk_hash: id, attempt: checks, items } = decodeChunk(JSON.parse(text));
  const openedAt = Math.min(...items.map(({ debitedAt }) => debitedAt));
  const debits = items.map(({ scope, from, debitRef: { version, index } }) => {
    return { account: accountKey({ scope, account: from }), version, first: index, last: index };
  });
  return { kind: 'chunk', id, openedAt, dueAt: openedAt, checks, debits };
}
