/**
 * The state machines: executions that take the real steps of the saga, wait as they are told, retry, hand over to a recovery, and
 * are lost, doubled and delayed as the service's contract allows.
 */
import { type AdvancedChunk, decodeChunk, encodeChunk, type SagaChunk } from '../../core/contracts/saga-chunk.ts';
import type { SagaMode } from '../../core/domain/transfer.ts';
import { advanceTransfers } from '../../core/flows/advance-transfer.ts';
import type { Functions, Invocation } from './functions.ts';
import type { Ground } from './process.ts';

/** An Express execution ends then, wherever it is. */
const EXPRESS_MS = 300_000;
/** A step is given up by its state machine after this time; the function goes on for a while. */
const STEP_MS: Readonly<Record<SagaMode, number>> = { saga: 40_000, recovery: 60_000 };
const STEP_RETRIES: Readonly<Record<SagaMode, number>> = { saga: 2, recovery: 12 };
const RETRY_WAIT_MS: Readonly<Record<SagaMode, number>> = { saga: 2_000, recovery: 5_000 };
const LONGEST_RETRY_WAIT_MS = 300_000;
const LONGEST_STALL_MS = 240_000;

interface Execution {
  readonly mode: SagaMode;
  readonly since: number;
  readonly transfers: readonly string[];
}

export class Executions {
  running = 0;
  /** Chunks that a recovery gave to the operators. */
  reported = 0;
  /** Chunks that were started, for an operator who starts one again. */
  readonly past: SagaChunk[] = [];
  private readonly ground: Ground;
  private readonly functions: () => Functions;
  private readonly recoveries = new Set<string>();

  /** @param functions the functions, which are made after the executions */
  constructor(ground: Ground, functions: () => Functions) {
    this.ground = ground;
    this.functions = functions;
  }

  start(chunk: SagaChunk): void {
    this.past.push(chunk);
    void this.run(chunk, 'saga');
  }

  private async run(first: SagaChunk, mode: SagaMode): Promise<void> {
    const transfers = first.items.map(({ transfer }) => transfer);
    const execution = { mode, since: this.ground.scheduler.now, transfers };
    this.running += 1;
    let chunk = first;
    for (let going = true; going; ) {
      const step = await this.step(chunk, execution);
      going = await this.goOn(chunk, step, execution);
      if (step !== undefined) chunk = step;
    }
    this.running -= 1;
  }

  /** What follows a step; false if the execution is over. */
  private async goOn(chunk: SagaChunk, step: AdvancedChunk | undefined, execution: Execution): Promise<boolean> {
    const { scheduler, faults } = this.ground;
    const isExpress = execution.mode === 'saga';
    if (faults.strikes('saga_vanished', execution.transfers)) return false;
    if (isExpress && scheduler.now - execution.since > EXPRESS_MS) return false;
    const next = step?.next_action ?? (isExpress ? 'escalate' : 'report');
    if (next === 'wait') {
      await scheduler.sleep((step?.wait_seconds ?? 0) * 1_000 + this.stall(execution));
      return true;
    }
    if (next === 'escalate') this.recover(step ?? chunk);
    if (next === 'report') this.reported += 1;
    return false;
  }

  private stall({ transfers }: Execution): number {
    const { random, faults } = this.ground;
    return faults.strikes('saga_stalled', transfers) ? random.between(1_000, LONGEST_STALL_MS) : random.between(0, 50);
  }

  /** A name can be used once: a second recovery of the same chunk and attempt meets the first and is none. */
  private recover(chunk: SagaChunk): void {
    if (this.recoveries.has(chunk.recovery_name)) return;
    this.recoveries.add(chunk.recovery_name);
    void this.run(chunk, 'recovery');
  }

  /** A step with its retries; undefined if there was no answer in the end. */
  private async step(chunk: SagaChunk, execution: Execution): Promise<AdvancedChunk | undefined> {
    const { mode, transfers } = execution;
    for (let tries = 0; tries <= STEP_RETRIES[mode]; tries += 1) {
      if (this.ground.faults.strikes('step_doubled', transfers)) void this.take(chunk, execution);
      const taken = await this.take(chunk, execution);
      if (taken !== undefined) return taken;
      await this.ground.scheduler.sleep(Math.min(RETRY_WAIT_MS[mode] * 2 ** tries, LONGEST_RETRY_WAIT_MS));
    }
    return undefined;
  }

  /** Takes a step once. It may go on behind the back of the state machine that gave it up. */
  private take(chunk: SagaChunk, { mode, transfers }: Execution): Promise<AdvancedChunk | undefined> {
    return new Promise((resolve) => {
      this.ground.scheduler.after(STEP_MS[mode], () => resolve(undefined));
      const document = decodeChunk(JSON.parse(encodeChunk(chunk)));
      const run = this.functions().invoke('saga', transfers, (ports) => advanceTransfers(ports, document, mode));
      void run.then((invocation: Invocation<AdvancedChunk>) =>
        resolve(invocation.kind === 'done' ? invocation.value : undefined),
      );
    });
  }
}
