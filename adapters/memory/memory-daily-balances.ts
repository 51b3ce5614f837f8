/** Daily balances in memory. */
import type { DailyBalance, DailyBalances } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

export class MemoryDailyBalances implements DailyBalances {
  readonly hooks: WriteHooks<DailyBalance>;
  private readonly rows = new Map<string, Map<string, DailyBalance>>();

  constructor(hooks: WriteHooks<DailyBalance> = {}) {
    this.hooks = hooks;
  }

  async put(rows: readonly DailyBalance[]): Promise<void> {
    for (const row of rows) await writeWithHooks(this.hooks, row, () => this.insert(row));
  }

  async *of(account: string, from: string, to: string): AsyncIterable<DailyBalance> {
    const rows = [...(this.rows.get(account)?.values() ?? [])].filter(({ day }) => day >= from && day <= to);
    yield* rows.sort((a, b) => (a.day < b.day ? -1 : 1));
  }

  /** Removes all rows, and tells how many there were. */
  clear(): number {
    const rows = [...this.rows.values()].reduce((sum, days) => sum + days.size, 0);
    this.rows.clear();
    return rows;
  }

  private insert(row: DailyBalance): void {
    const rows = this.rows.get(row.account) ?? new Map<string, DailyBalance>();
    this.rows.set(row.account, rows);
    rows.set(row.day, row);
  }
}
