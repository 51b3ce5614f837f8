/**
 * Shows what the queue of deliveries is asked for: ten messages a call, each with the wait that it needs as far as SQS can wait, and
 * those again that were not taken. The tests answer the SDK's requests themselves.
 */
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { QueueFailure } from '../../adapters/aws/failures.ts';
import { SqsDeliveryQueue } from '../../adapters/aws/sqs-delivery-queue.ts';
import { MAX_SEND_TRIES } from '../../adapters/aws/sqs-messages.ts';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { type Delivery, decodeDelivery } from '../../core/contracts/webhook.ts';
import { answerRequests, nowhere } from './stubbed-requests.ts';

const clock = new ManualClock();

function delivery(n: number, waitMs = 0): Delivery {
  const at = clock.now();
  const webhook = `wh_${String(n % 3).padStart(32, '0')}`;
  return { v: 1, scope: 'default', webhook, id: `e-${n}`, body: '{}', attempts: 0, createdAt: at, dueAt: at + waitMs };
}

const entriesSchema = z.array(
  z.object({ Id: z.string(), MessageBody: z.string(), DelaySeconds: z.int(), MessageGroupId: z.string() }),
);
type Entry = z.infer<typeof entriesSchema>[number];

type Refusal = { readonly Code: string; readonly SenderFault: boolean };

function queue(refuses: (entry: Entry, call: number) => Refusal | undefined = () => undefined) {
  const calls: (readonly Entry[])[] = [];
  const client = answerRequests(new SQSClient({ ...nowhere, md5: false }), ({ Entries }) => {
    const entries = entriesSchema.parse(Entries);
    calls.push(entries);
    const fates = entries.map((entry) => ({ Id: entry.Id, refusal: refuses(entry, calls.length) }));
    return {
      Successful: fates.flatMap(({ Id, refusal }) => (refusal === undefined ? [{ Id }] : [])),
      Failed: fates.flatMap(({ Id, refusal }) => (refusal === undefined ? [] : [{ Id, ...refusal }])),
    };
  });
  return { sqs: new SqsDeliveryQueue({ queueUrl: 'https://queue', clock, client, pause: async () => {} }), calls };
}

test('gets each delivery whole, ten to a call, in the group of its webhook', async () => {
  const { sqs, calls } = queue();
  const deliveries = Array.from({ length: 23 }, (_, n) => delivery(n));
  await sqs.send(deliveries);
  expect(calls.map((call) => call.length)).toEqual([10, 10, 3]);
  const entries = calls.flat();
  expect(entries.map(({ MessageBody }) => decodeDelivery(MessageBody))).toEqual(deliveries);
  expect(entries.map(({ MessageGroupId }) => MessageGroupId)).toEqual(deliveries.map(({ webhook }) => webhook));
  for (const call of calls) expect(new Set(call.map(({ Id }) => Id)).size).toBe(call.length);
});

test('gets the wait in whole seconds, never shorter, and at most fifteen minutes', async () => {
  const { sqs, calls } = queue();
  await sqs.send([delivery(1, -5), delivery(2, 1), delivery(3, 10_000), delivery(4, 36_000_000)]);
  expect(calls.flat().map(({ DelaySeconds }) => DelaySeconds)).toEqual([0, 1, 10, 900]);
});

test('gets those again that it did not take, and no others', async () => {
  const { sqs, calls } = queue(({ Id }, call) =>
    call === 1 && Id === '2' ? { Code: 'Busy', SenderFault: false } : undefined,
  );
  await sqs.send([delivery(0), delivery(1), delivery(2)]);
  expect(calls.map((call) => call.map(({ Id }) => Id))).toEqual([['0', '1', '2'], ['2']]);
});

test.each([
  [false, MAX_SEND_TRIES],
  [true, 1],
])('rejects when it goes on refusing (fault of the sender: %s)', async (SenderFault, tries) => {
  const { sqs, calls } = queue(() => ({ Code: 'No', SenderFault }));
  await expect(sqs.send([delivery(1)])).rejects.toThrow(QueueFailure);
  expect(calls).toHaveLength(tries);
});
