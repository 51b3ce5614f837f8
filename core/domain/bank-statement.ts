/** A bank's statement of one of its accounts, as it was read from a file: what the bank booked, seen from the account's holder. */

/** One booking. */
export interface BankLine {
  /** Names the booking within its account, the same in every file that holds it. */
  readonly id: string;
  /** Where it stands in the file, for people. */
  readonly place: string;
  /** All references the bank gives, as they are written, the most telling first. */
  readonly references: readonly string[];
  /** Minor units; positive when money came in. */
  readonly amount: bigint;
  /** Days, as `core/domain/day.ts` counts them. */
  readonly bookingDay: number;
  readonly valueDay: number;
  readonly text: string;
  /** The bank marks it as the reversal of an earlier booking. */
  readonly reversal: boolean;
  /** What the bank says the account holds after it, minor units; not every format tells. */
  readonly balance?: bigint;
}

export interface BankStatement {
  /** The bank's number of the statement, or the file's name. */
  readonly id: string;
  /** The account as the bank names it. */
  readonly bankAccount: string;
  readonly currency: string;
  /** First and last day that it covers. */
  readonly from: number;
  readonly to: number;
  /** Minor units; undefined where the format has none. */
  readonly opening: bigint | undefined;
  readonly closing: bigint | undefined;
  readonly lines: readonly BankLine[];
}

/** Sum of amounts, minor units. */
export function sumOf(items: readonly { readonly amount: bigint }[]): bigint {
  return items.reduce((sum, { amount }) => sum + amount, 0n);
}

/**
 * By how much a statement's closing balance is more than its opening balance and its lines give, minor units: zero for a whole
 * statement. Undefined where it states no balances.
 */
export function statementGap({ opening, closing, lines }: BankStatement): bigint | undefined {
  if (opening === undefined || closing === undefined) return undefined;
  return closing - opening - sumOf(lines);
}
