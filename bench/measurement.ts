/** Figures of one repetition, and of several. */

export interface Measurement {
  readonly perSecond: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly bytesPerTransfer?: number;
  /** CPU time of the server per transfer. */
  readonly cpuMicroseconds?: number;
}

/** One line of the report. */
export interface Result {
  readonly system: string;
  readonly how: string;
  readonly workload: string;
  /** What is counted per second. */
  readonly unit: string;
  readonly runs: readonly Measurement[];
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Of the runs that have a figure; undefined if none has. */
export function spreadOf(runs: readonly Measurement[], figure: keyof Measurement): Spread | undefined {
  const values = runs.flatMap((run) => run[figure] ?? []).sort((a, b) => a - b);
  const [min] = values;
  const max = values.at(-1);
  const median = values[Math.floor((values.length - 1) / 2)];
  return min === undefined || max === undefined || median === undefined ? undefined : { min, median, max };
}

/** @param sorted in ascending order */
export function percentile(sorted: Float64Array, part: number): number {
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? 0;
}
