/**
 * Sealing: a function that seals closed days, called by the closing's state machine once a day is closed, and a look at 01:00 UTC
 * whether it was. It reads what the closing stored and adds to the seals; it has no right on the ledger.
 */
import { Validations } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import { type ArchiveStore, archiveFolders } from './archive.ts';
import { allow } from './grants.ts';
import type { Seals } from './seals.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

/** Lambda's own maximum: a seal reads the head of every account, and writes them down once. */
const TIMEOUT_SECONDS = 900;
/** All heads of a day are in memory at once, 1.0 GB per million (docs/AUDIT.md): good for two million accounts, and full at three. */
const MEMORY_MB = 3_008;

export interface SealingProps extends Deployment {
  readonly archive: ArchiveStore;
  readonly seals: Seals;
}

export class Sealing extends Construct {
  readonly fn: WalletFunction;

  constructor(scope: Construct, id: string, props: SealingProps) {
    super(scope, id);
    const { bucket } = props.archive;
    this.fn = new WalletFunction(this, 'Days', {
      ...props,
      name: 'sealing',
      description: 'Seals closed days: one root over the heads of all logs',
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: MEMORY_MB,
      environment: {
        [env.archiveBucket]: bucket.bucketName,
        [env.sealsBucket]: props.seals.bucket.bucketName,
      },
      permissions: [allow(['s3:ListBucket'], [bucket.bucketArn])],
    });
    props.archive.grantObjects(this.fn.role, ['s3:GetObject'], [archiveFolders.closing, archiveFolders.manifests]);
    props.seals.grantSealing(this.fn.role);
    const rule = new Rule(this, 'AnHourLater', {
      schedule: Schedule.cron({ hour: '1', minute: '0' }),
      targets: [new LambdaFunction(this.fn.lambda, { event: RuleTargetInput.fromObject({ step: 'check' }) })],
    });
    Validations.of(rule).acknowledge({
      id: 'Serverless-EventBusDLQ',
      reason: 'It only looks; a day that is not sealed is found again a day later.',
    });
  }
}
