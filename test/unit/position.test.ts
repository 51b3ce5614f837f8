/** Shows how positions of a lane are ordered, and which of them a log has covered. Tables and random triples. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { comparePositions, isCovered, laterPosition, type Position } from '../../core/domain/position.ts';

const at = (epoch: number, sequence: bigint, index: number): Position => ({ epoch, sequence, index });

const positions = fc.record({
  epoch: fc.integer({ min: 1, max: 3 }),
  sequence: fc.oneof(fc.bigInt({ min: 0n, max: 3n }), fc.bigInt({ min: 10n ** 55n, max: 10n ** 55n + 3n })),
  index: fc.integer({ min: 0, max: 3 }),
});

describe('order', () => {
  it.each([
    ['a later index of the same record', at(1, 5n, 0), at(1, 5n, 1)],
    ['a later record', at(1, 5n, 9), at(1, 6n, 0)],
    ['sequence numbers as numbers, not as texts', at(1, 9n, 0), at(1, 10n, 0)],
    ['sequence numbers beyond what a double holds', at(1, 10n ** 55n, 0), at(1, 10n ** 55n + 1n, 0)],
    ['a later epoch, whatever its sequence', at(1, 10n ** 55n, 7), at(2, 0n, 0)],
  ])('%s', (_, earlier, later) => {
    expect(comparePositions(earlier, later)).toBeLessThan(0);
    expect(comparePositions(later, earlier)).toBeGreaterThan(0);
  });

  test('is total: reflexive, antisymmetric, transitive', () => {
    fc.assert(
      fc.property(positions, positions, positions, (a, b, c) => {
        expect(comparePositions(a, { ...a })).toBe(0);
        expect(Math.sign(comparePositions(a, b))).toBe(0 - Math.sign(comparePositions(b, a)));
        if (comparePositions(a, b) <= 0 && comparePositions(b, c) <= 0)
          expect(comparePositions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('a log', () => {
  test('has covered its position and all before it, none after it', () => {
    expect(isCovered(at(1, 5n, 0), at(1, 5n, 1))).toBe(true);
    expect(isCovered(at(1, 5n, 1), at(1, 5n, 1))).toBe(true);
    expect(isCovered(at(1, 5n, 2), at(1, 5n, 1))).toBe(false);
  });

  test('without a position has covered nothing', () => {
    expect(isCovered(at(1, 0n, 0), undefined)).toBe(false);
  });
});

describe('the later of two', () => {
  test('is the one that covers the other', () => {
    fc.assert(
      fc.property(positions, positions, (a, b) => {
        const later = laterPosition(a, b);
        expect(isCovered(a, later) && isCovered(b, later)).toBe(true);
      }),
    );
  });

  test('is the one that there is', () => {
    const position = at(1, 5n, 1);
    expect(laterPosition(position, undefined)).toBe(position);
    expect(laterPosition(undefined, position)).toBe(position);
    expect(laterPosition(undefined, undefined)).toBeUndefined();
  });
});
