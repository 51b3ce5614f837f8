/** Makes the deliveries of the embedded wallet: a few at a time for each webhook, so that none waits for another's receiver. */
import type { EmbeddedDeliveryQueue } from '../adapters/embedded/embedded-delivery-queue.ts';
import type { Delivery } from '../core/contracts/webhook.ts';
import { type DeliveryPorts, deliverWebhook } from '../core/flows/deliver-webhook.ts';

/** Deliveries under way to one webhook at most, and to all. */
const PER_WEBHOOK = 5;
const IN_ALL = 50;

export interface LoopPorts extends Omit<DeliveryPorts, 'queue'> {
  readonly deliveries: EmbeddedDeliveryQueue;
}

export class DeliveryLoop {
  private readonly ports: LoopPorts;
  /** Deliveries under way, each until it is over. */
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly busy = new Map<string, number>();

  constructor(ports: LoopPorts) {
    this.ports = ports;
  }

  /** Begins the deliveries that are due, as far as there is room. */
  begin(): void {
    const { deliveries, clock } = this.ports;
    const isBusy = (webhook: string): boolean => this.load(webhook) >= PER_WEBHOOK;
    for (const delivery of deliveries.due(clock.now(), IN_ALL, isBusy)) {
      const key = `${delivery.webhook} ${delivery.id}`;
      if (this.underWay.size >= IN_ALL) return;
      if (this.underWay.has(key) || isBusy(delivery.webhook)) continue;
      this.busy.set(delivery.webhook, this.load(delivery.webhook) + 1);
      this.underWay.set(key, this.make(delivery, key));
    }
  }

  /** Resolves when nothing is under way; what was not taken is on disk, and due after the next start. */
  async end(): Promise<void> {
    await Promise.all(this.underWay.values());
  }

  private load(webhook: string): number {
    return this.busy.get(webhook) ?? 0;
  }

  private async make(delivery: Delivery, key: string): Promise<void> {
    const { deliveries, journal } = this.ports;
    try {
      const outcome = await deliverWebhook({ ...this.ports, queue: deliveries }, delivery);
      // A retry has taken the delivery's place already.
      if (outcome !== 'retried' && outcome !== 'waiting') await deliveries.done(delivery);
    } catch (error) {
      journal.warn('a delivery will be made again', { id: delivery.id, error });
    } finally {
      this.underWay.delete(key);
      this.busy.set(delivery.webhook, this.load(delivery.webhook) - 1);
    }
  }
}
