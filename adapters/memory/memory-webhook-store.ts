/** Webhooks in memory. */
import type { DeadDelivery, Delivery, Webhook } from '../../core/contracts/webhook.ts';
import type { WebhookStore } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

/** One write: what is put there, or what is taken away. */
export type WebhookWrite = Webhook | DeadDelivery | { readonly kind: 'remove' | 'unbury'; readonly key: string };

export class MemoryWebhookStore implements WebhookStore {
  readonly hooks: WriteHooks<WebhookWrite>;
  readonly webhooks = new Map<string, Webhook>();
  readonly removed = new Set<string>();
  readonly graves = new Map<string, DeadDelivery>();

  constructor(hooks: WriteHooks<WebhookWrite> = {}) {
    this.hooks = hooks;
  }

  async insert(webhook: Webhook): Promise<Webhook | 'removed' | undefined> {
    return writeWithHooks(this.hooks, webhook, () => {
      const key = keyOf(webhook.scope, webhook.id);
      if (this.removed.has(key)) return 'removed';
      const standing = this.webhooks.get(key);
      if (standing === undefined) this.webhooks.set(key, webhook);
      return standing;
    });
  }

  async get(scope: string, id: string): Promise<Webhook | undefined> {
    return this.webhooks.get(keyOf(scope, id));
  }

  async list(scope: string): Promise<readonly Webhook[]> {
    return [...this.webhooks.values()].filter((webhook) => webhook.scope === scope);
  }

  async replace(webhook: Webhook): Promise<boolean> {
    return writeWithHooks(this.hooks, webhook, () => {
      const key = keyOf(webhook.scope, webhook.id);
      if (this.webhooks.get(key)?.revision !== webhook.revision - 1) return false;
      this.webhooks.set(key, webhook);
      return true;
    });
  }

  async remove(scope: string, id: string): Promise<boolean> {
    const key = keyOf(scope, id);
    return writeWithHooks(this.hooks, { kind: 'remove', key }, () => {
      const wasThere = this.webhooks.delete(key);
      if (wasThere) this.removed.add(key);
      return wasThere;
    });
  }

  async bury(dead: DeadDelivery): Promise<void> {
    await writeWithHooks(this.hooks, dead, () => this.graves.set(graveOf(dead.delivery), dead));
  }

  async dead(scope: string, webhook: string, most: number): Promise<readonly DeadDelivery[]> {
    const all = [...this.graves.values()];
    return all.filter(({ delivery }) => delivery.scope === scope && delivery.webhook === webhook).slice(0, most);
  }

  async unbury(delivery: Delivery): Promise<void> {
    const key = graveOf(delivery);
    await writeWithHooks(this.hooks, { kind: 'unbury', key }, () => this.graves.delete(key));
  }
}

function keyOf(scope: string, id: string): string {
  return `${scope}#${id}`;
}

function graveOf({ scope, webhook, id }: Delivery): string {
  return `${scope}#${webhook}#${id}`;
}
