/**
 * Tells of transfers that are over, once that is on disk. While nobody listens, or nobody waits for a transfer, it costs a look at a
 * map per transfer and no more.
 */
import type { Journal } from '../../core/ports.ts';
import type { WalletStore } from './wallet-store.ts';

export interface EndListener {
  /** Whether it wants to hear of a transfer, by the key of its claim. */
  wants(id: string): boolean;
  /** What it wanted to hear of is over, and will stay so. */
  ended(ids: readonly string[]): void;
}

export class EndedTransfers {
  private readonly store: Pick<WalletStore, 'durable' | 'onEnd'>;
  private readonly journal: Journal;
  private listener: EndListener | undefined;
  private ids: string[] = [];

  constructor(store: Pick<WalletStore, 'durable' | 'onEnd'>, journal: Journal) {
    this.store = store;
    this.journal = journal;
  }

  /** One listener; a later one takes the place of an earlier one. */
  listen(listener: EndListener): void {
    this.listener = listener;
    this.store.onEnd = (id) => {
      if (listener.wants(id)) this.ids.push(id);
    };
  }

  /** @param frame that the turn goes to disk with */
  endTurn(frame: number): void {
    if (this.ids.length === 0) return;
    const ids = this.ids;
    this.ids = [];
    this.store.durable(frame).then(
      () => this.tell(ids),
      () => {}, // The wallet has stopped, and says so where somebody waits for an answer.
    );
  }

  /** A listener that fails is no trouble of the wallet's: what he should have heard is on disk, and can be asked for. */
  private tell(ids: readonly string[]): void {
    try {
      this.listener?.ended(ids);
    } catch (error) {
      this.journal.warn('ends of transfers were not told', { transfers: ids.length, error });
    }
  }
}
