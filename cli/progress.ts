/** A progress bar on the standard error while somebody watches; elsewhere nothing is written. */
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** @param share of the whole, from 0 to 1 */
  at(share: number): void;
  stop(): void;
}

const STEPS = 1_000;

export function showProgress(what: string): Progress {
  if (!process.stderr.isTTY) return { at: () => {}, stop: () => {} };
  const bar = new SingleBar(
    { format: `${what} {bar} {percentage} % | {eta_formatted}`, stream: process.stderr },
    Presets.rect,
  );
  bar.start(STEPS, 0);
  return { at: (share) => bar.update(Math.round(share * STEPS)), stop: () => bar.stop() };
}
