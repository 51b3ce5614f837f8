/**
 * Shows what is told of transfers: one event per transfer that is over, whatever its end, the same event however often its commit
 * comes, no event before the end, and none lost when a process dies while it tells; and that the published schema is the code's.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { MemoryOutcomePublisher } from '../../adapters/memory/memory-outcome-publisher.ts';
import { outcomeEventSchema } from '../../core/contracts/outcome-event.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { timestampOf } from '../../core/contracts/timestamp.ts';
import { decodeCommits } from '../../core/flows/decode-commits.ts';
import { publishOutcomes } from '../../core/flows/publish-outcomes.ts';
import { redrive } from '../../core/flows/redrive.ts';
import { debit, MemoryWallet, request, SCOPE, transferId } from '../memory-wallet.ts';

const bank = 'settlement:bank';
const completed = transferId(1);
const reversed = transferId(2);
const rejected = transferId(3);
const waiting = transferId(4);

/** A wallet with a transfer in each end, and one that was refused and is not given back yet. */
async function walletWithHistory(): Promise<MemoryWallet> {
  const wallet = new MemoryWallet();
  for (const account of [bank, 'alice', 'bob']) await wallet.open(account);
  await wallet.send(request('FreezeAccount', 'bob'));
  await wallet.send(
    debit(completed, bank, 'alice', 100n),
    debit(reversed, bank, 'bob', 5n),
    debit(rejected, 'alice', 'bob', 1_000n),
  );
  await wallet.settle();
  await wallet.send(debit(waiting, bank, 'bob', 7n));
  await wallet.deliverNew();
  for (const chunk of wallet.sagas.started) await wallet.step(chunk);
  await wallet.deliverNew();
  return wallet;
}

async function toldOf(wallet: MemoryWallet, commits: readonly StoredCommit[], outcomes = new MemoryOutcomePublisher()) {
  await publishOutcomes({ outcomes, log: wallet.log }, decodeCommits(commits).decoded);
  return outcomes.told;
}

describe('outcomes', () => {
  test('are told of every transfer that is over, and of no other', async () => {
    const wallet = await walletWithHistory();
    const told = await toldOf(wallet, wallet.log.commits());
    expect(
      Object.fromEntries(told.map(({ transaction_id, type, reason }) => [transaction_id, [type, reason]])),
    ).toEqual({
      [completed]: ['wallet.transfer.completed', undefined],
      [reversed]: ['wallet.transfer.reversed', 'account_frozen'],
      [rejected]: ['wallet.transfer.rejected', 'insufficient_funds'],
    });
    expect(told).toHaveLength(3);
    expect(wallet.record(waiting)?.status).not.toBe('completed');
  });

  test('say what the API says of the same transfers', async () => {
    const wallet = await walletWithHistory();
    for (const event of await toldOf(wallet, wallet.log.commits())) {
      const record = wallet.record(event.transaction_id);
      if (record?.subject.type !== 'transfer') throw new Error(`no transfer ${event.transaction_id}`);
      const { from, to } = record.subject;
      expect(event).toMatchObject({ tenant: SCOPE, state: record.status, from_account: from, to_account: to });
      expect(event.accepted_at).toBe(timestampOf(record.arrival));
      expect(event.completed_at).toBe(timestampOf(record.phases?.at(-1)?.at ?? 0));
      expect(outcomeEventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
    }
  });

  test('have no balance in them', async () => {
    const wallet = await walletWithHistory();
    expect(JSON.stringify(await toldOf(wallet, wallet.log.commits()))).not.toContain('balance');
  });

  test('are the same, id and all, in whatever order and however often commits come', async () => {
    const wallet = await walletWithHistory();
    const commits = wallet.log.commits();
    const once = await toldOf(wallet, commits);
    const byId = new Map(once.map((event) => [event.event_id, event]));
    expect(byId.size).toBe(once.length);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...commits), { maxLength: 40 }), async (delivered) => {
        for (const event of await toldOf(wallet, [...delivered, ...commits])) {
          expect(event).toEqual(byId.get(event.event_id));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('come again as a whole when the process dies while it tells, so none is lost', async () => {
    const wallet = await walletWithHistory();
    const commits = wallet.log.commits();
    const all = new Set((await toldOf(wallet, commits)).map(({ event_id }) => event_id));
    for (let dies = 1; dies <= all.size; dies += 1) {
      let writes = 0;
      const outcomes = new MemoryOutcomePublisher({
        afterWrite: () => {
          writes += 1;
          if (writes === dies) throw new Error('crash');
        },
      });
      await expect(toldOf(wallet, commits, outcomes)).rejects.toThrow('crash');
      await toldOf(wallet, commits, outcomes);
      expect(new Set(outcomes.told.map(({ event_id }) => event_id))).toEqual(all);
    }
  });

  test('of a reversed transfer are told without the time of its debit once that has left the table', async () => {
    const wallet = await walletWithHistory();
    const outcomes = new MemoryOutcomePublisher();
    const log = { read: async () => undefined };
    await publishOutcomes({ outcomes, log }, decodeCommits(wallet.log.commits()).decoded);
    const event = outcomes.told.find(({ transaction_id }) => transaction_id === reversed);
    expect(event).toMatchObject({ state: 'reversed', completed_at: expect.any(String) });
    expect(event).not.toHaveProperty('accepted_at');
  });

  test('are told again when commits are redriven', async () => {
    const wallet = await walletWithHistory();
    const outcomes = new MemoryOutcomePublisher();
    const commits = wallet.log.commits().map(({ account, version }) => ({ account, version }));
    const setAside = {
      async *list() {},
      read: async () => ({ kind: 'commits' as const, commits }),
      remove: async () => {},
    };
    await redrive({ ...wallet, setAside, outcomes }, 'given-up');
    expect(outcomes.told.map(({ transaction_id }) => transaction_id).sort()).toEqual([completed, reversed, rejected]);
  });
});

test('the JSON schema in the docs is the one of the code', () => {
  const file = path.resolve(import.meta.dirname, '../../docs/schemas/transfer-outcome.v1.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(z.toJSONSchema(outcomeEventSchema, { io: 'input' }));
});
