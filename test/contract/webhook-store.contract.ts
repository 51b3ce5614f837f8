/** What every store of webhooks keeps to. */
import { describe, expect, it } from 'vitest';
import type { DeadDelivery, Webhook } from '../../core/contracts/webhook.ts';
import { newDelivery } from '../../core/contracts/webhook.ts';
import type { WebhookStore } from '../../core/ports.ts';
import { T0 } from './sample-records.ts';

let made = 0;
function webhook(more: Partial<Webhook> = {}): Webhook {
  made += 1;
  return {
    v: 1,
    scope: `tenant-${made}`,
    id: `wh_${String(made).padStart(32, '0')}`,
    url: 'https://example.com/hooks',
    events: ['wallet.transfer.completed', 'wallet.transfer.reversed'],
    description: 'a "quoted" one',
    secret: `whsec_${'A'.repeat(43)}=`,
    createdAt: T0,
    revision: 1,
    ...more,
  };
}

function dead(of: Webhook, n: number): DeadDelivery {
  const delivery = newDelivery(of, `${of.scope}:event-${n}`, `{"n":${n}}`, T0 + n);
  return { delivery: { ...delivery, attempts: 11 }, fault: 'answered 500', diedAt: T0 + n };
}

export function describeWebhookStore(name: string, open: () => Promise<WebhookStore>): void {
  describe(`webhook store: ${name}`, () => {
    it('keeps a webhook as it was inserted, once', async () => {
      const store = await open();
      const one = webhook();
      expect(await store.insert(one)).toBeUndefined();
      expect(await store.insert({ ...one, url: 'https://other.example.com/' })).toEqual(one);
      expect(await store.get(one.scope, one.id)).toEqual(one);
    });

    it('keeps tenants apart', async () => {
      const store = await open();
      const one = webhook();
      const other = webhook({ id: one.id });
      for (const each of [one, other]) await store.insert(each);
      expect(await store.list(one.scope)).toEqual([one]);
      expect(await store.get(other.scope, one.id)).toEqual(other);
      expect(await store.get('tenant-nobody', one.id)).toBeUndefined();
      expect(await store.remove('tenant-nobody', one.id, T0)).toBe(false);
    });

    it('lists all webhooks of a tenant', async () => {
      const store = await open();
      const one = webhook();
      const more = [one, webhook({ scope: one.scope }), webhook({ scope: one.scope })];
      for (const each of more) await store.insert(each);
      const ids = (await store.list(one.scope)).map(({ id }) => id).sort();
      expect(ids).toEqual(more.map(({ id }) => id).sort());
    });

    it('replaces the revision before and no other', async () => {
      const store = await open();
      const one = webhook();
      await store.insert(one);
      const second = { ...one, secret: `whsec_${'B'.repeat(43)}=`, rotatedBy: 'r', revision: 2 };
      expect(await store.replace(second)).toBe(true);
      expect(await store.replace({ ...one, rotatedBy: 'late', revision: 2 })).toBe(false);
      expect(await store.get(one.scope, one.id)).toEqual(second);
    });

    it('does not bring back what was removed', async () => {
      const store = await open();
      const one = webhook();
      await store.insert(one);
      expect(await store.remove(one.scope, one.id, T0)).toBe(true);
      expect(await store.remove(one.scope, one.id, T0)).toBe(false);
      expect(await store.replace({ ...one, revision: 2 })).toBe(false);
      expect(await store.list(one.scope)).toEqual([]);
      expect(await store.get(one.scope, one.id)).toBeUndefined();
      expect(await store.insert(one)).toBe('removed');
      expect(await store.get(one.scope, one.id)).toBeUndefined();
    });

    it('keeps dead deliveries of each webhook apart, each once, until they are taken away', async () => {
      const store = await open();
      const one = webhook();
      const other = webhook({ scope: one.scope });
      for (const each of [dead(one, 1), dead(one, 2), dead(one, 2), dead(other, 1)]) await store.bury(each);
      const found = await store.dead(one.scope, one.id, 100);
      expect([...found].sort((a, b) => a.diedAt - b.diedAt)).toEqual([dead(one, 1), dead(one, 2)]);
      expect(await store.dead(one.scope, one.id, 1)).toHaveLength(1);
      expect(await store.list(one.scope)).toEqual([]);
      for (let i = 0; i < 2; i += 1) await store.unbury(dead(one, 1).delivery);
      expect(await store.dead(one.scope, one.id, 100)).toEqual([dead(one, 2)]);
      expect(await store.dead(one.scope, other.id, 100)).toHaveLength(1);
    });
  });
}
