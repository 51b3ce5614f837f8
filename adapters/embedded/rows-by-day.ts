/** Daily balances in memory, one of each account and day; of several the last one counts. */
import type { DailyBalance } from '../../core/ports.ts';

export class RowsByDay {
  private readonly ofAccounts = new Map<string, Map<string, DailyBalance>>();

  get all(): readonly DailyBalance[] {
    return [...this.ofAccounts.values()].flatMap((days) => [...days.values()]);
  }

  get isEmpty(): boolean {
    return this.ofAccounts.size === 0;
  }

  take(row: DailyBalance): void {
    const days = this.ofAccounts.get(row.account) ?? new Map<string, DailyBalance>();
    this.ofAccounts.set(row.account, days);
    days.set(row.day, row);
  }

  /** An account's rows of a stretch of days, both ends included, oldest first. */
  of(account: string, from: string, to: string): readonly DailyBalance[] {
    const rows = [...(this.ofAccounts.get(account)?.values() ?? [])].filter(({ day }) => day >= from && day <= to);
    return rows.sort((a, b) => (a.day < b.day ? -1 : 1));
  }

  clear(): void {
    this.ofAccounts.clear();
  }
}
