/** Views of an embedded wallet that are built in memory, before they are put in the place of those on disk. */
import { firstGeneration, type ViewGenerations } from '../../core/domain/view-generations.ts';
import type {
  AccountRow,
  DailyBalance,
  DailyBalances,
  GenerationPointer,
  ListedAccount,
  Shelf,
  ViewScan,
  ViewStore,
} from '../../core/ports.ts';

export class BuiltViews implements Pick<ViewStore, 'registerAccounts'>, ViewScan, DailyBalances {
  private readonly accounts = new Map<string, AccountRow>();
  /** Of each account, by day. */
  private readonly days = new Map<string, Map<string, DailyBalance>>();

  get rows(): readonly AccountRow[] {
    return [...this.accounts.values()];
  }

  get dailyBalances(): readonly DailyBalance[] {
    return [...this.days.values()].flatMap((days) => [...days.values()]);
  }

  /** The only generation that there is beside what stands on disk. */
  shelf(): Shelf<BuiltViews> {
    return { generation: () => this, sweep: async () => 0 };
  }

  async registerAccounts(rows: readonly AccountRow[]): Promise<void> {
    for (const row of rows) if (!this.accounts.has(row.account)) this.accounts.set(row.account, row);
  }

  async *listed(): AsyncIterable<ListedAccount> {
    for (const row of this.accounts.values())
      yield* [{ place: 'registry', row } as const, { place: 'owner', row } as const];
  }

  async put(rows: readonly DailyBalance[]): Promise<void> {
    for (const row of rows) {
      const days = this.days.get(row.account) ?? new Map<string, DailyBalance>();
      this.days.set(row.account, days);
      days.set(row.day, row);
    }
  }

  async *of(account: string, from: string, to: string): AsyncIterable<DailyBalance> {
    const rows = [...(this.days.get(account)?.values() ?? [])].filter(({ day }) => day >= from && day <= to);
    yield* rows.sort((a, b) => (a.day < b.day ? -1 : 1));
  }
}

/** Of one process, which is gone with it: a rebuilding of a folder that dies has changed nothing. */
export class PassingPointer implements GenerationPointer {
  private generations = firstGeneration;

  async read(): Promise<ViewGenerations> {
    return this.generations;
  }

  async replace(generations: ViewGenerations): Promise<boolean> {
    this.generations = generations;
    return true;
  }
}
