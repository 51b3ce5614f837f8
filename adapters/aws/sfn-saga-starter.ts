/**
 * Sagas as executions of an Express state machine. They have no name: an Express execution is not idempotent by name anyway, and
 * a saga may run any number of times.
 */
import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { encodeChunk, type SagaChunk } from '../../core/contracts/saga-chunk.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import type { SagaStarter } from '../../core/ports.ts';
import { backOffMs, type Pause, pause } from './back-off.ts';
import { stepFunctions } from './clients.ts';
import { isThrottling, SagaStartFailure } from './failures.ts';

const PARALLEL_STARTS = 8;
/** Tries of one start that is throttled, beyond those of the SDK; the account's rate of starts fills up within a second. */
export const MAX_START_TRIES = 5;

export interface SagaStarterSettings {
  readonly stateMachineArn: string;
  readonly client?: SFNClient;
  readonly pause?: Pause;
}

export class SfnSagaStarter implements SagaStarter {
  private readonly client: SFNClient;
  private readonly stateMachineArn: string;
  private readonly pause: Pause;

  constructor(settings: SagaStarterSettings) {
    this.client = settings.client ?? stepFunctions();
    this.stateMachineArn = settings.stateMachineArn;
    this.pause = settings.pause ?? pause;
  }

  async start(chunks: readonly SagaChunk[]): Promise<void> {
    await inParallel(chunks, PARALLEL_STARTS, (chunk) => this.startOne(chunk));
  }

  private async startOne(chunk: SagaChunk): Promise<void> {
    const request = new StartExecutionCommand({ stateMachineArn: this.stateMachineArn, input: encodeChunk(chunk) });
    for (let tries = 1; ; tries += 1) {
      try {
        await this.client.send(request);
        return;
      } catch (cause) {
        if (tries === MAX_START_TRIES || !isThrottling(cause)) {
          throw new SagaStartFailure(`saga ${chunk.chunk_hash} was not started in ${tries} tries`, { cause });
        }
      }
      await this.pause(backOffMs(tries));
    }
  }
}
