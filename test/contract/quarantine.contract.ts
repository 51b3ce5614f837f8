/** What every quarantine must do, whatever holds it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Quarantine, QuarantinedRecord } from '../../core/ports.ts';
import { SEQUENCE, T0 } from './sample-records.ts';

/** A quarantine, and a way to read what is kept under a key. */
export interface ReadableQuarantine {
  readonly quarantine: Quarantine;
  read(key: string): Promise<QuarantinedRecord | undefined>;
}

function record(partitionKey: string, more: Partial<QuarantinedRecord> = {}): QuarantinedRecord {
  return {
    key: `${partitionKey}/${SEQUENCE}/record`,
    reason: 'record: Invalid input',
    partitionKey,
    sequence: String(SEQUENCE),
    arrival: T0,
    data: Uint8Array.from({ length: 256 }, (_, byte) => byte),
    ...more,
  };
}

export function describeQuarantine(name: string, makeQuarantine: () => Promise<ReadableQuarantine>): void {
  describe(`quarantine: ${name}`, () => {
    let sut: ReadableQuarantine;
    beforeAll(async () => {
      sut = await makeQuarantine();
    });

    async function kept(key: string): Promise<QuarantinedRecord | undefined> {
      const found = await sut.read(key);
      return found === undefined ? undefined : { ...found, data: Uint8Array.from(found.data) };
    }

    it('keeps records with every byte', async () => {
      const records = [record('3'), record('4', { data: new Uint8Array() })];
      await sut.quarantine.put(records);
      for (const put of records) expect(await kept(put.key)).toEqual(put);
    });

    it('replaces a record that is put again', async () => {
      await sut.quarantine.put([record('5')]);
      await sut.quarantine.put([record('5', { reason: 'found again' })]);
      expect((await kept(record('5').key))?.reason).toBe('found again');
    });

    it.each([
      '../../etc',
      './.',
      'a b?c#d&e',
      'Ünï/çødé \u{1f4a5}',
      '\ud800 lonely surrogate',
      'x'.repeat(256),
      'é'.repeat(256),
    ])('keeps a record with the partition key %j', async (partitionKey) => {
      const put = record(partitionKey);
      await sut.quarantine.put([put]);
      expect((await kept(put.key))?.data).toEqual(put.data);
    });
  });
}
