/** Shows how far a long step is: a bar on a terminal, a few plain lines anywhere else. */
import cliProgress from 'cli-progress';

/** Where the main job writes; `isTTY` says whether it is a terminal. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

export interface Progress {
  advance(count: number): void;
  stop(): void;
}

/** Without a terminal, a line after each such part of the work: enough to see it move, few enough for a log. */
const PLAIN_STEPS = 10;

/** Starts to show a step of `total` parts. The caller stops it, also when the step fails. */
export function showProgress(out: Output, label: string, total: number): Progress {
  return out.isTTY === true ? showBar(out, label, total) : showLines(out, label, total);
}

function showBar(out: Output, label: string, total: number): Progress {
  const bar = new cliProgress.SingleBar({
    stream: out,
    format: `${label} [{bar}] {percentage}% | {value}/{total} | {duration_formatted}`,
    // The bar would otherwise take the interrupt for itself, and Ctrl-C would no longer end the program.
    gracefulExit: false,
  });
  bar.start(total, 0);
  return { advance: (count) => bar.increment(count), stop: () => bar.stop() };
}

function showLines(out: Output, label: string, total: number): Progress {
  let done = 0;
  let stepsShown = 0;
  return {
    advance(count) {
      done += count;
      const steps = total === 0 ? PLAIN_STEPS : Math.floor((done * PLAIN_STEPS) / total);
      if (steps > stepsShown) out.write(`${label}: ${done} of ${total}\n`);
      stepsShown = Math.max(stepsShown, steps);
    },
    stop() {},
  };
}
