/**
 * A clock that a test moves. Sleeping takes no time: it moves the clock by what was asked for, after the test had its turn, so
 * a flow that waits for an outcome sees what happened meanwhile.
 */
import type { Clock } from '../../core/ports.ts';

export class ManualClock implements Clock {
  /** Called on every sleep, before the clock moves: what happens in the world meanwhile. */
  onSleep: (ms: number) => Promise<void> | void = () => {};
  private time: number;

  /** @param start UTC milliseconds */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  /** Moves the clock; backwards too, as real clocks sometimes go. */
  advance(ms: number): void {
    this.time += ms;
  }

  set(time: number): void {
    this.time = time;
  }

  async sleep(ms: number): Promise<void> {
    await this.onSleep(ms);
    this.time += ms;
  }
}
