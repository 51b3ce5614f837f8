/** From outcomes to deliveries: one for each webhook of the tenant that wants the event, so that each webhook has a fate of its own. */
import type { OutcomeEvent } from '../contracts/outcome-event.ts';
import { type Delivery, deliveryOf, type Webhook } from '../contracts/webhook.ts';
import type { Clock, DeliveryQueue, WebhookStore } from '../ports.ts';

export interface FanOutPorts {
  readonly webhooks: Pick<WebhookStore, 'list'>;
  readonly queue: Pick<DeliveryQueue, 'send'>;
  readonly clock: Clock;
}

/** Sends the deliveries of these events. Rejects if any could not be sent; the same events have to come again then. */
export async function fanOutWebhooks(ports: FanOutPorts, events: readonly OutcomeEvent[]): Promise<void> {
  const tenants = [...new Set(events.map(({ tenant }) => tenant))];
  const lists = await Promise.all(tenants.map((tenant) => ports.webhooks.list(tenant)));
  const webhooks = new Map(tenants.map((tenant, i) => [tenant, lists[i] ?? []]));
  const deliveries = deliveriesOf(events, (tenant) => webhooks.get(tenant) ?? [], ports.clock.now());
  if (deliveries.length > 0) await ports.queue.send(deliveries);
}

/** The deliveries that events lead to. */
export function deliveriesOf(
  events: readonly OutcomeEvent[],
  webhooksOf: (tenant: string) => readonly Webhook[],
  now: number,
): readonly Delivery[] {
  return events.flatMap((event) =>
    webhooksOf(event.tenant)
      .filter((webhook) => webhook.events.includes(event.type))
      .map((webhook) => deliveryOf(webhook, event, now)),
  );
}
