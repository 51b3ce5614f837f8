/**
 * Daily balances of one account, from its commits, newest first.
 *
 * A commit counts on the day of its time; one that came too late for it (the day was closed) counts on the first day that was open. So a
 * row depends on which closing took a commit, and the same commits taken by the same closings make the same rows.
 */
import { dayOf } from '../contracts/day.ts';
import type { StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountState } from '../domain/account.ts';
import type { DailyBalance } from '../ports.ts';
import type { Moves } from './closing-totals.ts';

export class DailyRows {
  private readonly days = new Map<string, DailyBalance>();

  /**
   * Counts the next commit back.
   *
   * @param openSince end of the last day that was closed when a closing took it, UTC milliseconds; 0 if none was
   * @param stateOf reads the state that the commit led to; asked for the first commit of a day only
   */
  count(commit: StoredCommit, moved: Moves, openSince: number, stateOf: () => AccountState): void {
    const row = this.rowOf(commit, openSince, stateOf);
    if (row === undefined) return;
    const credited = row.credited + moved.credited + moved.refunded;
    this.days.set(row.day, { ...row, credited, debited: row.debited + moved.debited });
  }

  /** The rows, newest first. */
  rows(): readonly DailyBalance[] {
    return [...this.days.values()];
  }

  /** The first commit seen of a day is the day's last, with its balance. */
  private rowOf(commit: StoredCommit, openSince: number, stateOf: () => AccountState): DailyBalance | undefined {
    const { account, version } = commit;
    const day = dayOf(Math.max(commit.at, openSince));
    const known = this.days.get(day);
    if (known !== undefined) return known;
    const { status, currency, balance } = stateOf();
    if (status === 'unopened') return undefined;
    return { account, day, currency, version, balance, credited: 0n, debited: 0n };
  }
}
