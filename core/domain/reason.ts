/**
 * Why an account refuses a command. The order is the order of precedence: when several apply, the first is the answer, so the
 * same refusal is given however often a decision is repeated. A test holds every pair of neighbours in this order.
 */
export const reasons = [
  /** An operator gave the transfer up before the payee was credited. */
  'cancelled',
  /** The account was never opened. */
  'account_not_found',
  /** Asked by somebody who may act on accounts of their own, and this is not one of them. */
  'not_owner',
  /** The account is closed, or is closing. */
  'account_closed',
  /** The account is open already, with other properties. */
  'account_exists',
  /** The account is frozen. */
  'account_frozen',
  /** The account is held in another currency. */
  'currency_mismatch',
  /** The closing that this command wants to finish is over, or was started again. */
  'close_superseded',
  /** The balance or the holds are not zero. */
  'not_empty',
  /** The amount is above what one transfer may take from the account. */
  'transfer_limit_exceeded',
  /** The amount, with what was debited on the same day (UTC), is above what a day may take from the account. */
  'daily_limit_exceeded',
  /** The balance, less what is held, plus the overdraft limit, is below the amount. */
  'insufficient_funds',
] as const;

export type Reason = (typeof reasons)[number];
