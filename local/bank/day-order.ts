/**
 * The order of one account's movements within a day. The file has days but no times, and its order within a day is not the
 * bank's; the balances after each movement tell the bank's order, as each must follow from the one before.
 */
import type { Movement } from './movements.ts';

/** So many movements have 40,320 orders, which are searched at once; a day with more is ordered greedily. */
const MAX_SEARCHED = 8;

/** The bank's balances carry hidden rounding: two that differ by so much, in minor units, still follow from each other. */
export const ROUNDING_MINOR = 20n;

/**
 * Orders the movements of one day, per account, so that the bank's balances follow from each other as closely as possible.
 * Each account keeps the places it had in the file, so that accounts stay mixed as they were.
 *
 * @param lastBalances the bank's balance of each account after its last movement; brought up to date by the call.
 */
export function orderDay(day: readonly Movement[], lastBalances: Map<string, bigint>): Movement[] {
  const queues = new Map<string, Movement[]>();
  for (const [account, movements] of groupByAccount(day)) {
    const ordered = chain(movements, lastBalances.get(account));
    queues.set(account, ordered);
    const last = ordered.at(-1);
    if (last !== undefined) lastBalances.set(account, last.balanceMinor);
  }
  const places = new Map<string, number>();
  return day.map((movement) => {
    const place = places.get(movement.bankAccount) ?? 0;
    places.set(movement.bankAccount, place + 1);
    return queues.get(movement.bankAccount)?.[place] ?? movement;
  });
}

/** How far a movement's balance is from what the balance before it and its amount give, in minor units. */
export function gapBefore(movement: Movement, balanceBefore: bigint | undefined): bigint {
  // Before an account's first movement its balance is not known: the file may begin in the middle of its life.
  if (balanceBefore === undefined) return 0n;
  const gap = balanceBefore + signedAmount(movement) - movement.balanceMinor;
  return gap < 0n ? -gap : gap;
}

/** What a movement adds to its account, minor units. */
export function signedAmount(movement: Movement): bigint {
  return movement.direction === 'credit' ? movement.amountMinor : -movement.amountMinor;
}

function groupByAccount(day: readonly Movement[]): Map<string, Movement[]> {
  const groups = new Map<string, Movement[]>();
  for (const movement of day) {
    const group = groups.get(movement.bankAccount);
    if (group === undefined) groups.set(movement.bankAccount, [movement]);
    else group.push(movement);
  }
  return groups;
}

function chain(movements: readonly Movement[], before: bigint | undefined): Movement[] {
  if (movements.length <= 1) return [...movements];
  return movements.length > MAX_SEARCHED ? nearestFirst(movements, before) : closestOrder(movements, before);
}

/** Searches all orders, depth first; of equally good ones the file's own stands, because only a better one replaces it. */
function closestOrder(movements: readonly Movement[], before: bigint | undefined): Movement[] {
  let best = [...movements];
  let bestGap = totalGap(best, before);
  const visit = (path: Movement[], rest: readonly Movement[], balance: bigint | undefined, gap: bigint): void => {
    if (gap >= bestGap) return;
    if (rest.length === 0) {
      best = path;
      bestGap = gap;
      return;
    }
    for (const next of rest) {
      const others = rest.filter((other) => other !== next);
      visit([...path, next], others, next.balanceMinor, gap + gapBefore(next, balance));
    }
  };
  visit([], movements, before, 0n);
  return best;
}

function totalGap(movements: readonly Movement[], before: bigint | undefined): bigint {
  let balance = before;
  let gap = 0n;
  for (const movement of movements) {
    gap += gapBefore(movement, balance);
    balance = movement.balanceMinor;
  }
  return gap;
}

/** Takes whichever movement follows best from the balance so far; the last resort for days too long to search. */
function nearestFirst(movements: readonly Movement[], before: bigint | undefined): Movement[] {
  const rest = [...movements];
  const ordered: Movement[] = [];
  let balance = before;
  while (rest.length > 0) {
    let nearest = 0;
    rest.forEach((candidate, at) => {
      const best = rest[nearest];
      if (best !== undefined && gapBefore(candidate, balance) < gapBefore(best, balance)) nearest = at;
    });
    const [next] = rest.splice(nearest, 1);
    if (next === undefined) break;
    ordered.push(next);
    balance = next.balanceMinor;
  }
  return ordered;
}
