/** Daily balances on local disk: `daily-balances.jsonl` in the archive's folder; of several rows of one day the last one counts. */
import path from 'node:path';
import * as z from 'zod/mini';
import { minorUnits, version } from '../../core/contracts/json.ts';
import type { DailyBalance, DailyBalances } from '../../core/ports.ts';
import { LinesFile } from './lines-file.ts';
import { RowsByDay } from './rows-by-day.ts';

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
  private readonly rows = new RowsByDay();

  constructor(folder: string) {
    this.file = new LinesFile(path.join(folder, 'daily-balances.jsonl'));
    for (const line of this.file.read()) this.rows.take(rowSchema.parse(line));
  }

  async put(rows: readonly DailyBalance[]): Promise<void> {
    await this.file.append(rows);
    for (const row of rows) this.rows.take(row);
  }

  /** Keeps these rows and no others. */
  async replaceAll(rows: readonly DailyBalance[]): Promise<void> {
    if (rows.length > 0 || !this.rows.isEmpty) await this.file.replace(rows);
    this.rows.clear();
    for (const row of rows) this.rows.take(row);
  }

  async *of(account: string, from: string, to: string): AsyncIterable<DailyBalance> {
    yield* this.rows.of(account, from, to);
  }
}
