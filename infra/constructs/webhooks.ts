/**
 * Webhooks: the table of addresses and their secrets, and the two queues on the way to them. Events of the bus come into the first,
 * which is read into one delivery per webhook; deliveries wait in the second until each is taken or given up. A message that breaks
 * the sender itself ends in the third. All of it stands beside the data: what waits there must outlive a deployment.
 */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../core/contracts/env.ts';
import type { StageConfig } from '../config.ts';
import type { Outcomes } from './outcomes.ts';

/** Six times the sender's timeout, as Lambda's documentation asks for. */
const VISIBILITY_SECONDS = 180;
/** Times that a message is received before it is set aside; only a fault of the wallet makes a message come back. */
const MAX_RECEIVES = 5;
/** SQS keeps nothing longer. */
const RETENTION_DAYS = 14;

export interface WebhooksProps {
  readonly config: StageConfig;
  readonly outcomes: Outcomes;
}

export class Webhooks extends Construct {
  readonly table: TableV2;
  readonly events: Queue;
  readonly deliveries: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { config, outcomes }: WebhooksProps) {
    super(scope, id);
    this.table = this.makeTable(config);
    this.deadLetters = this.makeQueue('DeadLetters', config);
    const deadLetterQueue = { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES };
    this.events = this.makeQueue('Events', config, deadLetterQueue);
    this.deliveries = this.makeQueue('Deliveries', config, deadLetterQueue);
    new Rule(this, 'EveryOutcome', {
      eventBus: outcomes.bus,
      eventPattern: { source: [EVENT_SOURCE] },
      targets: [new SqsQueue(this.events, { deadLetterQueue: this.deadLetters })],
    });
    const reason = 'It is where messages end that no queue could get rid of; an alarm tells of the first.';
    for (const id of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
      Validations.of(this.deadLetters).acknowledge({ id, reason });
    }
  }

  /** Encrypted with a key of KMS, so that whoever reads the secrets in it is in CloudTrail. Not every emulator has that key. */
  private makeTable(config: StageConfig): TableV2 {
    return new TableV2(this, 'Table', {
      partitionKey: { name: 'tenant', type: AttributeType.STRING },
      sortKey: { name: 'key', type: AttributeType.STRING },
      timeToLiveAttribute: 'expires',
      billing: Billing.onDemand(),
      encryption: config.encryptReports ? TableEncryptionV2.awsManagedKey() : TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: config.keepData,
      removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  private makeQueue(
    id: string,
    config: StageConfig,
    deadLetterQueue?: { readonly queue: Queue; readonly maxReceiveCount: number },
  ): Queue {
    return new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      retentionPeriod: Duration.days(RETENTION_DAYS),
      removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(deadLetterQueue === undefined ? {} : { deadLetterQueue }),
    });
  }
}
