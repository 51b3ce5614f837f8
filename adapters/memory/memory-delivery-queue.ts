/** Deliveries in memory; a test receives them when it likes. */
import type { Delivery } from '../../core/contracts/webhook.ts';
import type { Clock, DeliveryQueue } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

/** As SQS has it. */
const LONGEST_WAIT_MS = 900_000;

interface Waiting {
  readonly delivery: Delivery;
  /** When it may be received, UTC milliseconds. */
  readonly visibleAt: number;
}

export class MemoryDeliveryQueue implements DeliveryQueue {
  readonly longestWaitMs = LONGEST_WAIT_MS;
  readonly hooks: WriteHooks<Delivery>;
  readonly waiting = new Set<Waiting>();
  private readonly clock: Clock;

  constructor(clock: Clock, hooks: WriteHooks<Delivery> = {}) {
    this.clock = clock;
    this.hooks = hooks;
  }

  async send(deliveries: readonly Delivery[]): Promise<void> {
    const now = this.clock.now();
    for (const delivery of deliveries) {
      const visibleAt = Math.min(Math.max(delivery.dueAt, now), now + LONGEST_WAIT_MS);
      await writeWithHooks(this.hooks, delivery, () => this.waiting.add({ delivery, visibleAt }));
    }
  }

  /** Lets a receiver handle what is there to be received; what it throws at stays. Gives back how many were handled. */
  async receive(handle: (delivery: Delivery) => Promise<unknown>): Promise<number> {
    const now = this.clock.now();
    const visible = [...this.waiting].filter(({ visibleAt }) => visibleAt <= now);
    for (const message of visible) {
      await handle(message.delivery);
      this.waiting.delete(message);
    }
    return visible.length;
  }

  /** When the next delivery can be received, UTC milliseconds. */
  nextVisible(): number | undefined {
    const times = [...this.waiting].map(({ visibleAt }) => visibleAt);
    return times.length === 0 ? undefined : Math.min(...times);
  }
}
