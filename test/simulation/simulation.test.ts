/**
 * The wallet under every fault that the simulation knows, on a fixed set of seeds: the real flows live whole days over simulated
 * parts, and an independent auditor checks every commit, every answer, and the ledger at rest. `npm run simulate` lives many more
 * days; a seed that fails there or here is replayed by `npm run simulate -- --seed N`.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { faultKinds } from './faults.ts';
import { reportOf } from './figures.ts';
import { type Day, World } from './world.ts';

/** Days of a run: about 15 seconds of one core. */
const SEEDS = 150;

describe('days full of faults', () => {
  const days: Day[] = [];

  beforeAll(async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) days.push(await new World(seed).live());
  }, 240_000);

  test('end with nothing lost, doubled, stuck or half done', async () => {
    const [bad] = days.filter(({ violations }) => violations.length > 0);
    expect(bad === undefined ? '' : await reportOf(bad.seed)).toBe('');
  });

  test('have every kind of fault, and strike at least one transfer in five', () => {
    const struck = new Set(days.flatMap(({ faults }) => Object.keys(faults)));
    expect(faultKinds().filter((kind) => !struck.has(kind))).toEqual([]);
    const sum = (of: (day: Day) => number): number => days.reduce((total, day) => total + of(day), 0);
    expect(sum(({ hit }) => hit) / sum(({ transfers }) => transfers)).toBeGreaterThan(0.2);
    expect(sum(({ reshardings }) => reshardings)).toBeGreaterThan(SEEDS);
  });
});

test('a seed gives the same day again, to the last commit, whether its history is kept or not', async () => {
  const worlds = [new World(42), new World(42, true)];
  const [first, second] = [await worlds[0]?.live(), await worlds[1]?.live()];
  expect(second).toEqual(first);
  const hashes = worlds.map(({ stores }) => stores.log.commits().map(({ hash }) => hash));
  expect(hashes[0]?.length).toBeGreaterThan(10);
  expect(hashes[1]).toEqual(hashes[0]);
});

test('another seed gives another day', async () => {
  const [first, second] = [await new World(1).live(), await new World(2).live()];
  expect(first.steps).not.toBe(second.steps);
});
