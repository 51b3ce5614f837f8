/**
 * Webhooks as they are stored and sent: the addresses that a tenant wants outcomes delivered to, and the deliveries on their way.
 * What is delivered follows the specification of Standard Webhooks (https://www.standardwebhooks.com), so its libraries check it.
 */
import * as z from 'zod/mini';
import { milliseconds, requestId, scopeName } from './json.ts';
import { type OutcomeEvent, outcomeTypes } from './outcome-event.ts';

export const WEBHOOK_VERSION = 1;

/** Sent when an operator asks whether a webhook is reached; it goes to that webhook, whatever events it wants. */
export const PING_TYPE = 'wallet.ping';

export const webhookEventTypes = Object.values(outcomeTypes);
export const webhookId = z.string().check(z.regex(/^wh_[0-9a-f]{32}$/));
const secret = z.string().check(z.regex(/^whsec_[A-Za-z0-9+/]{43}=$/));
/** As long as any event's id; no full stop, for the signed text has one after it. */
const deliveryId = z.string().check(z.regex(/^[A-Za-z0-9_:-]{1,160}$/));

const webhookSchema = z.object({
  v: z.literal(WEBHOOK_VERSION),
  scope: scopeName,
  id: webhookId,
  url: z.string(),
  events: z.array(z.enum(webhookEventTypes)),
  description: z.exactOptional(z.string()),
  /** Signs deliveries: `whsec_` and 32 random bytes in base64. */
  secret,
  /** The secret before the last rotation, which goes on signing beside the new one for a while. */
  previous: z.exactOptional(z.object({ secret, until: milliseconds })),
  /** Identity of the request that rotated last. */
  rotatedBy: z.exactOptional(requestId),
  createdAt: milliseconds,
  /** Raised by one with each change, so that of two changes at once one has to look again. */
  revision: z.int().check(z.positive()),
});

/** An address that a tenant wants outcomes delivered to. */
export type Webhook = z.output<typeof webhookSchema>;

const deliverySchema = z.object({
  v: z.literal(WEBHOOK_VERSION),
  scope: scopeName,
  webhook: webhookId,
  /** Identity of the event; the same in each attempt. */
  id: deliveryId,
  /** JSON text that is sent and signed as it is. */
  body: z.string(),
  /** How often it was tried so far. */
  attempts: z.int().check(z.nonnegative()),
  /** When it was first to be delivered, and when it is next to be tried, UTC milliseconds. */
  createdAt: milliseconds,
  dueAt: milliseconds,
});

/** One event on its way to one webhook. */
export type Delivery = z.output<typeof deliverySchema>;

const deadDeliverySchema = z.object({
  delivery: deliverySchema,
  /** What the last attempt met. */
  fault: z.string(),
  diedAt: milliseconds,
});

/** A delivery that was given up, kept until somebody replays it. */
export type DeadDelivery = z.output<typeof deadDeliverySchema>;

export function decodeWebhook(text: string): Webhook {
  return webhookSchema.parse(JSON.parse(text));
}

export function decodeDelivery(text: string): Delivery {
  return deliverySchema.parse(JSON.parse(text));
}

export function decodeDeadDelivery(text: string): DeadDelivery {
  return deadDeliverySchema.parse(JSON.parse(text));
}

/** The delivery of an outcome to a webhook. */
export function deliveryOf(webhook: Webhook, event: OutcomeEvent, now: number): Delivery {
  const body = JSON.stringify({ type: event.type, timestamp: event.completed_at, data: event });
  return newDelivery(webhook, event.event_id, body, now);
}

export function newDelivery({ scope, id: webhook }: Webhook, id: string, body: string, now: number): Delivery {
  return { v: WEBHOOK_VERSION, scope, webhook, id, body, attempts: 0, createdAt: now, dueAt: now };
}
