/** Metrics as sums that a test reads. */
import type { MetricName } from '../../core/contracts/env.ts';
import type { Meter } from '../../core/ports.ts';

export class CountingMeter implements Meter {
  private readonly sums = new Map<MetricName, number>();

  count(metric: MetricName, value: number): void {
    this.sums.set(metric, this.sum(metric) + value);
  }

  /** What was counted so far; 0 for a metric that was never counted. */
  sum(metric: MetricName): number {
    return this.sums.get(metric) ?? 0;
  }
}
