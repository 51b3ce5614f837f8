/** Of a batch of messages the queue gets back those that failed, and no others. */
import { expect, test } from 'vitest';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { eachMessage } from '../../functions/runtime/each-message.ts';

test('messages fail one by one, and the journal names those that come again', async () => {
  const journal = new SilentJournal();
  const handled: string[] = [];
  const handle = async (body: string) => {
    if (body.startsWith('bad')) throw new Error(body);
    handled.push(body);
  };
  const handler = eachMessage(handle, journal, 'it will come again');
  const Records = ['good 1', 'bad 2', 'good 3', 'bad 4'].map((body) => ({ body, messageId: `id of ${body}` }));
  expect(await handler({ Records })).toEqual({
    batchItemFailures: [{ itemIdentifier: 'id of bad 2' }, { itemIdentifier: 'id of bad 4' }],
  });
  expect(handled).toEqual(['good 1', 'good 3']);
  expect(journal.warnings).toMatchObject([
    { message: 'it will come again', fields: { message_id: 'id of bad 2' } },
    { message: 'it will come again', fields: { message_id: 'id of bad 4' } },
  ]);
});
