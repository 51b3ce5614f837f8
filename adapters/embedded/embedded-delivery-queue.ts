/**
 * Deliveries on local disk: each has one place, which a later try replaces, until somebody takes it away. What is written within a
 * turn goes to disk with the commits that it tells of, so an outcome and its deliveries cannot part.
 */
import { type Delivery, decodeDelivery } from '../../core/contracts/webhook.ts';
import type { DeliveryQueue } from '../../core/ports.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { deliveryKey } from './embedded-webhook-store.ts';
import { kinds } from './entries.ts';
import type { WalletStore } from './wallet-store.ts';

export class EmbeddedDeliveryQueue implements DeliveryQueue {
  readonly longestWaitMs = Number.POSITIVE_INFINITY;
  private readonly store: WalletStore;
  private readonly acknowledgement: Acknowledgement;

  constructor(store: WalletStore, acknowledgement: Acknowledgement) {
    this.store = store;
    this.acknowledgement = acknowledgement;
  }

  async send(deliveries: readonly Delivery[]): Promise<void> {
    for (const delivery of deliveries) {
      this.store.put(kinds.delivery, deliveryKey(delivery), JSON.stringify(delivery));
    }
    await this.acknowledgement.written();
  }

  /**
   * Deliveries that are due, at most `most`.
   *
   * @param isBusy whether a webhook is to get no more at the moment; its deliveries are passed over unread
   */
  due(now: number, most: number, isBusy: (webhook: string) => boolean): readonly Delivery[] {
    const due: Delivery[] = [];
    for (const key of this.store.keys(kinds.delivery)) {
      if (due.length === most) break;
      if (isBusy(key.split('#')[1] ?? '')) continue;
      const delivery = this.read(key);
      if (delivery !== undefined && delivery.dueAt <= now) due.push(delivery);
    }
    return due;
  }

  /** Takes a delivery away that is over, unless it was sent anew meanwhile. */
  async done(delivery: Delivery): Promise<void> {
    const key = deliveryKey(delivery);
    const stored = this.read(key);
    if (stored?.attempts === delivery.attempts && stored.dueAt === delivery.dueAt) {
      this.store.remove(kinds.delivery, key);
    }
    await this.acknowledgement.written();
  }

  private read(key: string): Delivery | undefined {
    const text = this.store.get(kinds.delivery, key);
    return text === undefined ? undefined : decodeDelivery(text);
  }
}
