/** What the role of every state machine needs to be seen: traces, and logs of its own. */
import { Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { allow } from './grants.ts';

const LOG_DELIVERY_ACTIONS = [
  'CreateLogDelivery',
  'GetLogDelivery',
  'UpdateLogDelivery',
  'DeleteLogDelivery',
  'ListLogDeliveries',
  'PutResourcePolicy',
  'DescribeResourcePolicies',
  'DescribeLogGroups',
].map((action) => `logs:${action}`);

export function allowTracesAndLogs(role: Role): void {
  role.addToPolicy(allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*']));
  role.addToPolicy(allow(LOG_DELIVERY_ACTIONS, ['*']));
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Neither X-Ray nor the delivery of Step Functions logs has resources that a policy could name.',
  });
}
