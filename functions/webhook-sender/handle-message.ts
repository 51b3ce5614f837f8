/** What a message of either queue asks for. */
import * as z from 'zod/mini';
import { outcomeEventSchema } from '../../core/contracts/outcome-event.ts';
import { decodeDelivery } from '../../core/contracts/webhook.ts';
import { type DeliveryPorts, deliverWebhook } from '../../core/flows/deliver-webhook.ts';
import { fanOutWebhooks } from '../../core/flows/fan-out-webhooks.ts';

/** An event as EventBridge hands it to a queue. */
const fromBus = z.object({ 'detail-type': z.string(), detail: outcomeEventSchema });

/** Rejects if the message has to come again; one that is none of ours goes to the dead letters after a few tries. */
export async function handleMessage(ports: DeliveryPorts, body: string): Promise<void> {
  const event = fromBus.safeParse(JSON.parse(body));
  if (event.success) await fanOutWebhooks(ports, [event.data.detail]);
  else await deliverWebhook(ports, decodeDelivery(body));
}
