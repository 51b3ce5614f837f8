/** Messages of a queue that have a fate of their own each: the queue gets back those that failed, and no others. */
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Journal } from '../../core/ports.ts';

type Message = Pick<SQSRecord, 'body' | 'messageId'>;

/**
 * A handler for a queue's batches.
 *
 * @param handle does what a message's body asks for; a message for which it rejects comes again
 * @param failure what the journal says of such a message
 */
export function eachMessage(
  handle: (body: string) => Promise<void>,
  journal: Journal,
  failure: string,
): (event: { readonly Records: readonly Message[] }) => Promise<SQSBatchResponse> {
  const failureOf = async ({ body, messageId }: Message): Promise<SQSBatchResponse['batchItemFailures']> => {
    try {
      await handle(body);
      return [];
    } catch (error) {
      journal.warn(failure, { message_id: messageId, error });
      return [{ itemIdentifier: messageId }];
    }
  };
  return async ({ Records }) => {
    const failed = await Promise.all(Records.map((record) => failureOf(record)));
    return { batchItemFailures: failed.flat() };
  };
}
