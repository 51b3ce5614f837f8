/**
 * One attempt to deliver one event to one webhook, and what follows from it:
 *
 *   delivery ──> sent, signed ──> 2xx ───────────────────> done
 *       ^              │
 *       │              ├── anything else ──> waits ──┐    ten times, over about 26 hours
 *       └──────────────┼───────────────────────────┘
 *                      └── the eleventh time, or 410 ──> dead: kept until an operator replays it
 *
 * A process that dies in between leaves the delivery in its queue, so an endpoint may get it twice, with the same id. Each
 * delivery stands for itself: one endpoint that does not answer holds up nothing of another.
 */
import { metrics } from '../contracts/env.ts';
import type { Delivery, Webhook } from '../contracts/webhook.ts';
import type { Clock, DeliveryQueue, Hmac, Journal, Meter, Posted, WebhookStore, WebhookTransport } from '../ports.ts';

export interface DeliveryPorts {
  readonly webhooks: WebhookStore;
  readonly queue: DeliveryQueue;
  readonly transport: WebhookTransport;
  readonly hmac: Hmac;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly meter: Meter;
  readonly journal: Journal;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Waits after the first attempt, the second and so on: some 26 hours, so that a night and a working day are in it. */
export const RETRY_WAITS_MS: readonly number[] = [
  10 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  10 * HOUR_MS,
];
/** A wait is longer or shorter by up to this part, so that what failed together does not come back together. */
const JITTER = 0.2;
/** The endpoint asks for no more (Standard Webhooks). */
const GONE = 410;

/** What became of it: `waiting` came before it was due, `dropped` is for a webhook that was deleted. */
export type Delivered = 'delivered' | 'retried' | 'dead' | 'waiting' | 'dropped';

/** Tries to deliver. Rejects on trouble of the wallet's own infrastructure only; the delivery has to come again then. */
export async function deliverWebhook(ports: DeliveryPorts, delivery: Delivery): Promise<Delivered> {
  if (delivery.dueAt > ports.clock.now()) {
    await ports.queue.send([delivery]);
    return 'waiting';
  }
  const webhook = await ports.webhooks.get(delivery.scope, delivery.webhook);
  if (webhook === undefined) return 'dropped';
  const headers = signedHeaders(ports, webhook, delivery);
  const posted = await ports.transport.post(webhook.url, headers, delivery.body);
  if (posted.kind === 'answered' && posted.status >= 200 && posted.status < 300) {
    ports.meter.count(metrics.webhooksDelivered, 1);
    return 'delivered';
  }
  return afterFailure(ports, delivery, posted);
}

async function afterFailure(ports: DeliveryPorts, delivery: Delivery, posted: Posted): Promise<Delivered> {
  const fault = posted.kind === 'answered' ? `answered ${posted.status}` : `${posted.kind}: ${posted.why}`;
  const tried = { ...delivery, attempts: delivery.attempts + 1 };
  const waitMs = RETRY_WAITS_MS[delivery.attempts];
  const now = ports.clock.now();
  ports.meter.count(metrics.webhooksFailed, 1);
  const { webhook, id, attempts } = tried;
  ports.journal.warn('webhook not delivered', { webhook, id, attempts, fault });
  if (waitMs === undefined || (posted.kind === 'answered' && posted.status === GONE)) {
    await ports.webhooks.bury({ delivery: tried, fault, diedAt: now });
    ports.meter.count(metrics.webhooksDead, 1);
    return 'dead';
  }
  await ports.queue.send([{ ...tried, dueAt: now + withJitter(waitMs, ports.random()) }]);
  return 'retried';
}

function withJitter(waitMs: number, random: number): number {
  return Math.round(waitMs * (1 - JITTER + 2 * JITTER * random));
}

/** The headers of Standard Webhooks. The time is the attempt's own, so that receivers can refuse what is replayed to them. */
function signedHeaders({ hmac, clock }: DeliveryPorts, webhook: Webhook, { id, body }: Delivery) {
  const now = clock.now();
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = signingSecrets(webhook, now).map((secret) => {
    return `v1,${hmac(secret.slice(secret.indexOf('_') + 1), `${id}.${timestamp}.${body}`)}`;
  });
  return {
    'content-type': 'application/json',
    'user-agent': 'wallet-webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

/** After a rotation both secrets sign for a while, so that a receiver may change over when it likes. */
function signingSecrets({ secret, previous }: Webhook, now: number): readonly string[] {
  return previous !== undefined && previous.until > now ? [secret, previous.secret] : [secret];
}
