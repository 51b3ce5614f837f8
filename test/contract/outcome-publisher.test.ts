/**
 * Shows what the bus is told and what comes of its refusals: ten events a call, one event per transfer and not one more, those that
 * were not taken again and only those, and a rejection if any is left. The tests answer the SDK's requests themselves.
 */
import { EventBridgeClient, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from 'vitest';
import { EventBridgeOutcomePublisher, MAX_PUBLISH_TRIES } from '../../adapters/aws/eventbridge-outcome-publisher.ts';
import { PublishFailure } from '../../adapters/aws/failures.ts';
import { MemoryOutcomePublisher } from '../../adapters/memory/memory-outcome-publisher.ts';
import { type OutcomeEvent, outcomeEvent } from '../../core/contracts/outcome-event.ts';
import type { OutcomePublisher } from '../../core/ports.ts';
import { newTransferId, T0 } from './sample-records.ts';
import { type Answer, answerRequests, nowhere, serviceError } from './stubbed-requests.ts';

function outcome(): OutcomeEvent {
  const content = { scope: 'default', transfer: newTransferId(), from: 'alice', to: 'bob', amount: 1_050n };
  return outcomeEvent({ ...content, currency: 'USD', state: 'completed', acceptedAt: T0, completedAt: T0 + 5 });
}
const outcomes = (count: number): readonly OutcomeEvent[] => Array.from({ length: count }, outcome);

/** A bus that takes what `refuses` does not refuse. */
function bus(refuses: (entry: PutEventsRequestEntry, call: number) => string | undefined = () => undefined) {
  const calls: (readonly PutEventsRequestEntry[])[] = [];
  const taken: PutEventsRequestEntry[] = [];
  const answer: Answer = ({ Entries = [] }) => {
    calls.push(Entries);
    const codes = Entries.map((entry) => refuses(entry, calls.length));
    taken.push(...Entries.filter((_, i) => codes[i] === undefined));
    return { Entries: codes.map((ErrorCode) => (ErrorCode === undefined ? { EventId: 'taken' } : { ErrorCode })) };
  };
  const client = answerRequests(new EventBridgeClient(nowhere), answer);
  const publisher = new EventBridgeOutcomePublisher({ busName: 'outcomes', client, pause: async () => {} });
  return { publisher, calls, taken };
}

const idsOf = (entries: readonly PutEventsRequestEntry[]): readonly string[] =>
  entries.map(({ Detail = '' }): string => JSON.parse(Detail).event_id).sort();

const memory = new MemoryOutcomePublisher();
const aws = bus();
const publishers: readonly (readonly [string, OutcomePublisher, () => readonly string[]])[] = [
  ['memory', memory, () => memory.told.map(({ event_id }) => event_id).sort()],
  ['EventBridge', aws.publisher, () => idsOf(aws.taken)],
];

test.each(publishers)('%s takes each event once, as many as there are', async (_, publisher, told) => {
  const events = outcomes(23);
  await publisher.publish(events);
  await publisher.publish([]);
  expect(told()).toEqual(events.map(({ event_id }) => event_id).sort());
});

describe('EventBridge', () => {
  test('gets one event per transfer, ten to a call: 1.00 events and 0.1 calls per transfer', async () => {
    const { publisher, calls, taken } = bus();
    await publisher.publish(outcomes(1_000));
    expect([taken.length, calls.length]).toEqual([1_000, 100]);
    const bytes = calls.map((call) => JSON.stringify(call).length);
    expect(Math.max(...bytes)).toBeLessThan(256 * 1_024);
  });

  test('gets what rules can match', async () => {
    const { publisher, taken } = bus();
    const [event = outcome()] = outcomes(1);
    await publisher.publish([event]);
    expect(taken).toEqual([
      {
        EventBusName: 'outcomes',
        Source: 'wallet',
        DetailType: 'wallet.transfer.completed',
        Time: new Date(T0 + 5),
        Detail: JSON.stringify(event),
      },
    ]);
  });

  test('gets those again that it refused, and no others', async () => {
    const events = outcomes(10);
    const late = new Set([events[2]?.event_id, events[7]?.event_id]);
    const { publisher, calls, taken } = bus(({ Detail = '' }, call) =>
      call === 1 && late.has(JSON.parse(Detail).event_id) ? 'ThrottlingException' : undefined,
    );
    await publisher.publish(events);
    expect(calls.map((call) => call.length)).toEqual([10, 2]);
    expect(idsOf(taken)).toEqual(events.map(({ event_id }) => event_id).sort());
  });

  test('rejects when it goes on refusing one', async () => {
    const { publisher, calls } = bus(() => 'InternalFailure');
    await expect(publisher.publish(outcomes(1))).rejects.toThrow(PublishFailure);
    expect(calls).toHaveLength(MAX_PUBLISH_TRIES);
  });

  test('is asked once where it refuses for good', async () => {
    const { publisher, calls } = bus(() => 'NotAuthorizedForSourceException');
    await expect(publisher.publish(outcomes(1))).rejects.toThrow('not taken in 1 tries');
    expect(calls).toHaveLength(1);
  });

  test('is asked again when a call as a whole is throttled, and not when it is denied', async () => {
    for (const [name, status, tries] of [
      ['ThrottlingException', 400, MAX_PUBLISH_TRIES],
      ['AccessDeniedException', 403, 1],
    ] as const) {
      let calls = 0;
      const client = answerRequests(new EventBridgeClient(nowhere), () => {
        calls += 1;
        throw serviceError(name, status);
      });
      const publisher = new EventBridgeOutcomePublisher({ busName: 'outcomes', client, pause: async () => {} });
      await expect(publisher.publish(outcomes(1))).rejects.toThrow(PublishFailure);
      expect(calls).toBe(tries);
    }
  });
});
