/** The trial balance as it is kept between computations, and as the API shows it. */
import * as z from 'zod/mini';
import { formatAmount } from '../domain/money.ts';
import type { TrialBalance } from '../domain/trial-balance.ts';
import { milliseconds, minorUnits, positiveMinorUnits, toJson } from './json.ts';

const count = z.int().check(z.nonnegative());

const schema = z.object({
  asOf: milliseconds,
  balanced: z.boolean(),
  currencies: z.array(
    z.object({
      currency: z.string(),
      balances: minorUnits,
      inFlight: minorUnits,
      sum: minorUnits,
      accounts: count,
    }),
  ),
  unmatched: z.array(
    z.object({
      transfer: z.string(),
      currency: z.string(),
      amount: positiveMinorUnits,
      debits: count,
      credits: count,
      refunds: count,
    }),
  ),
});

/** JSON text of a trial balance that is to be kept. */
export function encodeTrialBalance(trial: TrialBalance): string {
  return toJson(trial);
}

/** Reads a kept trial balance; throws on anything else. */
export function decodeTrialBalance(text: string): TrialBalance {
  return schema.parse(JSON.parse(text));
}

/** The trial balance as JSON of the API: amounts as decimal strings in major units, times in ISO 8601. */
export function trialBalanceResource(
  { asOf, balanced, currencies, unmatched }: TrialBalance,
  toIso: (ms: number) => string,
) {
  return {
    as_of: toIso(asOf),
    balanced,
    currencies: currencies.map(({ currency, balances, inFlight, sum, accounts }) => ({
      currency,
      balances: formatAmount(balances, currency),
      in_flight: formatAmount(inFlight, currency),
      sum: formatAmount(sum, currency),
      accounts,
    })),
    unmatched_transfers: unmatched.map(({ transfer, currency, amount, debits, credits, refunds }) => ({
      transaction_id: transfer,
      amount: formatAmount(amount, currency),
      currency,
      debits,
      credits,
      refunds,
    })),
  };
}
