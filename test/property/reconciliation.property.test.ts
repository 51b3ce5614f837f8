/**
 * Shows on random accounts that reconciliation finds exactly what was planted: a wallet's entries are booked by a bank that is a few
 * days late, packs some into one booking, splits some, hides their references, and does wrong in known ways. Every wrong is found
 * under its name and nothing else is, in whatever order lines and entries come; and on bookings that were made up without any
 * plan, each is used once and all differences add up.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumOf } from '../../core/domain/bank-statement.ts';
import { pairByDay } from '../../core/domain/pair-by-day.ts';
import { type Reconciliation, reconcile } from '../../core/domain/reconciliation.ts';
import { MAX_STEPS, onlySubset } from '../../core/domain/subset-sum.ts';
import { transferId } from '../memory-wallet.ts';
import { movement, plant, rules } from '../planted-breaks.ts';
import { entry, line } from '../statements.ts';

function told({ breaks }: Reconciliation): readonly string[] {
  return breaks.map(({ cause, lines, entries }) => {
    return `${cause}: ${[...lines, ...entries].map(({ id }) => id).join(' ')}`;
  });
}

/** Ids of everything that a reconciliation speaks of, sorted. */
function usedIds(result: Reconciliation): readonly string[] {
  const parts = [...result.matches, ...result.breaks];
  return parts.flatMap(({ lines, entries }) => [...lines, ...entries].map(({ id }) => id)).sort();
}

describe('a bank that does wrong in known ways', () => {
  it('is found out in every one of them, and in nothing else', () => {
    fc.assert(
      fc.property(fc.array(movement, { maxLength: 60 }), (movements) => {
        const { lines, entries, breaks } = plant(movements);
        expect(told(reconcile(lines, entries, rules)).toSorted()).toEqual(breaks.toSorted());
      }),
      { numRuns: 300 },
    );
  });

  it('is found out whatever the order of lines and entries', () => {
    const shuffled = fc.array(movement, { maxLength: 40 }).chain((movements) => {
      const { lines, entries } = plant(movements);
      const mixed = fc.shuffledSubarray(lines, { minLength: lines.length });
      const mixedEntries = fc.shuffledSubarray(entries, { minLength: entries.length });
      return fc.record({ lines: fc.constant(lines), entries: fc.constant(entries), mixed, mixedEntries });
    });
    fc.assert(
      fc.property(shuffled, ({ lines, entries, mixed, mixedEntries }) => {
        expect(reconcile(mixed, mixedEntries, rules)).toEqual(reconcile(lines, entries, rules));
      }),
    );
  });
});

/** Bookings without any plan: few references, days and amounts, so that everything collides. */
const anyReference = fc.constantFrom(
  [],
  ['A'],
  ['B'],
  ['A', 'B'],
  [transferId(1)],
  [transferId(2)],
  [transferId(1), transferId(2)],
);
const anyAmount = fc.integer({ min: -4, max: 4 }).map(BigInt);
const anyDay = fc.integer({ min: 0, max: 8 });
const anyLines = fc
  .array(fc.record({ references: anyReference, amount: anyAmount, on: anyDay, reversal: fc.boolean() }), {
    maxLength: 12,
  })
  .map((lines) => lines.map(({ on, amount, ...more }, i) => line(`line-${i}`, amount, on, more)));
const anyEntries = fc
  .array(
    fc.record({
      n: fc.integer({ min: 1, max: 3 }),
      amount: anyAmount,
      on: anyDay,
      reference: fc.constantFrom('', 'A', 'B'),
      standing: fc.constantFrom('due', 'due', 'outside', 'settled'),
      counterparty: fc.constantFrom('x', 'y'),
    }),
    { maxLength: 12 },
  )
  .map((entries) => entries.map(({ n, amount, on, ...more }, i) => entry(n, amount, on, { id: `${i}/0`, ...more })));

describe('any bookings at all', () => {
  it('are used once each, in any order alike, and all differences add up', () => {
    fc.assert(
      fc.property(anyLines, anyEntries, fc.integer(), (lines, entries, seed) => {
        const result = reconcile(lines, entries, rules);
        const used = usedIds(result);
        expect(new Set(used).size).toBe(used.length);
        const due = entries.filter(({ standing }) => standing === 'due');
        for (const { id } of [...lines, ...due]) expect(used).toContain(id);
        for (const { entries: matched } of result.matches)
          expect(matched.every(({ standing }) => standing !== 'settled')).toBe(true);
        for (const match of result.matches) expect(sumOf(match.lines)).toBe(sumOf(match.entries));
        const taken = [...result.matches, ...result.breaks].flatMap((part) => part.entries);
        const differences = result.breaks.reduce((sum, { difference }) => sum + difference, 0n);
        expect(differences).toBe(sumOf(lines) - sumOf(taken));
        const turn = Math.abs(seed) % (lines.length + 1);
        const turned = [...lines.slice(turn), ...lines.slice(0, turn)];
        expect(reconcile(turned, entries.toReversed(), rules)).toEqual(result);
      }),
      { numRuns: 2_000 },
    );
  });

  it('lead to no break from entries beyond the period alone', () => {
    fc.assert(
      fc.property(anyLines, anyEntries, (lines, entries) => {
        const { breaks } = reconcile(lines, entries, rules);
        for (const one of breaks)
          if (one.lines.length === 0) expect(one.entries.every(({ standing }) => standing === 'due')).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the tools', () => {
  it('pair as many days as can be paired', () => {
    const days = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 7 });
    fc.assert(
      fc.property(days, days, fc.integer({ min: 0, max: 3 }), (left, right, reach) => {
        const { pairs } = pairByDay(left, right, reach, Number, Number);
        expect(pairs.every(([a, b]) => Math.abs(a - b) <= reach)).toBe(true);
        expect(pairs.length).toBe(mostPairs(left, right, reach));
      }),
    );
  });

  it('find the subset that gives a sum exactly when there is one only', () => {
    const amounts = fc.array(fc.bigInt({ min: 1n, max: 12n }), { maxLength: 8 });
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 1n, max: 40n }), (parts, sum) => {
        const found = onlySubset(parts, sum, { steps: MAX_STEPS });
        const ways = subsets(parts).filter((subset) => subset.reduce((all, part) => all + part, 0n) === sum);
        const different = new Set(ways.map((way) => way.toSorted((a, b) => Number(a - b)).join()));
        const only = different.size === 1 && (ways[0]?.length ?? 0) > 1;
        expect(found !== undefined).toBe(only);
        if (found !== undefined) expect(found.reduce((all, i) => all + (parts[i] ?? 0n), 0n)).toBe(sum);
      }),
    );
  });
});

/** The largest matching, by augmenting paths: slow and plain. */
function mostPairs(left: readonly number[], right: readonly number[], reach: number): number {
  const partner = new Map<number, number>();
  const augment = (l: number, seen: Set<number>): boolean => {
    for (const [r, day] of right.entries()) {
      if (seen.has(r) || Math.abs((left[l] ?? 0) - day) > reach) continue;
      seen.add(r);
      const taken = partner.get(r);
      if (taken !== undefined && !augment(taken, seen)) continue;
      partner.set(r, l);
      return true;
    }
    return false;
  };
  return left.filter((_, l) => augment(l, new Set())).length;
}

function subsets(parts: readonly bigint[]): readonly (readonly bigint[])[] {
  const all: (readonly bigint[])[] = [[]];
  for (const part of parts) for (const one of [...all]) all.push([...one, part]);
  return all;
}
