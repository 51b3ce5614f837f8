/** Sums of a closing, per currency. */
import type { DayManifest, SegmentTotals } from '../contracts/archive.ts';
import type { AccountEvent } from '../domain/account.ts';

type CurrencyClosing = DayManifest['currencies'][number];

interface Sums {
  balances: bigint;
  accounts: number;
  inFlight: bigint;
}

/** Adds up the segments of a day to the totals of its manifest. */
export class ClosingTotals {
  private readonly byCurrency = new Map<string, Sums>();

  /** @param before what was in flight when the day began */
  constructor(before: readonly CurrencyClosing[] = []) {
    for (const { currency, inFlight } of before) this.byCurrency.set(currency, { balances: 0n, accounts: 0, inFlight });
  }

  add({ currency, balances, accounts, debited, credited, refunded }: SegmentTotals): void {
    const sums = this.byCurrency.get(currency) ?? { balances: 0n, accounts: 0, inFlight: 0n };
    sums.balances += balances;
    sums.accounts += accounts;
    sums.inFlight += debited - credited - refunded;
    this.byCurrency.set(currency, sums);
  }

  /** In alphabetic order. */
  result(): CurrencyClosing[] {
    const sorted = [...this.byCurrency].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([currency, { balances, accounts, inFlight }]) => {
      return { currency, accounts, balances, inFlight, sum: balances + inFlight };
    });
  }
}

/** What events moved, minor units. */
export interface Moves {
  debited: bigint;
  credited: bigint;
  refunded: bigint;
}

export function movesOf(events: readonly AccountEvent[]): Moves {
  const moves = { debited: 0n, credited: 0n, refunded: 0n };
  for (const event of events) {
    if (event.type === 'Debited') moves.debited += event.amount;
    if (event.type === 'Credited') moves.credited += event.amount;
    if (event.type === 'Refunded') moves.refunded += event.amount;
  }
  return moves;
}

/** Adds up accounts to the totals of their segment. */
export class SegmentSums {
  private readonly byCurrency = new Map<string, SegmentTotals>();

  addAccount(currency: string, balance: bigint): void {
    const sums = this.of(currency);
    sums.balances += balance;
    sums.accounts += 1;
  }

  addMoves(currency: string, { debited, credited, refunded }: Moves): void {
    const sums = this.of(currency);
    sums.debited += debited;
    sums.credited += credited;
    sums.refunded += refunded;
  }

  result(): SegmentTotals[] {
    return [...this.byCurrency.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
  }

  private of(currency: string): SegmentTotals {
    const known = this.byCurrency.get(currency);
    if (known !== undefined) return known;
    const sums = { currency, balances: 0n, accounts: 0, debited: 0n, credited: 0n, refunded: 0n };
    this.byCurrency.set(currency, sums);
    return sums;
  }
}
