/** What operators send about webhooks. */
import * as z from 'zod/mini';
import { faulty, nothingSchema, type Read, readShape } from './http-requests.ts';
import { type Webhook, webhookEventTypes, webhookId } from './webhook.ts';

const messages = {
  events: `must be different ones of ${webhookEventTypes.join(', ')}`,
  description: 'must be at most 128 printable ASCII characters',
  id: 'must be the id of a webhook',
} as const;

export const webhookRequestSchema = z.strictObject({
  /** What it may be is decided where its name is looked up. */
  url: z.string().check(z.maxLength(2_000)),
  /** All events unless given. */
  events: z.exactOptional(
    z.array(z.enum(webhookEventTypes, messages.events)).check(
      z.maxLength(webhookEventTypes.length, messages.events),
      z.refine((events) => new Set(events).size === events.length, messages.events),
    ),
  ),
  description: z.exactOptional(z.string().check(z.regex(/^[\x20-\x7e]{1,128}$/, messages.description))),
});

export function readWebhookRequest(body: unknown): Read<Pick<Webhook, 'url' | 'events' | 'description'>> {
  const read = readShape(webhookRequestSchema, body, '');
  if (!read.ok) return read;
  const { url, events = webhookEventTypes, description } = read.value;
  return { ok: true, value: { url, events: [...events], ...(description === undefined ? {} : { description }) } };
}

/** A webhook's id from a path. */
export function readWebhookId(text: string): Read<string> {
  if (webhookId.safeParse(text).success) return { ok: true, value: text };
  return faulty('invalid_value', 'webhook_id', messages.id);
}

/** The body of a request that has all it needs in its path: absent, or an empty object. */
export function readNoBody(body: unknown): Read<object> {
  return body === undefined || body === null ? { ok: true, value: {} } : readShape(nothingSchema, body, '');
}
