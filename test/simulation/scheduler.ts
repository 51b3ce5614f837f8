/**
 * Virtual time. Whatever happens in the simulation happens in an event of this queue, one at a time; between two events every
 * promise that can go on goes on until it waits for a later event. Events of the same moment come in an order drawn by chance.
 */
import type { Random } from './random.ts';

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class Scheduler {
  /** Milliseconds since the beginning of the simulated day. */
  now = 0;
  /** Events so far: a failure is named by it, for a replay reaches it again. */
  steps = 0;
  private readonly random: Random;
  private readonly heap: Event[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  after(ms: number, run: () => void): void {
    const event = { at: this.now + Math.max(0, Math.ceil(ms)), order: this.random.unit(), run };
    this.heap.push(event);
    this.rise(this.heap.length - 1);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Lets the day pass until it is over; rejects if nothing is left to happen before. */
  async runUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const event = this.next();
      if (event === undefined) throw new Error('nothing is left to happen');
      this.now = event.at;
      this.steps += 1;
      event.run();
      await idle();
    }
  }

  private next(): Event | undefined {
    const [first] = this.heap;
    const last = this.heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (first !== last) {
      this.heap[0] = last;
      this.sink(0);
    }
    return first;
  }

  private rise(from: number): void {
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.isBefore(i, parent)) return;
      this.swap(i, parent);
      i = parent;
    }
  }

  private sink(from: number): void {
    let i = from;
    for (;;) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let first = i;
      if (this.isBefore(left, first)) first = left;
      if (this.isBefore(right, first)) first = right;
      if (first === i) return;
      this.swap(i, first);
      i = first;
    }
  }

  private isBefore(i: number, j: number): boolean {
    const [a, b] = [this.heap[i], this.heap[j]];
    if (a === undefined || b === undefined) return false;
    return a.at === b.at ? a.order < b.order : a.at < b.at;
  }

  private swap(i: number, j: number): void {
    const [a, b] = [this.heap[i], this.heap[j]];
    if (a === undefined || b === undefined) return;
    this.heap[i] = b;
    this.heap[j] = a;
  }
}

/** Wakes all who wait for something to change. */
export class Signal {
  private waiting: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  raise(): void {
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake();
  }
}

/** Resolves when no promise can go on any more: the runtime turns to this queue only then. */
function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
