/**
 * The seals of days: a bucket with object lock, so that nobody can change what a day's ledger was, whatever rights they have on the
 * ledger. Who seals may add to it; no role of the wallet may remove or unlock anything.
 */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { allow, arnParameter } from './grants.ts';

export interface SealsProps {
  readonly config: StageConfig;
}

export class Seals extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { config }: SealsProps) {
    super(scope, id);
    const { mode, days } = config.sealLock;
    this.bucket = new Bucket(this, 'Days', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention[mode](Duration.days(days)),
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs are best effort and need a second bucket; CloudTrail data events tell who read a seal.',
    });
  }

  /** Lets a role read seals and add some. Which version of a name is the first one, only a list of versions tells. */
  grantSealing(role: IRole): void {
    role.addToPrincipalPolicy(
      allow(
        ['s3:GetObjectVersion', 's3:PutObject'],
        [this.bucket.arnForObjects('seals/*'), this.bucket.arnForObjects('heads/*')],
      ),
    );
    role.addToPrincipalPolicy(allow(['s3:ListBucketVersions'], [this.bucket.bucketArn]));
    for (const folder of ['seals/', 'heads/']) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${arnParameter(this.bucket)}>/${folder}*]`,
        reason: 'Seals are named by their days, which are not known before.',
      });
    }
  }
}
