/**
 * A cut through the ledger: of every account the newest commit at or before one moment. Reading many accounts takes a while, so
 * an account's commits after that moment are passed over, and what belongs to the cut is told by version from then on: two
 * readers of one log agree on a version, whatever their clocks say.
 */
import type { StoredCommit } from '../contracts/stored-commit.ts';
import type { EventLog } from '../ports.ts';
import { findCommit } from './find-commit.ts';
import { inParallel } from './in-parallel.ts';
import { eventsOf, stateAfter } from './read-commit.ts';

/** Accounts read at a time: the SDK keeps 50 connections to a table. */
export const PARALLEL_CUTS = 50;
/** Writers' clocks are within 60 s of each other, or alarms ring; ten times that is beyond doubt. */
export const CLOCK_MARGIN_MS = 600_000;

/** One account as the cut holds it. */
export interface CutAccount {
  /** Newest version inside; 0 if nothing of the account lies inside. */
  readonly version: number;
  /** Time of that commit, UTC milliseconds. */
  readonly at: number;
  readonly opened: boolean;
  readonly currency: string;
  /** Minor units. */
  readonly balance: bigint;
  /**
   * Transfers that this newest commit debited. Undefined where that is not needed: no commit outside the cut has its time.
   */
  readonly lastDebits: ReadonlySet<string> | undefined;
}

export class LedgerCut {
  /** UTC milliseconds. */
  readonly asOf: number;
  private readonly log: EventLog;
  private readonly byAccount = new Map<string, CutAccount>();

  constructor(log: EventLog, asOf: number) {
    this.log = log;
    this.asOf = asOf;
  }

  /** The account inside the cut, or undefined if it has not joined. */
  get(account: string): CutAccount | undefined {
    return this.byAccount.get(account);
  }

  accounts(): Iterable<CutAccount> {
    return this.byAccount.values();
  }

  /** Reads accounts that have not joined yet, and gives back how many of them were opened inside the cut. */
  async join(accounts: readonly string[]): Promise<number> {
    const joining = accounts.filter((account) => !this.byAccount.has(account));
    const read = await inParallel(joining, PARALLEL_CUTS, async (account) => {
      const cut = await cutAccount(this.log, account, this.asOf);
      this.byAccount.set(account, cut);
      return cut;
    });
    return read.filter(({ opened }) => opened).length;
  }
}

async function cutAccount(log: EventLog, account: string, asOf: number): Promise<CutAccount> {
  const { commit: inside, newest } = await findCommit(log, account, asOf, 'from_the_end');
  if (inside === undefined) return nothingInside;
  const { status, currency, balance } = stateAfter(inside);
  const { version, at } = inside;
  const mayBeFollowed = inside === newest && at >= asOf - CLOCK_MARGIN_MS;
  const lastDebits = mayBeFollowed ? debitsOf(inside) : undefined;
  return { version, at, opened: status !== 'unopened', currency, balance, lastDebits };
}

const nothingInside: CutAccount = {
  version: 0,
  at: 0,
  opened: false,
  currency: '',
  balance: 0n,
  lastDebits: undefined,
};

function debitsOf(commit: StoredCommit): ReadonlySet<string> {
  const debits = eventsOf(commit).flatMap((event) => (event.type === 'Debited' ? [event.transfer] : []));
  return new Set(debits);
}
