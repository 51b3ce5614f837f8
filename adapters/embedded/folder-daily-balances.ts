/** Daily balances on local disk: `daily-balances.jsonl` in the archive's folder; of several rows of one day the last one counts. */
import path from 'node:path';
import * as z from 'zod/mini';
import { minorUnits, version } from '../../core/contracts/json.ts';
import type { DailyBalance, DailyBalances } from '../../core/ports.ts';
import { LinesFile } from './lines-file.ts';

const rowSchema = z.object({
  account: z.string(),
  day: z.string(),
  currency: z.string(),
  version,
  balance: minorUnits,
  credited: minorUnits,
  debited: minorUnits,
});

export class FolderDailyBalances implements DailyBalances {
  private readonly file: LinesFile;
  /** Of each account, by day. */
  private readonly rows = new Map<string, Map<string, DailyBalance>>();

  constructor(folder: string) {
    this.file = new LinesFile(path.join(folder, 'daily-balances.jsonl'));
    for (const line of this.file.read()) this.take(rowSchema.parse(line));
  }

  async put(rows: readonly DailyBalance[]): Promise<void> {
    await this.file.append(rows);
    for (const row of rows) this.take(row);
  }

  /** Keeps these rows and no others. */
  async replaceAll(rows: readonly DailyBalance[]): Promise<void> {
    if (rows.length > 0 || this.rows.size > 0) await this.file.replace(rows);
    this.rows.clear();
    for (const row of rows) this.take(row);
  }

  async *of(account: string, from: string, to: string): AsyncIterable<DailyBalance> {
    const rows = [...(this.rows.get(account)?.values() ?? [])].filter(({ day }) => day >= from && day <= to);
    yield* rows.sort((a, b) => (a.day < b.day ? -1 : 1));
  }

  private take(row: DailyBalance): void {
    const rows = this.rows.get(row.account) ?? new Map<string, DailyBalance>();
    this.rows.set(row.account, rows);
    rows.set(row.day, row);
  }
}
