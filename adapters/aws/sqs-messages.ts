/** Messages into a queue of SQS: ten to a call, and those again that it did not take. */
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import { inParallel } from '../../core/flows/in-parallel.ts';
import { backOffMs, type Pause } from './back-off.ts';
import { isPassing, QueueFailure } from './failures.ts';

/** SQS takes no more messages in a call. They are a few KB each at most. */
const MAX_MESSAGES_PER_CALL = 10;
const PARALLEL_CALLS = 8;
/** Tries of one call's messages, beyond those of the SDK: about a second of passing trouble. */
export const MAX_SEND_TRIES = 5;

export interface MessageQueue {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly pause: Pause;
}

export type Message = Omit<SendMessageBatchRequestEntry, 'Id'>;

/** @throws QueueFailure unless all were taken; some may have been then */
export async function sendMessages(queue: MessageQueue, messages: readonly Message[]): Promise<void> {
  const calls: SendMessageBatchRequestEntry[][] = [];
  for (let i = 0; i < messages.length; i += MAX_MESSAGES_PER_CALL) {
    calls.push(messages.slice(i, i + MAX_MESSAGES_PER_CALL).map((message, n) => ({ ...message, Id: String(n) })));
  }
  await inParallel(calls, PARALLEL_CALLS, (call) => sendAll(queue, call));
}

async function sendAll(queue: MessageQueue, entries: readonly SendMessageBatchRequestEntry[]): Promise<void> {
  let left = entries;
  for (let tries = 1; ; tries += 1) {
    const { refused, cause } = await sendOnce(queue, left);
    if (refused.length === 0) return;
    if (tries === MAX_SEND_TRIES || cause !== undefined) {
      throw new QueueFailure(`${refused.length} messages were not taken in ${tries} tries`, { cause });
    }
    left = refused;
    await queue.pause(backOffMs(tries));
  }
}

/** What was not taken; with a cause where trying again is no use. */
async function sendOnce({ client, queueUrl }: MessageQueue, entries: readonly SendMessageBatchRequestEntry[]) {
  try {
    const { Successful = [], Failed = [] } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: [...entries] }),
    );
    const taken = new Set(Successful.map(({ Id }) => Id));
    const fault = Failed.find(({ SenderFault }) => SenderFault);
    const cause = fault === undefined ? undefined : new Error(`refused with ${fault.Code}: ${fault.Message}`);
    return { refused: entries.filter(({ Id }) => !taken.has(Id)), cause };
  } catch (cause) {
    return { refused: entries, cause: isPassing(cause) ? undefined : cause };
  }
}
