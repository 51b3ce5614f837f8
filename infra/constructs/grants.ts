/**
 * Permissions in one form: named actions on named resources. CDK's own grants are wider than the wallet needs (they allow scans
 * and deletions) and lack the PartiQL actions.
 */
import { Names } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

/** A statement that allows exactly these actions on exactly these resources. */
export function allow(actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources] });
}

/**
 * A statement that allows these actions on items of a table whose partition keys look so, `*` for any characters. A request that names
 * no key would pass as one of which every key is right, so it has to name one (IAM User Guide, multivalued context keys).
 */
export function allowOnKeys(actions: readonly string[], tableArn: string, keys: string): PolicyStatement {
  const leadingKeys = 'dynamodb:LeadingKeys';
  return new PolicyStatement({
    actions: [...actions],
    resources: [tableArn],
    conditions: { 'ForAllValues:StringLike': { [leadingKeys]: [keys] }, Null: { [leadingKeys]: 'false' } },
  });
}

/** Sending to a queue. On AWS a batch of messages needs what a message needs; an emulator asks for an action that AWS does not have. */
export function allowSending({ stage }: StageConfig, queue: IQueue): PolicyStatement {
  const actions = stage === 'local' ? ['sqs:SendMessage', 'sqs:SendMessageBatch'] : ['sqs:SendMessage'];
  return allow(actions, [queue.queueArn]);
}

/** What a mapping needs to read queues. */
export function allowReceiving(queues: readonly IQueue[]): PolicyStatement {
  const actions = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'];
  return allow(
    actions.map((action) => `sqs:${action}`),
    queues.map(({ queueArn }) => queueArn),
  );
}

/**
 * Name that a nested stack knows the ARN of a construct of its parent by. cdk-nag tells findings apart by it, so it is needed to
 * acknowledge one finding and no other.
 */
export function arnParameter(construct: Construct): string {
  const resource = construct.node.defaultChild ?? construct;
  return `referenceto${Names.nodeUniqueId(resource.node)}Arn`;
}
