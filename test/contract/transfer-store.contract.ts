/** What every store of transfers must do, whatever holds it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { TransferRecord } from '../../core/contracts/claim.ts';
import type { StatusWrite } from '../../core/domain/outcome.ts';
import type { TransferStore } from '../../core/ports.ts';
import {
  completed,
  notedClaim,
  openingClaim,
  refused,
  rejected,
  requestClaim,
  reversed,
  T0,
  transferClaim,
} from './sample-records.ts';

export function describeTransferStore(name: string, makeStore: () => Promise<TransferStore>): void {
  describe(`transfer store: ${name}`, () => {
    let store: TransferStore;
    beforeAll(async () => {
      store = await makeStore();
    });

    async function read(id: string): Promise<TransferRecord | undefined> {
      return (await store.get([id], { consistent: true })).get(id);
    }

    async function claimedAndRaised(...statuses: readonly ((id: string) => StatusWrite)[]): Promise<TransferRecord> {
      const claim = transferClaim();
      await store.claim([claim]);
      for (const status of statuses) await store.raise([status(claim.id)]);
      const record = await read(claim.id);
      if (record === undefined) throw new Error('the claim is gone');
      return record;
    }

    it.each([
      ['transfer', transferClaim],
      ['transfer with a note', notedClaim],
      ['request', requestClaim],
      ['request with details', openingClaim],
    ])('gives back exactly the claim of a %s', async (_, makeClaim) => {
      const claim = makeClaim();
      expect(await store.claim([claim])).toEqual(['inserted']);
      expect(await read(claim.id)).toEqual({ ...claim, status: 'claimed' });
    });

    it('answers a second claim with the record that stands, whatever its content', async () => {
      const first = transferClaim();
      const other = transferClaim({ id: first.id, arrival: T0 + 1 });
      await store.claim([first]);
      expect(await store.claim([other])).toEqual([{ ...first, status: 'claimed' }]);
      await store.raise([completed(first.id)]);
      expect(await store.claim([first])).toEqual([{ ...first, ...completed(first.id) }]);
    });

    it('claims many at once and answers in their order', async () => {
      const claims = Array.from({ length: 230 }, () => transferClaim());
      const taken = new Set(claims.filter((_, i) => i % 2 === 0));
      await store.claim([...taken]);
      const results = await store.claim(claims);
      expect(results).toEqual(claims.map((claim) => (taken.has(claim) ? { ...claim, status: 'claimed' } : 'inserted')));
    });

    it('takes no identity twice in one call', async () => {
      const claim = transferClaim();
      await expect(store.claim([claim, claim])).rejects.toThrow(claim.id);
      expect(await read(claim.id)).toBeUndefined();
      await store.claim([claim]);
      await expect(store.raise([refused(claim.id), reversed(claim.id)])).rejects.toThrow(claim.id);
    });

    it('takes nothing for nothing', async () => {
      expect(await store.claim([])).toEqual([]);
      await store.raise([]);
      expect((await store.get([], { consistent: true })).size).toBe(0);
    });

    it('lets exactly one of many claims in, and shows it to all others', async () => {
      const first = transferClaim();
      const claims = Array.from({ length: 20 }, (_, n) => ({ ...first, arrival: T0 + n }));
      const results = (await Promise.all(claims.map((claim) => store.claim([claim])))).flat();
      const winner = claims[results.indexOf('inserted')];
      expect(results.filter((result) => result === 'inserted')).toHaveLength(1);
      expect(results.filter((result) => result !== 'inserted')).toEqual(
        Array(19).fill({ ...winner, status: 'claimed' }),
      );
    });

    it('keeps the customer who made a claim, whatever becomes of it', async () => {
      const claim = transferClaim({ by: 'Ada "the first" Lovelace' });
      await store.claim([claim]);
      expect(await read(claim.id)).toEqual({ ...claim, status: 'claimed' });
      await store.raise([refused(claim.id)]);
      await store.raise([reversed(claim.id)]);
      expect(await read(claim.id)).toMatchObject({ by: claim.by, status: 'reversed' });
    });

    it.each([
      ['completed', completed],
      ['refused', refused],
      ['rejected', rejected],
    ])('raises a claim to %s, with all that is told of it', async (_, status) => {
      const record = await claimedAndRaised(status);
      expect(record).toMatchObject(status(record.id));
    });

    it('raises from refused to reversed, and nothing of the refusal is left', async () => {
      const record = await claimedAndRaised(refused, reversed);
      expect(record).toMatchObject(reversed(record.id));
    });

    it.each([
      ['a lower one', [reversed, refused], reversed],
      ['another terminal one', [completed, rejected], completed],
      ['the same again', [completed, completed], completed],
      ['a replayed refusal', [refused, reversed, refused, refused], reversed],
    ])('ignores %s', async (_, statuses, stands) => {
      const record = await claimedAndRaised(...statuses);
      expect(record).toMatchObject(stands(record.id));
    });

    it('rejects a status without a claim, creates nothing, and still raises the others', async () => {
      const claims = [transferClaim(), transferClaim(), transferClaim()];
      const [known, unclaimed, terminal] = claims.map(({ id }) => id);
      if (known === undefined || unclaimed === undefined || terminal === undefined) throw new Error('three claims');
      await store.claim(claims.filter(({ id }) => id !== unclaimed));
      await store.raise([completed(terminal)]);
      await expect(store.raise([unclaimed, terminal, known].map(completed))).rejects.toThrow(unclaimed);
      expect(await read(unclaimed)).toBeUndefined();
      expect(await read(known)).toMatchObject(completed(known));
    });

    it('reads many, each once, and leaves out what is not there', async () => {
      const claims = Array.from({ length: 130 }, () => transferClaim());
      await store.claim(claims);
      const ids = claims.map(({ id }) => id);
      for (const consistent of [true, false]) {
        const found = await store.get([...ids, 'default#nothing', ...ids], { consistent });
        expect([...found.keys()].sort()).toEqual([...ids].sort());
      }
    });

    it('reads all of its records, in no order', async () => {
      const claims = [...Array.from({ length: 40 }, () => transferClaim()), requestClaim()];
      await store.claim(claims);
      const scanned = new Set((await Array.fromAsync(store.scan())).map(({ id }) => id));
      expect(claims.filter(({ id }) => !scanned.has(id))).toEqual([]);
    });
  });
}
