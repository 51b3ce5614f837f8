/** What every store of breaks must do, whatever holds it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { BreakEvent, KeptBreak } from '../../core/domain/kept-break.ts';
import type { BreakStore } from '../../core/ports.ts';
import { entry, line } from '../statements.ts';
import { T0 } from './sample-records.ts';

const found = { type: 'Found', at: T0, by: 'auditor', statement: 'S1', cause: 'amount_differs' } as const;
const assigned = { type: 'Assigned', at: T0 + 1, by: 'auditor' } as const;

function kept(id: string, account: string, history: readonly BreakEvent[] = [found]): KeptBreak {
  const lines = [line('a', -(10n ** 17n), 3, { references: ['R', 'Ünï'], text: 'text "é"', balance: 5n })];
  const entries = [entry(1, -7n, 3, { reference: 'INV 1' }), entry(2, 8n, 4)];
  return { id, account, currency: 'CZK', lines, entries, difference: -(10n ** 17n), history };
}

function byId(breaks: readonly KeptBreak[]): readonly string[] {
  return breaks.map(({ id }) => id).sort();
}

export function describeBreakStore(name: string, makeStore: () => Promise<BreakStore>): void {
  describe(`break store: ${name}`, () => {
    let store: BreakStore;
    beforeAll(async () => {
      store = await makeStore();
    });

    it('gives a break back as it was kept, and lists those of its account', async () => {
      const bank = 'lists#settlement:bank';
      const ours = [kept('one', bank), kept('two', bank)];
      for (const one of [...ours, kept('three', 'lists#settlement:cash'), kept('one', 'other#settlement:bank')])
        expect(await store.put(one, 0)).toBe(true);
      expect(await store.find('lists', 'one')).toEqual(ours[0]);
      expect(await store.find('lists', 'four')).toBeUndefined();
      expect(await store.find('lists', '../one')).toBeUndefined();
      expect(byId(await Array.fromAsync(store.breaksOf(bank)))).toEqual(['one', 'two']);
      expect(await Array.fromAsync(store.breaksOf('lists#settlement:none'))).toEqual([]);
    });

    it('lets one writer go on from what was seen', async () => {
      const account = 'races#settlement:bank';
      const [alice, bob] = ['alice', 'bob'].map((to) => kept('raced', account, [found, { ...assigned, to }]));
      if (alice === undefined || bob === undefined) throw new Error('nobody races');
      expect(await store.put(alice, 1)).toBe(false);
      expect(await store.put(kept('raced', account), 0)).toBe(true);
      const outcomes = await Promise.all([store.put(alice, 1), store.put(bob, 1)]);
      expect(outcomes.toSorted()).toEqual([false, true]);
      expect(await store.find('races', 'raced')).toEqual(outcomes[0] ? alice : bob);
      expect(await store.put(kept('raced', account, [{ ...found, statement: 'S2' }]), 0)).toBe(false);
      expect(await store.put(outcomes[0] ? bob : alice, 1)).toBe(false);
    });

    it('keeps the last note of each period', async () => {
      const account = 'periods#settlement:bank';
      const january = {
        account,
        from: 20_454,
        to: 20_484,
        statement: 'S1',
        at: T0,
        crossed: { lines: ['a'], entries: ['7/0'] },
      };
      const february = { ...january, from: 20_485, to: 20_512, statement: 'S2', crossed: { lines: [], entries: [] } };
      await store.putPeriod(january);
      await store.putPeriod(february);
      await store.putPeriod({ ...january, at: T0 + 5 });
      const periods = await store.periodsOf(account);
      expect(periods.toSorted((a, b) => a.from - b.from)).toEqual([{ ...january, at: T0 + 5 }, february]);
      expect(await store.periodsOf('periods#settlement:other')).toEqual([]);
    });
  });
}
