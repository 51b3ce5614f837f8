/** What every pointer to generations, and every shelf of views and of daily balances, must do, whatever holds it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { beginGeneration, firstGeneration, partCopied, swapGenerations } from '../../core/domain/view-generations.ts';
import type {
  AccountRow,
  DailyBalance,
  DailyBalances,
  GenerationPointer,
  Shelf,
  ViewScan,
  ViewStore,
} from '../../core/ports.ts';
import { newAccount, T0 } from './sample-records.ts';

export function describeGenerationPointer(name: string, makePointer: () => Promise<GenerationPointer>): void {
  describe(`generations of views: ${name}`, () => {
    it('begins with generation 0, and takes each revision once', async () => {
      const pointer = await makePointer();
      expect(await pointer.read()).toEqual(firstGeneration);
      const begun = beginGeneration(firstGeneration, 4);
      const building = begun.building ?? expect.fail('nothing is being built');
      const copied = partCopied(begun, building, 3);
      const swapped = swapGenerations(copied, building, T0);
      expect(await pointer.replace(copied)).toBe(false);
      for (const generations of [begun, copied, swapped]) {
        expect(await pointer.replace(generations)).toBe(true);
        expect(await pointer.read()).toEqual(generations);
      }
      expect(await pointer.replace(partCopied(begun, building, 2))).toBe(false);
      expect(await pointer.read()).toEqual(swapped);
    });

    it('lets one of several that change the same revision do it', async () => {
      const pointer = await makePointer();
      const before = await pointer.read();
      const changes = [1, 2, 3, 4].map((parts) => beginGeneration(before, parts));
      const done = await Promise.all(changes.map((change) => pointer.replace(change)));
      expect(done.filter((isDone) => isDone)).toHaveLength(1);
      expect(await pointer.read()).toEqual(changes[done.indexOf(true)]);
    });
  });
}

export function describeViewShelf(name: string, makeShelf: () => Promise<Shelf<ViewStore & ViewScan>>): void {
  describe(`shelf of views: ${name}`, () => {
    let shelf: Shelf<ViewStore & ViewScan>;
    beforeAll(async () => {
      shelf = await makeShelf();
    });

    function row(account: string, owner: string): AccountRow {
      return { account, kind: 'customer', currency: 'USD', owner, openedAt: T0 };
    }

    /** Accounts of all rows, with how often each stands somewhere. */
    async function listedIn(generation: number): Promise<readonly string[]> {
      const listed = await Array.fromAsync(shelf.generation(generation).listed());
      return listed.map(({ place, row: { account } }) => `${account} ${place}`).sort();
    }

    it('shows each account in the registry and with its owner, in its generation and in no other', async () => {
      // Names that could be taken for those of views.
      const owners = ['Ada', 'accounts#x', 'g2@accounts#x#1', 'owner#g1'];
      for (const [generation, owner] of owners.entries())
        await shelf.generation(generation).registerAccounts([row(`x#account-${generation}`, owner)]);
      for (const [generation, owner] of owners.entries()) {
        const view = shelf.generation(generation);
        const [account, rows] = [`x#account-${generation}`, [row(`x#account-${generation}`, owner)]];
        expect(await listedIn(generation)).toEqual([`${account} owner`, `${account} registry`]);
        expect(await Array.fromAsync(view.accounts('x'))).toEqual(rows);
        expect(await view.accountPage('x', { owner, most: 10 })).toEqual(rows);
        expect(await view.accountPage('x', { owner: 'nobody', most: 10 })).toEqual([]);
      }
    });

    it('sweeps what is not kept and not above the last, and no report', async () => {
      await shelf.generation(0).putReport('x', 'trial_balance', '{}');
      const many = Array.from({ length: 60 }, (_, n) => row(`y#account-${n}`, 'Ada'));
      await shelf.generation(2).registerAccounts(many);
      expect(await shelf.sweep(2, [1])).toBeGreaterThan(60);
      expect(await shelf.sweep(2, [1])).toBe(0);
      const left = await Promise.all([0, 1, 2, 3].map(async (generation) => (await listedIn(generation)).length));
      expect(left).toEqual([0, 2, 0, 2]);
      expect(await shelf.generation(0).report('x', 'trial_balance')).toBe('{}');
    });
  });
}

export function describeDailyBalancesShelf(name: string, makeShelf: () => Promise<Shelf<DailyBalances>>): void {
  describe(`shelf of daily balances: ${name}`, () => {
    it('keeps the rows of generations apart, and sweeps those that are not kept', async () => {
      const shelf = await makeShelf();
      const account = newAccount();
      const rowOf = (generation: number): DailyBalance => {
        const balance = BigInt(generation);
        return { account, day: '2026-01-01', currency: 'USD', version: 7, balance, credited: 1n, debited: 0n };
      };
      const read = (generation: number) =>
        Array.fromAsync(shelf.generation(generation).of(account, '0000-01-01', '9999-12-31'));
      for (const generation of [0, 1, 2, 12]) await shelf.generation(generation).put([rowOf(generation)]);
      for (const generation of [0, 1, 2, 12]) expect(await read(generation)).toEqual([rowOf(generation)]);
      expect(await shelf.sweep(2, [1])).toBe(2);
      expect(await shelf.sweep(2, [1])).toBe(0);
      const left = await Promise.all([0, 1, 2, 12].map(async (generation) => (await read(generation)).length));
      expect(left).toEqual([0, 1, 0, 1]);
    });
  });
}
