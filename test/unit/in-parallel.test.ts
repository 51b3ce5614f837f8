/** Bounded parallelism: order of results, the bound, and what happens after a failure. */
import { expect, test } from 'vitest';
import { inParallel } from '../../core/flows/in-parallel.ts';

const turn = async (): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
};

test('results keep the order of the items, and no more run at a time than allowed', async () => {
  let running = 0;
  let most = 0;
  const results = await inParallel([5, 1, 4, 2, 3], 2, async (n) => {
    running += 1;
    most = Math.max(most, running);
    for (let i = 0; i < n; i += 1) await turn();
    running -= 1;
    return n * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

test('after a failure nothing new begins, and what was begun has ended when the failure is thrown', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const run = inParallel([0, 1, 2, 3, 4, 5], 2, async (n) => {
    begun.push(n);
    await turn();
    if (n === 0) throw new Error('first');
    await turn();
    ended.push(n);
  });
  await expect(run).rejects.toThrow('first');
  expect(begun).toEqual([0, 1]);
  expect(ended).toEqual([1]);
});

test('nothing to do is done at once', async () => {
  expect(await inParallel([], 3, async () => 1)).toEqual([]);
});
