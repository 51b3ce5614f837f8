/** Which of some amounts make up a sum: a bank books several payments as one, or one in several parts. */

/**
 * Most amounts that are searched. Of n amounts there are 2^n sums, so that with many of them sums meet by chance, and a match by
 * chance hides two breaks: 12 amounts below 10,000.00 have 4,096 sums among 12,000,000, one in 3,000.
 */
export const MAX_PARTS = 12;
/** Steps that all searches of one reconciliation may take together: about a second. Beyond that nothing is searched. */
export const MAX_STEPS = 5_000_000;

/** Steps that are left for searching; shared by many searches and counted down. */
export interface SearchBudget {
  steps: number;
}

/**
 * The only way in which at least two of the amounts make the sum. Equal amounts stand for each other: the first ones are taken.
 *
 * @param amounts positive, minor units
 * @returns indices, ascending; undefined if there is no way, or more than one, or too much to search
 */
export function onlySubset(
  amounts: readonly bigint[],
  sum: bigint,
  budget: SearchBudget,
): readonly number[] | undefined {
  if (amounts.length > MAX_PARTS) return undefined;
  const groups = groupEqual(amounts);
  const found = search(groups, sum, budget);
  if (found.length !== 1 || budget.steps <= 0) return undefined;
  const taken = groups.flatMap(({ indices }, i) => indices.slice(0, found[0]?.[i] ?? 0));
  return taken.length < 2 ? undefined : taken.sort((a, b) => a - b);
}

interface EqualAmounts {
  readonly amount: bigint;
  readonly indices: readonly number[];
  /** What this group and all after it amount to. */
  readonly rest: bigint;
}

function groupEqual(amounts: readonly bigint[]): readonly EqualAmounts[] {
  const indices = new Map<bigint, number[]>();
  for (const [i, amount] of amounts.entries()) indices.set(amount, [...(indices.get(amount) ?? []), i]);
  const largestFirst = [...indices].sort(([a], [b]) => (a < b ? 1 : -1));
  let rest = 0n;
  const groups = largestFirst.reverse().map(([amount, members]) => {
    rest += amount * BigInt(members.length);
    return { amount, indices: members, rest };
  });
  return groups.reverse();
}

/** How many of each group; at most two ways, for two are one too many. */
function search(groups: readonly EqualAmounts[], sum: bigint, budget: SearchBudget): readonly (readonly number[])[] {
  const ways: (readonly number[])[] = [];
  const visit = (i: number, left: bigint, counts: readonly number[]): void => {
    budget.steps -= 1;
    if (left === 0n) ways.push(counts);
    const group = groups[i];
    if (left === 0n || group === undefined || group.rest < left) return;
    for (let count = group.indices.length; count >= 0; count -= 1) {
      if (ways.length > 1 || budget.steps <= 0) return;
      const taken = group.amount * BigInt(count);
      if (taken <= left) visit(i + 1, left - taken, [...counts, count]);
    }
  };
  visit(0, sum, []);
  return ways;
}
