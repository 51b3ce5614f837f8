/** What many days were like together, and what a bad one was like in detail. */
import { faultKinds } from './faults.ts';
import { type Day, World } from './world.ts';

/** Lines of a history that a report shows at most: the last ones. */
const MOST_LINES = 400;

/** Figures of many days. */
export function figuresOf(days: readonly Day[]): string {
  const sum = (of: (day: Day) => number): number => days.reduce((total, day) => total + of(day), 0);
  const [transfers, hit] = [sum((day) => day.transfers), sum((day) => day.hit)];
  const faults = faultKinds().map((kind) => `  ${kind.padEnd(20)} ${sum((day) => day.faults[kind] ?? 0)}`);
  return [
    `days                   ${days.length}, ${days.filter(({ violations }) => violations.length > 0).length} with a violation`,
    `simulated hours        ${Math.round(sum(({ simulatedMs }) => simulatedMs) / 3_600_000)}`,
    `steps                  ${sum(({ steps }) => steps)}, ${Math.max(0, ...days.map(({ steps }) => steps))} on the longest day`,
    `transfers              ${transfers}`,
    `hit by a fault         ${hit} (${transfers === 0 ? 0 : Math.round((100 * hit) / transfers)} %)`,
    `commits                ${sum(({ commits }) => commits)}`,
    `reshardings            ${sum(({ reshardings }) => reshardings)}`,
    'faults by kind:',
    ...faults,
  ].join('\n');
}

/** Lives a day again and tells what is wrong with it: the first violation and the history of whom it is about. */
export async function reportOf(seed: number): Promise<string> {
  const world = new World(seed, true);
  const day = await world.live();
  const [first, ...more] = day.violations;
  if (first === undefined) return [...world.ground.history.lines(), `seed ${seed}: nothing is wrong`].join('\n');
  const [subject] = first.about;
  const lines = subject === undefined ? world.ground.history.lines() : world.ground.history.about([subject]);
  return [
    `seed ${seed}, step ${day.steps}: ${first.what}`,
    ...more.map(({ what }) => `  also: ${what}`),
    subject === undefined ? 'what happened last:' : `the history of ${subject}:`,
    ...lines.slice(-MOST_LINES),
  ].join('\n');
}
