/** What every store of open work must do, whatever holds it. Tests of one store run on one table, so each has a time of its own. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../adapters/node/sha256.ts';
import { type OpenChunk, type OpenRecord, openClosing, openKey } from '../../core/contracts/open-work.ts';
import type { OpenWork } from '../../core/ports.ts';
import { T0 } from './sample-records.ts';

const DAY_MS = 24 * 60 * 60_000;
/** More than any test here records. */
const ALL = 10_000;

let chunks = 0;
function chunk(dueAt: number, more: Partial<OpenChunk> = {}): OpenChunk {
  chunks += 1;
  const debits = [
    { account: 'default#alice', version: 1, first: 0, last: 7 },
    { account: 'default#settlement:bank', version: 12_345, first: 3, last: 3 },
    { account: 'default#alice', version: 2, first: 1, last: 1 },
    { account: 'other#alice', version: 1, first: 0, last: 0 },
  ];
  return { kind: 'chunk', id: sha256(`chunk ${chunks}`), openedAt: dueAt - 1, dueAt, checks: 0, debits, ...more };
}

function sorted(records: readonly OpenRecord[]): readonly OpenRecord[] {
  const byAccount = (record: OpenRecord): OpenRecord => {
    if (record.kind !== 'chunk') return record;
    return { ...record, debits: record.debits.toSorted((a, b) => (a.account < b.account ? -1 : 1)) };
  };
  return records.map(byAccount).sort((a, b) => (openKey(a) < openKey(b) ? -1 : 1));
}

export function describeOpenWork(name: string, makeStore: () => Promise<OpenWork>): void {
  describe(`open work: ${name}`, () => {
    let store: OpenWork;
    /** No record of another test is due before this time's day is over. */
    let time = T0;
    beforeAll(async () => {
      store = await makeStore();
    });
    beforeEach(async () => {
      time += DAY_MS;
      for (const record of await store.due(time, ALL)) await store.close(openKey(record));
    });

    it('gives what is due, and nothing that is due later', async () => {
      const records = [
        chunk(time + 1),
        chunk(time + 2),
        chunk(time + 2, { debits: [] }),
        openClosing('default#carol', 7, time - 60_000),
      ];
      const later = [chunk(time + 3), chunk(time + 100)];
      await store.open([...records, ...later]);
      expect(sorted(await store.due(time + 2, ALL))).toEqual(sorted(records));
      expect(await store.due(time - 1, ALL)).toEqual([]);
    });

    it('lists what there is in the order of keys, from a key on', async () => {
      const ours = [chunk(time + 5), chunk(time + 1), chunk(time + 3), openClosing('default#dora', 7, time - 60_000)];
      const keys = ours.map(openKey).sort();
      await store.open(ours);
      const from = openKey({ dueAt: time, id: '' });
      const listed = await store.list(from, 100);
      expect(listed.map(openKey)).toEqual(keys);
      expect(sorted(listed)).toEqual(sorted(ours));
      expect((await store.list(from, 3)).map(openKey)).toEqual(keys.slice(0, 3));
      expect((await store.list(keys[1] ?? '', 2)).map(openKey)).toEqual(keys.slice(1, 3));
      expect(await store.list(openKey({ dueAt: time + 6, id: '' }), 100)).toEqual([]);
      expect((await store.list('', 100)).map(openKey)).toEqual(expect.arrayContaining(keys));
    });

    it('records once what is recorded again', async () => {
      const record = chunk(time);
      await store.open([record, record]);
      await store.open([{ ...record, checks: 5 }]);
      await store.open([]);
      expect(sorted(await store.due(time, ALL))).toEqual(sorted([record]));
    });

    it('takes a record away by its key, and knows no trouble with one that is not there', async () => {
      const [one, other] = [chunk(time), chunk(time)];
      await store.open([one, other]);
      await store.close(openKey(one));
      await store.close(openKey(one));
      expect(sorted(await store.due(time, ALL))).toEqual(sorted([other]));
    });

    it('replaces a record that is there, and only that', async () => {
      const record = chunk(time);
      const next = { ...record, dueAt: time + 5, checks: 1 };
      await store.open([record]);
      expect(await store.replace(record, next)).toBe(true);
      expect(await store.due(time + 4, ALL)).toEqual([]);
      expect(sorted(await store.due(time + 5, ALL))).toEqual(sorted([next]));
      expect(await store.replace(record, { ...record, dueAt: time + 9 })).toBe(false);
      await store.close(openKey(next));
      expect(await store.replace(next, { ...record, dueAt: time + 9 })).toBe(false);
      expect(await store.due(time + 9, ALL)).toEqual([]);
    });

    it('is replaced by one of several who try at once', async () => {
      const record = chunk(time);
      await store.open([record]);
      const tries = [5, 6, 7, 8].map((ms) => store.replace(record, { ...record, dueAt: time + ms }));
      const won = await Promise.all(tries.map((tried) => tried.catch(() => false)));
      expect(won.filter(Boolean).length).toBeLessThanOrEqual(1);
      expect(await store.due(time + 9, ALL)).toHaveLength(1);
    });

    it('gives few where few are asked for, and all of them in the end', async () => {
      const records = Array.from({ length: 100 }, () => chunk(time));
      await store.open(records);
      const some = await store.due(time, 10);
      expect(some.length).toBeGreaterThan(0);
      expect(some.length).toBeLessThanOrEqual(64);
      const seen = new Set<string>();
      for (let round = 0; round < records.length && seen.size < records.length; round += 1) {
        for (const record of await store.due(time, 10)) {
          seen.add(record.id);
          await store.close(openKey(record));
        }
      }
      expect(seen).toEqual(new Set(records.map(({ id }) => id)));
    });
  });
}
