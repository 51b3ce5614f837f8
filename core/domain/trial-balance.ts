/**
 * The trial balance: per currency, all balances of a cut through the ledger, and what is in flight there. Every unit that left a
 * payer is either back, or with a payee, or on its way, and settlement accounts go below zero for what they hand out, so both
 * together are zero. In flight is matched transfer by transfer and a leg counts once: a leg that was applied twice, or for
 * another amount, leaves a sum that is not zero.
 */

/** How often each leg of a transfer moved money inside the cut; each is 0 or 1 in a sound ledger. */
export interface MovedLegs {
  readonly debits: number;
  readonly credits: number;
  readonly refunds: number;
}

/** Nothing of the transfer lies inside the cut. */
export const nothingMoved: MovedLegs = { debits: 0, credits: 0, refunds: 0 };

/** A transfer whose legs inside the cut do not make sense together. */
export interface UnmatchedTransfer extends MovedLegs {
  readonly transfer: string;
  readonly currency: string;
  /** Minor units. */
  readonly amount: bigint;
}

export interface CurrencyTotals {
  readonly currency: string;
  /** Sum of all balances, minor units. */
  readonly balances: bigint;
  /** Debited, and neither credited nor refunded, minor units. */
  readonly inFlight: bigint;
  /** Of both; zero in a sound ledger. */
  readonly sum: bigint;
  /** Number of accounts that were opened inside the cut. */
  readonly accounts: number;
}

export interface TrialBalance {
  /** The cut holds what was committed at this time or before, UTC milliseconds. */
  readonly asOf: number;
  /** True if the sum of every currency is zero. */
  readonly balanced: boolean;
  /** In alphabetic order. */
  readonly currencies: readonly CurrencyTotals[];
  /** Transfers to look at first; empty if balanced, at most {@link UNMATCHED_LISTED}. */
  readonly unmatched: readonly UnmatchedTransfer[];
}

/** A report names where to begin; an auditor's replay finds the rest. */
export const UNMATCHED_LISTED = 20;

/** What a transfer keeps in flight, minor units. Below zero only while clocks differ and the cut holds a credit without its debit. */
export function inFlight(amount: bigint, { debits, credits, refunds }: MovedLegs): bigint {
  return amount * BigInt(Math.min(debits, 1) - Math.min(credits, 1) - Math.min(refunds, 1));
}

/** True if a ledger may hold these legs at some moment: none, a debit alone, or a debit with one of credit and refund. */
export function isSound({ debits, credits, refunds }: MovedLegs): boolean {
  return debits <= 1 && credits + refunds <= debits;
}

interface Totals {
  balances: bigint;
  inFlight: bigint;
  accounts: number;
}

/** Adds up a trial balance, accounts and transfers in any order. */
export class TrialTotals {
  private readonly byCurrency = new Map<string, Totals>();
  private readonly unmatched: UnmatchedTransfer[] = [];

  addAccount(currency: string, balance: bigint): void {
    const totals = this.of(currency);
    totals.balances += balance;
    totals.accounts += 1;
  }

  addTransfer(transfer: string, currency: string, amount: bigint, legs: MovedLegs): void {
    const amountInFlight = inFlight(amount, legs);
    if (amountInFlight !== 0n) this.of(currency).inFlight += amountInFlight;
    if (!isSound(legs) && this.unmatched.length < UNMATCHED_LISTED)
      this.unmatched.push({ transfer, currency, amount, ...legs });
  }

  result(asOf: number): TrialBalance {
    const currencies = [...this.byCurrency].sort(byCode).map(([currency, { balances, inFlight, accounts }]) => {
      return { currency, balances, inFlight, sum: balances + inFlight, accounts };
    });
    const balanced = currencies.every(({ sum }) => sum === 0n);
    return { asOf, balanced, currencies, unmatched: balanced ? [] : this.unmatched };
  }

  private of(currency: string): Totals {
    const known = this.byCurrency.get(currency);
    if (known !== undefined) return known;
    const totals = { balances: 0n, inFlight: 0n, accounts: 0 };
    this.byCurrency.set(currency, totals);
    return totals;
  }
}

function byCode([a]: readonly [string, Totals], [b]: readonly [string, Totals]): number {
  return a < b ? -1 : 1;
}
