/** What the wallet is to reach beside PostgreSQL in the same run: ratios of medians. */
import { type Result, spreadOf } from './measurement.ts';
import type { Workload } from './workload.ts';

interface Goal {
  readonly load: string;
  readonly workload: Workload;
  /** Beginning of the PostgreSQL load's name. */
  readonly against: 'one procedure call' | 'set-based procedure';
  readonly ratio: number;
}

const goals: readonly Goal[] = [
  { load: 'HTTP, batches', workload: 'uniform', against: 'one procedure call', ratio: 10 },
  { load: 'HTTP, batches', workload: 'uniform', against: 'set-based procedure', ratio: 1.5 },
  { load: 'HTTP, single, 16', workload: 'uniform', against: 'one procedure call', ratio: 1 },
  { load: 'HTTP, single, 256', workload: 'uniform', against: 'one procedure call', ratio: 1.5 },
  { load: 'HTTP, batches', workload: 'hot', against: 'one procedure call', ratio: 35 },
  { load: 'HTTP, batches', workload: 'hot', against: 'set-based procedure', ratio: 1.2 },
  { load: 'HTTP, single, 16', workload: 'hot', against: 'one procedure call', ratio: 1 },
  { load: 'HTTP, single, 256', workload: 'hot', against: 'one procedure call', ratio: 1.5 },
];

/** A row per goal, a column per system: what it reached. Empty where one of both was not measured. */
export function ratioTable(results: readonly Result[], systems: readonly string[]): string {
  const median = (system: string, how: string, workload: Workload): number | undefined => {
    const result = results.find((r) => r.system === system && r.how.startsWith(how) && r.workload === workload);
    return result === undefined ? undefined : spreadOf(result.runs, 'perSecond')?.median;
  };
  const rows = goals.map(({ load, workload, against, ratio }) => {
    const other = median('PostgreSQL', against, workload);
    const reached = systems.map((system) => {
      const own = median(system, load, workload);
      return own === undefined || other === undefined ? '' : (own / other).toFixed(2);
    });
    return `| ${[`${load}, ${workload}, against ${against}`, ...reached, ratio].join(' | ')} |`;
  });
  return [
    `| ratio of medians | ${systems.join(' | ')} | goal |`,
    `|---|${'---|'.repeat(systems.length)}---|`,
    ...rows,
  ].join('\n');
}
