/** The index of the archive in memory. */
import type { ArchivedRange, ArchiveIndex } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

export class MemoryArchiveIndex implements ArchiveIndex {
  readonly hooks: WriteHooks<ArchivedRange>;
  private readonly ranges = new Map<string, Map<number, ArchivedRange>>();
  private readonly pruned = new Map<string, number>();

  constructor(hooks: WriteHooks<ArchivedRange> = {}) {
    this.hooks = hooks;
  }

  async add(ranges: readonly ArchivedRange[]): Promise<void> {
    for (const range of ranges) await writeWithHooks(this.hooks, range, () => this.insert(range));
  }

  async find(account: string, version: number): Promise<ArchivedRange | undefined> {
    return this.ascending(account).find(({ last }) => last >= version);
  }

  async archivedBefore(account: string, day: string): Promise<number> {
    return this.ascending(account).findLast((range) => range.day < day)?.last ?? 0;
  }

  async allowPruning(account: string, through: number): Promise<void> {
    this.pruned.set(account, Math.max(through, await this.prunedThrough(account)));
  }

  async prunedThrough(account: string): Promise<number> {
    return this.pruned.get(account) ?? 0;
  }

  private insert(range: ArchivedRange): void {
    const ranges = this.ranges.get(range.account) ?? new Map<number, ArchivedRange>();
    this.ranges.set(range.account, ranges);
    ranges.set(range.last, range);
  }

  private ascending(account: string): readonly ArchivedRange[] {
    return [...(this.ranges.get(account)?.values() ?? [])].sort((a, b) => a.last - b.last);
  }
}
