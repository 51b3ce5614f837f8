/**
 * The daily balances of an account as closings made them, from its log: the index of the archive tells which closing took a commit.
 * What no closing took has no row yet.
 */
import { MANIFESTS_PREFIX } from '../contracts/archive.ts';
import { startOfDay } from '../contracts/day.ts';
import type { StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountEvent } from '../domain/account.ts';
import type { Archive, ArchivedRange, ArchiveIndex, DailyBalance } from '../ports.ts';
import { movesOf } from './closing-totals.ts';
import { DailyRows } from './daily-rows.ts';
import { stateAfter } from './read-commit.ts';

/** Later than any day. */
const AFTER_ALL = '9999-12-31';

export interface ClosedDayPorts {
  readonly archive: Pick<Archive, 'list'>;
  readonly index: Pick<ArchiveIndex, 'find' | 'archivedBefore'>;
}

/** Closings of days: which took a commit, and since when days were open to it. */
export class ClosedDays {
  private readonly ports: ClosedDayPorts;
  private first: string | undefined;

  constructor(ports: ClosedDayPorts) {
    this.ports = ports;
  }

  /** Begins with an account. What closings indexed until now will be counted; it has to be asked for before the log is read. */
  async of(account: string): Promise<DayDeriving> {
    return new DayDeriving(this, account, await this.ports.index.archivedBefore(account, AFTER_ALL));
  }

  async rangeOf(account: string, version: number): Promise<ArchivedRange | undefined> {
    return this.ports.index.find(account, version);
  }

  /** Days are closed one after the other without a gap, and the first takes all that was before it. */
  async openSince(day: string): Promise<number> {
    this.first ??= await this.firstClosed();
    return this.first === undefined || day <= this.first ? 0 : startOfDay(day);
  }

  /** Undefined while the first day of all is being closed. */
  private async firstClosed(): Promise<string | undefined> {
    for await (const name of this.ports.archive.list(MANIFESTS_PREFIX)) return name.slice(MANIFESTS_PREFIX.length);
    return undefined;
  }
}

/** One account's rows under way. Takes its commits newest first. */
export class DayDeriving {
  private readonly days: ClosedDays;
  private readonly account: string;
  private readonly archived: number;
  private readonly made = new DailyRows();
  private range: ArchivedRange | undefined;

  constructor(days: ClosedDays, account: string, archived: number) {
    this.days = days;
    this.account = account;
    this.archived = archived;
  }

  async take(commit: StoredCommit, events: readonly AccountEvent[]): Promise<void> {
    if (commit.version > this.archived) return;
    if (this.range === undefined || commit.version < this.range.first)
      this.range = await this.days.rangeOf(this.account, commit.version);
    if (this.range === undefined) return;
    const openSince = await this.days.openSince(this.range.day);
    this.made.count(commit, movesOf(events), openSince, () => stateAfter(commit));
  }

  rows(): readonly DailyBalance[] {
    return this.made.rows();
  }
}
