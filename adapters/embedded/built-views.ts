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
import { RowsByDay } from './rows-by-day.ts';

export class BuiltViews implements Pick<ViewStore, 'registerAccounts'>, ViewScan, DailyBalances {
  private readonly accounts = new Map<string, AccountRow>();
  private readonly days = new RowsByDay();

  get rows(): readonly AccountRow[] {
    return [...this.accounts.values()];
  }

  get dailyBalances(): readonly DailyBalance[] {
    return this.days.all;
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
    for (const row of rows) this.days.take(row);
  }

  async *of(account: string, from: string, to: string): AsyncIterable<DailyBalance> {
    yield* this.days.of(account, from, to);
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
