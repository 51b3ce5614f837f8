/**
 * The outbox of the embedded wallet: what a turn commits leads to deliveries within the same turn. They go to disk in one frame, so
 * no crash can part them. A wallet without webhooks keeps none of it.
 */
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { decodeCommits } from '../../core/flows/decode-commits.ts';
import { deliveriesOf } from '../../core/flows/fan-out-webhooks.ts';
import { outcomesIn } from '../../core/flows/publish-outcomes.ts';
import type { EventLog } from '../../core/ports.ts';
import { withinTurn } from './acknowledgement.ts';
import { EmbeddedDeliveryQueue } from './embedded-delivery-queue.ts';
import { EmbeddedWebhookStore } from './embedded-webhook-store.ts';
import { kinds } from './entries.ts';
import type { WalletStore } from './wallet-store.ts';

export class Outbox {
  private readonly log: EventLog;
  private readonly webhooks: EmbeddedWebhookStore;
  private readonly queue: EmbeddedDeliveryQueue;
  private appended: StoredCommit[] = [];

  /** @param log the turn's own */
  constructor(store: WalletStore, log: EventLog) {
    this.log = log;
    this.webhooks = new EmbeddedWebhookStore(store, withinTurn);
    this.queue = new EmbeddedDeliveryQueue(store, withinTurn);
    store.onAppend = (commit) => {
      if (store.count(kinds.webhook) > 0) this.appended.push(commit);
    };
  }

  /** Writes the deliveries that the turn's commits lead to. */
  async endTurn(now: number): Promise<void> {
    if (this.appended.length === 0) return;
    const { decoded } = decodeCommits(this.appended);
    this.appended = [];
    const events = await outcomesIn(this.log, decoded);
    await this.queue.send(deliveriesOf(events, (tenant) => this.webhooks.of(tenant), now));
  }
}
