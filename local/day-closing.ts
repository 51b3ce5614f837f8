/**
 * Days of an embedded wallet close and are sealed by themselves: a look each minute whether one is over, and a thread of its own for the
 * work, so that requests do not wait for it.
 */
import { Worker } from 'node:worker_threads';
import { newestSealableDay } from '../core/flows/seal-day.ts';
import type { Clock, Journal } from '../core/ports.ts';
import type { ClosingMessage, ClosingTask } from './close-days.ts';

/** After a failure: what keeps a day from being closed or sealed seldom goes by itself, and each look is a line on stderr. */
const TRY_AGAIN_MS = 900_000;

export interface DayClosingSettings extends Omit<ClosingTask, 'now'> {
  readonly clock: Pick<Clock, 'now'>;
  readonly journal: Journal;
  /** Is told of each day that was sealed: its root belongs where nobody who has the folder can change it. */
  readonly onSealed?: ((day: string, root: string) => void) | undefined;
}

export class DayClosing {
  private readonly settings: DayClosingSettings;
  /** Everything up to this day is closed and sealed. */
  private doneThrough = '';
  private notBefore = 0;
  private worker: Worker | undefined;
  private isOver = false;

  constructor(settings: DayClosingSettings) {
    this.settings = settings;
  }

  /** Closes and seals what is over, unless it was done before. Never twice at the same time; rejects if it failed. */
  async look(): Promise<void> {
    const now = this.settings.clock.now();
    const newest = newestSealableDay(now);
    if (newest <= this.doneThrough || now < this.notBefore || this.isOver) return;
    this.notBefore = now + TRY_AGAIN_MS;
    await this.inThread(now);
    this.doneThrough = newest;
    this.notBefore = 0;
  }

  /** Ends what is under way, at any point: the next start goes on. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.worker?.terminate();
  }

  private inThread(now: number): Promise<void> {
    const { folder, sealsFolder } = this.settings;
    const workerData: ClosingTask = { folder, sealsFolder, now };
    const worker = new Worker(new URL('./close-days.ts', import.meta.url), { workerData });
    this.worker = worker;
    return new Promise<void>((resolve, reject) => {
      worker.on('message', (message: ClosingMessage) => this.take(message, resolve));
      worker.once('error', reject);
      worker.once('exit', (code) => {
        if (this.isOver) resolve();
        else reject(new Error(`the thread that closes days ended with ${code}`));
      });
    }).finally(() => {
      this.worker = undefined;
    });
  }

  private take(message: ClosingMessage, done: () => void): void {
    switch (message.kind) {
      case 'closed':
        if (!message.balanced) this.settings.journal.warn('the closing of a day is not sound', message);
        return;
      case 'sealed':
        this.settings.onSealed?.(message.day, message.root);
        return;
      case 'done':
        done();
        return;
      default:
        message satisfies never;
    }
  }
}
