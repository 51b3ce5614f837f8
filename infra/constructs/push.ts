/**
 * Push: who is connected by WebSocket and waits for which transfers, and the queue of those that have ended. What is here ends with
 * the connections, after two hours at most, so none of it stands with the data.
 */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { StageConfig } from '../config.ts';
import { allow, allowSending } from './grants.ts';

/** Six times the timeout of who reads it, as Lambda's documentation asks for. */
const VISIBILITY_SECONDS = 60;
/** A client that could not be told in five minutes has asked for itself. */
const MAX_RECEIVES = 5;
/** No connection lasts longer than two. */
const RETENTION_HOURS = 3;
/** What was set aside shows what went wrong; nobody waits for it any more. */
const SET_ASIDE_DAYS = 4;

export class Push extends Construct {
  readonly table: TableV2;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  private readonly config: StageConfig;

  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id);
    this.config = config;
    this.table = new TableV2(this, 'Subscriptions', {
      partitionKey: { name: 'key', type: AttributeType.STRING },
      timeToLiveAttribute: 'expires',
      billing: Billing.onDemand(),
      encryption: config.encryptReports ? TableEncryptionV2.awsManagedKey() : TableEncryptionV2.dynamoOwnedKey(),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.table).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'Holds who is connected at the moment; clients connect and name their transfers again, from any state.',
    });
    const own = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...own, retentionPeriod: Duration.days(SET_ASIDE_DAYS) });
    this.queue = new Queue(this, 'Ended', {
      ...own,
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      retentionPeriod: Duration.hours(RETENTION_HOURS),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    const reason = 'It is where messages end that could not be handled; an alarm tells of the first.';
    for (const id of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
      Validations.of(this.deadLetters).acknowledge({ id, reason });
    }
  }

  /** What who stores statuses must know to ask who waits, and to pass it on. */
  environment(): Readonly<Record<string, string>> {
    return { [env.subscriptionsTable]: this.table.tableName, [env.pushQueue]: this.queue.queueUrl };
  }

  /** And what it must be allowed. */
  permissions(): readonly PolicyStatement[] {
    return [allow(['dynamodb:BatchGetItem'], [this.table.tableArn]), allowSending(this.config, this.queue)];
  }
}
