/** Pairs bookings of equal amount whose days are close to each other. */

export interface DayPairs<Left, Right> {
  readonly pairs: readonly (readonly [Left, Right])[];
  /** What found no partner, by day. */
  readonly left: readonly Left[];
  readonly right: readonly Right[];
}

/**
 * Pairs as many as can be paired within `reach` days, and among the ways to do that prefers the nearest days.
 *
 * Nearest first may pair fewer: with a reach of 1, {1, 2} and {0, 1} pair completely, but not once 1 has taken 1. One sweep over
 * both with the whole reach always pairs the most, so it decides where the two differ.
 */
export function pairByDay<Left, Right>(
  left: readonly Left[],
  right: readonly Right[],
  reach: number,
  dayOfLeft: (item: Left) => number,
  dayOfRight: (item: Right) => number,
): DayPairs<Left, Right> {
  const ordered: Unpaired<Left, Right> = {
    left: left.toSorted((a, b) => dayOfLeft(a) - dayOfLeft(b)),
    right: right.toSorted((a, b) => dayOfRight(a) - dayOfRight(b)),
  };
  const sweep = (items: Unpaired<Left, Right>, days: number) => sweepOnce(items, days, dayOfLeft, dayOfRight);
  const most = sweep(ordered, reach);
  const nearest = sweepNearestFirst(ordered, reach, sweep);
  return nearest.pairs.length < most.pairs.length ? most : nearest;
}

interface Unpaired<Left, Right> {
  readonly left: readonly Left[];
  readonly right: readonly Right[];
}

function sweepNearestFirst<Left, Right>(
  items: Unpaired<Left, Right>,
  reach: number,
  sweep: (items: Unpaired<Left, Right>, days: number) => DayPairs<Left, Right>,
): DayPairs<Left, Right> {
  const pairs: (readonly [Left, Right])[] = [];
  let rest = items;
  for (let days = 0; days <= reach && rest.left.length > 0 && rest.right.length > 0; days += 1) {
    const swept = sweep(rest, days);
    pairs.push(...swept.pairs);
    rest = swept;
  }
  return { pairs, left: rest.left, right: rest.right };
}

/** One pass over both, sorted by day: whatever is too early for the other side's earliest stays alone. */
function sweepOnce<Left, Right>(
  { left, right }: Unpaired<Left, Right>,
  reach: number,
  dayOfLeft: (item: Left) => number,
  dayOfRight: (item: Right) => number,
): DayPairs<Left, Right> {
  const pairs: (readonly [Left, Right])[] = [];
  const alone: { left: Left[]; right: Right[] } = { left: [], right: [] };
  let [l, r] = [0, 0];
  for (;;) {
    const [one, other] = [left[l], right[r]];
    if (one === undefined || other === undefined) break;
    const ahead = dayOfLeft(one) - dayOfRight(other);
    if (Math.abs(ahead) <= reach) pairs.push([one, other]);
    else if (ahead < 0) alone.left.push(one);
    else alone.right.push(other);
    if (ahead <= reach) l += 1;
    if (ahead >= -reach) r += 1;
  }
  return { pairs, left: [...alone.left, ...left.slice(l)], right: [...alone.right, ...right.slice(r)] };
}
