/**
 * The index of the archive on local disk: `index.jsonl` in the archive's folder, read whole when it is opened. The embedded
 * wallet's log is never pruned, so the index serves the closing of days and readers of the archive alone.
 */
import path from 'node:path';
import * as z from 'zod/mini';
import type { ArchivedRange, ArchiveIndex } from '../../core/ports.ts';
import { LinesFile } from './lines-file.ts';

const version = z.int().check(z.nonnegative());
const rangeSchema = z.object({ account: z.string(), first: version, last: version, day: z.string(), name: z.string() });
const lineSchema = z.union([rangeSchema, z.object({ account: z.string(), prunedThrough: version })]);
type Line = z.infer<typeof lineSchema>;

export class FolderArchiveIndex implements ArchiveIndex {
  private readonly file: LinesFile;
  /** Of each account, by the last version. */
  private readonly ranges = new Map<string, Map<number, ArchivedRange>>();
  private readonly pruned = new Map<string, number>();

  constructor(folder: string) {
    this.file = new LinesFile(path.join(folder, 'index.jsonl'));
    for (const line of this.file.read()) this.take(lineSchema.parse(line));
  }

  async add(ranges: readonly ArchivedRange[]): Promise<void> {
    await this.file.append(ranges);
    for (const range of ranges) this.take(range);
  }

  async find(account: string, sought: number): Promise<ArchivedRange | undefined> {
    return this.ascending(account).find(({ last }) => last >= sought);
  }

  async archivedBefore(account: string, day: string): Promise<number> {
    return this.ascending(account).findLast((range) => range.day < day)?.last ?? 0;
  }

  async allowPruning(account: string, through: number): Promise<void> {
    if (through <= (this.pruned.get(account) ?? 0)) return;
    await this.file.append([{ account, prunedThrough: through }]);
    this.take({ account, prunedThrough: through });
  }

  async prunedThrough(account: string): Promise<number> {
    return this.pruned.get(account) ?? 0;
  }

  private take(line: Line): void {
    if ('prunedThrough' in line) {
      this.pruned.set(line.account, line.prunedThrough);
      return;
    }
    const ranges = this.ranges.get(line.account) ?? new Map<number, ArchivedRange>();
    this.ranges.set(line.account, ranges);
    ranges.set(line.last, line);
  }

  private ascending(account: string): readonly ArchivedRange[] {
    return [...(this.ranges.get(account)?.values() ?? [])].sort((a, b) => a.last - b.last);
  }
}
