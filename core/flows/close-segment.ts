/**
 * One part of a day's closing: of each account the head of its chain at the cut, and its commits since it was archived last, into
 * texts of some 2 MB. An account that needs more gets texts of its own while its log is walked, so memory stays bounded.
 *
 * Accounts are taken in the order of their keys and texts are cut by size alone: the same segment of the same day always makes the
 * same texts.
 */
import {
  ARCHIVE_VERSION,
  type ArchivedKind,
  type ClosedAccount,
  type ClosedSegment,
  encodeClosedLine,
  encodeCommitLine,
  nameOf,
} from '../contracts/archive.ts';
import type { StoredCommit } from '../contracts/stored-commit.ts';
import {
  type Archive,
  type ArchivedRange,
  type ArchiveIndex,
  type DailyBalance,
  type DailyBalances,
  DamagedCommit,
  type Digest,
  type EventLog,
  type LedgerScan,
} from '../ports.ts';
import { type Moves, SegmentSums } from './closing-totals.ts';
import { inParallel } from './in-parallel.ts';
import { type DayBounds, type WalkedAccount, walkAccount } from './walk-account.ts';

/** Size of a text, in characters: some 300 KB compressed, above what cold storage bills as its least (128 KB). */
export const TEXT_LENGTH = 2 * 1024 * 1024;
/** Accounts walked at a time: the SDK keeps 50 connections to a table. */
const PARALLEL_ACCOUNTS = 50;

export interface ClosingPorts {
  /** With what left the table: an account may have been quiet since before the pruning. */
  readonly log: EventLog;
  readonly scan: Pick<LedgerScan, 'accounts'>;
  readonly archive: Archive;
  readonly index: ArchiveIndex;
  readonly dailyBalances: DailyBalances;
  readonly digest: Digest;
}

/** The day that is closed, and the bounds of its commits. */
export interface ClosingBounds extends DayBounds {
  readonly day: string;
}

/** What became of one account. */
type Outcome =
  | { readonly kind: 'walked'; readonly walked: WalkedAccount; readonly ranges: readonly ArchivedRange[] }
  | { readonly kind: 'outside' }
  | { readonly kind: 'damaged'; readonly reason: string };

export class SegmentClosing {
  private readonly ports: ClosingPorts;
  private readonly bounds: ClosingBounds;
  private readonly sums = new SegmentSums();
  private readonly damaged: { account: string; reason: string }[] = [];
  private readonly closings: string[] = [];
  private accounts = 0;
  private commits = 0;
  private late = 0;
  /** Of the text that is being filled. */
  private lines: string[] = [];
  private length = 0;
  private stretches: Omit<ArchivedRange, 'name'>[] = [];
  private closedLines: string[] = [];
  private closedLength = 0;
  private rows: DailyBalance[] = [];

  constructor(ports: ClosingPorts, bounds: ClosingBounds) {
    this.ports = ports;
    this.bounds = bounds;
  }

  async run(segment: number, segments: number): Promise<ClosedSegment> {
    const accounts = (await Array.fromAsync(this.ports.scan.accounts(segment, segments))).sort();
    for (let next = 0; next < accounts.length; next += PARALLEL_ACCOUNTS) {
      const group = accounts.slice(next, next + PARALLEL_ACCOUNTS);
      const outcomes = await inParallel(group, PARALLEL_ACCOUNTS, (account) => this.close(account));
      for (const [i, account] of group.entries()) await this.take(account, outcomes[i]);
    }
    await this.flushLog();
    await this.flushClosed();
    return {
      v: ARCHIVE_VERSION,
      day: this.bounds.day,
      segment,
      segments,
      closings: this.closings,
      accounts: this.accounts,
      commits: this.commits,
      late: this.late,
      currencies: this.sums.result(),
      damaged: this.damaged,
    };
  }

  private async close(account: string): Promise<Outcome> {
    const { log, index, digest } = this.ports;
    const ranges: ArchivedRange[] = [];
    try {
      const archived = await index.archivedBefore(account, this.bounds.day);
      const walked = await walkAccount({ log, digest }, account, archived, this.bounds, {
        most: TEXT_LENGTH,
        store: async (stretch) => void ranges.push(await this.storeStretch(stretch)),
      });
      return walked === undefined ? { kind: 'outside' } : { kind: 'walked', walked, ranges };
    } catch (error) {
      if (error instanceof DamagedCommit) return { kind: 'damaged', reason: error.message };
      throw error;
    }
  }

  /** A text of one account alone. */
  private async storeStretch(commits: readonly StoredCommit[]): Promise<ArchivedRange> {
    const name = await this.put('log', commits.map(encodeCommitLine).join(''));
    return { ...this.stretchOf(commits), name };
  }

  private async take(account: string, outcome: Outcome | undefined): Promise<void> {
    if (outcome?.kind === 'damaged') this.damaged.push({ account, reason: outcome.reason });
    if (outcome?.kind !== 'walked') return;
    const { closed, rest, moves, days, commits, late } = outcome.walked;
    this.count(closed, moves);
    this.commits += commits;
    this.late += late;
    this.rows.push(...days);
    if (outcome.ranges.length > 0) await this.ports.index.add(outcome.ranges);
    await this.fill(rest);
    await this.fillClosed(closed);
  }

  private count({ status, currency, balance }: ClosedAccount, moves: Moves): void {
    this.accounts += 1;
    if (status === 'unopened') return;
    this.sums.addAccount(currency, balance);
    this.sums.addMoves(currency, moves);
  }

  private async fill(commits: readonly StoredCommit[]): Promise<void> {
    if (commits.length === 0) return;
    const lines = commits.map(encodeCommitLine);
    this.lines.push(...lines);
    this.length += lines.reduce((sum, line) => sum + line.length, 0);
    this.stretches.push(this.stretchOf(commits));
    if (this.length >= TEXT_LENGTH) await this.flushLog();
  }

  private stretchOf(commits: readonly StoredCommit[]): Omit<ArchivedRange, 'name'> {
    const [first] = commits;
    const last = commits.at(-1);
    if (first === undefined || last === undefined) throw new Error('a stretch of a log has no commit');
    return { account: first.account, first: first.version, last: last.version, day: this.bounds.day };
  }

  /** The index after the text: what it leads to is there. */
  private async flushLog(): Promise<void> {
    if (this.lines.length > 0) {
      const name = await this.put('log', this.lines.join(''));
      await this.ports.index.add(this.stretches.map((stretch) => ({ ...stretch, name })));
    }
    if (this.rows.length > 0) await this.ports.dailyBalances.put(this.rows);
    this.lines = [];
    this.length = 0;
    this.stretches = [];
    this.rows = [];
  }

  private async fillClosed(closed: ClosedAccount): Promise<void> {
    const line = encodeClosedLine(closed);
    this.closedLines.push(line);
    this.closedLength += line.length;
    if (this.closedLength >= TEXT_LENGTH) await this.flushClosed();
  }

  private async flushClosed(): Promise<void> {
    if (this.closedLines.length > 0) this.closings.push(await this.put('closing', this.closedLines.join('')));
    this.closedLines = [];
    this.closedLength = 0;
  }

  private async put(kind: ArchivedKind, text: string): Promise<string> {
    const name = nameOf(kind, this.bounds.day, this.ports.digest(text));
    await this.ports.archive.put([{ name, text }]);
    return name;
  }
}
