/**
 * Permissions in one form: named actions on named resources. CDK's own grants are wider than the wallet needs (they allow scans
 * and deletions) and lack the PartiQL actions.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** A statement that allows exactly these actions on exactly these resources. */
export function allow(actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources] });
}
