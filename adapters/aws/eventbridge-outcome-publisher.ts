/**
 * Outcomes as events on an EventBridge bus. A call takes ten events and says of each whether it was taken, under HTTP 200, and the
 * SDK does not look at that; what was not taken is sent again here, within bounds.
 */
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../../core/contracts/env.ts';
import type { OutcomeEvent } from '../../core/contracts/outcome-event.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import type { OutcomePublisher } from '../../core/ports.ts';
import { backOffMs, type Pause, pause } from './back-off.ts';
import { eventBridge } from './clients.ts';
import { isPassing, PublishFailure } from './failures.ts';

/** EventBridge takes no more events in a call. They are below 1 KB each, far from the 256 KB that a call may have. */
export const MAX_EVENTS_PER_CALL = 10;
const PARALLEL_CALLS = 8;
/** Tries of one call's events, beyond those of the SDK: about two seconds of passing trouble, then the batch comes again as a whole. */
export const MAX_PUBLISH_TRIES = 6;

export interface OutcomePublisherSettings {
  readonly busName: string;
  readonly client?: EventBridgeClient;
  readonly pause?: Pause;
}

export class EventBridgeOutcomePublisher implements OutcomePublisher {
  private readonly client: EventBridgeClient;
  private readonly busName: string;
  private readonly pause: Pause;

  constructor(settings: OutcomePublisherSettings) {
    this.client = settings.client ?? eventBridge();
    this.busName = settings.busName;
    this.pause = settings.pause ?? pause;
  }

  async publish(events: readonly OutcomeEvent[]): Promise<void> {
    const entries = events.map((event) => this.entryOf(event));
    const calls: PutEventsRequestEntry[][] = [];
    for (let i = 0; i < entries.length; i += MAX_EVENTS_PER_CALL) calls.push(entries.slice(i, i + MAX_EVENTS_PER_CALL));
    await inParallel(calls, PARALLEL_CALLS, (call) => this.put(call));
  }

  private entryOf(event: OutcomeEvent): PutEventsRequestEntry {
    return {
      EventBusName: this.busName,
      Source: EVENT_SOURCE,
      DetailType: event.type,
      // Rules and archives then see when it happened, and not when it was told.
      Time: new Date(event.completed_at),
      Detail: JSON.stringify(event),
    };
  }

  private async put(entries: readonly PutEventsRequestEntry[]): Promise<void> {
    let left = entries;
    for (let tries = 1; ; tries += 1) {
      const { refused, cause } = await this.putOnce(left);
      if (refused.length === 0) return;
      if (tries === MAX_PUBLISH_TRIES || !isPassing(cause)) {
        throw new PublishFailure(`${refused.length} events were not taken in ${tries} tries`, { cause });
      }
      left = refused;
      await this.pause(backOffMs(tries));
    }
  }

  /** What was not taken, and why. */
  private async putOnce(entries: readonly PutEventsRequestEntry[]) {
    try {
      const { Entries = [] } = await this.client.send(new PutEventsCommand({ Entries: [...entries] }));
      const refused = entries.filter((_, index) => Entries[index]?.EventId === undefined);
      const code = Entries.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode;
      return { refused, cause: new RefusedEvent(code) };
    } catch (cause) {
      return { refused: entries, cause };
    }
  }
}

/** EventBridge's word for why it did not take one event of a call. */
class RefusedEvent extends Error {
  /** As the SDK names errors, by the service's code; without one the service failed. */
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(code = 'InternalFailure') {
    super(`refused with ${code}`);
    this.name = code;
    this.$metadata = { httpStatusCode: code.startsWith('Internal') ? 500 : 400 };
  }
}
