/**
 * Where records go that nothing could be done with: `quarantine/` holds what the processor put aside, with its bytes, and
 * `aws/lambda/` the batches that an event source mapping gave up on. Nothing here is ever deleted by itself: a redrive or an
 * operator decides about each.
 */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IEventSourceDlq, IEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { allow, arnParameter } from './grants.ts';

/** Prefix under which the processor puts records. */
export const QUARANTINE_PREFIX = 'quarantine/';
/** Prefix under which Lambda itself puts batches that a mapping gave up on; AWS chose it. */
export const ON_FAILURE_PREFIX = 'aws/lambda/';
/** After that a quarantined record is evidence rather than work. */
const WORK_DAYS = 90;

export interface QuarantineProps {
  readonly config: StageConfig;
}

export class Quarantine extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: QuarantineProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Records', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: props.config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(WORK_DAYS) }],
          noncurrentVersionExpiration: Duration.days(WORK_DAYS),
        },
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs are best effort and need a second bucket; who read a record is what CloudTrail data events tell.',
    });
  }

  /** Lets a role put records aside. */
  grantRecords(role: IRole): void {
    this.grantObjects(role, QUARANTINE_PREFIX);
  }

  /** The target of a mapping for what it gave up on. S3 is the only one that keeps whole records. */
  onFailure(): IEventSourceDlq {
    const { bucket } = this;
    return {
      bind: (_mapping: IEventSourceMapping, target: IFunction) => {
        if (target.role === undefined)
          throw new Error(`function ${target.node.path} has no role, expected one to grant to`);
        this.grantObjects(target.role, ON_FAILURE_PREFIX);
        target.role.addToPrincipalPolicy(allow(['s3:ListBucket'], [bucket.bucketArn]));
        return { destination: bucket.bucketArn };
      },
    };
  }

  private grantObjects(role: IRole, prefix: string): void {
    role.addToPrincipalPolicy(allow(['s3:PutObject'], [this.bucket.arnForObjects(`${prefix}*`)]));
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${arnParameter(this.bucket)}>/${prefix}*]`,
      reason: 'Names of records are made when they are put aside; only the prefix is known before.',
    });
  }
}
