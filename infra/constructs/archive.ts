/**
 * The archive: a bucket that holds closed days and, within seconds, every commit, and a table that finds an account's commits in it.
 * Its folders are those of `core/contracts/archive.ts`.
 */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { StageConfig } from '../config.ts';
import { allow, arnParameter } from './grants.ts';

/** Folders of the bucket. */
export const archiveFolders = {
  raw: 'raw/',
  log: 'log/',
  closing: 'closing/',
  segments: 'segments/',
  manifests: 'manifests/',
} as const;
export type ArchiveFolder = (typeof archiveFolders)[keyof typeof archiveFolders];

/** A closed day has each commit once; until then, and while a day cannot be closed, the raw texts are the copy beside the table. */
const RAW_DAYS = 35;
/** After that a question about the past is rare. Objects of Glacier Instant Retrieval are still read in milliseconds. */
const WARM_DAYS = 90;
/** A version that is no longer current stays for as long as somebody may notice that it should be. */
const NONCURRENT_DAYS = 90;

export interface ArchiveProps {
  readonly config: StageConfig;
}

export class ArchiveStore extends Construct {
  readonly bucket: Bucket;
  readonly index: TableV2;

  constructor(scope: Construct, id: string, props: ArchiveProps) {
    super(scope, id);
    const removalPolicy = props.config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const noncurrentVersionExpiration = Duration.days(NONCURRENT_DAYS);
    const cold = [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(WARM_DAYS) }];
    this.bucket = new Bucket(this, 'Texts', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(1), noncurrentVersionExpiration },
        { prefix: archiveFolders.raw, expiration: Duration.days(RAW_DAYS) },
        { prefix: archiveFolders.log, transitions: cold },
        { prefix: archiveFolders.closing, transitions: cold },
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs are best effort and need a second bucket; CloudTrail data events tell who read a text.',
    });
    this.index = new TableV2(this, 'Index', {
      partitionKey: { name: 'account', type: AttributeType.STRING },
      sortKey: { name: 'key', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.config.keepData,
      removalPolicy,
    });
  }

  /** What a function needs to know of it. */
  environment(): Readonly<Record<string, string>> {
    return { [env.archiveBucket]: this.bucket.bucketName, [env.archiveIndexTable]: this.index.tableName };
  }

  /** Lets a role read commits that have left the ledger. Without the right to list, S3 hides that an object is missing. */
  grantPast(role: IRole): void {
    this.grantObjects(role, ['s3:GetObject'], [archiveFolders.log]);
    role.addToPrincipalPolicy(allow(['s3:ListBucket'], [this.bucket.bucketArn]));
    role.addToPrincipalPolicy(allow(['dynamodb:Query'], [this.index.tableArn]));
  }

  /** Lets a role do these actions on the objects of these folders. */
  grantObjects(role: IRole, actions: readonly string[], folders: readonly ArchiveFolder[]): void {
    const resources = folders.map((folder) => this.bucket.arnForObjects(`${folder}*`));
    role.addToPrincipalPolicy(allow(actions, resources));
    for (const folder of folders) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${arnParameter(this.bucket)}>/${folder}*]`,
        reason: 'Names of texts are made of their contents; only the folder is known before.',
      });
    }
  }
}
