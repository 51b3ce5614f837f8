/**
 * Deliveries as messages of an SQS queue. A message can wait 15 minutes at most, so a delivery that is due later is received too
 * early and sent on; its receiver sees to that. Messages carry their webhook's id as message group: a standard queue then gives
 * quiet webhooks precedence over one that keeps the senders busy (fair queues).
 */
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Delivery } from '../../core/contracts/webhook.ts';
import type { Clock, DeliveryQueue } from '../../core/ports.ts';
import { type Pause, pause } from './back-off.ts';
import { sqs } from './clients.ts';
import { type Message, sendMessages } from './sqs-messages.ts';

/** Longest delay of a message. AWS SQS quota. */
const LONGEST_DELAY_SECONDS = 900;

export interface DeliveryQueueSettings {
  readonly queueUrl: string;
  readonly clock: Clock;
  readonly client?: SQSClient;
  readonly pause?: Pause;
}

export class SqsDeliveryQueue implements DeliveryQueue {
  readonly longestWaitMs = LONGEST_DELAY_SECONDS * 1_000;
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly pause: Pause;
  private readonly clock: Clock;

  constructor(settings: DeliveryQueueSettings) {
    this.client = settings.client ?? sqs();
    this.queueUrl = settings.queueUrl;
    this.clock = settings.clock;
    this.pause = settings.pause ?? pause;
  }

  async send(deliveries: readonly Delivery[]): Promise<void> {
    const now = this.clock.now();
    await sendMessages(
      this,
      deliveries.map((delivery) => messageOf(delivery, now)),
    );
  }
}

function messageOf(delivery: Delivery, now: number): Message {
  const waitSeconds = Math.ceil(Math.max(delivery.dueAt - now, 0) / 1_000);
  return {
    MessageBody: JSON.stringify(delivery),
    DelaySeconds: Math.min(waitSeconds, LONGEST_DELAY_SECONDS),
    MessageGroupId: delivery.webhook,
  };
}
