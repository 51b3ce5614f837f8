/**
 * Whatever a client says over the WebSocket, the answer is one message of a known kind; what it waits for stays within its share,
 * and nothing is noted for a message that was not taken.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ProcessSubscriptions } from '../../adapters/node/process-subscriptions.ts';
import { MOST_WAITS } from '../../core/contracts/outcome-socket.ts';
import { problemReasons } from '../../core/contracts/problems.ts';
import { transferClaimId } from '../../core/domain/outcome.ts';
import { AccountHolders } from '../../core/flows/see-transfer.ts';
import { SocketApi } from '../../functions/socket/socket-api.ts';
import { MemoryWallet, SCOPE } from '../memory-wallet.ts';

const problem = z.object({ reason: z.enum(problemReasons), status: z.int().min(400).max(499) });
const answerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('subscribed'), outcomes: z.tuple([]), waiting: z.array(z.uuid()) }),
  z.object({ type: z.literal('pong') }),
  z.object({ type: z.literal('problem'), problem }),
]);

const ids = fc.array(fc.oneof({ weight: 9, arbitrary: fc.uuid() }, fc.string()), { maxLength: 103 });
const subscribing = fc.record(
  { action: fc.constantFrom('subscribe', 'ping', 'Subscribe'), transaction_ids: ids, more: fc.jsonValue() },
  { requiredKeys: [] },
);
const message = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .uniqueArray(fc.uuid(), { minLength: 1, maxLength: 100 })
      .map((some) => ({ action: 'subscribe', transaction_ids: some }))
      .map((said) => JSON.stringify(said)),
  },
  { weight: 4, arbitrary: subscribing.map((said) => JSON.stringify(said)) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

test('any messages, one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 12 }), async (messages) => {
      const { transfers, log, clock, meter, journal } = new MemoryWallet();
      const subscriptions = new ProcessSubscriptions();
      const verifier = {
        verify: async (subject: string) => ({
          caller: { scope: SCOPE, subject, permissions: new Set(['wallet:read'] as const) },
          expiresAt: clock.now() + 1_000,
        }),
      };
      const holders = new AccountHolders(log);
      const api = new SocketApi({ subscriptions, transfers, holders, verifier, clock, meter, journal });
      expect(await api.connect('c', 'wallet.v1, bearer.alice')).toMatchObject({ ok: true });
      const waited = new Set<string>();
      for (const said of messages) {
        const { text, ends } = await api.message('c', said);
        const answer = answerSchema.parse(JSON.parse(text));
        expect(ends).toBe(false);
        if (answer.type === 'subscribed') for (const id of answer.waiting) waited.add(transferClaimId(SCOPE, id));
      }
      expect(waited.size).toBeLessThanOrEqual(MOST_WAITS);
      expect(new Set((await subscriptions.waiting([...waited])).keys())).toEqual(waited);
      await api.disconnect('c');
      expect((await subscriptions.waiting([...waited])).size).toBe(0);
    }),
    { numRuns: 300 },
  );
});
