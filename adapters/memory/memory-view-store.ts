/** Read models in memory. */
import { accountOfKey } from '../../core/domain/lane.ts';
import type { AccountPageQuery, AccountRow, ListedAccount, ViewScan, ViewStore } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

export interface ReportWrite {
  readonly scope: string;
  readonly name: string;
  readonly report: string;
}

export class MemoryViewStore implements ViewStore, ViewScan {
  readonly hooks: WriteHooks<AccountRow | ReportWrite>;
  private readonly rows = new Map<string, AccountRow>();
  private readonly reports = new Map<string, string>();

  constructor(hooks: WriteHooks<AccountRow | ReportWrite> = {}) {
    this.hooks = hooks;
  }

  async registerAccounts(rows: readonly AccountRow[]): Promise<void> {
    for (const row of rows) await writeWithHooks(this.hooks, row, () => this.register(row));
  }

  async *accounts(scope: string): AsyncIterable<AccountRow> {
    for (const row of [...this.rows.values()]) if (accountOfKey(row.account).scope === scope) yield row;
  }

  async accountPage(scope: string, { owner, after = '', most }: AccountPageQuery): Promise<readonly AccountRow[]> {
    const isAskedFor = (row: AccountRow) => accountOfKey(row.account).scope === scope && row.account > after;
    return [...this.rows.values()]
      .filter((row) => isAskedFor(row) && (owner === undefined || row.owner === owner))
      .sort((a, b) => (a.account < b.account ? -1 : 1))
      .slice(0, most);
  }

  /** Lists of owners are made from the registry when they are asked for. */
  async *listed(): AsyncIterable<ListedAccount> {
    for (const row of [...this.rows.values()])
      yield* [{ place: 'registry', row } as const, { place: 'owner', row } as const];
  }

  async putReport(scope: string, name: string, report: string): Promise<void> {
    const write = { scope, name, report };
    await writeWithHooks(this.hooks, write, () => this.reports.set(reportKey(scope, name), report));
  }

  async report(scope: string, name: string): Promise<string | undefined> {
    return this.reports.get(reportKey(scope, name));
  }

  /** Removes all rows, and tells how many there were; reports stay. */
  clear(): number {
    const { size } = this.rows;
    this.rows.clear();
    return size;
  }

  private register(row: AccountRow): void {
    if (!this.rows.has(row.account)) this.rows.set(row.account, row);
  }
}

function reportKey(scope: string, name: string): string {
  return `${scope}#${name}`;
}
