/**
 * The newest commit of an account at or before a moment. Versions are dense and times never decrease, so it is found by halving;
 * of several commits with one time it is the last.
 *
 *   version   1    2    3    4    5    6    7 = newest        moment 20
 *   at       10   12   20   20   31   31   40                 reads: 7 (after), 4 (not after), 6 (after), 5 (after): it is 4
 */
import type { StoredCommit } from '../contracts/stored-commit.ts';
import type { EventLog } from '../ports.ts';

/** The commit that is looked for is known to have existed, and has left the log. */
export class CommitPruned extends Error {
  constructor(account: string, version: number) {
    super(`version ${version} of ${account} is needed, but was pruned`);
    this.name = 'CommitPruned';
  }
}

export interface FoundCommit {
  /** Undefined if the log held nothing yet. */
  readonly commit: StoredCommit | undefined;
  /** The account's newest commit, which every search reads first. */
  readonly newest: StoredCommit | undefined;
  /** Reads that it took: at most 1 + ceil(log2(n)) in a log of n commits. */
  readonly reads: number;
}

/**
 * How a search begins: `halving` where any moment is as likely as another, `from_the_end` where most are close to the end of
 * the log (steps double until one lands at or before the moment).
 */
export type SearchOrder = 'halving' | 'from_the_end';

/**
 * Finds the newest commit whose time is at or before `moment`.
 *
 * @param moment UTC milliseconds
 * @throws {CommitPruned} if it has left the log
 */
export async function findCommit(
  log: EventLog,
  account: string,
  moment: number,
  order: SearchOrder = 'halving',
): Promise<FoundCommit> {
  const newest = await log.newest(account);
  if (newest === undefined || newest.at <= moment) return { commit: newest, newest, reads: 1 };
  const { commit, reads } = await findBelow(log, newest, moment, order);
  return { commit, newest, reads: reads + 1 };
}

/** A commit that is known to be after the moment, and the nearest below it that is known not to be (version 0: the empty log). */
interface Bracket {
  readonly after: number;
  readonly version: number;
  /** Undefined at version 0, and for a version that is pruned: what is pruned is older than all that is not. */
  readonly commit: StoredCommit | undefined;
}

async function findBelow(log: EventLog, newest: StoredCommit, moment: number, order: SearchOrder) {
  const { account } = newest;
  let reads = 0;
  const probe = async (bracket: Bracket, version: number): Promise<Bracket> => {
    reads += 1;
    const commit = await log.read(account, version);
    if (commit !== undefined && commit.at > moment) return { ...bracket, after: version };
    return { ...bracket, version, commit };
  };
  let bracket: Bracket = { after: newest.version, version: 0, commit: undefined };
  for (let step = 1; order === 'from_the_end' && bracket.version === 0 && bracket.after > 1; step *= 2)
    bracket = await probe(bracket, Math.max(bracket.after - step, 1));
  while (bracket.after - bracket.version > 1)
    bracket = await probe(bracket, Math.floor((bracket.after + bracket.version) / 2));
  if (bracket.version > 0 && bracket.commit === undefined) throw new CommitPruned(account, bracket.version);
  return { commit: bracket.commit, reads };
}
