/** The names that a deployed stack tells: where its tables, streams and buckets are. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { clientSettings } from './clients.ts';
import { StoreFailure } from './failures.ts';

/** Outputs of a CloudFormation stack by name. Rejects if there is no such stack, or nobody may ask for it. */
export async function stackOutputs(stackName: string): Promise<ReadonlyMap<string, string>> {
  const client = new CloudFormationClient(clientSettings());
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (cause) {
    throw new StoreFailure(`the outputs of stack ${stackName} cannot be read`, { cause });
  } finally {
    client.destroy();
  }
}
