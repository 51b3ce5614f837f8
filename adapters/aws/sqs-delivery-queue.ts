/**
 * Deliveries as messages of an SQS queue. A message can wait 15 minutes at most, so a delivery that is due later is received too
 * early and sent on; its receiver sees to that. Messages carry their webhook's id as message group: a standard queue then gives
 * quiet webhooks precedence over one that keeps the senders busy (fair queues).
 */
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { Delivery } from '../../core/contracts/webhook.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import type { Clock, DeliveryQueue } from '../../core/ports.ts';
import { backOffMs, type Pause, pause } from './back-off.ts';
import { sqs } from './clients.ts';
import { isPassing, QueueFailure } from './failures.ts';

/** SQS takes no more messages in a call. They are about 1 KB each. */
const MAX_MESSAGES_PER_CALL = 10;
const PARALLEL_CALLS = 8;
/** Tries of one call's messages, beyond those of the SDK: about a second of passing trouble. */
export const MAX_SEND_TRIES = 5;
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
  private readonly client: SQSClient;
  private readonly queueUrl: string;
  private readonly clock: Clock;
  private readonly pause: Pause;

  constructor(settings: DeliveryQueueSettings) {
    this.client = settings.client ?? sqs();
    this.queueUrl = settings.queueUrl;
    this.clock = settings.clock;
    this.pause = settings.pause ?? pause;
  }

  async send(deliveries: readonly Delivery[]): Promise<void> {
    const now = this.clock.now();
    const calls: SendMessageBatchRequestEntry[][] = [];
    for (let i = 0; i < deliveries.length; i += MAX_MESSAGES_PER_CALL) {
      calls.push(
        deliveries.slice(i, i + MAX_MESSAGES_PER_CALL).map((delivery, n) => entryOf(delivery, String(n), now)),
      );
    }
    await inParallel(calls, PARALLEL_CALLS, (call) => this.sendAll(call));
  }

  private async sendAll(entries: readonly SendMessageBatchRequestEntry[]): Promise<void> {
    let left = entries;
    for (let tries = 1; ; tries += 1) {
      const { refused, cause } = await this.sendOnce(left);
      if (refused.length === 0) return;
      if (tries === MAX_SEND_TRIES || cause !== undefined) {
        throw new QueueFailure(`${refused.length} deliveries were not taken in ${tries} tries`, { cause });
      }
      left = refused;
      await this.pause(backOffMs(tries));
    }
  }

  /** What was not taken; with a cause where trying again is no use. */
  private async sendOnce(entries: readonly SendMessageBatchRequestEntry[]) {
    try {
      const { Successful = [], Failed = [] } = await this.client.send(
        new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries: [...entries] }),
      );
      const taken = new Set(Successful.map(({ Id }) => Id));
      const fault = Failed.find(({ SenderFault }) => SenderFault);
      const cause = fault === undefined ? undefined : new Error(`refused with ${fault.Code}: ${fault.Message}`);
      return { refused: entries.filter(({ Id }) => !taken.has(Id)), cause };
    } catch (cause) {
      return { refused: entries, cause: isPassing(cause) ? undefined : cause };
    }
  }
}

function entryOf(delivery: Delivery, id: string, now: number): SendMessageBatchRequestEntry {
  const waitSeconds = Math.ceil(Math.max(delivery.dueAt - now, 0) / 1_000);
  return {
    Id: id,
    MessageBody: JSON.stringify(delivery),
    DelaySeconds: Math.min(waitSeconds, LONGEST_DELAY_SECONDS),
    MessageGroupId: delivery.webhook,
  };
}
