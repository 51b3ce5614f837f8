/**
 * What an account may spend: below zero (overdraft), in one transfer, in one day. Each limit is in minor units of the account's
 * currency; one that is absent does not exist. Settlement accounts have none.
 *
 * A day is a day in UTC. A debit counts on the day of its record's arrival, or on the day that the account is in already if that
 * is later: arrivals are not ordered, and a day that is over does not come back. So a decision needs nothing but state and
 * arrival. What is refunded counts as spent all the same: the limit bounds what leaves the account, whether or not it comes back.
 */
const DAY_MS = 24 * 3_600_000;

export interface Limits {
  /** How far below zero the balance may go, not negative. */
  readonly overdraftLimit: bigint;
  /** Most that one transfer may take. */
  readonly transferLimit?: bigint;
  /** Most that the transfers of a day may take together. */
  readonly dailyLimit?: bigint;
}

/** What a day's transfers took so far; kept only for accounts that have a daily limit, from when they got it. */
export interface DaySpending {
  /** Days since 1970-01-01 in UTC. */
  readonly day: number;
  readonly amount: bigint;
}

export interface Spending {
  readonly spending?: DaySpending;
}

/** Limits to set; null removes one, and one that is absent stays as it is. */
export interface LimitChanges {
  readonly overdraftLimit?: bigint;
  readonly transferLimit?: bigint | null;
  readonly dailyLimit?: bigint | null;
}

/** @param arrival UTC milliseconds */
export function dayOf(arrival: number): number {
  return Math.floor(arrival / DAY_MS);
}

/** What a debit that arrives at this time adds to. */
export function spentOn({ spending }: Spending, arrival: number): bigint {
  return spending !== undefined && spending.day >= dayOf(arrival) ? spending.amount : 0n;
}

/** What is spent after a debit. */
export function spendingAfter(before: Spending, amount: bigint, arrival: number): DaySpending {
  const day = Math.max(dayOf(arrival), before.spending?.day ?? 0);
  return { day, amount: spentOn(before, arrival) + amount };
}

/** The limits of a transfer and a day that are named, without members for those that are not. */
export function namedLimits<Limit>(limits: {
  readonly transferLimit?: Limit | undefined;
  readonly dailyLimit?: Limit | undefined;
}): { readonly transferLimit?: Limit; readonly dailyLimit?: Limit } {
  const { transferLimit, dailyLimit } = limits;
  return {
    ...(transferLimit === undefined ? {} : { transferLimit }),
    ...(dailyLimit === undefined ? {} : { dailyLimit }),
  };
}

/** The limits after a change. */
export function limitsAfter(before: Limits, changes: LimitChanges): Limits {
  const transferLimit = changes.transferLimit === undefined ? before.transferLimit : changes.transferLimit;
  const dailyLimit = changes.dailyLimit === undefined ? before.dailyLimit : changes.dailyLimit;
  return {
    overdraftLimit: changes.overdraftLimit ?? before.overdraftLimit,
    ...namedLimits({ transferLimit: transferLimit ?? undefined, dailyLimit: dailyLimit ?? undefined }),
  };
}

export function sameLimits(a: Limits, b: Limits): boolean {
  return a.overdraftLimit === b.overdraftLimit && a.transferLimit === b.transferLimit && a.dailyLimit === b.dailyLimit;
}
