/** The functions of webhooks: one that operators manage them with, and one that sends to them. */
import { Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { StageConfig } from '../config.ts';
import { allow, allowReceiving, allowSending } from './grants.ts';
import { API_TIMEOUT_SECONDS } from './intake.ts';
import type { TokenEnvironment } from './token-parameters.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';
import type { Webhooks } from './webhooks.ts';

/** Deliveries of a batch are made side by side, each in at most ten seconds. */
const SENDER_TIMEOUT_SECONDS = 30;
const BATCH_SIZE = 10;
/** Environments that turn events into deliveries, so that slow receivers cannot keep them all busy; the least that SQS takes is 2. */
const EVENT_SENDERS = 10;
/** Environments that deliver, at most: 500 requests under way. */
const DELIVERY_SENDERS = 50;

export interface WebhookFunctionsProps extends Deployment {
  /** Whose tokens the API's function trusts, where nobody checks them before it. */
  readonly tokens: TokenEnvironment;
  readonly webhooks: Webhooks;
}

export class WebhookFunctions extends Construct {
  /** Serves the API's operations on webhooks. */
  readonly api: WalletFunction;
  readonly sender: WalletFunction;

  constructor(scope: Construct, id: string, props: WebhookFunctionsProps) {
    super(scope, id);
    const { table, events, deliveries } = props.webhooks;
    const send = allowSending(props.config, deliveries);
    this.api = new WalletFunction(this, 'Api', {
      ...props,
      name: 'webhooks',
      description: 'Lets operators manage webhooks',
      timeoutSeconds: API_TIMEOUT_SECONDS,
      memoryMb: 512,
      environment: { ...environmentOf(props), ...props.tokens },
      permissions: [
        allow(
          ['GetItem', 'Query', 'PutItem', 'DeleteItem'].map((action) => `dynamodb:${action}`),
          [table.tableArn],
        ),
        send,
      ],
    });
    this.sender = new WalletFunction(this, 'Sender', {
      ...props,
      name: 'webhook-sender',
      description: 'Sends outcomes of transfers to webhooks',
      timeoutSeconds: SENDER_TIMEOUT_SECONDS,
      memoryMb: 512,
      environment: environmentOf(props),
      permissions: [
        allow(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'], [table.tableArn]),
        send,
        allowReceiving([events, deliveries]),
      ],
    });
    this.read('EventMapping', events, EVENT_SENDERS);
    this.read('DeliveryMapping', deliveries, DELIVERY_SENDERS);
  }

  private read(id: string, queue: Queue, maxConcurrency: number): void {
    const mapping = new EventSourceMapping(this, id, {
      target: this.sender.lambda,
      eventSourceArn: queue.queueArn,
      batchSize: BATCH_SIZE,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason:
        'A queue keeps what fails and hands it to its own dead letters; a mapping of a queue has no other target.',
    });
  }
}

function environmentOf({ webhooks, config }: WebhookFunctionsProps): Record<string, string> {
  return {
    [env.webhooksTable]: webhooks.table.tableName,
    [env.deliveryQueue]: webhooks.deliveries.queueUrl,
    ...loopback(config),
  };
}

/** Nothing says in other stages that there is such a thing. */
function loopback({ allowLoopbackWebhooks }: StageConfig): Record<string, string> {
  return allowLoopbackWebhooks ? { [env.allowLoopbackWebhooks]: 'true' } : {};
}
