/** Webhooks on local disk. The folder holds their secrets, as it holds everything else: who reads it reads them. */
import {
  type DeadDelivery,
  type Delivery,
  decodeDeadDelivery,
  decodeWebhook,
  type Webhook,
} from '../../core/contracts/webhook.ts';
import type { WebhookStore } from '../../core/ports.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { kinds } from './entries.ts';
import type { WalletStore } from './wallet-store.ts';

export class EmbeddedWebhookStore implements WebhookStore {
  private readonly store: WalletStore;
  private readonly acknowledgement: Acknowledgement;

  constructor(store: WalletStore, acknowledgement: Acknowledgement) {
    this.store = store;
    this.acknowledgement = acknowledgement;
  }

  async insert(webhook: Webhook): Promise<Webhook | 'removed' | undefined> {
    const key = keyOf(webhook.scope, webhook.id);
    const standing = this.store.has(kinds.removedWebhook, key) ? 'removed' : this.read(key);
    if (standing === undefined) this.put(webhook);
    await this.acknowledgement.written();
    return standing;
  }

  async get(scope: string, id: string): Promise<Webhook | undefined> {
    return this.read(keyOf(scope, id));
  }

  async list(scope: string): Promise<readonly Webhook[]> {
    return this.of(scope);
  }

  /** As {@link list}, for the turn, which must not wait. */
  of(scope: string): readonly Webhook[] {
    const keys = this.store.keys(kinds.webhook).filter((key) => key.startsWith(`${scope}#`));
    return keys.flatMap((key) => this.read(key) ?? []);
  }

  async replace(webhook: Webhook): Promise<boolean> {
    const isBefore = this.read(keyOf(webhook.scope, webhook.id))?.revision === webhook.revision - 1;
    if (isBefore) this.put(webhook);
    await this.acknowledgement.written();
    return isBefore;
  }

  async remove(scope: string, id: string): Promise<boolean> {
    const key = keyOf(scope, id);
    const wasThere = this.store.remove(kinds.webhook, key);
    // For ever: a folder's webhooks are few, and so are those that were removed.
    if (wasThere) this.store.put(kinds.removedWebhook, key, '');
    await this.acknowledgement.written();
    return wasThere;
  }

  async bury(dead: DeadDelivery): Promise<void> {
    this.store.put(kinds.deadDelivery, deliveryKey(dead.delivery), JSON.stringify(dead));
    await this.acknowledgement.written();
  }

  async dead(scope: string, webhook: string, most: number): Promise<readonly DeadDelivery[]> {
    const keys = this.store.keys(kinds.deadDelivery).filter((key) => key.startsWith(`${scope}#${webhook}#`));
    return keys.slice(0, most).map((key) => decodeDeadDelivery(this.store.get(kinds.deadDelivery, key) ?? ''));
  }

  async unbury(delivery: Delivery): Promise<void> {
    this.store.remove(kinds.deadDelivery, deliveryKey(delivery));
    await this.acknowledgement.written();
  }

  private put(webhook: Webhook): void {
    this.store.put(kinds.webhook, keyOf(webhook.scope, webhook.id), JSON.stringify(webhook));
  }

  private read(key: string): Webhook | undefined {
    const text = this.store.get(kinds.webhook, key);
    return text === undefined ? undefined : decodeWebhook(text);
  }
}

function keyOf(scope: string, id: string): string {
  return `${scope}#${id}`;
}

/** The same event to the same webhook has one place, also when it is sent again. */
export function deliveryKey({ scope, webhook, id }: Delivery): string {
  return `${scope}#${webhook}#${id}`;
}
