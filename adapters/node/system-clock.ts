/** The machine's clock. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../core/ports.ts';

export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  async sleep(ms: number): Promise<void> {
    await sleep(ms);
  }
}
