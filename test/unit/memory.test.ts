/**
 * Shows what an account remembers of recent legs, for how long, and from which arrival on a command has to be looked up instead.
 * The bounds are tested on both sides, and the reason why memory suffices inside the window as a property.
 */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { legKey } from '../../core/domain/account.ts';
import {
  EARLIEST_ORDINARY_MS,
  isOrdinaryArrival,
  LATEST_ORDINARY_MS,
  MEMORY_MS,
  RecentLegs,
} from '../../core/domain/memory.ts';

const issuedAt = 1_000_000;

describe('an ordinary arrival', () => {
  it.each([
    ['at its origin', issuedAt, true],
    ['60 s after it', issuedAt + LATEST_ORDINARY_MS, true],
    ['later than that', issuedAt + LATEST_ORDINARY_MS + 1, false],
    ['30 s before it', issuedAt - EARLIEST_ORDINARY_MS, true],
    ['earlier than that', issuedAt - EARLIEST_ORDINARY_MS - 1, false],
  ])('%s', (_, arrival, ordinary) => {
    expect(isOrdinaryArrival(arrival, issuedAt)).toBe(ordinary);
  });

  test('any two ordinary copies of a command arrive within what is remembered', () => {
    const offsets = fc.integer({ min: -EARLIEST_ORDINARY_MS, max: LATEST_ORDINARY_MS });
    fc.assert(
      fc.property(offsets, offsets, (a, b) => {
        const [first, second] = [issuedAt + Math.min(a, b), issuedAt + Math.max(a, b)];
        const memory = new RecentLegs();
        memory.remember(['credit#x'], first);
        memory.remember(['credit#y'], second);
        expect(memory.has('credit#x')).toBe(true);
      }),
    );
  });
});

describe('memory', () => {
  test('tells the legs of one transfer apart', () => {
    const memory = new RecentLegs();
    memory.remember([legKey('credit', 'x')], issuedAt);
    expect(memory.has(legKey('credit', 'x'))).toBe(true);
    expect(memory.has(legKey('refund', 'x'))).toBe(false);
    expect(memory.has(legKey('credit', 'y'))).toBe(false);
  });

  test('keeps a leg for as long as it has to, and not longer', () => {
    const memory = new RecentLegs();
    memory.remember(['credit#x'], issuedAt);
    memory.remember([], issuedAt + MEMORY_MS);
    expect(memory.has('credit#x')).toBe(true);
    memory.remember([], issuedAt + MEMORY_MS + 1);
    expect(memory.has('credit#x')).toBe(false);
    expect(memory.size).toBe(0);
  });

  test('is filled from what was remembered before', () => {
    const memory = new RecentLegs([['credit#x', issuedAt]]);
    expect(memory.has('credit#x')).toBe(true);
    memory.remember([], issuedAt + MEMORY_MS + 1);
    expect(memory.has('credit#x')).toBe(false);
  });

  test('holds exactly the legs of the last two minutes', () => {
    const steps = fc.array(fc.integer({ min: 0, max: MEMORY_MS }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(steps, (delays) => {
        const memory = new RecentLegs();
        const arrivals: number[] = [];
        for (const delay of delays) {
          arrivals.push((arrivals.at(-1) ?? issuedAt) + delay);
          memory.remember([`credit#${arrivals.length}`], arrivals.at(-1) ?? issuedAt);
        }
        const newest = arrivals.at(-1) ?? issuedAt;
        for (const [i, arrival] of arrivals.entries())
          expect(memory.has(`credit#${i + 1}`)).toBe(arrival >= newest - MEMORY_MS);
      }),
    );
  });
});
