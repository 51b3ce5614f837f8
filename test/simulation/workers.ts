/** Days on several processes at a time, each of which runs the command line of this folder as a worker. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Day } from './world.ts';

/** Processes at a time. */
export const WORKERS = 2;
/** Days that a process lives before another takes over: enough to warm up. */
const DAYS_PER_PROCESS = 100;
const HERE = import.meta.dirname;

/** Lives days on {@link WORKERS} processes. A process ends with its first bad day; the others go on. */
export async function liveDays(from: number, seeds: number): Promise<readonly Day[]> {
  const days: Day[] = [];
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < from + seeds) {
      const first = next;
      const count = Math.min(DAYS_PER_PROCESS, from + seeds - first);
      next += count;
      for (let seed = first; seed < first + count; ) {
        const lived = await runWorker(HERE, seed, first + count - seed);
        if (lived.length === 0) throw new Error(`seed ${seed} ended its process`);
        days.push(...lived);
        seed += lived.length;
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return days.sort((a, b) => a.seed - b.seed);
}

/**
 * One process that lives days up to the first bad one.
 *
 * @param folder where the simulation's files are: here, or in a copy
 * @param timeoutMs the process is killed then
 */
export async function runWorker(folder: string, from: number, seeds: number, timeoutMs = 0): Promise<readonly Day[]> {
  const args = ['--worker', '--from', String(from), '--seeds', String(seeds)];
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const options = { stdio: [...stdio], timeout: timeoutMs, killSignal: 'SIGKILL' as const };
  const child = spawn(process.execPath, [join(folder, 'simulate.ts'), ...args], options);
  const days: Day[] = [];
  const { stdout } = child;
  if (stdout === null) throw new Error('a worker has no output');
  for await (const line of createInterface({ input: stdout })) days.push(dayOf(line));
  return days;
}

function dayOf(line: string): Day {
  const day: unknown = JSON.parse(line);
  if (!isDay(day)) throw new Error(`a worker wrote ${line}`);
  return day;
}

function isDay(candidate: unknown): candidate is Day {
  return typeof candidate === 'object' && candidate !== null && 'seed' in candidate && 'violations' in candidate;
}
