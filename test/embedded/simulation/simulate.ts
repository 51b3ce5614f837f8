/**
 * Days of the embedded wallet from the command line: `npx node test/embedded/simulation/simulate.ts --from 1 --seeds 100`. A line of JSON for
 * each day, up to the first bad one; then it ends with status 1.
 */
import { parseArgs } from 'node:util';
import { EmbeddedDay } from './embedded-day.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '100' },
    // Given by who runs many simulations; all of them here are workers.
    worker: { type: 'boolean', default: false },
  },
});

const from = Number(values.from);
for (let seed = from; seed < from + Number(values.seeds); seed += 1) {
  const day = await new EmbeddedDay(seed).live();
  process.stdout.write(`${JSON.stringify(day)}\n`);
  if (day.violations.length > 0) {
    process.exitCode = 1;
    break;
  }
}
