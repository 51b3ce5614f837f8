/**
 * Permissions in one form: named actions on named resources. CDK's own grants are wider than the wallet needs (they allow scans
 * and deletions) and lack the PartiQL actions.
 */
import { Names } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** A statement that allows exactly these actions on exactly these resources. */
export function allow(actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources] });
}

/**
 * Name that a nested stack knows the ARN of a construct of its parent by. cdk-nag tells findings apart by it, so it is needed to
 * acknowledge one finding and no other.
 */
export function arnParameter(construct: Construct): string {
  const resource = construct.node.defaultChild ?? construct;
  return `referenceto${Names.nodeUniqueId(resource.node)}Arn`;
}
