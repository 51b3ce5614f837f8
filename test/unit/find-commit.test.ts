/**
 * Shows that the newest commit at or before a moment is found by halving: against a plain walk over random logs, with its bound
 * on reads, with equal times, before the first commit, and in a log whose old end is pruned.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryEventLog } from '../../adapters/memory/memory-event-log.ts';
import { CommitPruned, findCommit, type SearchOrder } from '../../core/flows/find-commit.ts';
import type { EventLog } from '../../core/ports.ts';
import { commit } from '../contract/sample-records.ts';

const ACCOUNT = 'default#alice';
const orders: readonly SearchOrder[] = ['halving', 'from_the_end'];

/** A log whose commits have these times. */
function logOf(times: readonly number[]): MemoryEventLog {
  const log = new MemoryEventLog();
  for (const [i, at] of times.entries()) log.insert(commit(ACCOUNT, i + 1, { at }));
  return log;
}

function countReads(log: EventLog): { readonly log: EventLog; readonly reads: () => number } {
  let reads = 0;
  const counted: EventLog = {
    newest: (account) => {
      reads += 1;
      return log.newest(account);
    },
    read: (account, version) => {
      reads += 1;
      return log.read(account, version);
    },
    newestFirst: (account, before) => log.newestFirst(account, before),
    append: (commits) => log.append(commits),
  };
  return { log: counted, reads: () => reads };
}

const risingTimes = fc
  .array(fc.nat(3), { maxLength: 200 })
  .map((steps) => steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step, 0)));

describe.each(orders)('%s', (order) => {
  test('finds what a walk finds, and tells its reads', async () => {
    await fc.assert(
      fc.asyncProperty(risingTimes, fc.nat(650), async (times, moment) => {
        const { log, reads } = countReads(logOf(times));
        const found = await findCommit(log, ACCOUNT, moment, order);
        expect(found.commit?.version ?? 0).toBe(times.filter((at) => at <= moment).length);
        expect(found.reads).toBe(reads());
        if (order === 'halving')
          expect(reads()).toBeLessThanOrEqual(1 + Math.ceil(Math.log2(Math.max(times.length, 1))));
      }),
    );
  });

  test('takes the last of equal times', async () => {
    expect((await findCommit(logOf([10, 20, 20, 20, 30]), ACCOUNT, 20, order)).commit?.version).toBe(4);
  });

  test('finds nothing before the first commit, nor in a log that is empty', async () => {
    expect((await findCommit(logOf([10, 20]), ACCOUNT, 9, order)).commit).toBeUndefined();
    expect(await findCommit(logOf([]), ACCOUNT, 9, order)).toEqual({ commit: undefined, newest: undefined, reads: 1 });
  });

  test('says so where the commit was pruned, and finds those that are left', async () => {
    const whole = logOf([10, 20, 30, 40, 50]);
    const read = async (account: string, version: number) => (version <= 2 ? undefined : whole.read(account, version));
    const log: EventLog = {
      newest: (a) => whole.newest(a),
      newestFirst: (a) => whole.newestFirst(a),
      append: async () => [],
      read,
    };
    await expect(findCommit(log, ACCOUNT, 25, order)).rejects.toThrow(CommitPruned);
    expect((await findCommit(log, ACCOUNT, 35, order)).commit?.version).toBe(3);
  });
});

test('a moment near the end of a long log takes few reads from the end, and a bounded number by halving', async () => {
  const log = logOf(Array.from({ length: 1_000 }, (_, i) => i));
  expect((await findCommit(log, ACCOUNT, 997, 'from_the_end')).reads).toBeLessThanOrEqual(4);
  expect((await findCommit(log, ACCOUNT, 997)).reads).toBeLessThanOrEqual(11);
});
