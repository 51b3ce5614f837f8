/**
 * One account's share of a closing: its log is read back from the cut to what is archived, and every commit is checked on the way,
 * against its own hash and the one chained to it.
 */
import type { ClosedAccount } from '../contracts/archive.ts';
import { canonicalText, type StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountState } from '../domain/account.ts';
import { type DailyBalance, DamagedCommit, type Digest, type EventLog } from '../ports.ts';
import { type Moves, movesOf } from './closing-totals.ts';
import { DailyRows } from './daily-rows.ts';
import { eventsOf, stateAfter } from './read-commit.ts';

/** Commits of a day: those before its end that are not archived yet. UTC milliseconds. */
export interface DayBounds {
  readonly before: number;
  /** End of the last day that is closed; what has an earlier time came too late for it. 0 if none is. */
  readonly openSince: number;
}

/** Takes stretches of a log that are too long to be kept. */
export interface StretchStore {
  /** Length in characters from which on a stretch is given away. */
  readonly most: number;
  /** @param stretch oldest first */
  store(stretch: readonly StoredCommit[]): Promise<void>;
}

export interface WalkedAccount {
  readonly closed: ClosedAccount;
  /** Commits that no stretch holds, oldest first. */
  readonly rest: readonly StoredCommit[];
  readonly moves: Moves;
  readonly days: readonly DailyBalance[];
  readonly commits: number;
  readonly late: number;
}

interface WalkPorts {
  readonly log: EventLog;
  readonly digest: Digest;
}

/**
 * Walks an account back from the cut to the version that is archived.
 *
 * @returns undefined if the account has no commit before the cut
 * @throws {DamagedCommit} if a commit is missing, has a wrong hash, cannot be read, or is not what the next one is chained to
 */
export async function walkAccount(
  ports: WalkPorts,
  account: string,
  archived: number,
  bounds: DayBounds,
  stretches: StretchStore,
): Promise<WalkedAccount | undefined> {
  const newest = await ports.log.newest(account);
  if (newest === undefined) return undefined;
  const walk = new Walk(ports.digest, archived, bounds, stretches);
  if (newest.version === archived && newest.at < bounds.before) await walk.step(newest);
  else await walkBack(ports.log, newest, walk, bounds.before);
  return walk.result();
}

async function walkBack(log: EventLog, { account }: StoredCommit, walk: Walk, before: number): Promise<void> {
  for await (const commit of log.newestFirst(account)) {
    if (commit.at >= before) continue;
    if (!(await walk.step(commit))) return;
  }
}

class Walk {
  private readonly digest: Digest;
  private readonly archived: number;
  private readonly bounds: DayBounds;
  private readonly stretches: StretchStore;
  private head: { readonly commit: StoredCommit; readonly state: AccountState } | undefined;
  private above: StoredCommit | undefined;
  /** Newest first. */
  private stretch: StoredCommit[] = [];
  private length = 0;
  private commits = 0;
  private late = 0;
  private readonly moves: Moves = { debited: 0n, credited: 0n, refunded: 0n };
  private readonly days = new DailyRows();

  constructor(digest: Digest, archived: number, bounds: DayBounds, stretches: StretchStore) {
    this.digest = digest;
    this.archived = archived;
    this.bounds = bounds;
    this.stretches = stretches;
  }

  /** Takes the next commit back; false once the archived part is reached. */
  async step(commit: StoredCommit): Promise<boolean> {
    this.check(commit);
    this.head ??= { commit, state: stateAfter(commit) };
    this.above = commit;
    if (commit.version <= this.archived) return false;
    this.count(commit);
    this.stretch.push(commit);
    this.length += commit.state.length + commit.events.length;
    if (this.length >= this.stretches.most) await this.giveAway();
    return true;
  }

  result(): WalkedAccount | undefined {
    if (this.head === undefined || this.above === undefined) return undefined;
    const { account, version, at, hash } = this.head.commit;
    const oldest = this.above.version;
    if (oldest > this.archived + 1)
      throw new DamagedCommit(`${account}@${oldest - 1} is missing, and ${this.archived} is the last that is archived`);
    const { status, currency, balance } = this.head.state;
    const closed = { account, version, at, hash, status, currency, balance };
    const { moves, commits, late } = this;
    return { closed, rest: this.stretch.toReversed(), moves, days: this.days.rows(), commits, late };
  }

  private async giveAway(): Promise<void> {
    await this.stretches.store(this.stretch.toReversed());
    this.stretch = [];
    this.length = 0;
  }

  private check(commit: StoredCommit): void {
    const { account, version, hash } = commit;
    if (hash !== this.digest(canonicalText(commit))) throw new DamagedCommit(`${account}@${version} has a wrong hash`);
    if (this.above === undefined) return;
    if (version !== this.above.version - 1) throw new DamagedCommit(`${account}@${this.above.version - 1} is missing`);
    if (hash !== this.above.prevHash)
      throw new DamagedCommit(`${account}@${version} is not what the commit after it is chained to`);
  }

  private count(commit: StoredCommit): void {
    const moved = movesOf(eventsOf(commit));
    this.commits += 1;
    if (commit.at < this.bounds.openSince) this.late += 1;
    this.moves.debited += moved.debited;
    this.moves.credited += moved.credited;
    this.moves.refunded += moved.refunded;
    this.days.count(commit, moved, this.bounds.openSince, () => stateAfter(commit));
  }
}
