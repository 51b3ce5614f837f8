/** Outcomes as a list of what was told, repetitions too. */
import type { OutcomeEvent } from '../../core/contracts/outcome-event.ts';
import type { OutcomePublisher } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

export class MemoryOutcomePublisher implements OutcomePublisher {
  readonly hooks: WriteHooks<OutcomeEvent>;
  readonly told: OutcomeEvent[] = [];

  constructor(hooks: WriteHooks<OutcomeEvent> = {}) {
    this.hooks = hooks;
  }

  async publish(events: readonly OutcomeEvent[]): Promise<void> {
    for (const event of events) await writeWithHooks(this.hooks, event, () => this.told.push(event));
  }
}
