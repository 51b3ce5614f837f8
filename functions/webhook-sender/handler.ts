/**
 * The webhook-sender Lambda. It reads two queues: of events from the bus, which it turns into a delivery for each webhook, and of
 * deliveries, which it makes.
 */
import { DynamoDbWebhookStore } from '../../adapters/aws/dynamodb-webhook-store.ts';
import { SqsDeliveryQueue } from '../../adapters/aws/sqs-delivery-queue.ts';
import { hmacSha256 } from '../../adapters/node/hmac.ts';
import { HttpsWebhookTransport } from '../../adapters/node/https-webhook-transport.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import type { DeliveryPorts } from '../../core/flows/deliver-webhook.ts';
import { eachMessage } from '../runtime/each-message.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { config } from './config.ts';
import { handleMessage } from './handle-message.ts';

const clock = new SystemClock();
const ports: DeliveryPorts = {
  webhooks: new DynamoDbWebhookStore({ tableName: config.webhooksTable }),
  queue: new SqsDeliveryQueue({ queueUrl: config.deliveryQueue, clock }),
  transport: new HttpsWebhookTransport({ allowLoopback: config.allowLoopback }),
  hmac: hmacSha256,
  clock,
  random: Math.random,
  meter,
  journal,
};

export const handler = observed(
  eachMessage((body) => handleMessage(ports, body), journal, 'a message was not handled and will come again'),
);
