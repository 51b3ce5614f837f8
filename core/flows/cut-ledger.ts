/**
 * A cut through the ledger: of every account the newest commit at or before one moment. Reading many accounts takes a while, so
 * an account's commits after that moment are passed over, and what belongs to the cut is told by version from then on: two
 * readers of one log agree on a version, whatever their clocks say.
 */
import { decodeEvents, decodeState, type StoredCommit } from '../contracts/stored-commit.ts';
import type { EventLog } from '../ports.ts';
import { inParallel } from './in-parallel.ts';

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

/** The commits that would tell an account's balance at the cut are pruned. */
export class CutBeforePruning extends Error {
  constructor(account: string, version: number) {
    super(`version ${version} of ${account} is needed for the cut, but was pruned`);
    this.name = 'CutBeforePruning';
  }
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
  const newest = await log.newest(account);
  if (newest === undefined) return nothingInside;
  const inside = newest.at <= asOf ? newest : await newestAtOrBefore(log, newest, asOf);
  if (inside === undefined) return nothingInside;
  const { status, currency, balance } = decodeState(inside.state);
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
  const debits = decodeEvents(commit.events).flatMap((event) => (event.type === 'Debited' ? [event.transfer] : []));
  return new Set(debits);
}

/** A commit that is known to be outside, and the nearest below it that is known to be inside (version 0: the empty log). */
interface Bracket {
  readonly outside: number;
  readonly version: number;
  /** Undefined at version 0, and for a version that is pruned: what is pruned is older than all that is not. */
  readonly commit: StoredCommit | undefined;
}

/**
 * The newest commit at or before a time that the newest one is after; versions are dense and times never decrease. Steps back
 * from the end double, since most cuts are close to it; then halves.
 */
async function newestAtOrBefore(log: EventLog, newest: StoredCommit, asOf: number): Promise<StoredCommit | undefined> {
  const { account } = newest;
  const probe = async (bracket: Bracket, version: number): Promise<Bracket> => {
    const commit = await log.read(account, version);
    if (commit !== undefined && commit.at > asOf) return { ...bracket, outside: version };
    return { ...bracket, version, commit };
  };
  let bracket: Bracket = { outside: newest.version, version: 0, commit: undefined };
  for (let step = 1; bracket.version === 0 && bracket.outside > 1; step *= 2)
    bracket = await probe(bracket, Math.max(bracket.outside - step, 1));
  while (bracket.outside - bracket.version > 1)
    bracket = await probe(bracket, Math.floor((bracket.outside + bracket.version) / 2));
  if (bracket.version > 0 && bracket.commit === undefined) throw new CutBeforePruning(account, bracket.version);
  return bracket.commit;
}
