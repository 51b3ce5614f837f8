/** The closing of days, started by hand: one execution of its state machine, which does not wait for midnight's writers. */
import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { type Pause, pause } from './back-off.ts';
import { stepFunctions } from './clients.ts';
import { StoreFailure } from './failures.ts';

const LOOK_AGAIN_MS = 1_000;
/** The machine ends by itself within 12 hours. */
const MOST_LOOKS = 12 * 3_600;

export interface ClosingSettings {
  readonly stateMachineArn: string;
  readonly client?: SFNClient;
  readonly pause?: Pause;
}

/** Runs the closing to its end. Two at once make the same. @throws {StoreFailure} if it failed, with the machine's own words */
export async function runClosing(settings: ClosingSettings): Promise<void> {
  const { stateMachineArn, client = stepFunctions() } = settings;
  const input = JSON.stringify({ waitSeconds: 0 });
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const { status, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return;
    if (status !== 'RUNNING')
      throw new StoreFailure(`the closing ended as ${status}: ${error ?? ''} ${cause ?? ''}`.trim());
    await (settings.pause ?? pause)(LOOK_AGAIN_MS);
  }
  throw new StoreFailure(`the closing ${executionArn} is not over; it goes on by itself`);
}
