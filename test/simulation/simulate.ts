/**
 * The simulation from the command line:
 *
 *   npm run simulate -- --seeds 2000 [--from 1]   many days on two processes, figures at the end
 *   npm run simulate -- --seed 17                 one day again, with its log
 *   npm run simulate -- --mutations               every deliberate bug, and the seed that catches it
 *
 * Ends with status 1 if anything was wrong.
 */
import { parseArgs } from 'node:util';
import { figuresOf, reportOf } from './figures.ts';
import { checkMutations, tableOf } from './mutation-check.ts';
import { mutations } from './mutations.ts';
import { liveDays } from './workers.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    mutations: { type: 'boolean', default: false },
    only: { type: 'string' },
    worker: { type: 'boolean', default: false },
  },
});

const write = (text: string): boolean => process.stdout.write(`${text}\n`);

/** One of several processes: lives its days, one line of JSON for each, up to the first bad one. */
async function work(from: number, seeds: number): Promise<void> {
  for (let seed = from; seed < from + seeds; seed += 1) {
    const day = await new World(seed).live();
    write(JSON.stringify(day));
    if (day.violations.length > 0) return;
  }
}

async function simulate(from: number, seeds: number): Promise<boolean> {
  const startedAt = performance.now();
  const days = await liveDays(from, seeds);
  const bad = days.filter(({ violations }) => violations.length > 0);
  for (const { seed } of bad) write(await reportOf(seed));
  write(figuresOf(days));
  write(`seconds                ${Math.round((performance.now() - startedAt) / 1_000)}`);
  return bad.length === 0 && days.length === seeds;
}

async function replay(seed: number): Promise<boolean> {
  const report = await reportOf(seed);
  write(report);
  return report.endsWith('nothing is wrong');
}

async function mutate(): Promise<boolean> {
  const chosen = mutations.filter(({ name }) => values.only === undefined || name.includes(values.only));
  const results = await checkMutations(chosen, (result) =>
    process.stderr.write(`${result.mutation.name}: ${result.outcome}\n`),
  );
  write(tableOf(results));
  return results.every(({ outcome }) => outcome === 'caught');
}

async function run(): Promise<boolean> {
  if (values.worker) return work(Number(values.from), Number(values.seeds)).then(() => true);
  if (values.mutations) return mutate();
  if (values.seed !== undefined) return replay(Number(values.seed));
  return simulate(Number(values.from), Number(values.seeds));
}

process.exitCode = (await run()) ? 0 : 1;
