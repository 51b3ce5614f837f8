/** What operators get about webhooks, as schemas for the document and as what is built from what is stored. */
import * as z from 'zod/mini';
import { timestampOf } from './timestamp.ts';
import { type DeadDelivery, type Webhook, webhookEventTypes, webhookId } from './webhook.ts';

const timestamp = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/));
const count = z.int().check(z.nonnegative());

const webhookFields = {
  webhook_id: webhookId,
  url: z.string(),
  events: z.array(z.enum(webhookEventTypes)),
  description: z.exactOptional(z.string()),
  created_at: timestamp,
  /** Until then the secret before the last rotation signs too. */
  previous_secret_until: z.exactOptional(timestamp),
};

export const webhookResource = z.object(webhookFields);
export const secretWebhook = z.object({ ...webhookFields, secret: z.exactOptional(z.string()) });
export const webhookList = z.object({ webhooks: z.array(webhookResource) });
export const deletedWebhook = z.object({ webhook_id: webhookId, status: z.literal('deleted') });
export const pingedWebhook = z.object({ webhook_id: webhookId, event_id: z.string() });
export const replayedWebhook = z.object({ webhook_id: webhookId, replayed: count, more: z.boolean() });
const deadDelivery = z.object({ event_id: z.string(), attempts: count, fault: z.string(), died_at: timestamp });
export const deadDeliveries = z.object({ webhook_id: webhookId, dead_deliveries: z.array(deadDelivery) });

/** A webhook as it is shown; never with its secret. */
export function showWebhook({ id, url, events, description, createdAt, previous }: Webhook) {
  return {
    webhook_id: id,
    url,
    events,
    ...(description === undefined ? {} : { description }),
    created_at: timestampOf(createdAt),
    ...(previous === undefined ? {} : { previous_secret_until: timestampOf(previous.until) }),
  } satisfies z.output<typeof webhookResource>;
}

export function showDeadDelivery({ delivery, fault, diedAt }: DeadDelivery) {
  const { id, attempts } = delivery;
  return { event_id: id, attempts, fault, died_at: timestampOf(diedAt) } satisfies z.output<typeof deadDelivery>;
}
