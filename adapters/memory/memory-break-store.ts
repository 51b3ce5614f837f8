/** Breaks and reconciled periods in memory. */
import type { ReconciledPeriod } from '../../core/contracts/kept-break.ts';
import type { KeptBreak } from '../../core/domain/kept-break.ts';
import { accountOfKey } from '../../core/domain/lane.ts';
import type { BreakStore } from '../../core/ports.ts';

export class MemoryBreakStore implements BreakStore {
  private readonly kept = new Map<string, KeptBreak>();
  private readonly periods = new Map<string, ReconciledPeriod>();

  async *breaksOf(account: string): AsyncIterable<KeptBreak> {
    for (const one of [...this.kept.values()]) if (one.account === account) yield one;
  }

  async find(scope: string, id: string): Promise<KeptBreak | undefined> {
    return this.kept.get(`${scope}#${id}`);
  }

  async put(kept: KeptBreak, seen: number): Promise<boolean> {
    const key = `${accountOfKey(kept.account).scope}#${kept.id}`;
    if ((this.kept.get(key)?.history.length ?? 0) !== seen) return false;
    this.kept.set(key, kept);
    return true;
  }

  async putPeriod(period: ReconciledPeriod): Promise<void> {
    this.periods.set(`${period.account}#${period.from}#${period.to}`, period);
  }

  async periodsOf(account: string): Promise<readonly ReconciledPeriod[]> {
    return [...this.periods.values()].filter((period) => period.account === account);
  }
}
