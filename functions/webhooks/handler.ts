/** The webhooks Lambda: what operators ask of their tenant's webhooks. It is the only function of the API that sees their secrets. */
import { randomUUID } from 'node:crypto';
import { DynamoDbWebhookStore } from '../../adapters/aws/dynamodb-webhook-store.ts';
import { SqsDeliveryQueue } from '../../adapters/aws/sqs-delivery-queue.ts';
import { HttpsWebhookTransport } from '../../adapters/node/https-webhook-transport.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { newWebhookSecret } from '../../adapters/node/webhook-secret.ts';
import { identify } from '../runtime/caller-identity.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { createWebhookApi } from './api.ts';
import { config } from './config.ts';

const clock = new SystemClock();

export const handler = observed(
  createWebhookApi({
    webhooks: new DynamoDbWebhookStore({ tableName: config.webhooksTable }),
    queue: new SqsDeliveryQueue({ queueUrl: config.deliveryQueue, clock }),
    transport: new HttpsWebhookTransport({ allowLoopback: config.allowLoopback }),
    clock,
    digest: sha256,
    newSecret: newWebhookSecret,
    newIdentity: randomUUID,
    identify,
    meter,
    journal,
  }),
);
